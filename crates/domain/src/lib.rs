//! What Courant is about: articles, decrees, categories and feeds, and the rules they follow.
//!
//! *Invariant*: nothing in this crate does I/O or knows a database, HTTP or GraphQL. Every rule is a pure
//! function on the types below and is tested as one.

pub mod access;
pub mod account;
pub mod address;
pub mod article;
pub mod audit;
pub mod bounds;
pub mod canonical;
pub mod category;
pub mod change;
pub mod clock;
pub mod content;
pub mod decree;
pub mod desk;
pub mod diff;
pub mod edition;
pub mod entry;
pub mod feed;
pub mod fingerprint;
pub mod fold;
pub mod global_id;
pub mod id;
pub mod import_baseline;
pub mod list;
pub mod locale;
pub mod lookup;
pub mod newsroom;
pub mod page;
pub mod patch;
pub mod person;
pub mod problem;
pub mod publication;
pub mod reading;
pub mod redirect;
pub mod related;
pub mod reserved;
pub mod revision;
pub mod rich_text;
pub mod site;
pub mod slug;
pub mod tag;
pub mod text;
pub mod webhook;
pub mod workflow;
pub mod zone;
