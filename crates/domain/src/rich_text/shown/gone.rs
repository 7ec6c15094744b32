//! What is left out with its words, and the words that only attributes have.

use html5ever::Attribute;
use markup5ever_rcdom::Handle;

use super::{
    Walk,
    dom::{value, words},
};

/// Elements of HTML, of today and before, that do not stand themselves and that nothing else is said of.
const KNOWN: [&str; 26] = [
    "basefont", "big", "blink", "body", "canvas", "command", "content", "font", "html", "isindex", "keygen", "label",
    "map", "marquee", "menuitem", "meter", "multicol", "nextid", "nobr", "output", "picture", "progress", "rb", "slot",
    "spacer", "xml",
];

impl Walk {
    /// What somebody wrote in angle brackets, as a place to be filled in: browsers take it for an element that nobody knows and show
    /// nothing of it.
    pub(super) fn words_in_brackets(&mut self, element: &str, attributes: &[Attribute]) {
        let is_markup = KNOWN.contains(&element)
            || !element.chars().all(char::is_alphanumeric)
            || attributes.iter().any(|attribute| !attribute.value.is_empty())
            || self.ended.contains(element);
        if !is_markup {
            let names = attributes.iter().map(|attribute| &*attribute.name.local);
            let words: Vec<&str> = std::iter::once(element).chain(names).collect();
            self.removed.note(element, Some(&words.join(" ")), None);
        }
    }

    /// A comment says nothing to readers; text that is marked as such for XML is one to browsers, too.
    pub(super) fn comment(&mut self, comment: &str) {
        if let Some(text) = comment.strip_prefix("[CDATA[") {
            self.text(text.strip_suffix("]]").unwrap_or(text));
        }
    }

    pub(super) fn gone(&mut self, node: &Handle, element: &str, attributes: &[Attribute]) {
        match element {
            "script" | "style" => self.removed.note(element, None, value(attributes, "src")),
            "area" => self.removed.note(element, value(attributes, "alt"), value(attributes, "href")),
            "input" if value(attributes, "type").is_some_and(|ty| ty.eq_ignore_ascii_case("hidden")) => {}
            "input" => {
                let words = value(attributes, "value").filter(|words| !words.trim().is_empty());
                self.removed.note(element, words.or_else(|| value(attributes, "placeholder")), None);
            }
            "template" | "title" => self.removed.note(element, Some(&words(node)), None),
            _ => {}
        }
    }

    /// What browsers show of an option and of a field to write in, where nothing stands in them.
    pub(super) fn label_of_control(&mut self, node: &Handle, element: &str, attributes: &[Attribute]) {
        let is_empty = || words(node).trim().is_empty();
        match element {
            "option" => {
                if let Some(label) = value(attributes, "label").filter(|_| is_empty()) {
                    self.words_apart(label);
                }
            }
            "textarea" if is_empty() => {
                if let Some(words) = value(attributes, "placeholder") {
                    self.removed.note(element, Some(words), None);
                }
            }
            _ => {}
        }
    }
}
