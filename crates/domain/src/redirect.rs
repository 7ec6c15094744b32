//! What readers get at a path where nothing is any more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A rule for one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// The path, normalised (see [`address::normalise`](crate::address::normalise)).
    pub path: String,
    /// Where it leads now: a path of the site or an absolute URL. None says that it is gone for good
    /// (HTTP 410).
    pub target: Option<String>,
    /// When the rule was made.
    pub created_at: Timestamp,
}
