//! What is content among the settings of blocks, the fields of posts, what programs for building pages keep, extensions of JSON Feed and
//! elements that nobody knows. One rule is gone by for all of them, the first of these that says something:
//!
//! 1. An address, code, and what is without a letter is none; what is serialised is looked into. Nor is what stands under a name that
//!    holds no words for readers (`className`, `rank_math_title`).
//! 2. Four words and more are content.
//! 3. Less under a name of a setting (`fontFamily`) is none.
//! 4. What has a letter that is not of ASCII is content, and so is what stands under a name of words for readers (`subtitle`), unless
//!    that is a switch (`show_title`) or hidden (`_title`) and the value is one of settings.
//! 5. One word is content if it has a capital, or stands under a name of a person or a place (`city`), and is none of the words of
//!    settings. One in small letters under any other name may be a value of a setting, and is none.
//! 6. Several words are content if one of them is none of the words of settings (`solid red` has none), or if they begin with a capital
//!    under a name that does not say how something looks.

mod names;
mod php;
mod values;

use serde_json::Value;

use self::names::{holds_no_words, is_named_for_someone, is_of_looks, is_of_settings, is_switch};
pub(crate) use self::names::{is_named_for_text, is_setting};
use self::values::{is_code, is_own_word, is_word};
use crate::read::text::plain;

/// Whether a value is content, as far as it and what it is called say so.
pub(crate) fn is_content(name: &str, value: &str) -> bool {
    let value = value.trim();
    if is_code(value) || !value.contains(char::is_alphabetic) || holds_no_words(name) {
        return false;
    }
    if value.starts_with('<') {
        return plain(value).is_some_and(|words| !words.starts_with('<') && is_content(name, &words));
    }
    if is_sentence(value) || is_setting(name) {
        return is_sentence(value);
    }
    // What begins with a line is kept from those who write, by WordPress' own rule, and mostly a setting.
    let may_be_value = is_switch(name) || name.starts_with('_');
    let is_text = is_named_for_text(name) && !(may_be_value && is_value(value));
    is_text || value.contains(|c: char| c.is_alphabetic() && !c.is_ascii()) || has_words(name, value)
}

/// Whether a value is words for readers whatever it is called: several of them, and no address, number, list or serialised setting.
pub(crate) fn is_sentence(value: &str) -> bool {
    if value.starts_with('<') {
        return plain(value).is_some_and(|words| !words.starts_with('<') && is_sentence(&words));
    }
    !value.starts_with(['{', '['])
        && !value.contains("\";")
        && value.split_whitespace().take(200).filter(|word| is_word(word)).count() >= 4
}

/// Whether a short value has words that are none of settings.
fn has_words(name: &str, value: &str) -> bool {
    let mut parts = value.split_whitespace().take(200).peekable();
    let first = parts.next().unwrap_or_default();
    let has_capital = first.starts_with(char::is_uppercase);
    if parts.peek().is_none() {
        return is_word(first) && (has_capital || is_named_for_someone(name)) && !values::is_of_settings(first);
    }
    let is_title = has_capital
        && !is_of_looks(name)
        && parts.clone().next().is_some_and(is_word)
        && value.split_whitespace().any(|part| is_word(part) && part.chars().nth(1).is_some());
    is_title || std::iter::once(first).chain(parts).any(is_own_word)
}

/// Whether all of a value is of settings.
pub(crate) fn is_value(value: &str) -> bool {
    value.split_whitespace().all(values::is_of_settings)
}

/// So many values are looked at in one.
const MOST: usize = 10_000;

/// The content of a field, which may be JSON, or written as PHP writes its values.
pub(crate) fn content_of_field(name: &str, value: &str) -> Vec<String> {
    let mut found = Vec::new();
    gather(name, &Value::String(value.to_owned()), 0, &mut found, &mut MOST.clone());
    found
}

/// The content among settings, or in an extension, in their order, each as it is written.
pub(crate) fn content_in(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather("", value, 0, &mut found, &mut MOST.clone());
    found
}

