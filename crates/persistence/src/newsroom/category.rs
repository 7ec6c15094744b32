//! Categories.

pub(super) mod delete;
mod merge;
pub(super) mod tree;

use courant_domain::{
    access::{Permission, Target},
    audit::{Act, AuditSubject},
    category::{Category, CategoryTree, TreeError},
    feed::Feed,
    id::CategoryId,
    problem::ProblemCode,
    reserved::is_reserved,
    slug::Slug,
    text::Localized,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use self::tree::tree_put;
use super::{
    feed::feed_add,
    input::{free_slug, require_place, require_words},
    merging::place,
};
use crate::{
    command::{Allowed, Command, Done, Work, WriteError, Written},
    newsroom::Newsroom,
};

/// A category to make.
#[derive(Debug, Clone, Serialize)]
pub struct CategoryCreate {
    /// The one above it; none at the top.
    pub parent: Option<CategoryId>,
    /// Its part of the path; made of its title when none is given.
    pub slug: Option<Slug>,
    /// Its name.
    pub title: Localized,
    /// What is filed under it.
    pub description: Localized,
    /// Its place among its siblings, counted from 1; the last when none is given.
    pub position: Option<u32>,
}

/// What shall be different about a category; what is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct CategoryUpdate {
    /// Which one.
    pub id: CategoryId,
    /// Its part of the path. The old paths, its own and those below it, then lead to the new ones.
    pub slug: Option<Slug>,
    /// Its name, in all languages.
    pub title: Option<Localized>,
    /// What is filed under it, in all languages.
    pub description: Option<Localized>,
}

/// Where in the tree a category shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum NewParent {
    /// Below the one it is below now, or at the top as now.
    Unchanged,
    /// At the top.
    Top,
    /// Below this one.
    Under(CategoryId),
}

/// A category to move.
#[derive(Debug, Clone, Serialize)]
pub struct CategoryMove {
    /// Which one.
    pub id: CategoryId,
    /// Where to.
    pub parent: NewParent,
    /// Its place among its siblings there, counted from 1. When none is given it is the last, or stays where it is
    /// if its parent does.
    pub position: Option<u32>,
}

/// Categories that shall be one.
#[derive(Debug, Clone, Serialize)]
pub struct CategoryMerge {
    /// Those that end; what is in them and below them goes to the target.
    pub sources: Vec<CategoryId>,
    /// The one that stays.
    pub target: CategoryId,
}

/// An order for the categories below one.
#[derive(Debug, Clone, Serialize)]
pub struct CategoryReorder {
    /// The one whose children it is about; none for those at the top.
    pub parent: Option<CategoryId>,
    /// Each of the children once.
    pub order: Vec<CategoryId>,
}

impl Newsroom {
    /// Makes a category, and the feed it has from the start.
    ///
    /// # Errors
    /// When there is no such parent, the slug is taken, reserved or cannot be made, the viewer may not, or the database fails.
    pub async fn category_create(&self, command: Command<'_>, input: &CategoryCreate) -> Written<CategoryId> {
        self.store
            .change(command, Act::CreateCategory, input, async |work| {
                let allowed = require_on(work, input.parent)?;
                require_known(work, "parentId", input.parent)?;
                require_words(&input.title, "title", UNTITLED)?;
                let tree = &work.tx.reference.categories;
                let taken = |slug: &Slug| {
                    input.parent.is_none() && is_reserved(slug)
                        || tree.children(input.parent).any(|sibling| sibling.slug == *slug)
                };
                let slug = free_slug(input.slug.as_ref(), &input.title, &work.tx.reference.site, taken)?;
                let category = Category {
                    id: CategoryId::generate(),
                    parent: input.parent,
                    position: 0,
                    slug,
                    title: input.title.clone(),
                    description: input.description.clone(),
                };
                let id = category.id;
                let after = tree.with(category.clone(), require_place(input.position)?)?;
                let path = after.path(id).unwrap_or_default().to_owned();
                let known = &work.tx.reference;
                let feed = Feed::of_category(&category, &path, |slug| known.feed_by_slug(slug).is_some());
                let detail = json!({ "path": path, "feed": feed.as_ref().map(|feed| &feed.slug) });
                tree_put(&mut work.tx, after, None).await?;
                if let Some(feed) = feed {
                    feed_add(&mut work.tx, &feed).await?;
                }
                Ok(Done::new(&allowed, (AuditSubject::Category, id.uuid()), detail, id))
            })
            .await
    }

