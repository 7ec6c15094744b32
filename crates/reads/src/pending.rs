//! What was counted and is not in the database yet.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use courant_domain::reading::EditionName;
use courant_identity::reader::Print;

/// What was read, and by whom.
pub type EditionReads = (EditionName, Vec<Print>);

/// Who has read each edition, by what they leave.
type Part = HashMap<EditionName, Vec<Print>>;

/// Prints by what they are of, in parts that are locked one by one.
pub(crate) struct Pending {
    parts: Box<[Mutex<Part>]>,
    hasher: RandomState,
    len: AtomicUsize,
    most: usize,
}

const PARTS: usize = 16;

impl Pending {
    pub(crate) fn new(most: usize) -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default()).collect();
        Self { parts, hasher: RandomState::new(), len: AtomicUsize::new(0), most }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    /// Adds one, if there is room for it.
    pub(crate) fn add(&self, edition: EditionName, print: Print) -> bool {
        self.add_all(edition, vec![print])
    }

    /// Adds some of one edition, if there is room for them.
    pub(crate) fn add_all(&self, edition: EditionName, mut prints: Vec<Print>) -> bool {
        let more = prints.len();
        if self.len.fetch_add(more, Ordering::Relaxed) + more > self.most {
            self.len.fetch_sub(more, Ordering::Relaxed);
            return false;
        }
        let at = usize::try_from(self.hasher.hash_one(edition) % PARTS as u64).unwrap_or(0);
        let Some(part) = self.parts.get(at) else { return false };
        part.lock().unwrap_or_else(PoisonError::into_inner).entry(edition).or_default().append(&mut prints);
        true
    }

    /// Takes all there are, in the order of what they are of.
    pub(crate) fn take(&self) -> Vec<EditionReads> {
        let mut taken: Vec<EditionReads> = Vec::new();
        for part in &self.parts {
            let part = std::mem::take(&mut *part.lock().unwrap_or_else(PoisonError::into_inner));
            taken.extend(part);
        }
        self.len.fetch_sub(taken.iter().map(|(_, prints)| prints.len()).sum(), Ordering::Relaxed);
        taken.sort_unstable_by_key(|(edition, _)| *edition);
        taken
    }
}
