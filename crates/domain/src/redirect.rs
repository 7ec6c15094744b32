//! What readers get at a path where nothing is any more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{address, id::EntryId};

/// A rule for one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// The path, with what of a query tells pages apart (see [`address::kept`]).
    pub path: String,
    /// Where it leads now: a path of the site or an absolute URL. None says that it is gone for good
    /// (HTTP 410).
    pub target: Option<String>,
    /// When the rule was made.
    pub created_at: Timestamp,
    /// Where it was meant to lead, where that is elsewhere: nothing is there now, or it has moved on. Once something
    /// is there again, the rule leads there again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant: Option<String>,
    /// The entry whose path it was. When that is live, the rule leads to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// Whether readers get nothing at all (HTTP 404), not even that it is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// Readers cannot follow a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the redirect leads from no path of the site, to no place, or to itself")]
pub struct RedirectError;

impl Redirect {
    /// Checks that readers can follow it, or be told that there is nothing.
    ///
    /// # Errors
    /// [`RedirectError`] when it leads from no path of the site, to no place, or to itself.
    pub fn validate(&self) -> Result<(), RedirectError> {
        let from = address::is_kept(&self.path);
        let to = self
            .target
            .as_deref()
            .is_none_or(|target| address::is_target(target) && address::normalise(target) != Some(&self.path));
        if from && to { Ok(()) } else { Err(RedirectError) }
    }
}
