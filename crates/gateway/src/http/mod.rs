//! The HTTP transport: GraphQL over HTTP (the GraphQL Foundation's draft) on axum, around the executor.
//!
//! A request passes these stages, one file each, and is refused by the first that finds something wrong:
//!
//! | stage | does |
//! |---|---|
//! | `router` | every route and every layer: id, CORS, compression, panics |
//! | `request_id` | names the request in the log and in the answer |
//! | `harden` | tells browsers what the answer must not do |
//! | `accept` | chooses the media type of the answer |
//! | `address`, `auth` | finds out from where it comes and who sends it, or refuses what does not hold |
//! | `params`, `body`, `json_in` | the four parameters, from a URL or from a body within its limit |
//! | `lexer`, `limits` | counts the text's tokens and nesting, then the parsed document's depth and expansion |
//! | `respell` | writes what the parser does not read so that it does |
//! | `unique`, `check`, `literal`, `usage`, `merge` | what the executor's validation passes over |
//! | `document` | keeps what has come this far by its text |
//! | `variables` | makes the variables fit their definitions |
//! | `cost` | prices the operation with its variables |
//! | `flow` | waits for a place among what is under way |
//! | `settle` | mends the executor's copy of the document |
//! | the executor | validates, and runs resolvers |
//! | `nulls` | puts null where a field failed of which the executor lost that |
//! | `answer` | codes, status, JSON |
//!
//! *Invariants*: nothing a client sends is worked on before it is bounded, and every answer to a GraphQL request
//! that is not its data is typed JSON with a code. `refusal` is the one way to say no. What the stages know of the
//! schema is in `shape`.
//!
//! Until the database is there, `starting` answers in place of all of these.
//!
//! The reader app, where there is one, is served by `reader`, which runs its operations through the same stages.
//!
//! To come, each in its place: the WebSocket of subscriptions as a route of its own (`router`), and cached answers
//! before a request is executed (`graphql`).

mod accept;
mod address;
mod answer;
mod auth;
mod body;
mod check;
mod cost;
mod document;
mod etag;
mod flow;
mod graphql;
mod harden;
mod json_in;
mod lexer;
mod limits;
mod literal;
mod merge;
mod nulls;
mod pages;
mod params;
mod reader;
mod refusal;
mod request_id;
mod respell;
mod router;
mod service;
mod settle;
mod shape;
mod starting;
mod unique;
mod usage;
mod variables;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use courant_workers::Statuses;
use ipnet::IpNet;

pub use self::{
    flow::Traffic,
    limits::Limits,
    reader::{Origin, OriginError, Reader, ReaderError},
    router::router,
    starting::Starting,
};
use crate::identity::IdentityConfig;

/// What a server can be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// The limits on requests.
    pub limits: Limits,
    /// Whether GraphiQL is served.
    pub graphiql: bool,
    /// How much memory parsed documents may take, in bytes. 16 MiB.
    pub document_cache_bytes: u64,
    /// How long the body of a request may take to arrive. 30 seconds.
    pub body_patience: Duration,
    /// How people sign in, and whose tokens are taken.
    pub identity: IdentityConfig,
    /// The networks of the proxies before the server, whose `X-Forwarded-For` is believed. None.
    pub trusted_proxies: Vec<IpNet>,
    /// The reader app that is served at `/`; a page that leads to the others is there without one. None.
    pub reader: Option<Reader>,
    /// Where the site is. Wherever a request is sent to.
    pub origin: Origin,
    /// For how long browsers that came by HTTPS are told to come by nothing else; zero tells them nothing. A year.
    pub hsts: Duration,
    /// How much may be under way at once.
    pub traffic: Traffic,
    /// Whether the server is about to stop. It is not.
    pub stopping: Stopping,
    /// How followers of the change log and work by the clock fare. There are none.
    pub workers: Statuses,
}

/// Tells the service that the server is about to stop: then `/readyz` says so, for whatever sends requests here to send them
/// elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From now on it is.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            graphiql: true,
            document_cache_bytes: 16 * 1024 * 1024,
            body_patience: Duration::from_secs(30),
            identity: IdentityConfig::default(),
            trusted_proxies: Vec::new(),
            reader: None,
            origin: Origin::OF_REQUEST,
            hsts: Duration::from_secs(365 * 86_400),
            traffic: Traffic::default(),
            stopping: Stopping::default(),
            workers: Statuses::default(),
        }
    }
}

#[cfg(test)]
mod tests;
