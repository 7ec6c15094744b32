//! Persons: authors of articles and signatories of decrees.

use serde::{Deserialize, Serialize};

use crate::{id::PersonId, slug::Slug, text::Localized};

/// Somebody whose name stands on an article or under a decree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// The name in addresses, unique among persons.
    pub slug: Slug,
    /// The name, as each language writes it.
    pub name: Localized,
    /// What the person is: "Political editor", "Minister of Trade".
    #[serde(default)]
    pub role: Localized,
}
