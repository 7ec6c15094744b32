//! Where in the answer an error is from.
//!
//! The executor cuts an error's path short on its way up through its own lists (measured: async-graphql 8.0.0-rc.5), so the
//! path is kept beside it from the field on: by whoever resolves the field, or by [`WholePaths`] where the executor does.

use std::sync::Arc;

use async_graphql::{
    PathSegment, ServerError, ServerResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};

struct KeptPath(Vec<PathSegment>);

/// Keeps the path of an error that has just come from its field.
#[must_use]
pub fn keep_path(mut error: ServerError) -> ServerError {
    if error.source.is_none() && !error.path.is_empty() {
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

/// Keeps the paths of errors of all fields that the executor resolves, for [`propagate_nulls`](super::propagate_nulls) to give back.
#[derive(Debug, Clone, Copy)]
pub struct WholePaths;

impl ExtensionFactory for WholePaths {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for WholePaths {
    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        next.run(context, info).await.map_err(keep_path)
    }
}
