//! What a reader gives: the content of a source in the words of the domain.

use std::{collections::BTreeMap, fmt, sync::Arc};

use courant_domain::{article::ArticleContent, locale::Locale, slug::Slug, zone::ZoneName};
use jiff::Timestamp;

use crate::read::{
    detect::SourceFormat,
    library::Library,
    moving::{MediaMove, OwnSite},
};

/// What a source cannot say itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// Where items go that name no category; every item of a feed does, because a feed's categories are tags here.
    pub default_category: Slug,
    /// The language of a source that names none, or none a portal can be in.
    pub locale: Option<Locale>,
    /// Where a date without a time is a day: that of the site it goes into; UTC, unless somebody says more.
    pub time_zone: ZoneName,
    /// Which types of post of WordPress and Blogger are articles: `post` alone, unless somebody says more.
    pub post_types: Vec<String>,
    /// What other files of the same import hold, to which this one may refer.
    pub library: Arc<Library>,
    /// Whose addresses those of the source are.
    pub own_site: OwnSite,
    /// Where files are now.
    pub media: Vec<MediaMove>,
}

impl ReadOptions {
    /// Those of a source that stands for itself, with this default category.
    #[must_use]
    pub fn new(default_category: Slug) -> Self {
        Self {
            default_category,
            locale: None,
            time_zone: ZoneName::default(),
            post_types: vec!["post".to_owned()],
            library: Arc::default(),
            own_site: OwnSite::default(),
            media: Vec::new(),
        }
    }
}

/// The content of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The format it was recognised as.
    pub format: SourceFormat,
    /// The name of the site or feed.
    pub title: Option<String>,
    /// The language it says it is in, else the one of the options.
    pub language: Option<Locale>,
    /// The address of the site it was made from.
    pub base_url: Option<String>,
    /// The articles, in the order of the source.
    pub items: Vec<Item>,
    /// The categories, each behind its parent. The default category of the options is not among them unless the
    /// source has it too.
    pub categories: Vec<ImportedCategory>,
    /// Those of the categories that an item has beside its main one.
    pub further: Vec<Slug>,
    /// The paths that categories, tags, authors and feeds had, normalised, if the site is one's own (see [`ReadOptions::own_site`]).
    pub old_terms: Vec<(String, OldTerm)>,
    /// The tags, in the order they were met.
    pub tags: Vec<ImportedTag>,
    /// The authors, in the order they were met.
    pub persons: Vec<ImportedPerson>,
    /// What could not be read as it stands.
    pub problems: Vec<Problem>,
    /// Content that has no home in the model, by name, with how often it was met: `comments`, `pages`,
    /// `shortcode poll`. Somebody wrote it for readers, and readers will not find it here.
    pub lost: BTreeMap<String, u64>,
    /// What else has none: settings, fields of plugins, what is for programs. `custom field _edit_last`, `sticky`.
    pub unmapped: BTreeMap<String, u64>,
    /// How many items there are of each type of post that [`ReadOptions::post_types`] leaves out.
    pub post_types: BTreeMap<String, u64>,
}

/// An article of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is known by: the format, and its id in its source, as in `wxr:https://example.org/?p=1`. An id that is
    /// no more than a number or a name has that of the source in front, as in `rss:https://example.org/ 101`. It is the
    /// same each time the source is read, and different for each item of any source.
    pub origin: String,
    /// Where in the source it is, for people: `item 12 (post 1178)`.
    pub place: String,
    /// The language it says it is in, which may be another than that of the source as a whole.
    pub language: Option<Locale>,
    /// The article. Its slug is unique among the items of its language; its authors are in [`Item::authors`] instead.
    pub content: ArticleContent,
    /// What its source shows of it.
    pub status: ItemStatus,
    /// The date it carries.
    pub published_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// Between which times its source shows it.
    pub shown: Shown,
    /// The slugs of its categories, the main one first; never empty.
    pub categories: Vec<Slug>,
    /// The slugs of its tags.
    pub tags: Vec<Slug>,
    /// The slugs of its authors, in the order of the byline.
    pub authors: Vec<Slug>,
    /// The paths it had, normalised, if its site is one's own (see [`ReadOptions::own_site`]).
    pub old_paths: Vec<String>,
}

/// Between which times readers get an item at its source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub until: Option<Timestamp>,
}

impl Shown {
    /// Notes another time before which it is not shown.
    pub(crate) fn not_before(&mut self, at: Timestamp) {
        self.from = self.from.max(Some(at));
    }

    /// Notes another time after which it is not shown.
    pub(crate) fn not_after(&mut self, at: Timestamp) {
        self.until = self.until.into_iter().chain([at]).min();
    }
}

/// What a source shows of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemStatus {
    /// Everybody may read it.
    Published,
    /// It is being written.
    Draft,
    /// It waits for review.
    Pending,
    /// It will be published at its date.
    Scheduled,
    /// Only some may read it; protected by a password, too.
    Private,
    /// It was thrown away.
    Trash,
    /// Its source took it back, and says no more than that.
    Gone,
    /// Its source took it back with a notice, which stands in the place of its text.
    Withdrawn,
}

/// What had an address of its own on an old site beside its articles, by its slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OldTerm {
    /// The front page of a site in a folder.
    Front,
    /// One of the categories.
    Category(Slug),
    /// One of the tags.
    Tag(Slug),
    /// One of the authors.
    Person(Slug),
    /// The feed of a category or a tag; of everything where it is of neither.
    Feed(Option<Box<Self>>, FeedForm),
}

/// What an old feed was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedForm {
    /// RSS, in any version.
    Rss,
    /// Atom.
    Atom,
}

impl FeedForm {
    /// How the addresses of such feeds end here.
    #[must_use]
    pub const fn end(self) -> &'static str {
        match self {
            Self::Rss => ".rss",
            Self::Atom => ".atom",
        }
    }
}

impl fmt::Display for OldTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Front => f.write_str("front page"),
            Self::Category(slug) => write!(f, "category {slug}"),
            Self::Tag(slug) => write!(f, "tag {slug}"),
            Self::Person(slug) => write!(f, "person {slug}"),
            Self::Feed(None, form) => write!(f, "feed{}", form.end()),
            Self::Feed(Some(of), form) => write!(f, "feed{} of {of}", form.end()),
        }
    }
}

/// A category of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCategory {
    /// Its name in addresses, unique among the categories of the import.
    pub slug: Slug,
    /// The slug of the category above it.
    pub parent: Option<Slug>,
    /// Its name.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
}

/// A tag of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedTag {
    /// Its name in addresses, unique among the tags of the import.
    pub slug: Slug,
    /// Its name.
    pub name: String,
}

/// An author of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedPerson {
    /// The name in addresses, unique among the persons of the import.
    pub slug: Slug,
    /// The name.
    pub name: String,
}

/// Something that could not be read as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where in the source it is: `item 12 (post 1178)`.
    pub place: String,
    /// What is wrong, and what was done about it.
    pub message: String,
}
