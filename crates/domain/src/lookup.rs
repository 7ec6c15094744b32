//! Looking something up by a few words, to link to it or to name it.

use serde::{Deserialize, Serialize};

use crate::fold::fold_unmarked;

/// What can be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LookupKind {
    /// A live article.
    Article,
    /// A live decree.
    Decree,
    /// A category.
    Category,
    /// A tag.
    Tag,
    /// A person.
    Person,
    /// A feed.
    Feed,
}

impl LookupKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [Self::Article, Self::Decree, Self::Category, Self::Tag, Self::Person, Self::Feed];
}

/// By what something was found: the better, the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LookupMatch {
    /// The text is its path, or a URL with it.
    Path,
    /// The text is its number.
    Number,
    /// The text is its name in addresses.
    Slug,
    /// The text is its title or name.
    Title,
    /// Its title or name begins with the text.
    TitleBegins,
    /// A word of its title or name begins with the text.
    WordBegins,
    /// Its title or name contains the text.
    TitleContains,
    /// It is by, or signed by, a person whose name contains the text.
    Person,
}

impl LookupMatch {
    /// How a text, [folded](fold_unmarked), is found in a name; none when it is not.
    #[must_use]
    pub fn of_name(text: &str, name: &str) -> Option<Self> {
        let name = fold_unmarked(name);
        let at = name.find(text)?;
        Some(if name == text {
            Self::Title
        } else if at == 0 {
            Self::TitleBegins
        } else if name.contains(&format!(" {text}")) {
            Self::WordBegins
        } else {
            Self::TitleContains
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_comes_before_what_contains() {
        let of = |name| LookupMatch::of_name(&fold_unmarked("Wat"), name);
        assert_eq!(of("wat"), Some(LookupMatch::Title));
        assert_eq!(of("Water for all"), Some(LookupMatch::TitleBegins));
        assert_eq!(of("Of WATER"), Some(LookupMatch::WordBegins));
        assert_eq!(of("Underwater"), Some(LookupMatch::TitleContains));
        assert_eq!(of("Wine"), None);
        assert_eq!(of("Tête-à-tête de Wât"), Some(LookupMatch::WordBegins));
        assert!(of("Water") < of("Of water") && of("Of water") < of("Underwater"));
    }
}
