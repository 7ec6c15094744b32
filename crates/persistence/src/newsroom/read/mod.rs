//! What the newsroom reads: entries in work, their revisions, what is live of them, and who did what.
//!
//! *Invariant*: one statement for any number of keys. Who may see what is for the caller to have asked; the list of
//! entries takes the answer ([`Sight`](courant_domain::access::Sight)) into its condition.

mod actor;
mod audit;
mod children;
mod desk;
mod entry;
mod list;
mod live;
mod lookup;
mod preview;
mod reach;
mod revision;

pub use self::{
    audit::{AuditRequest, HistoryOfEntry, HistoryRequest},
    entry::{EntryInWork, StandingInWork},
    list::EntryListRequest,
    live::LiveRow,
    lookup::{LookupRequest, LookupRow},
    preview::PreviewLink,
    reach::{ChangeMade, Confirmations, NodeStatus},
    revision::{RevisionParts, RevisionRow, RevisionsRequest},
};

use crate::db::{convert::to_word, parameters::Parameters};

/// Words of enums as a list of SQL literals: `'DRAFT', 'IN_REVIEW'`. They hold nothing to be escaped.
fn literals<T: serde::Serialize>(values: &[T]) -> crate::error::Result<String> {
    let words = values.iter().map(|value| Ok(format!("'{}'", to_word(value)?)));
    Ok(words.collect::<crate::error::Result<Vec<_>>>()?.join(", "))
}
