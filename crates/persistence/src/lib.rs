//! Rows, SQL and transactions, on SQLite and on PostgreSQL.
//!
//! *Invariants*: what leaves this crate are domain types and [`StoreError`], never a row or the database's own
//! error. Readers' statements touch the live tables and the reference data only. Every write is one
//! transaction, begun in one place, that also writes the change log.

mod accounts;
mod admin;
mod change_log;
mod command;
mod db;
mod error;
mod live;
mod newsroom;
mod reference;
pub mod related;
mod store;
mod views;
mod webhooks;

pub use self::{
    accounts::*,
    admin::{
        Admin, dump,
        verify::{Checked, Finding, Rule, verify},
    },
    change_log::{
        followers::{Claim, LEASE, NodeId},
        pings::PingStatus,
        recent::Stamp,
        wake::Hints,
    },
    command::{Command, WriteError, Written},
    db::{
        budget::Budget,
        connect::{Dialect, Options},
        embedded::{Contents, FileError, Refill, Restored, backup, restore, restore_cleared},
        migrate::migrate,
        patience::Patience,
        statements::Statements,
        writes::Writes,
    },
    error::{Result, StoreError},
    live::{
        FeedName, Live, publication,
        read::{
            ChangeFilter, Changes, ChangesAfter, ChangesRequest, Departed, FollowedLists, ListRequest, Listed,
            RelatedList, RelatedLists, RelationRow, SitemapDay, SitemapMonth,
        },
        reads::{ListReads, Reads, SITE_KEY},
    },
    newsroom::*,
    reference::Reference,
    store::Store,
    views::{Added, DaySalt, EditionReads, PARTS as EDITIONS_AT_ONCE, Prints, Views},
    webhooks::*,
};
