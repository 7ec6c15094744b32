//! Who sends a request, and from where: what the transport found out before anything is run.

use std::sync::Arc;

use courant_domain::{access::Viewer, id::SessionId};
use courant_persistence::Shown;

/// The sender of a request.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// Who it is, if they have shown it.
    pub viewer: Option<Viewer>,
    /// The sign-in behind it, if there was one.
    pub session: Option<SessionId>,
    /// By what they have shown it, for each change to ask again.
    pub shown: Option<Shown>,
    /// The network address it comes from.
    pub address: Option<std::net::IpAddr>,
    /// The program it is sent with: its `User-Agent`.
    pub program: Option<Arc<[u8]>>,
    /// Whether it may be of somebody's who looks at one of the site's pages now, as far as its headers say.
    pub is_reading: bool,
    /// The site's own address, `https://news.example.org`, where the server was told of it.
    pub public_url: Option<Arc<str>>,
    /// The request's id, as it is in the log.
    pub request_id: String,
}