fn gather(name: &str, value: &Value, depth: usize, found: &mut Vec<String>, left: &mut usize) {
    /// Deeper is nobody's text.
    const MOST_DEPTH: usize = 100;
    if *left == 0 || depth > MOST_DEPTH {
        return;
    }
    *left -= 1;
    match value {
        Value::String(text) => match serialised(text) {
            Some(value) => gather(name, &value, depth + 1, found, left),
            None if is_content(name, text) => found.push(text.clone()),
            None => {}
        },
        Value::Array(values) => values.iter().for_each(|value| gather(name, value, depth + 1, found, left)),
        Value::Object(_) if is_of_settings(name) => {}
        Value::Object(values) => {
            for (inner, value) in values {
                // Numbers count what is in a list.
                let inner = if inner.bytes().all(|byte| byte.is_ascii_digit()) { name } else { inner };
                gather(inner, value, depth + 1, found, left);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What is written in a text for programs.
fn serialised(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.starts_with(['{', '[']) {
        return serde_json::from_str(text).ok().or_else(|| {
            // What was JSON before somebody took its signs of escaping out still has its words between quotes.
            let is_list = ["[{", "{\"", "[\""].into_iter().any(|start| text.starts_with(start));
            is_list.then(|| text.split('"').map(|part| Value::String(part.to_owned())).collect())
        });
    }
    php::read(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_words_is_content() {
        for (name, value) in [
            ("name", "Vaquita"),
            ("source", "Reuters"),
            ("location", "Quay"),
            ("position", "Minister"),
            ("date", "5 May 2026"),
            ("price", "12 TMT"),
            ("cells", "12 degrees"),
            ("weather", "heavy rain"),
            ("text", "dam"),
            ("buttonText", "more"),
            ("subtitle", "Ebb"),
            ("answer", "no"),
            ("any", "Read more"),
            ("any", "Red Light"),
            ("any", "паром"),
            ("any", "<b>Ebb</b>"),
            ("any", "we close at six today"),
            ("any", "Ask {name}: he has the key"),
            ("information", "Ring at the door"),
            ("content", "<p>Ebb</p>"),
            ("theme", "We close at six today"),
        ] {
            assert!(is_content(name, value), "{name} {value}");
        }
    }

    #[test]
    fn what_looks_like_a_setting_is_none() {
        for (name, value) in [
            ("any", "left"),
            ("any", "wide large"),
            ("any", "Default"),
            ("layout", "Right Sidebar"),
            ("header_type", "Center Header"),
            ("order", "DESC"),
            ("any", "center center"),
            ("any", "1px solid red"),
            ("any", "is-style-outline has-border big"),
            ("className", "is-style-outline has-border is-wide at-top"),
            ("any", "field_5f"),
            ("any", "fas fa-star"),
            ("date_format", "F j, Y"),
            ("format", "%TITLE% - %URL%"),
            ("any", "2026-03-02T08:30:00Z"),
            ("any", "image/jpeg"),
            ("any", "rgba(0, 0, 0, 0.5)"),
            ("sidebar_replacement", "Blog Menu"),
            ("fontFamily", "Open Sans"),
            ("justifyContent", "center"),
            ("textColor", "vivid-red"),
            ("rank_math_title", "Ebb and flow"),
            ("hide_title", "on"),
            ("_post_title", "default"),
            ("_title", "field_5fa"),
            ("caption", "https://quay.example/a"),
            ("caption", "12"),
            ("content", "{\"a\":\"b c d e\"}"),
            ("any", "a:1:{s:1:\"a\";s:1:\"b\";}"),
            ("custom_css", ".a { color: red; }"),
            ("any", "function a() { return b; }"),
        ] {
            assert!(!is_content(name, value), "{name} {value}");
        }
    }

    #[test]
    fn one_word_in_small_letters_is_content_under_a_name_of_a_person_or_a_place() {
        for (name, value) in [
            ("city", "oslo"),
            ("eventLocation", "quay"),
            ("prism:location", "oslo"),
            ("photographer", "lia"),
            ("byline", "lia"),
        ] {
            assert!(is_content(name, value), "{name} {value}");
        }
        for (name, value) in
            [("any", "oslo"), ("city", "none"), ("menu_location", "header"), ("place", "left"), ("venue", "12")]
        {
            assert!(!is_content(name, value), "{name} {value}");
        }
    }

    #[test]
    fn what_is_written_for_programs_is_read() {
        for (value, found) in [
            (r#"[{"text":"It ebbs at six","side":"left"}]"#, vec!["It ebbs at six"]),
            (r#"{"rows":[["Quay","12 degrees"]],"typography":{"name":"Big Letters"}}"#, vec!["Quay", "12 degrees"]),
            ("a:1:{i:0;a:1:{s:4:\"text\";s:14:\"It ebbs at six\";}}", vec!["It ebbs at six"]),
            ("a:2:{s:4:\"name\";s:3:\"Lia\";s:5:\"_name\";s:9:\"field_5fa\";}", vec!["Lia"]),
            (r#"[{"text":"We say "It ebbs at six" here"}]"#, vec!["We say ", "It ebbs at six"]),
            ("[not json]", vec![]),
        ] {
            assert_eq!(content_of_field("any", value), found, "{value}");
        }
        assert!(content_of_field("rank_math_schema", r#"{"text":"Ebb"}"#).is_empty());
    }

    #[test]
    fn words_are_found_in_whatever_they_stand() {
        let value = serde_json::json!({
            "name": "acf/place", "mode": "preview", "metadata": { "name": "Big box at the top" },
            "data": { "place": "Quay", "_place": "field_Abc", "side": "left", "rows": [{ "who": "Lia" }] },
            "provider": { "name": "Hill Radio" }, "sidebar": { "title": "Ebb" }, "_note": "Ring twice"
        });
        assert_eq!(content_in(&value), ["Ring twice", "Quay", "Lia", "Hill Radio", "Ebb"]);
    }
}
