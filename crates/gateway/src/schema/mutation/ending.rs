//! The end of what nothing uses, and of what becomes one with another: tags, persons, categories, feeds, users.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use courant_domain::id::{CategoryId, FeedId, PersonId, TagId, UserId};
use courant_persistence::{PersonMerge, TagMerge};
use macro_rules_attribute::apply;

use super::{UserError, input::Reader, perform, person::PersonPayload, tag::TagPayload};
use crate::{
    error::Error,
    schema::{context::request, id::NodeKind},
};

/// Tags to make one of.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct MergeTagsInput {
    /// Those that end.
    source_ids: Vec<ID>,
    /// The one that stays.
    target_id: ID,
}

/// Persons to make one of.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct MergePersonsInput {
    /// Those that end.
    source_ids: Vec<ID>,
    /// The one that stays.
    target_id: ID,
}

macro_rules! delete_inputs {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[apply(with_idempotency_key)]
        #[derive(InputObject)]
        pub(crate) struct $name {
            /// Its id.
            id: ID,
        }
    )+};
}

delete_inputs! {
    /// A tag to delete.
    DeleteTagInput,
    /// A person to delete.
    DeletePersonInput,
    /// A category to delete.
    DeleteCategoryInput,
    /// A feed to delete.
    DeleteFeedInput,
    /// A user to delete.
    DeleteUserInput,
}

/// What came of deleting something.
#[derive(SimpleObject)]
pub(crate) struct DeletePayload {
    /// The id of what is there no more; null when nothing was deleted.
    deleted_id: Option<ID>,
    /// Why nothing was deleted; empty when it was.
    user_errors: Vec<UserError>,
}

impl<T: std::fmt::Display> From<Result<T, Vec<UserError>>> for DeletePayload {
    fn from(outcome: Result<T, Vec<UserError>>) -> Self {
        match outcome {
            Ok(id) => Self { deleted_id: Some(ID(id.to_string())), user_errors: Vec::new() },
            Err(user_errors) => Self { deleted_id: None, user_errors },
        }
    }
}

#[derive(Default)]
pub(crate) struct EndingMutations;

#[Object]
impl EndingMutations {
    /// Makes several tags one: what has one of the sources has the target from then on, in work and live, and the sources' paths lead
    /// to it.
    async fn merge_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which into which.")] input: MergeTagsInput,
    ) -> Option<Result<TagPayload, Error>> {
        let mut reader = Reader::default();
        let merge = TagMerge {
            sources: reader.ids("sourceIds", &input.source_ids, &[NodeKind::Tag]),
            target: reader.id("targetId", &input.target_id, &[NodeKind::Tag]),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().tag_merge(command, &merge).await).await)
    }

    /// Makes several persons one: what is by, or signed by, one of the sources is the target's from then on, in work, live, and in old
    /// revisions.
    async fn merge_persons(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which into which.")] input: MergePersonsInput,
    ) -> Option<Result<PersonPayload, Error>> {
        let mut reader = Reader::default();
        let merge = PersonMerge {
            sources: reader.ids("sourceIds", &input.source_ids, &[NodeKind::Person]),
            target: reader.id("targetId", &input.target_id, &[NodeKind::Person]),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().person_merge(command, &merge).await).await)
    }

    /// Deletes a tag that no entry has and no feed draws from; otherwise it is refused with `IN_USE`.
    async fn delete_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteTagInput,
    ) -> Option<Result<DeletePayload, Error>> {
        let mut reader = Reader::default();
        let id: TagId = reader.id("id", &input.id, &[NodeKind::Tag]);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().tag_delete(command, id).await).await)
    }

    /// Deletes a person whom no revision names; otherwise it is refused with `IN_USE`.
    async fn delete_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeletePersonInput,
    ) -> Option<Result<DeletePayload, Error>> {
        let mut reader = Reader::default();
        let id: PersonId = reader.id("id", &input.id, &[NodeKind::Person]);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().person_delete(command, id).await).await)
    }

    /// Deletes a category in which nothing is filed, with none below it, that no feed draws from and nobody is limited to; otherwise it
    /// is refused with `IN_USE`. The feed that was made with it goes with it, unless it has been made another or pins something.
    async fn delete_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteCategoryInput,
    ) -> Option<Result<DeletePayload, Error>> {
        let mut reader = Reader::default();
        let id: CategoryId = reader.id("id", &input.id, &[NodeKind::Category]);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().category_delete(command, id).await).await)
    }

    /// Deletes a feed; readers of its path are told that it is gone.
    async fn delete_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteFeedInput,
    ) -> Option<Result<DeletePayload, Error>> {
        let mut reader = Reader::default();
        let id: FeedId = reader.id("id", &input.id, &[NodeKind::Feed]);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().feed_delete(command, id).await).await)
    }

    /// Deletes a user who has done nothing but sign in; otherwise it is refused with `IN_USE`, and they can be kept out. Needs the
    /// permission `MANAGE_USERS`.
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteUserInput,
    ) -> Option<Result<DeletePayload, Error>> {
        let mut reader = Reader::default();
        let id: UserId = reader.id("id", &input.id, &[]);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.accounts().user_delete(command, id).await).await)
    }
}
