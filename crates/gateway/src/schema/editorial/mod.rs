//! What the newsroom sees: entries in work, and reference data with all its languages at once.

mod tag;
mod text;

use async_graphql::{Context, Object};

pub(crate) use self::tag::EditorialTag;
use super::context::request;
use crate::error::Error;

/// What the newsroom sees. Everything in it asks for a viewer who has shown who they are.
pub(crate) struct Editorial;

/// What the newsroom sees. Everything in it asks for a viewer who has shown who they are.
#[Object]
impl Editorial {
    /// All tags, by slug.
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<EditorialTag>, Error> {
        Ok(request(ctx).reference().tags().iter().map(|tag| EditorialTag(tag.id)).collect())
    }
}

/// The newsroom, for a viewer who has shown who they are.
pub(super) fn editorial(ctx: &Context<'_>) -> Result<Editorial, Error> {
    request(ctx).viewer().map(|_| Editorial)
}
