//! What the newsroom does: one file per verb, each one transaction that asks who may, changes, and records who did.

mod command;
mod entry;
mod read;
mod tag;

pub(crate) use self::command::{Begun, Work};
pub use self::{
    command::{Command, WriteError, Written},
    entry::{
        DecreeRelate, DecreeUnrelate, DueDone, DueNext, EntryCreate, EntryDuplicate, EntryFile, EntryPublish,
        EntrySave, EntrySchedule, EntrySendBack, EntryUnpublish, EntryUnschedule, PreviewCreate, PreviewOf,
        RevisionRestore, Scheduled, VersionKey,
    },
    read::{
        AuditRequest, EntryInWork, EntryListRequest, HistoryOfEntry, HistoryRequest, LiveRow, RevisionParts,
        RevisionRow, RevisionsRequest,
    },
    tag::{TagCreate, TagUpdate},
};
