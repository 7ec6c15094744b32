//! Categories.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use courant_domain::id::CategoryId;
use courant_persistence::{CategoryCreate, CategoryMerge, CategoryMove, CategoryReorder, CategoryUpdate, NewParent};
use macro_rules_attribute::apply;

use super::{
    UserError,
    input::{Reader, given},
    perform,
    text::{LocalizedTextInput, Sort},
};
use crate::{
    error::Error,
    schema::{context::request, id::NodeKind, newsroom::EditorialCategory},
};

const CATEGORY: [NodeKind; 1] = [NodeKind::Category];

/// A category to make.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct CreateCategoryInput {
    /// The category to put it below; at the top when none is given.
    parent_id: Option<ID>,
    /// Its part of the path, unique among its siblings; made of its title when none is given.
    slug: Option<String>,
    /// Its name.
    title: Vec<LocalizedTextInput>,
    /// What is filed under it.
    #[graphql(default)]
    description: Vec<LocalizedTextInput>,
    /// Its place among its siblings, counted from 1; the last when none is given.
    position: Option<i32>,
}

/// What changes of a category: what is not given stays, and null empties.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UpdateCategoryInput {
    /// Which one.
    id: ID,
    /// Its part of the path, which is never empty; the old paths, its own and those below it, then lead to the new ones.
    slug: MaybeUndefined<String>,
    /// Its name, in all languages; never empty.
    title: MaybeUndefined<Vec<LocalizedTextInput>>,
    /// What is filed under it, in all languages.
    description: MaybeUndefined<Vec<LocalizedTextInput>>,
}

/// Where to put a category.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct MoveCategoryInput {
    /// Which one.
    id: ID,
    /// The category to put it below; null for the top. Stays when it is not given.
    parent_id: MaybeUndefined<ID>,
    /// Its place among its siblings there, counted from 1. When it is not given, the category comes last there, or
    /// stays where it is if its parent does.
    position: Option<i32>,
}

/// Categories to make one of.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct MergeCategoriesInput {
    /// Those that end.
    source_ids: Vec<ID>,
    /// The one that stays.
    target_id: ID,
}

/// The order of the categories below one.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ReorderCategoriesInput {
    /// The category they are below; those at the top when none is given.
    parent_id: Option<ID>,
    /// Each of them once, in their new order.
    category_ids: Vec<ID>,
}

/// What came of a change to a category.
pub(crate) struct CategoryPayload {
    category: Option<CategoryId>,
    user_errors: Vec<UserError>,
}

/// What came of a change to a category.
#[Object]
impl CategoryPayload {
    /// The category as it is now, after a merge the one that stayed; null when nothing was changed, or when it has
    /// been merged away since.
    async fn category(&self, ctx: &Context<'_>) -> Option<EditorialCategory> {
        EditorialCategory::find(ctx, self.category?)
    }

    /// Why nothing was changed; empty when it was.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }
}

impl From<Result<CategoryId, Vec<UserError>>> for CategoryPayload {
    fn from(outcome: Result<CategoryId, Vec<UserError>>) -> Self {
        match outcome {
            Ok(id) => Self { category: Some(id), user_errors: Vec::new() },
            Err(user_errors) => Self { category: None, user_errors },
        }
    }
}

/// What came of a new order of categories.
pub(crate) struct ReorderCategoriesPayload {
    order: Vec<CategoryId>,
    user_errors: Vec<UserError>,
}

/// What came of a new order of categories.
#[Object]
impl ReorderCategoriesPayload {
    /// The categories in their new order; empty when it was refused.
    async fn categories(&self, ctx: &Context<'_>) -> Vec<EditorialCategory> {
        self.order.iter().filter_map(|id| EditorialCategory::find(ctx, *id)).collect()
    }

    /// Why nothing was changed; empty when it was.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }
}

impl From<Result<Vec<CategoryId>, Vec<UserError>>> for ReorderCategoriesPayload {
    fn from(outcome: Result<Vec<CategoryId>, Vec<UserError>>) -> Self {
        match outcome {
            Ok(order) => Self { order, user_errors: Vec::new() },
            Err(user_errors) => Self { order: Vec::new(), user_errors },
        }
    }
}

#[derive(Default)]
pub(crate) struct CategoryMutations;

#[Object]
impl CategoryMutations {
    /// Makes a category, and a feed of what is filed in it and below it.
    async fn create_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] input: CreateCategoryInput,
    ) -> Option<Result<CategoryPayload, Error>> {
        let mut reader = Reader::default();
        let create = CategoryCreate {
            parent: input.parent_id.map(|id| reader.id("parentId", &id, &CATEGORY)),
            slug: reader.slug("slug", input.slug.as_ref()),
            title: reader.localized(ctx, ("title", Sort::Name), input.title),
            description: reader.localized(ctx, ("description", Sort::Description), input.description),
            position: reader.place("position", input.position),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().category_create(command, &create).await).await)
    }

    /// Changes what a category is called.
    async fn update_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateCategoryInput,
    ) -> Option<Result<CategoryPayload, Error>> {
        let mut reader = Reader::default();
        let update = CategoryUpdate {
            id: reader.id("id", &input.id, &CATEGORY),
            slug: reader.new_slug("slug", input.slug),
            title: given(input.title, |texts| reader.localized(ctx, ("title", Sort::Name), texts)),
            description: given(input.description, |texts| {
                reader.localized(ctx, ("description", Sort::Description), texts)
            }),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().category_update(command, &update).await).await)
    }

    /// Puts a category, with all below it, elsewhere in the tree. Its old paths, and those below it, lead to the new
    /// ones.
    async fn move_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to.")] input: MoveCategoryInput,
    ) -> Option<Result<CategoryPayload, Error>> {
        let mut reader = Reader::default();
        let change = CategoryMove {
            id: reader.id("id", &input.id, &CATEGORY),
            parent: match &input.parent_id {
                MaybeUndefined::Undefined => NewParent::Unchanged,
                MaybeUndefined::Null => NewParent::Top,
                MaybeUndefined::Value(id) => NewParent::Under(reader.id("parentId", id, &CATEGORY)),
            },
            position: reader.place("position", input.position),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().category_move(command, &change).await).await)
    }

    /// Makes several categories one: entries, the categories below, feeds and people's limits go from the sources to
    /// the target, and the sources' paths lead to it.
    async fn merge_categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which into which.")] input: MergeCategoriesInput,
    ) -> Option<Result<CategoryPayload, Error>> {
        let mut reader = Reader::default();
        let merge = CategoryMerge {
            sources: reader.ids("sourceIds", &input.source_ids, &CATEGORY),
            target: reader.id("targetId", &input.target_id, &CATEGORY),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().category_merge(command, &merge).await).await)
    }

    /// Sets the order of the categories below one, or of those at the top.
    async fn reorder_categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: ReorderCategoriesInput,
    ) -> Option<Result<ReorderCategoriesPayload, Error>> {
        let mut reader = Reader::default();
        let reorder = CategoryReorder {
            parent: input.parent_id.map(|id| reader.id("parentId", &id, &CATEGORY)),
            order: reader.ids("categoryIds", &input.category_ids, &CATEGORY),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(
            perform(ctx, key, reader, async |command| store.newsroom().category_reorder(command, &reorder).await).await,
        )
    }
}
