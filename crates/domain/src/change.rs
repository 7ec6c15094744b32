//! The change log: every change of what readers see, in one order.

mod cursor;
mod told;
mod touched;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

pub use self::{
    cursor::{ChangeCursor, ChangeCursorError},
    told::Told,
    touched::{Places, Touched},
};
use crate::{
    address,
    entry::EntryKind,
    id::{CategoryId, EntryId, FeedId, PersonId, TagId},
    locale::Locale,
    slug::Slug,
};

/// A place in the change log. Later changes have higher numbers, without gaps.
pub type ChangeSeq = i64;

/// What was changed, precisely enough to find everything that was made of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ChangeKey {
    /// The site's name or languages. Everything may look different.
    Site,
    /// A live edition: one entry in one language.
    Edition {
        /// Whose.
        entry: EntryId,
        /// In which language.
        locale: Locale,
        /// What the entry is.
        kind: EntryKind,
    },
    /// A category.
    Category(CategoryId),
    /// A feed.
    Feed(FeedId),
    /// A tag.
    Tag(TagId),
    /// A person.
    Person(PersonId),
    /// A redirect, or a path that is gone.
    Redirect {
        /// The path that readers ask for.
        path: String,
    },
}

impl ChangeKey {
    /// What kind of thing it names.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match self {
            Self::Site => Subject::Site,
            Self::Edition { .. } => Subject::Edition,
            Self::Category(_) => Subject::Category,
            Self::Feed(_) => Subject::Feed,
            Self::Tag(_) => Subject::Tag,
            Self::Person(_) => Subject::Person,
            Self::Redirect { .. } => Subject::Redirect,
        }
    }
}

/// What kind of thing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Subject {
    /// The site's name or languages.
    Site,
    /// A live edition.
    Edition,
    /// A category.
    Category,
    /// A feed.
    Feed,
    /// A tag.
    Tag,
    /// A person.
    Person,
    /// A redirect, or a path that is gone.
    Redirect,
}

impl Subject {
    /// The name used in databases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// It went live, or changed while live.
    Put,
    /// It is no longer live.
    Removed,
    /// Of acts: it has come into force, or is no longer, as a whole or in part, because its day has come. Nothing was published.
    ForceChanged,
}

impl Action {
    /// The name used in databases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place.
    pub seq: ChangeSeq,
    /// When it was written.
    pub at: Timestamp,
    /// What was changed.
    pub key: ChangeKey,
    /// What happened to it.
    pub action: Action,
    /// Of editions, where it shows beyond the edition itself; of those that do not say so, it may be anywhere.
    pub touched: Option<Arc<Touched>>,
    /// What readers are told of it; none of changes from before this was written down.
    pub told: Option<Arc<Told>>,
}

impl Change {
    /// Whether readers can see it, as far as it says.
    #[must_use]
    pub fn is_seen(&self) -> Option<bool> {
        match self.key {
            // What they show was live, and the site always is.
            ChangeKey::Site | ChangeKey::Edition { .. } | ChangeKey::Category(_) => Some(true),
            _ => self.told.as_ref().map(|told| told.seen),
        }
    }

    /// The name in addresses that the thing has by the change: its slug, a category's path of slugs, a redirect's whole path.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.key {
            ChangeKey::Redirect { path } => Some(path),
            ChangeKey::Edition { .. } => self.touched.as_ref()?.slug.as_deref(),
            _ => self.told.as_ref()?.name.as_deref(),
        }
    }

    /// The name that it had before and has no longer.
    #[must_use]
    pub fn name_before(&self) -> Option<&str> {
        self.told.as_ref()?.before.as_deref()
    }

    /// The path that it has by the change. Of what is in all languages, the one in this language.
    #[must_use]
    pub fn path(&self, locale: Locale) -> Option<String> {
        self.path_of(self.name()?, locale)
    }

    /// The path that it had before and has no longer.
    #[must_use]
    pub fn path_before(&self, locale: Locale) -> Option<String> {
        self.path_of(self.name_before()?, locale)
    }

    /// The path where it is no longer by the change, or that a rule is about.
    #[must_use]
    pub fn path_left(&self, locale: Locale) -> Option<String> {
        match &self.key {
            ChangeKey::Redirect { path } => Some(path.clone()),
            _ => self.path_before(locale),
        }
    }

    /// The language it is of; none of what is in all of them.
    #[must_use]
    pub const fn locale(&self) -> Option<Locale> {
        match self.key {
            ChangeKey::Edition { locale, .. } => Some(locale),
            _ => None,
        }
    }

    fn path_of(&self, name: &str, locale: Locale) -> Option<String> {
        let slug = || Slug::parse(name).ok();
        Some(match &self.key {
            ChangeKey::Edition { locale, kind, .. } => address::entry_path(*locale, *kind, name),
            ChangeKey::Category(_) => address::category_path(locale, name),
            ChangeKey::Feed(_) => address::feed_path(locale, &slug()?),
            ChangeKey::Tag(_) => address::tag_path(locale, &slug()?),
            ChangeKey::Person(_) => address::person_path(locale, &slug()?),
            ChangeKey::Redirect { path } => path.clone(),
            ChangeKey::Site => return None,
        })
    }
}
