//! What of a source readers do not get.

use serde::{Deserialize, Serialize};

/// What a source holds and its HTML does not: a script, a form's field, an address that may not be led to. Formatting
/// (classes, styles) and handlers of events are not named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Removed {
    /// The name of the element, in lower case.
    pub element: String,
    /// The beginning of the words that went with it, up to 200 characters.
    pub text: Option<String>,
    /// The address that went, up to 200 characters.
    pub url: Option<String>,
}

/// How much of words and addresses is told.
const LONGEST: usize = 200;

/// How many different removals of a text are told.
const MOST: usize = 100;

/// The removals of a text, each once.
#[derive(Default)]
pub(super) struct Removals(Vec<Removed>);

impl Removals {
    pub(super) fn note(&mut self, element: &str, text: Option<&str>, url: Option<&str>) {
        let removed =
            Removed { element: element.to_owned(), text: text.and_then(beginning), url: url.and_then(beginning) };
        if self.0.len() < MOST && !self.0.contains(&removed) {
            self.0.push(removed);
        }
    }

    pub(super) fn into_vec(self) -> Vec<Removed> {
        self.0
    }
}

/// The first of the words, with single spaces between them.
fn beginning(text: &str) -> Option<String> {
    // Of long ones no more is looked at than can be told.
    let end = text.char_indices().nth(LONGEST * 8).map_or(text.len(), |(at, _)| at);
    let words = text[..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let told: String = words.chars().take(LONGEST).collect();
    (!told.is_empty()).then_some(told)
}
