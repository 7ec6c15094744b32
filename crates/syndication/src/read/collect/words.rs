//! What is words for readers, among all that sources hold.

use serde_json::Value;

use crate::read::text::{is_address, plain, squeezed};

/// Whether a value is words for readers: several of them, and no address, number, list or serialised setting.
pub(crate) fn is_sentence(value: &str) -> bool {
    if value.starts_with('<') {
        return plain(value).is_some_and(|words| !words.starts_with('<') && is_sentence(&words));
    }
    !value.starts_with(['{', '['])
        && !value.contains("\";")
        && value.split_whitespace().take(200).filter(|word| is_word(word)).count() >= 4
}

/// Whether it is one word.
pub(super) fn is_word(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
}

/// What words for readers are called, or the last part of what they are called: `subtitle`, `buttonText`.
const TEXTS: [&str; 36] = [
    "title",
    "heading",
    "headline",
    "text",
    "content",
    "body",
    "label",
    "caption",
    "description",
    "desc",
    "summary",
    "excerpt",
    "quote",
    "citation",
    "cite",
    "author",
    "authorname",
    "byline",
    "credit",
    "kicker",
    "standfirst",
    "dek",
    "lead",
    "lede",
    "teaser",
    "intro",
    "introduction",
    "question",
    "answer",
    "message",
    "note",
    "footnote",
    "deck",
    "correction",
    "copyright",
    "strapline",
];

/// Words in the names of settings, and of what is for search engines.
const SETTINGS: [&str; 38] = [
    "class",
    "classes",
    "style",
    "css",
    "color",
    "colour",
    "font",
    "icon",
    "align",
    "layout",
    "width",
    "height",
    "size",
    "gradient",
    "shadow",
    "border",
    "margin",
    "padding",
    "position",
    "anchor",
    "slug",
    "taxonomy",
    "template",
    "order",
    "lock",
    "metadata",
    "bindings",
    "provider",
    "format",
    "animation",
    "variant",
    "theme",
    "aria",
    "seo",
    "meta",
    "yoast",
    "aioseo",
    "rank",
];

/// Those of them that hold many words, and no sentence.
const LISTS: [&str; 9] = ["class", "classes", "style", "css", "font", "seo", "yoast", "aioseo", "rank"];

/// Whether a name has one of these words in it, as `className` and `text_color` have.
pub(super) fn is_one_of(words_of_settings: &[&str], name: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.iter().any(|word| words_of_settings.contains(&word.as_str()))
}

/// Whether a value is words for readers, however few, as far as it and what it is called say so.
pub(crate) fn is_words(name: &str, value: &str) -> bool {
    let value = value.trim();
    if is_code(value) || !value.contains(char::is_alphabetic) || is_one_of(&LISTS, name) {
        return false;
    }
    if value.starts_with('<') {
        return plain(value).is_some_and(|words| !words.starts_with('<') && is_words(name, &words));
    }
    if is_sentence(value) || is_one_of(&SETTINGS, name) {
        return is_sentence(value);
    }
    let is_title =
        value.starts_with(char::is_uppercase) && value.split_whitespace().take(3).filter(|it| is_word(it)).count() >= 2;
    let is_foreign = value.contains(|c: char| c.is_alphabetic() && !c.is_ascii());
    is_named_for_text(name) || is_foreign || is_title
}

/// Whether a value is for programs.
pub(super) fn is_code(value: &str) -> bool {
    value.starts_with(['{', '[', '#']) || value.contains("\";") || is_address(value)
}

/// Whether a name is one of words for readers.
pub(crate) fn is_named_for_text(name: &str) -> bool {
    let name = squeezed(name);
    TEXTS.iter().any(|text| name.ends_with(text))
}

/// So many are looked at in one value.
pub(super) const MOST: usize = 10_000;

/// The words for readers in a value, in its order, each as it is written. Where whoever made it has called its parts, a single word with
/// a capital is one of them, too.
pub(crate) fn words_in(value: &Value) -> Vec<String> {
    let mut words = Vec::new();
    let mut left = MOST;
    gather("", value, false, &mut words, &mut left);
    words
}

fn gather(name: &str, value: &Value, is_own: bool, words: &mut Vec<String>, left: &mut usize) {
    if *left == 0 || name.starts_with('_') && is_own {
        return;
    }
    *left -= 1;
    match value {
        Value::String(text) => {
            let is_name = is_own && text.starts_with(char::is_uppercase) && is_word(text) && !text.contains('_');
            if is_words(name, text) || is_name {
                words.push(text.clone());
            }
        }
        Value::Array(values) => values.iter().for_each(|value| gather(name, value, is_own, words, left)),
        Value::Object(_) if ["metadata", "lock", "style", "bindings"].contains(&name) => {}
        // Blocks of Advanced Custom Fields have theirs there.
        Value::Object(values) => {
            for (inner, value) in values {
                gather(inner, value, is_own || name == "data", words, left);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_settings() {
        for (name, value) in [
            ("buttonText", "more"),
            ("subtitle", "Ebb"),
            ("any", "Read more"),
            ("any", "паром"),
            ("any", "we close at six today"),
            ("information", "Ring at the door"),
            ("content", "<p>Ebb</p>"),
        ] {
            assert!(is_words(name, value), "{name} {value}");
        }
        for (name, value) in [
            ("className", "is-style-outline has-border is-wide at-top"),
            ("fontFamily", "Open Sans"),
            ("any", "left"),
            ("any", "wide large"),
            ("caption", "https://quay.example/a"),
            ("caption", "12"),
            ("textColor", "vivid-red"),
            ("rank_math_title", "Ebb and flow"),
            ("content", "{\"a\":\"b c d e\"}"),
            ("any", "a:1:{s:1:\"a\";s:1:\"b\";}"),
        ] {
            assert!(!is_words(name, value), "{name} {value}");
        }
    }

    #[test]
    fn names_of_fields_are_no_words() {
        let value = serde_json::json!({
            "name": "acf/place", "mode": "preview", "metadata": { "name": "Big box at the top" },
            "data": { "place": "Quay", "_place": "field_Abc", "side": "left", "rows": [{ "who": "Lia" }] }
        });
        assert_eq!(words_in(&value), ["Quay", "Lia"]);
    }
}
