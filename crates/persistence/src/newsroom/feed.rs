//! Feeds.

mod pins;

use courant_domain::{
    access::{Permission, Target},
    address,
    audit::{Act, AuditSubject},
    entry::EntryKind,
    feed::{Feed, FeedOrder},
    id::{CategoryId, FeedId, TagId},
    slug::Slug,
    text::Localized,
};
use serde::Serialize;
use serde_json::json;

pub use self::pins::{FeedPin, FeedPinsReorder, FeedUnpin};
use super::input::{free_slug, require_words};
use crate::{
    command::{Allowed, Command, Done, Work, WriteError, Written},
    db::transaction::Transaction,
    error::Result,
    live::redirect::{Moves, put_moves},
    newsroom::{Newsroom, reference_put},
};

/// A feed to make.
#[derive(Debug, Clone, Serialize)]
pub struct FeedCreate {
    /// Its name in addresses; made of its title when none is given.
    pub slug: Option<Slug>,
    /// Its name in words.
    pub title: Localized,
    /// What it carries, in words.
    pub description: Localized,
    /// The kinds of entries in it; none means all.
    pub kinds: Vec<EntryKind>,
    /// The categories it draws from; none means all.
    pub categories: Vec<CategoryId>,
    /// Whether what is filed below those categories belongs to it too.
    pub include_descendants: bool,
    /// The tags it draws from, any of them; none means all.
    pub tags: Vec<TagId>,
    /// The order of the items that follow the pinned ones.
    pub order: FeedOrder,
}

/// What shall be different about a feed; what is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct FeedUpdate {
    /// Which one.
    pub id: FeedId,
    /// Its name in addresses. The old path then leads to the new one.
    pub slug: Option<Slug>,
    /// Its name in words, in all languages.
    pub title: Option<Localized>,
    /// What it carries, in words, in all languages.
    pub description: Option<Localized>,
    /// The kinds of entries in it; an empty list means all.
    pub kinds: Option<Vec<EntryKind>>,
    /// The categories it draws from; an empty list means all.
    pub categories: Option<Vec<CategoryId>>,
    /// Whether what is filed below those categories belongs to it too.
    pub include_descendants: Option<bool>,
    /// The tags it draws from; an empty list means all.
    pub tags: Option<Vec<TagId>>,
    /// The order of the items that follow the pinned ones.
    pub order: Option<FeedOrder>,
}

impl Newsroom {
    /// Makes a feed.
    ///
    /// # Errors
    /// When a category or tag does not exist, the slug is taken or cannot be made, the viewer may not in each of its
    /// categories, or the database fails.
    pub async fn feed_create(&self, command: Command<'_>, input: &FeedCreate) -> Written<FeedId> {
        self.store
            .change(command, Act::CreateFeed, input, async |work| {
                let allowed = require_in_all(work, Permission::ManageFeeds, &input.categories)?;
                let reference = &work.tx.reference;
                let taken = |slug: &Slug| reference.feed_by_slug(slug).is_some();
                let mut feed = Feed {
                    id: FeedId::generate(),
                    slug: free_slug(input.slug.as_ref(), &input.title, &reference.site, taken)?,
                    title: input.title.clone(),
                    description: input.description.clone(),
                    kinds: input.kinds.clone(),
                    categories: input.categories.clone(),
                    include_descendants: input.include_descendants,
                    tags: input.tags.clone(),
                    order: input.order,
                    pinned: Vec::new(),
                };
                check(work, &mut feed)?;
                feed_add(&mut work.tx, &feed).await?;
                let detail = json!({ "slug": feed.slug });
                Ok(Done::new(&allowed, (AuditSubject::Feed, feed.id.uuid()), detail, feed.id))
            })
            .await
    }