    /// Changes what a category is called.
    ///
    /// # Errors
    /// When there is no such category, the slug is taken or reserved, the viewer may not, or the database fails.
    pub async fn category_update(&self, command: Command<'_>, input: &CategoryUpdate) -> Written<CategoryId> {
        self.store
            .change(command, Act::UpdateCategory, input, async |work| {
                let allowed = require_category(work, "id", input.id)?;
                let mut category = allowed.clone();
                if let Some(title) = &input.title {
                    require_words(title, "title", UNTITLED)?;
                    category.title.clone_from(title);
                }
                if let Some(description) = &input.description {
                    category.description.clone_from(description);
                }
                if let Some(slug) = &input.slug {
                    category.slug.clone_from(slug);
                }
                if category == *allowed {
                    return Ok(Done::unchanged(&allowed, input.id));
                }
                let tree = &work.tx.reference.categories;
                let after = tree.with(category, None)?;
                let detail = json!({ "path": after.path(input.id), "before": tree.path(input.id) });
                tree_put(&mut work.tx, after, None).await?;
                Ok(Done::new(&allowed, (AuditSubject::Category, input.id.uuid()), detail, input.id))
            })
            .await
    }

    /// Puts a category, with all below it, below another one or to another place among its siblings. Its old paths
    /// lead to the new ones.
    ///
    /// # Errors
    /// When there is no such category or parent, the parent is below it, a sibling there has its slug, its slug is
    /// reserved at the top, the viewer may not at both ends, or the database fails.
    pub async fn category_move(&self, command: Command<'_>, input: &CategoryMove) -> Written<CategoryId> {
        self.store
            .change(command, Act::MoveCategory, input, async |work| {
                let allowed = require_category(work, "id", input.id)?;
                let mut category = allowed.clone();
                category.parent = match input.parent {
                    NewParent::Unchanged => category.parent,
                    NewParent::Top => None,
                    NewParent::Under(parent) => Some(parent),
                };
                let allowed = allowed.and(require_on(work, category.parent)?);
                require_known(work, "parentId", category.parent)?;
                let tree = &work.tx.reference.categories;
                let after = tree.with(category, require_place(input.position)?).map_err(|error| match &error {
                    // Its slug is not what was asked for.
                    TreeError::Reserved(_) => WriteError::refused(ProblemCode::Invalid, "parentId", error.to_string()),
                    _ => error.into(),
                })?;
                if stands_alike(&after, tree) {
                    return Ok(Done::unchanged(&allowed, input.id));
                }
                let detail = json!({ "path": after.path(input.id), "before": tree.path(input.id) });
                tree_put(&mut work.tx, after, None).await?;
                Ok(Done::new(&allowed, (AuditSubject::Category, input.id.uuid()), detail, input.id))
            })
            .await
    }

