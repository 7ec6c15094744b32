//! What the newsroom sees: entries in work, and reference data with all its languages at once.

mod entry;
mod sight;
mod tag;
mod text;
mod version;
mod words;

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

pub(crate) use self::version::EditorialVersion;
pub(crate) use self::{entry::EditorialEntry, tag::EditorialTag};
use super::context::request;
use crate::error::Error;

/// What the newsroom sees. Everything in it asks for a viewer who has shown who they are.
pub(crate) struct Editorial;

/// What the newsroom sees. Everything in it asks for a viewer who has shown who they are.
#[Object]
impl Editorial {
    /// One entry; null when there is none with this id, or the viewer may not read its drafts.
    async fn entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id, the same in all languages: `entryId` of the types readers see.")] id: ID,
    ) -> Option<Result<EditorialEntry, Error>> {
        let id = Uuid::parse_str(&id).ok()?;
        EditorialEntry::find(ctx, id.into()).await.transpose()
    }

    /// All tags, by slug.
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<EditorialTag>, Error> {
        Ok(request(ctx).reference().tags().iter().map(|tag| EditorialTag(tag.id)).collect())
    }
}

/// The newsroom, for a viewer who has shown who they are.
pub(super) fn editorial(ctx: &Context<'_>) -> Result<Editorial, Error> {
    request(ctx).viewer().map(|_| Editorial)
}
