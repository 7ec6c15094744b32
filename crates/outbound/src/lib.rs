//! Requests that Courant sends to others: purges to a CDN, deliveries to webhooks, snapshots to a bucket.
//!
//! All of them go through [`Outbound`], for what must hold of each to be in one place: which addresses may be connected to
//! ([`Destinations`], asked for every connection, whatever its name was resolved to), how long it may take and how much of the answer
//! is read ([`Bounds`]), that no redirect is followed and no proxy of the environment asked. Buckets ([`Storage`]) are reached by the
//! same TLS.

mod client;
mod connector;
mod destinations;
mod endpoint;
mod look_up;
mod roots;
mod storage;

use self::client::reasons;
pub use self::{
    client::{Answer, Bounds, Outbound, Request},
    destinations::{Allowed, AllowedError, Destinations, Public, Unfit},
    endpoint::{Endpoint, EndpointError},
    look_up::LookedUp,
    storage::{Reading, Storage, StorageError, Stored},
};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// Why a request has no answer. Nothing in it tells what was sent; an address's name may be in it.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The address is one that [`Destinations`] forbids; nothing was sent.
    #[error("{0}")]
    Forbidden(#[from] Forbidden),
    /// No connection was made: the name is unknown, nobody listens there, or the certificate is not to be trusted.
    #[error("no connection to {host}: {reason}")]
    Unreachable {
        /// The name or number in the address.
        host: String,
        /// What went wrong, innermost cause last.
        reason: String,
    },
    /// There was no whole answer in time. The other side may have taken the request in.
    #[error("no answer from {host} within {} s", within.as_secs_f32())]
    TimedOut {
        /// The name or number in the address.
        host: String,
        /// How long was waited.
        within: std::time::Duration,
    },
    /// The connection broke, or what came was not HTTP. The other side may have taken the request in.
    #[error("no answer from {host}: {reason}")]
    Broken {
        /// The name or number in the address.
        host: String,
        /// What went wrong, innermost cause last.
        reason: String,
    },
    /// What is to be sent is no request.
    #[error("no request can be made of this: {0}")]
    Unsendable(#[from] http::Error),
}

/// That an address may not be connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no requests are sent to {host}, at the address {address}")]
pub struct Forbidden {
    /// The name or number in the address of the request.
    pub host: String,
    /// What it stands for.
    pub address: std::net::IpAddr,
}
