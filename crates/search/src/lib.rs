//! Full-text search: analysis of texts in three languages, an index beside the database, and queries that never fail.
//!
//! *Invariants*: what is searched is what the index was given, and it is given what is live; nothing of a text is kept that could be
//! read again, so that hits have to be read from the database, where what was taken back is not. No query is an error.

pub mod analysis;
mod error;
mod facet;
mod files;
mod folder;
mod fragment;
mod gist;
mod index;
mod query;
mod rank;
mod schema;
mod search;
mod snapshot;
mod spelling;
mod statistics;
mod tokens;

pub use self::{
    error::SearchError,
    facet::{Dimension, Facets},
    fragment::{Fragment, Matcher},
    gist::{GISTS, gist},
    index::{Indexer, Mark, Progress, SearchIndex, fallbacks},
    query::{Ask, FieldWord, Filter, Narrowed},
    rank::{Cursor, Order},
    schema::Document,
    search::{Found, Hit, Request},
    snapshot::{CarriedFile, Incoming, IncomingFile, Manifest, Source},
};
