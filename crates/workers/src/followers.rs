//! Followers of the change log, a file each.

pub mod ping;
pub mod purge;
mod reference_data;
mod related;
mod search;
mod webhooks;

pub use self::{
    ping::{Ping, Pinging},
    purge::{Purge, PurgeAgain, Purging},
    reference_data::ReferenceData,
    related::RelatedLists,
    search::{Indexing, Snapshots},
    webhooks::TellWebhooks,
};

pub(crate) use self::search::WriteSnapshots;
