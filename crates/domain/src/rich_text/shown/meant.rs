//! What styles say that an attribute can say.

use html5ever::Attribute;

use super::{dom::value, sanitise};

/// What attributes say in the words of styles, which do not stand, and of which there is an attribute that does.
pub(super) struct Meant(pub(super) Vec<(&'static str, &'static str)>);

impl Meant {
    pub(super) fn of(element: &str, attributes: &[Attribute]) -> Self {
        let mut meant: Vec<(&str, &str)> = Vec::new();
        let style = value(attributes, "style").unwrap_or_default().to_ascii_lowercase();
        for (property, text) in style.split(';').filter_map(|declaration| declaration.split_once(':')) {
            let mut words = text.split_ascii_whitespace();
            let found = match property.trim() {
                "text-align" => words
                    .find_map(|word| ["left", "right", "center", "justify"].into_iter().find(|align| *align == word))
                    .filter(|_| sanitise::ALIGNED.contains(&element))
                    .map(|align| ("align", align)),
                "list-style" | "list-style-type" => words
                    .find_map(|word| match word {
                        "decimal" => Some("1"),
                        "lower-alpha" | "lower-latin" => Some("a"),
                        "upper-alpha" | "upper-latin" => Some("A"),
                        "lower-roman" => Some("i"),
                        "upper-roman" => Some("I"),
                        _ => None,
                    })
                    .filter(|_| matches!(element, "ol" | "li"))
                    .map(|ty| ("type", ty)),
                "direction" => {
                    words.find_map(|word| ["ltr", "rtl"].into_iter().find(|dir| *dir == word)).map(|dir| ("dir", dir))
                }
                _ => None,
            };
            if let Some(found) = found {
                // The last one counts.
                meant.retain(|(name, _)| *name != found.0);
                meant.push(found);
            }
        }
        Self(meant)
    }

    pub(super) fn holds(&self, name: &str) -> bool {
        matches!(name, "style" | "class") || self.0.iter().any(|(meant, _)| *meant == name)
    }
}
