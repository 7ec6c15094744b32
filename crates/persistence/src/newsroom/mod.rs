//! What the newsroom does: one file per verb, each one transaction that asks who may, changes, and records who did.

mod category;
mod entry;
mod feed;
mod import;
mod input;
mod person;
mod read;
mod redirect;
pub(crate) mod reference_put;
pub(crate) mod site;
mod slugs;
mod tag;

pub use self::{
    category::{CategoryCreate, CategoryMerge, CategoryMove, CategoryReorder, CategoryUpdate, NewParent},
    entry::{
        DecreeRelate, DecreeUnrelate, DueDone, DueNext, EntryApprove, EntryCreate, EntryDuplicate, EntryFile,
        EntryPublish, EntrySave, EntrySchedule, EntrySendBack, EntryUnpublish, EntryUnschedule, PreviewCreate,
        PreviewMade, PreviewOf, PreviewsRevoke, RevisionRestore, Scheduled, VersionKey,
    },
    feed::{FeedCreate, FeedPin, FeedPinsReorder, FeedUnpin, FeedUpdate},
    import::{ImportTransaction, ImportedEntry, LedPaths, LiveAddress, OldPaths, VersionChange},
    person::{PersonCreate, PersonUpdate},
    read::{
        AuditRequest, EntryInWork, EntryListRequest, HistoryOfEntry, HistoryRequest, LiveRow, PreviewLink,
        RevisionParts, RevisionRow, RevisionsRequest,
    },
    reference_put::ReferenceData,
    tag::{TagCreate, TagUpdate},
};
use crate::store::Store;

/// Entries in work and what they are filed under: reading and changing them.
#[derive(Debug, Clone)]
pub struct Newsroom {
    store: Store,
}

impl Store {
    /// Entries in work and what they are filed under: reading and changing them.
    #[must_use]
    pub fn newsroom(&self) -> Newsroom {
        Newsroom { store: self.clone() }
    }
}
