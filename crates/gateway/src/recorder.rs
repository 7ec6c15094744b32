//! Noting what an answer is made of, as it is made.
//!
//! *Invariant*: what can tell one state of the content from another is asked through something that notes it: readers' loaders,
//! [`Known`](crate::schema::Known) for reference data, the site's day. Whatever else is looked at has the answer not kept
//! ([`Recorder::give_up`]), so that what is forgotten here costs speed and never truth.

use std::sync::{Mutex, PoisonError};

use courant_persistence::Reads;

/// What the answer under way was made of by now; nothing once it is not to be kept.
#[derive(Debug)]
pub(crate) struct Recorder(Mutex<Option<Reads>>);

impl Recorder {
    /// Of an answer that may be kept, or not.
    pub(crate) fn new(is_kept: bool) -> Self {
        Self(Mutex::new(is_kept.then(Reads::default)))
    }

    /// Notes something.
    pub(crate) fn note(&self, note: impl FnOnce(&mut Reads)) {
        if let Some(reads) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            note(reads);
        }
    }

    /// The answer is not to be kept.
    pub(crate) fn give_up(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// All that was noted.
    pub(crate) fn take(&self) -> Option<Reads> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
