//! The change log: every change of what readers see, in one order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::locale::Locale;

/// A place in the change log. Later changes have higher numbers, without gaps.
pub type ChangeSeq = i64;

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
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
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Site => "SITE",
            Self::Edition => "EDITION",
            Self::Category => "CATEGORY",
            Self::Feed => "FEED",
            Self::Tag => "TAG",
            Self::Person => "PERSON",
            Self::Redirect => "REDIRECT",
        }
    }
}

/// What happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// It went live, or changed while live.
    Put,
    /// It is no longer live.
    Removed,
}

impl Action {
    /// The name used in databases.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Put => "PUT",
            Self::Removed => "REMOVED",
        }
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
    pub subject: Subject,
    /// Which one; the nil UUID for the site and for redirects.
    pub id: Uuid,
    /// In which language, where it has one.
    pub locale: Option<Locale>,
    /// What happened to it.
    pub action: Action,
}
