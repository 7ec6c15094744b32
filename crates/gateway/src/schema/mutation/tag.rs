//! Tags.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use courant_domain::id::TagId;
use courant_persistence::{TagCreate, TagUpdate};
use macro_rules_attribute::apply;

use super::{
    UserError,
    input::{Reader, given},
    perform,
    text::{LocalizedTextInput, Sort},
};
use crate::{
    error::Error,
    schema::{context::request, id::NodeKind, newsroom::EditorialTag},
};

/// A tag to make.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct CreateTagInput {
    /// Its name in addresses; made of its name when none is given.
    slug: Option<String>,
    /// Its name in words.
    name: Vec<LocalizedTextInput>,
}

/// What changes of a tag: what is not given stays, and null empties.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UpdateTagInput {
    /// Which one.
    id: ID,
    /// Its name in addresses, which is never empty; the old path then leads to the new one.
    slug: MaybeUndefined<String>,
    /// Its name in words, in all languages; never empty.
    name: MaybeUndefined<Vec<LocalizedTextInput>>,
}

/// What came of a change to a tag.
#[derive(SimpleObject)]
pub(crate) struct TagPayload {
    /// The tag as it is now; null when there is none.
    tag: Option<EditorialTag>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Result<TagId, Vec<UserError>>> for TagPayload {
    fn from(outcome: Result<TagId, Vec<UserError>>) -> Self {
        match outcome {
            Ok(id) => Self { tag: Some(EditorialTag(id)), user_errors: Vec::new() },
            Err(user_errors) => Self { tag: None, user_errors },
        }
    }
}

#[derive(Default)]
pub(crate) struct TagMutations;

#[Object]
impl TagMutations {
    /// Makes a tag.
    async fn create_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tag.")] input: CreateTagInput,
    ) -> Option<Result<TagPayload, Error>> {
        let mut reader = Reader::default();
        let create = TagCreate {
            slug: reader.slug("slug", input.slug.as_ref()),
            name: reader.localized(ctx, ("name", Sort::Name), input.name),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().tag_create(command, &create).await).await)
    }

    /// Changes a tag.
    async fn update_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateTagInput,
    ) -> Option<Result<TagPayload, Error>> {
        let mut reader = Reader::default();
        let update = TagUpdate {
            id: reader.id("id", &input.id, &[NodeKind::Tag]),
            slug: reader.new_slug("slug", input.slug),
            name: given(input.name, |texts| reader.localized(ctx, ("name", Sort::Name), texts)),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().tag_update(command, &update).await).await)
    }
}
