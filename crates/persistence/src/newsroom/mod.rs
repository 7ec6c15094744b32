//! What the newsroom does: one file per verb, each one transaction that asks who may, changes, and records who did.

mod api_token;
mod category;
mod command;
mod entry;
mod feed;
mod input;
mod person;
mod read;
mod restored;
mod secret;
mod session;
mod still;
mod tag;
mod user;

pub(crate) use self::command::{Begun, Work};
pub use self::{
    api_token::{ApiTokenCreate, ApiTokenMade, TokenViewer},
    category::{CategoryCreate, CategoryMerge, CategoryMove, CategoryReorder, CategoryUpdate, NewParent},
    command::{Command, WriteError, Written},
    entry::{
        DecreeRelate, DecreeUnrelate, DueDone, DueNext, EntryApprove, EntryCreate, EntryDuplicate, EntryFile,
        EntryPublish, EntrySave, EntrySchedule, EntrySendBack, EntryUnpublish, EntryUnschedule, PreviewCreate,
        PreviewMade, PreviewOf, PreviewsRevoke, RevisionRestore, Scheduled, VersionKey,
    },
    feed::{FeedCreate, FeedPin, FeedPinsReorder, FeedUnpin, FeedUpdate},
    person::{PersonCreate, PersonUpdate},
    read::{
        AuditRequest, EntryInWork, EntryListRequest, HistoryOfEntry, HistoryRequest, LiveRow, PreviewLink,
        RevisionParts, RevisionRow, RevisionsRequest,
    },
    secret::ServerSecrets,
    session::{Session, SessionEnd, SessionStart, SignedIn},
    still::{Shown, Still},
    tag::{TagCreate, TagUpdate},
    user::{Credentials, NewPassword, TokensThen, UserCreate, UserUpdate},
};
