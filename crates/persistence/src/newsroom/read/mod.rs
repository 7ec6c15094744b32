//! What the newsroom reads: entries in work, their revisions, what is live of them, and who did what.
//!
//! *Invariant*: one statement for any number of keys. Who may see what is for the caller to have asked; the list of
//! entries takes the answer ([`Sight`](courant_domain::access::Sight)) into its condition.

mod actor;
mod audit;
mod children;
mod entry;
mod list;
mod live;
mod preview;
mod revision;

pub use self::{
    audit::{AuditRequest, HistoryOfEntry, HistoryRequest},
    entry::EntryInWork,
    list::EntryListRequest,
    live::LiveRow,
    preview::PreviewLink,
    revision::{RevisionParts, RevisionRow, RevisionsRequest},
};

use sea_orm::Value;

/// A statement in the making, and its parameters.
#[derive(Default)]
struct Parameters(Vec<Value>);

impl Parameters {
    /// Binds a value; gives what stands for it in the statement.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// Binds values; gives what stands for them in the statement: `$1, $2`.
    fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> String {
        values.into_iter().map(|value| self.bind(value)).collect::<Vec<_>>().join(", ")
    }
}

/// Words of enums as a list of SQL literals: `'DRAFT', 'IN_REVIEW'`. They hold nothing to be escaped.
fn literals<T: serde::Serialize>(values: &[T]) -> crate::error::Result<String> {
    let words = values.iter().map(|value| Ok(format!("'{}'", crate::db::convert::to_word(value)?)));
    Ok(words.collect::<crate::error::Result<Vec<_>>>()?.join(", "))
}
