//! Words that an item has under names of newsrooms: the line above its title, where it was written, its terms of use.

use super::Entry;
use crate::read::{
    places::{Place, place_of, placed, with_rights},
    text::{is_address, plain},
    xml::{Element, Namespace},
};

impl Entry {
    /// Takes what an element says if it has such a name and there is room for it; whether it did. What is a summary by its name is for
    /// [`Entry::beside`].
    pub(super) fn place(&mut self, element: &Element<'_>) -> bool {
        // Licences are named by their address, too (`cc:license`, `creativeCommons:license`).
        let is_rights = element.name() == "link" || place_of(element.name()) == Some(Place::Rights);
        let named = element.attribute("rdf:resource").or_else(|| element.attribute("href")).or_else(|| element.value());
        if let Some(address) = named.filter(|named| is_rights && is_address(named)) {
            let words = element.value().and_then(plain).filter(|words| words != address);
            let terms = words.map_or_else(|| address.to_owned(), |words| format!("{words} ({address})"));
            self.rights = Some(with_rights(self.rights.take(), &terms));
            return true;
        }
        // Whatever they are, Dublin Core calls them so.
        if let Some(words) =
            plain(&element.markup()).filter(|_| is_rights && element.namespace == Namespace::DublinCore)
        {
            self.rights = Some(with_rights(self.rights.take(), &words));
            return true;
        }
        self.place_words(element.name(), &element.markup())
    }

    /// Takes a value of this name.
    pub(super) fn place_words(&mut self, name: &str, value: &str) -> bool {
        let Some((place, words)) = placed(name, value) else { return false };
        let line = match place {
            Place::Kicker => &mut self.kicker,
            Place::Dateline => &mut self.dateline,
            Place::Rights => {
                self.rights = Some(with_rights(self.rights.take(), &words));
                return true;
            }
            Place::Summary => return false,
        };
        match line {
            Some(known) => *known == words,
            None => {
                *line = Some(words);
                true
            }
        }
    }
}

/// Whether an element is the standfirst of an item by its name, which no other module says anything of.
pub(super) fn is_standfirst(element: &Element<'_>) -> bool {
    matches!(element.namespace, Namespace::Rss | Namespace::Foreign | Namespace::DublinCore)
        && placed(element.name(), &element.markup()).is_some_and(|(place, _)| place == Place::Summary)
}
