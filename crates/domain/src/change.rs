//! The change log: every change of what readers see, in one order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::{
    entry::EntryKind,
    id::{CategoryId, EntryId, FeedId, PersonId, TagId},
    locale::Locale,
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
}
