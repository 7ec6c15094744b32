//! Where a change shows beyond what was changed itself.

use serde::{Deserialize, Serialize};

use crate::id::EntryId;

/// Where the change of a live edition shows, in other objects' answers than its own: enough to find all lists, look-ups and
/// relations that are different now, and no others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// The name that the edition has in addresses now; none when it is no longer live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Its places in timelines, the language's readers' and those of readers who get it as a fallback.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Places>,
    /// The timelines that may be different in any place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub throughout: Vec<i32>,
    /// Of acts, the numbers that they had and have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<String>,
    /// Of acts, the days on which they were signed before and now, as days since 1970.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<i32>,
    /// The other acts whose relations may look different.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<EntryId>,
}

/// A place that an edition had and has in these timelines: the key that they are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The numbers of the timelines.
    pub timelines: Vec<i32>,
    /// Where it was; none where it was not.
    pub before: Option<i64>,
    /// Where it is; none where it is not.
    pub after: Option<i64>,
}

impl Touched {
    /// Whether it shows in a timeline, or may.
    #[must_use]
    pub fn is_in_any(&self, timelines: &[i32]) -> bool {
        let places = self.places.iter().flat_map(|places| &places.timelines);
        places.chain(&self.throughout).any(|timeline| timelines.contains(timeline))
    }
}
