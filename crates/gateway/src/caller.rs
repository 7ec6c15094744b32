//! Who sends a request, and from where: what the transport found out before anything is run.

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
    /// The request's id, as it is in the log.
    pub request_id: String,
}
