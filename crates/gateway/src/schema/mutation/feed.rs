//! Feeds.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use courant_domain::id::FeedId;
use courant_persistence::{FeedCreate, FeedUpdate};
use macro_rules_attribute::apply;

use super::{
    UserError,
    input::{Reader, given},
    perform,
    text::{LocalizedTextInput, Sort},
};
use crate::{
    error::Error,
    schema::{
        context::request,
        feed::FeedOrder,
        id::NodeKind,
        newsroom::{EditorialFeed, EntryKind},
    },
};

/// A feed to make.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct CreateFeedInput {
    /// Its name in addresses, unique among feeds; made of its title when none is given.
    slug: Option<String>,
    /// Its name in words.
    title: Vec<LocalizedTextInput>,
    /// What it carries, in words.
    #[graphql(default)]
    description: Vec<LocalizedTextInput>,
    /// The kinds of entries in it; none means all.
    #[graphql(default)]
    kinds: Vec<EntryKind>,
    /// The categories it draws from; none means all.
    #[graphql(default)]
    category_ids: Vec<ID>,
    /// Whether what is filed below those categories belongs to it, too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// The tags it draws from, any of them; none means all.
    #[graphql(default)]
    tag_ids: Vec<ID>,
    /// The order of the items that follow the pinned ones.
    #[graphql(default_with = "FeedOrder::Latest")]
    order: FeedOrder,
}

/// What changes of a feed: what is not given stays, and null empties.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UpdateFeedInput {
    /// Which one.
    id: ID,
    /// Its name in addresses, which is never empty; the old path then leads to the new one.
    slug: MaybeUndefined<String>,
    /// Its name in words, in all languages; never empty.
    title: MaybeUndefined<Vec<LocalizedTextInput>>,
    /// What it carries, in words, in all languages.
    description: MaybeUndefined<Vec<LocalizedTextInput>>,
    /// The kinds of entries in it; an empty list means all.
    kinds: MaybeUndefined<Vec<EntryKind>>,
    /// The categories it draws from; an empty list means all.
    category_ids: MaybeUndefined<Vec<ID>>,
    /// Whether what is filed below those categories belongs to it, too; null for what a new feed has, which is true.
    include_descendants: MaybeUndefined<bool>,
    /// The tags it draws from, any of them; an empty list means all.
    tag_ids: MaybeUndefined<Vec<ID>>,
    /// The order of the items that follow the pinned ones; null for what a new feed has, which is `LATEST`.
    order: MaybeUndefined<FeedOrder>,
}

/// What came of a change to a feed.
#[derive(SimpleObject)]
pub(crate) struct FeedPayload {
    /// The feed as it is now; null when there is none.
    feed: Option<EditorialFeed>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Result<FeedId, Vec<UserError>>> for FeedPayload {
    fn from(outcome: Result<FeedId, Vec<UserError>>) -> Self {
        match outcome {
            Ok(id) => Self { feed: Some(EditorialFeed(id)), user_errors: Vec::new() },
            Err(user_errors) => Self { feed: None, user_errors },
        }
    }
}

#[derive(Default)]
pub(crate) struct FeedMutations;

#[Object]
impl FeedMutations {
    /// Makes a feed.
    async fn create_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The feed.")] input: CreateFeedInput,
    ) -> Option<Result<FeedPayload, Error>> {
        let mut reader = Reader::default();
        let create = FeedCreate {
            slug: reader.slug("slug", input.slug.as_ref()),
            title: reader.localized(ctx, ("title", Sort::Name), input.title),
            description: reader.localized(ctx, ("description", Sort::Description), input.description),
            kinds: input.kinds.into_iter().map(Into::into).collect(),
            categories: reader.ids("categoryIds", &input.category_ids, &[NodeKind::Category]),
            include_descendants: input.include_descendants,
            tags: reader.ids("tagIds", &input.tag_ids, &[NodeKind::Tag]),
            order: input.order.into(),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().feed_create(command, &create).await).await)
    }

    /// Changes a feed, all but what is pinned to it.
    async fn update_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateFeedInput,
    ) -> Option<Result<FeedPayload, Error>> {
        let mut reader = Reader::default();
        let update = FeedUpdate {
            id: reader.id("id", &input.id, &[NodeKind::Feed]),
            slug: reader.new_slug("slug", input.slug),
            title: given(input.title, |texts| reader.localized(ctx, ("title", Sort::Name), texts)),
            description: given(input.description, |texts| {
                reader.localized(ctx, ("description", Sort::Description), texts)
            }),
            kinds: given(input.kinds, |kinds| kinds.into_iter().map(Into::into).collect()),
            categories: given(input.category_ids, |ids| reader.ids("categoryIds", &ids, &[NodeKind::Category])),
            include_descendants: match input.include_descendants {
                MaybeUndefined::Undefined => None,
                given => Some(given.take().unwrap_or(true)),
            },
            tags: given(input.tag_ids, |ids| reader.ids("tagIds", &ids, &[NodeKind::Tag])),
            order: match input.order {
                MaybeUndefined::Undefined => None,
                given => Some(given.take().unwrap_or(FeedOrder::Latest).into()),
            },
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().feed_update(command, &update).await).await)
    }
}
