//! Entries: one piece of content in all its languages.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::{
    access::ActorId,
    id::{CategoryId, EntryId, TagId},
};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EntryKind {
    /// A piece of journalism or an announcement.
    Article,
    /// An official legal act.
    Decree,
}

impl EntryKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Article, Self::Decree];

    /// The name used in databases and dumps.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What all languages of an entry share. Readers see its category and tags as they were when each
/// language was last published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// What it is; never changes.
    pub kind: EntryKind,
    /// Where it is filed.
    pub category: CategoryId,
    /// Its subjects, the most important first.
    #[serde(default)]
    pub tags: Vec<TagId>,
    /// When it was made here.
    pub created_at: Timestamp,
    /// Who made it; it is their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<ActorId>,
    /// Whether any language of it has ever been live; what was is never deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_published: bool,
    /// Where an imported entry came from: the identifier its source gave it, so that importing again finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}
