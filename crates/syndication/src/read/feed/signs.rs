//! Where the elements of an item say who may read it: in themselves, in their attributes, or in what is in them.

use super::{Entry, hidden};
use crate::read::{
    collect::Collector,
    xml::{Element, Namespace},
};

/// Deeper is nobody's sign.
const MOST_DEPTH: usize = 5;

impl Entry {
    /// Notes what the attributes of an item say about who may read it.
    pub(super) fn own_signs(&mut self, item: &Element<'_>, collector: &mut Collector) {
        for (name, value) in item.attributes() {
            self.field(name, Some(value), collector);
        }
    }

    /// Notes what an element says about the readers that the item is for, in itself, in what is in it (`app:control`), or in a word of
    /// its attributes (`media:status`); whether it says anything.
    pub(super) fn signs(&mut self, element: &Element<'_>, collector: &mut Collector) -> bool {
        let is_control = element.name().eq_ignore_ascii_case("control") || element.name() == "status";
        let state = element.attribute("state").filter(|_| is_control);
        let mut hides =
            element.children.is_empty() && state.is_none() && !matches!(element.namespace, Namespace::Media) && {
                let in_tag =
                    || ["value", "term", "code", "qcode", "type"].into_iter().find_map(|name| element.attribute(name));
                self.field(element.label, element.value().or_else(in_tag), collector)
            };
        if let Some(state) = state {
            hides |= self.field(element.label, Some(state), collector);
        }
        if !hides {
            hides = self.signs_within(element, MOST_DEPTH, collector);
        }
        hides || (is_control && !element.children.is_empty())
    }

    /// Notes what a category of a vocabulary for it says.
    pub(super) fn category_sign(&mut self, element: &Element<'_>, collector: &mut Collector) -> bool {
        let scheme = element.attribute("domain").or_else(|| element.attribute("scheme"));
        let value = element.attribute("term").or_else(|| element.value());
        scheme.and_then(hidden::in_vocabulary).is_some_and(|name| self.field(name, value, collector))
    }

    /// Notes what the attributes of an element that nobody knows say, and what is in it.
    fn signs_within(&mut self, element: &Element<'_>, depth: usize, collector: &mut Collector) -> bool {
        let is_known = !matches!(element.namespace, Namespace::Foreign | Namespace::Rss | Namespace::Atom);
        if depth == 0 || is_known || hidden::is_about_else(element.name()) {
            return false;
        }
        let mut hides = false;
        for (name, value) in element.attributes().filter(|(name, _)| !name.starts_with("xmlns")) {
            hides |= self.field(name, Some(value), collector);
        }
        for child in &element.children {
            hides |= child.children.is_empty() && self.field(child.label, child.value(), collector);
            hides |= self.signs_within(child, depth - 1, collector);
        }
        hides
    }
}