    /// Makes several categories one. Entries and live editions, what lies below, feeds and people's limits go from
    /// the sources to the target; the sources' paths lead to it.
    ///
    /// # Errors
    /// When one of them does not exist, the target is a source or below one, two categories below them have the same
    /// slug, the viewer may not at both ends, or the database fails.
    pub async fn category_merge(&self, command: Command<'_>, input: &CategoryMerge) -> Written<CategoryId> {
        self.store
            .change(command, Act::MergeCategories, input, async |work| {
                let allowed = require_category(work, "targetId", input.target)?;
                let mut sources = input.sources.clone();
                sources.sort_unstable();
                sources.dedup();
                if sources.is_empty() {
                    return Err(WriteError::refused(ProblemCode::Required, "sourceIds", "name what to merge"));
                }
                let mut ended = Vec::with_capacity(sources.len());
                for source in &sources {
                    require_category(work, &place(&input.sources, source), *source)?;
                    ended.push(json!({ "id": source, "path": work.tx.reference.categories.path(*source) }));
                }
                for source in sources {
                    let merged = work.tx.reference.categories.merged(source, input.target);
                    let at = place(&input.sources, &source);
                    let after = merged.map_err(|error| match &error {
                        TreeError::SlugTaken(_) => WriteError::refused(ProblemCode::Taken, &at, error.to_string()),
                        TreeError::TooDeep(_) | TreeError::Reserved(_) => {
                            WriteError::refused(ProblemCode::Invalid, &at, error.to_string())
                        }
                        TreeError::Cycle(slug) => {
                            let message = format!("category {slug} cannot be merged into itself or into one below it");
                            WriteError::refused(ProblemCode::Invalid, "targetId", message)
                        }
                        TreeError::ParentUnknown(_) => WriteError::not_found("targetId", "category"),
                    })?;
                    tree_put(&mut work.tx, after, Some((source, input.target))).await?;
                }
                let detail = json!({ "path": work.tx.reference.categories.path(input.target), "ended": ended });
                Ok(Done::new(&allowed, (AuditSubject::Category, input.target.uuid()), detail, input.target))
            })
            .await
    }

    /// Sets the order of the categories below one, or of those at the top; it is what comes back.
    ///
    /// # Errors
    /// When there is no such parent, the order does not name each of its children once, the viewer may not, or the
    /// database fails.
    pub async fn category_reorder(&self, command: Command<'_>, input: &CategoryReorder) -> Written<Vec<CategoryId>> {
        self.store
            .change(command, Act::ReorderCategories, input, async |work| {
                let allowed = require_on(work, input.parent)?;
                require_known(work, "parentId", input.parent)?;
                let after = work.tx.reference.categories.reordered(input.parent, &input.order).ok_or_else(|| {
                    let message = "the order names each category below this one, and no other, exactly once";
                    WriteError::refused(ProblemCode::Invalid, "categoryIds", message)
                })?;
                if stands_alike(&after, &work.tx.reference.categories) {
                    return Ok(Done::unchanged(&allowed, input.order.clone()));
                }
                tree_put(&mut work.tx, after, None).await?;
                let detail = json!({ "order": input.order });
                let subject = input.parent.map_or(Uuid::nil(), CategoryId::uuid);
                Ok(Done::new(&allowed, (AuditSubject::Category, subject), detail, input.order.clone()))
            })
            .await
    }
}

/// Whether two trees have the same categories in the same places, whatever numbers these have.
fn stands_alike(one: &CategoryTree, other: &CategoryTree) -> bool {
    one.iter()
        .map(|category| (category.id, category.parent))
        .eq(other.iter().map(|category| (category.id, category.parent)))
}

/// The viewer may manage what is in a category; the top of the tree is everybody's, and so only for those without
/// limits.
fn require_on(work: &Work<'_>, category: Option<CategoryId>) -> Written<Allowed> {
    work.require(Permission::ManageCategories, &Target { category, ..Target::default() })
}

fn require_known(work: &Work<'_>, field: &str, category: Option<CategoryId>) -> Written<()> {
    match category {
        Some(id) if work.tx.reference.categories.get(id).is_none() => Err(WriteError::not_found(field, "category")),
        _ => Ok(()),
    }
}

/// The category, which must be there and within the viewer's limits.
fn require_category(work: &Work<'_>, field: &str, id: CategoryId) -> Written<Allowed<Category>> {
    let allowed = require_on(work, Some(id))?;
    let found = work.tx.reference.categories.get(id);
    Ok(allowed.of(found.cloned().ok_or_else(|| WriteError::not_found(field, "category"))?))
}

/// What a category without a title is refused with.
const UNTITLED: &str = "a category has a title in at least one language";
