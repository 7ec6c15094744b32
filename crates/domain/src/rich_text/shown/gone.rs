//! What is left out with its words, and the words that only attributes have.

use html5ever::Attribute;
use markup5ever_rcdom::Handle;

use super::{
    Walk,
    dom::{value, words},
};

impl Walk {
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
