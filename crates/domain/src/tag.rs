//! Tags: subjects that cut across the categories.

use serde::{Deserialize, Serialize};

use crate::{id::TagId, slug::Slug, text::Localized};

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// Its name in addresses, unique among tags.
    pub slug: Slug,
    /// Its name in words.
    pub name: Localized,
}
