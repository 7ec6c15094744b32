//! How many categories, tags and authors an item may have.

use courant_domain::slug::Slug;

use super::Collector;

/// Nobody has more to say of one item, be it in categories, tags or names of authors.
pub(crate) const MOST_TERMS: usize = 1_000;

/// Exports hold bylines with a stray sign in front that are somebody's otherwise.
pub(super) fn person_key(key: &str) -> String {
    key.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

impl Collector {
    /// Whether an item may have one more of what it has in this list; what it may not is counted as lost.
    pub(crate) fn has_room(&mut self, slugs: &[Slug], what: &str) -> bool {
        let has_room = slugs.len() < MOST_TERMS;
        if !has_room {
            self.lost(&format!("{what} beyond the first {MOST_TERMS} of an item"));
        }
        has_room
    }
}
