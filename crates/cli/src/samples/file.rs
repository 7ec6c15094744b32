//! The sample files as they are written; see `samples/README.md`. What a file holds beyond this is an error.

use std::collections::BTreeMap;

use courant_domain::{
    article::ArticleKind,
    decree::{DecreeKind, RelationKind},
    entry::EntryKind,
    feed::FeedOrder,
    locale::Locale,
    slug::Slug,
    text::Localized,
};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

/// The name an entry has in the files.
pub(super) type Key = String;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteFile {
    pub(super) default_locale: Locale,
    pub(super) locales: Vec<SiteLocale>,
    pub(super) name: Localized,
    pub(super) description: Localized,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteLocale {
    pub(super) tag: Locale,
    pub(super) name: String,
    #[serde(default)]
    pub(super) fallbacks: Vec<Locale>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoriesFile {
    pub(super) category: Vec<Category>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub(super) slug: Slug,
    pub(super) parent: Option<Slug>,
    pub(super) position: i32,
    pub(super) title: Localized,
    #[serde(default)]
    pub(super) description: Localized,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TagsFile {
    pub(super) tag: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tag {
    pub(super) slug: Slug,
    pub(super) name: Localized,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonsFile {
    pub(super) person: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) slug: Slug,
    pub(super) name: Localized,
    #[serde(default)]
    pub(super) role: Localized,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedsFile {
    pub(super) feed: Vec<Feed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feed {
    pub(super) slug: Slug,
    pub(super) title: Localized,
    #[serde(default)]
    pub(super) description: Localized,
    pub(super) kinds: Vec<EntryKind>,
    #[serde(default)]
    pub(super) categories: Vec<Slug>,
    #[serde(default)]
    pub(super) include_descendants: bool,
    #[serde(default)]
    pub(super) tags: Vec<Slug>,
    pub(super) order: FeedOrder,
    #[serde(default)]
    pub(super) pinned: Vec<Key>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RedirectsFile {
    #[serde(default)]
    pub(super) redirect: Vec<Redirect>,
    #[serde(default)]
    pub(super) gone: Vec<Gone>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Redirect {
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gone {
    pub(super) path: String,
}

/// An article or a decree: what all its languages share, and each language.
#[derive(Debug)]
pub(super) struct EntryFile<E, V> {
    pub(super) shared: E,
    pub(super) versions: BTreeMap<Locale, V>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    pub(super) category: Slug,
    pub(super) kind: ArticleKind,
    pub(super) tags: Vec<Slug>,
    pub(super) published_at: Timestamp,
    pub(super) views: i64,
    #[serde(default)]
    pub(super) authors: Vec<Slug>,
    #[serde(default)]
    pub(super) covers: Vec<Key>,
    pub(super) source: Option<Source>,
    pub(super) lead_image: Option<LeadImage>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeadImage {
    pub(super) url: String,
    pub(super) width: u32,
    pub(super) height: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticleVersion {
    pub(super) slug: Slug,
    pub(super) title: String,
    pub(super) summary: Option<String>,
    pub(super) body: String,
    pub(super) kicker: Option<String>,
    pub(super) dateline: Option<String>,
    pub(super) lead_image_alt: Option<String>,
    #[serde(default)]
    pub(super) changes: Vec<Change>,
    pub(super) withdrawal: Option<Withdrawal>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub(super) at: Timestamp,
    pub(super) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Withdrawal {
    pub(super) at: Timestamp,
    pub(super) notice: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decree {
    pub(super) category: Slug,
    pub(super) kind: DecreeKind,
    pub(super) tags: Vec<Slug>,
    pub(super) published_at: Timestamp,
    pub(super) views: i64,
    pub(super) number: String,
    pub(super) signed_on: Date,
    pub(super) effective_on: Option<Date>,
    pub(super) repealed_on: Option<Date>,
    pub(super) signatory: Slug,
    #[serde(default)]
    pub(super) relations: Vec<Relation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Relation {
    pub(super) kind: RelationKind,
    pub(super) target: Key,
    pub(super) on: Option<Date>,
    #[serde(default)]
    pub(super) partial: bool,
    pub(super) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecreeVersion {
    pub(super) slug: Slug,
    pub(super) title: String,
    pub(super) summary: Option<String>,
    pub(super) body: String,
    pub(super) office: Option<String>,
}
