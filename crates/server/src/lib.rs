//! The way in: GraphQL over HTTP (the GraphQL Foundation's draft) on axum, the pages beside it, and the connections it all comes by.
//!
//! A request passes these stages, one file each, and is refused by the first that finds something wrong:
//!
//! | stage | does |
//! |---|---|
//! | `listen` | gives a connection its place, and watches over it |
//! | `router` | every route and every layer: id, CORS, compression, panics |
//! | `middleware::request_id` | names the request in the log and in the answer |
//! | `middleware::request_log` | has the log say who asked for what, and what it took |
//! | `middleware::harden` | tells browsers what the answer must not do |
//! | `graphql::accept` | chooses the media type of the answer |
//! | `middleware::address`, `middleware::auth` | finds out from where it comes and who sends it, or refuses what does not hold |
//! | `graphql::params`, `graphql::body`, `graphql::json_in` | the four parameters, from a URL or from a body within its limit |
//! | [`courant_graphql`] | bounds and checks the document, its variables and its cost |
//! | `middleware::flow` | waits for a place among what is under way |
//! | [`courant_gateway`] | runs resolvers |
//! | `graphql::response` | codes, status, JSON |
//!
//! *Invariants*: nothing a client sends is worked on before it is bounded, and every answer to a GraphQL request
//! that is not its data is typed JSON with a code. `middleware::refusal` is the one way to say no.
//!
//! `reads` counts what readers' browsers tell that is read.
//!
//! Until the database is there, `starting` answers in place of all of these.
//!
//! `changes` gives the log of changes as lines, by operations of its own that go through the same stages.
//!
//! The reader app, where there is one, is served by `site`, which runs its operations through the same stages.
//!
//! `cache` keeps answers, and `front` gives those that were asked for in the same words before, without any of these stages but `listen`.
//! Who asks, from where, and whether there is room for the answer, it finds out by itself.
//!
//! Subscriptions come over the same route (`graphql::websocket`, `graphql::sse`, `graphql::multipart`); `subscription` is what they follow.

mod cache;
mod changes;
mod config;
mod feeds;
mod front;
mod graphql;
pub mod listen;
mod middleware;
mod oversights;
mod pages;
mod pieces;
mod reads;
mod receive;
mod router;
mod service;
mod site;
mod starting;
mod state;
mod subscription;

pub use courant_reads::Settings as ReadSettings;
pub use courant_search::SearchIndex;

pub use self::{
    cache::AnswerCache,
    config::{Config, Pressure, Stopping},
    feeds::Feeds,
    graphql::persisted::{ManifestError, TrustedDocuments},
    middleware::flow::Traffic,
    reads::Reads,
    receive::{Received, receive_webhooks},
    router::router,
    service::Service,
    site::{Origin, OriginError, PlainError, Reader, ReaderError},
    starting::Starting,
    subscription::Subscribing,
};

#[cfg(test)]
mod tests;
