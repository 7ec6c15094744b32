//! Rows, SQL and transactions, on SQLite and on PostgreSQL.
//!
//! *Invariants*: what leaves this crate are domain types and [`StoreError`], never a row or the database's own
//! error. Readers' statements touch the live tables and the reference data only. Every write is one
//! transaction, begun in one place, that also writes the change log.

mod budget;
mod change_log;
mod clock;
mod connect;
mod convert;
pub mod dump;
mod embedded;
mod entity;
mod entries;
mod error;
mod followers;
mod holdup;
mod import;
mod lanes;
mod link;
mod migrate;
mod newsroom;
mod patience;
mod proven;
pub mod publication;
mod publish;
mod read;
mod rederive;
mod redirect;
mod reference;
mod reference_put;
mod scope;
mod site;
mod slugs;
mod store;
mod transaction;
mod verify;
mod wake;
mod writes;

pub use self::{
    budget::Budget,
    connect::{Dialect, Options},
    embedded::{Contents, FileError, Restored, backup, restore, restore_cleared},
    error::{Result, StoreError},
    followers::{Claim, LEASE, NodeId},
    import::{ImportTransaction, ImportedEntry, LiveAddress, VersionChange},
    migrate::migrate,
    newsroom::*,
    patience::Patience,
    read::{ListRequest, RelationRow},
    reference::Reference,
    reference_put::ReferenceData,
    store::Store,
    verify::{Checked, Finding, Rule, verify},
    wake::Hints,
    writes::Writes,
};