    /// Changes a feed, all but what is pinned.
    ///
    /// # Errors
    /// When the feed, a category or a tag does not exist, the slug is taken, the viewer may not in each of the
    /// categories it had and shall have, or the database fails.
    pub async fn feed_update(&self, command: Command<'_>, input: &FeedUpdate) -> Written<FeedId> {
        self.store
            .change(command, Act::UpdateFeed, input, async |work| {
                let old = known(work, Permission::ManageFeeds, input.id, "id")?;
                let mut feed = changed(&old, input);
                let allowed = require_in_all(work, Permission::ManageFeeds, &feed.categories)?;
                check(work, &mut feed)?;
                if feed == *old {
                    return Ok(Done::unchanged(&allowed, feed.id));
                }
                reference_put::feed_put(&mut work.tx, &feed).await?;
                if feed.slug != old.slug {
                    let moves = Moves::between(&work.tx.locales(), [&old.slug, &feed.slug], address::feed_path);
                    put_moves(&mut work.tx, &moves).await?;
                }
                let detail = json!({ "slug": feed.slug, "before": old.slug });
                Ok(Done::new(&allowed, (AuditSubject::Feed, feed.id.uuid()), detail, feed.id))
            })
            .await
    }
}

/// Writes a new feed, which takes its path from whatever leads away from there.
pub(super) async fn feed_add(tx: &mut Transaction, feed: &Feed) -> Result<()> {
    reference_put::feed_put(tx, feed).await?;
    put_moves(tx, &Moves::to(&tx.locales(), |locale| address::feed_path(locale, &feed.slug))).await
}

fn changed(old: &Feed, input: &FeedUpdate) -> Feed {
    let mut feed = old.clone();
    let FeedUpdate { id: _, slug, title, description, kinds, categories, include_descendants, tags, order } =
        input.clone();
    feed.slug = slug.unwrap_or(feed.slug);
    feed.title = title.unwrap_or(feed.title);
    feed.description = description.unwrap_or(feed.description);
    feed.kinds = kinds.unwrap_or(feed.kinds);
    feed.categories = categories.unwrap_or(feed.categories);
    feed.include_descendants = include_descendants.unwrap_or(feed.include_descendants);
    feed.tags = tags.unwrap_or(feed.tags);
    feed.order = order.unwrap_or(feed.order);
    feed
}

/// The feed, which must be there and within the viewer's limits.
pub(super) fn known(work: &Work<'_>, permission: Permission, id: FeedId, field: &str) -> Written<Allowed<Feed>> {
    match work.tx.reference.feed(id) {
        Some(feed) => Ok(require_in_all(work, permission, &feed.categories)?.of(feed.clone())),
        None => {
            require_somewhere(work, permission)?;
            Err(WriteError::not_found(field, "feed"))
        }
    }
}

/// The viewer may do this in every category of a feed; a feed of all of them is for those without limits.
fn require_in_all(work: &Work<'_>, permission: Permission, categories: &[CategoryId]) -> Written<Allowed> {
    let Some((first, others)) = categories.split_first() else {
        return work.require(permission, &Target::default());
    };
    let require =
        |category: &CategoryId| work.require(permission, &Target { category: Some(*category), ..Target::default() });
    others.iter().try_fold(require(first)?, |allowed, category| Ok(allowed.and(require(category)?)))
}

fn require_somewhere(work: &Work<'_>, permission: Permission) -> Written<()> {
    if work.command.by.may_somewhere(permission) { Ok(()) } else { Err(WriteError::Forbidden(permission)) }
}

/// Sees that a feed names only what there is, and names it once.
fn check(work: &Work<'_>, feed: &mut Feed) -> Written<()> {
    require_words(&feed.title, "title", "a feed has a title in at least one language")?;
    let reference = &work.tx.reference;
    if let Some(at) = feed.categories.iter().position(|id| reference.categories.get(*id).is_none()) {
        return Err(WriteError::not_found(&format!("categoryIds.{at}"), "category"));
    }
    if let Some(at) = feed.tags.iter().position(|id| reference.tag(*id).is_none()) {
        return Err(WriteError::not_found(&format!("tagIds.{at}"), "tag"));
    }
    once(&mut feed.kinds);
    once(&mut feed.categories);
    once(&mut feed.tags);
    Ok(())
}

fn once<T: PartialEq>(items: &mut Vec<T>) {
    let mut place = 0;
    while place < items.len() {
        if items[..place].contains(&items[place]) {
            items.remove(place);
        } else {
            place += 1;
        }
    }
}
