//! Feeds: named streams of entries.

use serde::{Deserialize, Serialize};

use crate::{
    category::Category,
    entry::EntryKind,
    id::{CategoryId, EntryId, FeedId, TagId},
    locale::Locale,
    slug::Slug,
    text::Localized,
};

/// In which order a feed gives its entries, behind those pinned on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FeedOrder {
    /// The newest first.
    Latest,
    /// The most viewed first.
    MostRead,
    /// Only what the editors pinned, in their order.
    Editorial,
    /// The most read of the last 24 hours first.
    MostReadDay,
    /// The most read of the last 7 days first.
    MostReadWeek,
    /// The most read of the last 30 days first.
    MostReadMonth,
}

/// A named stream, as its editors defined it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// Its name in addresses, unique among feeds.
    pub slug: Slug,
    /// Its name in words.
    pub title: Localized,
    /// What it carries.
    #[serde(default)]
    pub description: Localized,
    /// The kinds of entries in it; none means all.
    #[serde(default)]
    pub kinds: Vec<EntryKind>,
    /// The categories it draws from; none means all.
    #[serde(default)]
    pub categories: Vec<CategoryId>,
    /// Whether what is filed below those categories belongs to it too.
    #[serde(default)]
    pub include_descendants: bool,
    /// The tags it draws from, any of them; none means all.
    #[serde(default)]
    pub tags: Vec<TagId>,
    /// The order.
    pub order: FeedOrder,
    /// What stands on top, in this order, whatever else the feed says.
    #[serde(default)]
    pub pinned: Vec<EntryId>,
}

impl Feed {
    /// How many entries a feed can pin.
    pub const MAX_PINNED: usize = 100;

    /// The feeds every site has from the start: `last-news`, with everything, and `decrees`. Their ids are the
    /// same on every site.
    #[must_use]
    pub fn defaults() -> [Self; 2] {
        let english = Locale::ENGLISH;
        let feed = |slug: Slug, title: &str, description: &str, kinds| Self {
            id: FeedId::of_slug(&slug),
            slug,
            title: Localized::single(english, title),
            description: Localized::single(english, description),
            kinds,
            categories: Vec::new(),
            include_descendants: false,
            tags: Vec::new(),
            order: FeedOrder::Latest,
            pinned: Vec::new(),
        };
        [
            feed(Slug::literal("last-news"), "Last news", "Everything that is published, newest first.", Vec::new()),
            feed(Slug::literal("decrees"), "Decrees", "Official acts, newest first.", vec![EntryKind::Decree]),
        ]
    }

    /// The feed that a category has from the start: all that is filed in it and below it, newest first. Its slug is
    /// made of the category's path and, like the rest of it, is the feed's own from then on. None when the path is too
    /// long for a slug.
    #[must_use]
    pub fn of_category(category: &Category, path: &str, taken: impl Fn(&Slug) -> bool) -> Option<Self> {
        let of_path = Slug::parse(&path.replace('/', "-")).ok()?;
        let numbered = (2..).map(|number| of_path.numbered(number));
        let slug = std::iter::once(of_path.clone()).chain(numbered).find(|slug| !taken(slug))?;
        Some(Self {
            id: FeedId::of_slug(&slug),
            slug,
            title: category.title.clone(),
            description: category.description.clone(),
            kinds: Vec::new(),
            categories: vec![category.id],
            include_descendants: true,
            tags: Vec::new(),
            order: FeedOrder::Latest,
            pinned: Vec::new(),
        })
    }

    /// Whether it still carries what the feed of a category has from the start ([`Feed::of_category`]), and nothing else. What it is
    /// called does not matter.
    #[must_use]
    pub fn is_own_of(&self, category: CategoryId) -> bool {
        let Self { kinds, categories, include_descendants, tags, order, pinned, .. } = self;
        *categories == [category]
            && *include_descendants
            && *order == FeedOrder::Latest
            && kinds.is_empty()
            && tags.is_empty()
            && pinned.is_empty()
    }
}
