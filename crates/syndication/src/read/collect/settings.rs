//! What is content among the settings of blocks, the fields of posts and what programs for building pages keep: whatever has words, unless
//! its name is known for a setting's or it looks like the value of one.

use serde_json::Value;

use super::{
    php,
    words::{MOST, is_code, is_named_for_text, is_one_of, is_sentence, is_word},
};
use crate::read::text::plain;

/// Words in the names of settings of WordPress, its plugins and programs for building pages that hold words of any kind. Of others (`type`,
/// `position`) the value says what it is.
const NAMES: [&str; 52] = [
    "animation",
    "aria",
    "bindings",
    "classes",
    "color",
    "colors",
    "colour",
    "cursor",
    "device",
    "devices",
    "easing",
    "effect",
    "element",
    "family",
    "gradient",
    "href",
    "icon",
    "icons",
    "id",
    "ids",
    "justify",
    "key",
    "library",
    "locale",
    "lock",
    "menu",
    "metadata",
    "mime",
    "namespace",
    "nonce",
    "palette",
    "preset",
    "provider",
    "rel",
    "responsive",
    "selector",
    "shape",
    "sidebar",
    "skin",
    "slug",
    "src",
    "svg",
    "taxonomy",
    "template",
    "theme",
    "timezone",
    "transition",
    "typography",
    "uid",
    "uuid",
    "variant",
    "variation",
];

/// Those that hold no words for readers, however many.
const NEVER: [&str; 15] = [
    "aioseo", "class", "classes", "css", "font", "hash", "js", "rank", "script", "scripts", "selector", "seo", "style",
    "svg", "yoast",
];

/// Values of settings, and what they are put together of.
const VALUES: [&str; 136] = [
    "absolute",
    "active",
    "after",
    "always",
    "and",
    "asc",
    "audio",
    "auto",
    "banner",
    "baseline",
    "before",
    "between",
    "big",
    "black",
    "block",
    "blue",
    "bold",
    "both",
    "bottom",
    "box",
    "boxed",
    "button",
    "center",
    "centre",
    "circle",
    "closed",
    "column",
    "columns",
    "contain",
    "container",
    "cover",
    "custom",
    "dark",
    "dashed",
    "date",
    "default",
    "desc",
    "desktop",
    "disabled",
    "dotted",
    "double",
    "ease",
    "em",
    "enabled",
    "end",
    "fab",
    "false",
    "far",
    "fas",
    "fixed",
    "flex",
    "fluid",
    "follow",
    "footer",
    "full",
    "gallery",
    "gray",
    "green",
    "grey",
    "grid",
    "h",
    "header",
    "hidden",
    "hide",
    "horizontal",
    "image",
    "in",
    "index",
    "inherit",
    "initial",
    "inline",
    "italic",
    "item",
    "large",
    "layout",
    "left",
    "light",
    "linear",
    "link",
    "list",
    "medium",
    "middle",
    "mobile",
    "never",
    "no",
    "nofollow",
    "noindex",
    "none",
    "noopener",
    "noreferrer",
    "normal",
    "off",
    "on",
    "open",
    "out",
    "outline",
    "page",
    "post",
    "primary",
    "public",
    "publish",
    "px",
    "quote",
    "random",
    "red",
    "regular",
    "relative",
    "repeat",
    "right",
    "round",
    "rounded",
    "row",
    "secondary",
    "show",
    "sidebar",
    "small",
    "solid",
    "square",
    "standard",
    "start",
    "sticky",
    "stretch",
    "style",
    "tablet",
    "text",
    "thumbnail",
    "title",
    "top",
    "true",
    "vertical",
    "video",
    "visible",
    "white",
    "wide",
    "width",
    "yes",
];

/// Whether a name is known for a setting's.
pub(crate) fn is_setting(name: &str) -> bool {
    is_one_of(&NAMES, name) || is_one_of(&NEVER, name)
}

