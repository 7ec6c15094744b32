//! Where in the answer an error is from.
//!
//! The executor cuts an error's path short on its way up through its own lists (measured: async-graphql 8.0.0-rc.5), so the
//! path is kept beside it.

use std::sync::Arc;

use async_graphql::{PathSegment, ServerError};

struct KeptPath(Vec<PathSegment>);

/// Keeps the path of an error that has just come from its field.
#[must_use]
pub fn keep_path(mut error: ServerError) -> ServerError {
    if error.source.is_none() {
        error.source = Some(Arc::new(KeptPath(error.path.clone())));
    }
    error
}

/// Gives an error the path that was kept.
pub(super) fn restore_path(error: &mut ServerError) {
    if let Some(kept) = error.source::<KeptPath>() {
        error.path = kept.0.clone();
    }
}
