//! What a subscription is opened as, and what it is executed for.

use std::sync::{Arc, Mutex, PoisonError};

use courant_domain::{
    audit::AuditRecord,
    change::{Change, ChangeCursor, ChangeKey},
    id::EntryId,
    locale::Locale,
    newsroom::AuditFilter,
};
use courant_persistence::{ChangeFilter, FollowedLists, Reference};

/// What a subscription follows, as its arguments say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Changes of what readers see.
    Changes(Followed),
    /// What is done in the newsroom.
    Audit(AuditFilter),
    /// What there is now: its answer, whenever that is another one.
    Now,
}

/// Which changes are followed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Followed {
    /// Those that a filter takes.
    Filtered(ChangeFilter),
    /// Those of one edition.
    Edition(EntryId, Locale),
}

impl Topic {
    /// Whether something that has happened concerns it.
    #[must_use]
    pub fn takes(&self, event: &Event, reference: &Reference) -> bool {
        match (self, event) {
            (Self::Changes(Followed::Filtered(filter)), Event::Changed(change)) => {
                FollowedLists::new(filter, reference).has(change)
            }
            (Self::Changes(Followed::Edition(id, language)), Event::Changed(change)) => {
                matches!(&change.key, ChangeKey::Edition { entry, locale, .. } if entry == id && locale == language)
            }
            (Self::Audit(filter), Event::Audited(record)) => filter.takes(record),
            _ => false,
        }
    }
}

/// Something that a subscription is executed for.
#[derive(Debug, Clone)]
pub enum Event {
    /// A change of what readers see.
    Changed(Arc<Change>),
    /// Something that was done in the newsroom.
    Audited(Arc<AuditRecord>),
    /// What was up to this place has to be read anew.
    Missed(ChangeCursor),
    /// Nothing in particular: it is asked what there is now.
    Now,
}

/// A subscription that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What it follows.
    pub topic: Topic,
    /// After which place it begins; where nothing is said, from now on.
    pub after: Option<ChangeCursor>,
}

/// What the operation under way is executed for.
#[derive(Debug, Default)]
pub(crate) enum Stage {
    /// To answer a request.
    #[default]
    Request,
    /// To open a subscription.
    Opening(Opening),
    /// To tell subscribers of something.
    Telling(Event),
}

/// A subscription that is being opened.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    /// Where the client goes on, if it says so beside the operation.
    pub(super) resume: Option<Box<str>>,
    opened: Mutex<Option<Opened>>,
}

impl Opening {
    pub(crate) fn new(resume: Option<Box<str>>) -> Self {
        Self { resume, opened: Mutex::default() }
    }

    pub(super) fn set(&self, opened: Opened) {
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened);
    }

    /// What it was opened as, if it was.
    pub(crate) fn take(&self) -> Option<Opened> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