/// Whether a value is content, as far as it and what it is called say so.
pub(crate) fn is_content(name: &str, value: &str) -> bool {
    let value = value.trim();
    let is_program = value.contains('{') && value.contains('}') && value.contains([';', ':']);
    if is_code(value) || is_program || !value.contains(char::is_alphabetic) || is_one_of(&NEVER, name) {
        return false;
    }
    if value.starts_with('<') {
        return plain(value).is_some_and(|words| !words.starts_with('<') && is_content(name, &words));
    }
    if is_sentence(value) || is_one_of(&NAMES, name) {
        return is_sentence(value);
    }
    is_named_for_text(name) || value.contains(|c: char| c.is_alphabetic() && !c.is_ascii()) || has_words(value)
}

/// Whether a value has words that are none of settings: one with a capital, or several.
fn has_words(value: &str) -> bool {
    let mut parts = value.split_whitespace().take(200).peekable();
    let first = parts.next().unwrap_or_default();
    if parts.peek().is_none() {
        return is_word(first) && first.starts_with(char::is_uppercase) && !is_value(first);
    }
    let is_own_word = |part: &str| {
        let letters: Vec<char> = part.chars().filter(|c| c.is_alphabetic()).collect();
        // `MMMM` is a format of dates, `%TITLE%` stands for words.
        is_word(part) && letters.iter().any(|letter| *letter != letters[0]) && !part.starts_with('%') && !is_value(part)
    };
    std::iter::once(first).chain(parts).any(is_own_word)
}

/// Whether a part of a value is one of settings: one of their words, or a name for programs (`is-style-wide`).
fn is_value(part: &str) -> bool {
    let part = part.trim_matches(|c: char| !c.is_alphanumeric());
    let is_slug = part.contains('-') && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_slug || VALUES.iter().any(|value| value.eq_ignore_ascii_case(part))
}

/// The content of a field, which may be JSON, or written as PHP writes its values.
pub(crate) fn content_of_field(name: &str, value: &str) -> Vec<String> {
    let mut found = Vec::new();
    gather(name, &Value::String(value.to_owned()), 0, &mut found, &mut MOST.clone());
    found
}

/// The content among settings, in their order, each as it is written.
pub(crate) fn content_in(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather("", value, 0, &mut found, &mut MOST.clone());
    found
}

fn gather(name: &str, value: &Value, depth: usize, found: &mut Vec<String>, left: &mut usize) {
    /// Deeper is nobody's text.
    const MOST_DEPTH: usize = 100;
    // What begins with a line is for programs, by WordPress' own rule.
    if *left == 0 || depth > MOST_DEPTH || name.starts_with('_') {
        return;
    }
    *left -= 1;
    match value {
        Value::String(text) => match written(text) {
            Some(value) => gather(name, &value, depth + 1, found, left),
            None if is_content(name, text) => found.push(text.clone()),
            None => {}
        },
        Value::Array(values) => values.iter().for_each(|value| gather(name, value, depth + 1, found, left)),
        Value::Object(_) if is_setting(name) || name == "layout" => {}
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
fn written(text: &str) -> Option<Value> {
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
            ("any", "паром"),
            ("any", "<b>Ebb</b>"),
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
            ("order", "DESC"),
            ("any", "center center"),
            ("any", "1px solid red"),
            ("any", "is-style-outline has-border big"),
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
            ("rank_math_title", "Ebb and flow"),
            ("custom_css", ".a { color: red; }"),
            ("any", "function a() { return b; }"),
        ] {
            assert!(!is_content(name, value), "{name} {value}");
        }
    }

    #[test]
    fn what_is_written_for_programs_is_read() {
        for (value, found) in [
            (r#"[{"text":"It ebbs at six","side":"left"}]"#, vec!["It ebbs at six"]),
            (r#"{"rows":[["Quay","12 degrees"]],"typography":{"name":"Big Letters"}}"#, vec!["Quay", "12 degrees"]),
            ("a:1:{i:0;a:1:{s:4:\"text\";s:14:\"It ebbs at six\";}}", vec!["It ebbs at six"]),
            ("a:2:{s:4:\"name\";s:3:\"Lia\";s:5:\"_name\";s:9:\"Big Field\";}", vec!["Lia"]),
            (r#"[{"text":"We say "It ebbs at six" here"}]"#, vec!["We say ", "It ebbs at six"]),
            ("[not json]", vec![]),
        ] {
            assert_eq!(content_of_field("any", value), found, "{value}");
        }
        assert!(content_of_field("rank_math_schema", r#"{"text":"Ebb"}"#).is_empty());
    }
}
