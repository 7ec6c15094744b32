//! What the newsroom does: one file per verb, each one transaction that asks who may, changes, and records who did.

mod category;
mod days;
mod deleting;
mod entry;
mod feed;
mod import;
mod input;
mod merging;
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
        CommentAdd, CommentResolve, DecreeRelate, DecreeUnrelate, DraftKeep, DraftSave, DueDone, DueNext, EntryApprove,
        EntryAssign, EntryClaim, EntryCreate, EntryDuplicate, EntryFile, EntryPublish, EntrySave, EntrySchedule,
        EntrySendBack, EntryUnpublish, EntryUnschedule, LONGEST_CLAIM, PreviewCreate, PreviewMade, PreviewOf,
        PreviewsRevoke, RevisionRestore, Scheduled, VersionKey,
    },
    feed::{FeedCreate, FeedPin, FeedPinsReorder, FeedUnpin, FeedUpdate},
    import::{ImportTransaction, ImportedEntry, LedPaths, LiveAddress, OldPaths, Overtaken, VersionChange},
    merging::{PersonMerge, TagMerge},
    person::{PersonCreate, PersonUpdate},
    read::{
        AuditRequest, ChangeMade, Confirmations, EntryInWork, EntryListRequest, HistoryOfEntry, HistoryRequest,
        LiveRow, LookupRequest, LookupRow, NodeStatus, PreviewLink, RevisionParts, RevisionRow, RevisionsRequest,
        StandingInWork,
    },
    redirect::{RedirectPut, RedirectsRequest},
    reference_put::ReferenceData,
    site::SiteUpdate,
    tag::{TagCreate, TagUpdate},
};
use crate::store::Store;

/// Entries in work and what they are filed under: reading and changing them.
#[derive(Debug, Clone)]
pub struct Newsroom {
    store: Store,
}

impl Newsroom {
    /// The webhooks that tell others of what it publishes.
    #[must_use]
    pub fn webhooks(&self) -> crate::webhooks::Webhooks {
        self.store.webhooks()
    }
}

impl Store {
    /// Entries in work and what they are filed under: reading and changing them.
    #[must_use]
    pub fn newsroom(&self) -> Newsroom {
        Newsroom { store: self.clone() }
    }
}
