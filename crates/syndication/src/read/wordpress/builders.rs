//! Texts that programs for building pages keep beside a post, as JSON or as PHP writes its values. Some leave the post's own text empty.

use serde_json::Value;

use super::blocks::ShownWords;
use crate::read::{
    collect::{Collector, is_words, words_in},
    media,
    text::{escape, plain},
};

/// Fields in which they are: of Elementor, Beaver Builder, Bricks, SiteOrigin, Themify, Oxygen and Breakdance.
const FIELDS: [&str; 9] = [
    ELEMENTOR,
    "_fl_builder_data",
    "_bricks_page_content_2",
    "_bricks_page_content",
    "panels_data",
    "_themify_builder_settings_json",
    "ct_builder_json",
    "_ct_builder_json",
    "_breakdance_data",
];

const ELEMENTOR: &str = "_elementor_data";

/// Deeper is nobody's page.
const MOST_DEPTH: usize = 100;

/// Whether a field is one of these.
pub(super) fn is_field(key: &str) -> bool {
    FIELDS.contains(&key)
}

/// The text of a post: its own, or, where that says nothing, the one that such a field holds.
pub(super) fn text(own: String, fields: &[(&str, &str)]) -> String {
    if plain(&own).is_some() || own.contains("<!-- wp:") {
        return own;
    }
    let built =
        fields.iter().find(|(key, _)| *key == ELEMENTOR).and_then(|(_, value)| serde_json::from_str(value).ok());
    let Some(built) = built else { return own };
    let mut html = String::new();
    elements(&built, MOST_DEPTH, &mut html);
    if html.is_empty() { own } else { html }
}

/// Counts the words in these fields that a text does not show.
pub(super) fn count(html: &str, title: Option<&str>, fields: &[(&str, &str)], collector: &mut Collector) {
    if fields.is_empty() {
        return;
    }
    let shown = ShownWords::of(&format!("{html}<p>{}</p>", escape(title.unwrap_or_default())));
    for (key, value) in fields {
        let words = match serde_json::from_str::<Value>(value) {
            Ok(value) => words_in(&value),
            Err(_) => in_php(value),
        };
        collector.lost_times(&format!("texts in the field {key}"), shown.lacks(&words).count() as u64);
    }
}

/// The words in values as PHP writes them: `s:5:"title";s:4:"Fog.";`, with their lengths in bytes.
fn in_php(value: &str) -> Vec<String> {
    let (mut words, mut name, mut rest) = (Vec::new(), "", value);
    while let Some(at) = rest.find("s:") {
        rest = &rest[at + 2..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let Some(behind) = rest[digits..].strip_prefix(":\"") else { continue };
        let text = rest[..digits].parse().ok().and_then(|length: usize| behind.get(..length));
        let Some(text) = text.filter(|text| behind[text.len()..].starts_with('"')) else { continue };
        rest = &behind[text.len()..];
        if is_words(name, text) {
            words.push(text.to_owned());
        }
        name = text;
    }
    words
}

/// The elements of a page of Elementor, in their order.
fn elements(value: &Value, depth: usize, html: &mut String) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| elements(value, depth - 1, html)),
        Value::Object(element) => {
            let kind = element.get("widgetType").and_then(Value::as_str);
            if let (Some(kind), Some(settings)) = (kind, element.get("settings")) {
                widget(kind, settings, html);
            }
            if let Some(inner) = element.get("elements") {
                elements(inner, depth - 1, html);
            }
        }
        _ => {}
    }
}

fn widget(kind: &str, settings: &Value, html: &mut String) {
    let text = |name: &str| settings.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let address = |name: &str| settings.get(name)?.get("url")?.as_str().filter(|url| !url.is_empty());
    match kind {
        "heading" => {
            let level = text("header_size")
                .filter(|level| ["h1", "h2", "h3", "h4", "h5", "h6"].contains(level))
                .unwrap_or("h2");
            html.push_str(&format!("<{level}>{}</{level}>\n\n", text("title").unwrap_or_default()));
        }
        "text-editor" => html.push_str(&format!("{}\n\n", text("editor").unwrap_or_default())),
        "html" | "shortcode" => html.push_str(&format!("{}\n\n", text(kind).unwrap_or_default())),
        "image" => {
            if let Some(url) = address("image") {
                let alt = settings.get("image").and_then(|image| image.get("alt")?.as_str());
                html.push_str(&media::figure(url, alt, text("caption").and_then(plain).as_deref()));
            }
        }
        "video" => {
            let linked = ["youtube_url", "vimeo_url", "dailymotion_url"].into_iter().find_map(text);
            if let Some(url) = linked.or_else(|| address("hosted_url")) {
                html.push_str(&format!("<p>{}</p>\n\n", media::embedded(url, None)));
            }
        }
        "button" => match (address("link"), text("text")) {
            (Some(url), words) => html.push_str(&format!("<p>{}</p>\n\n", media::link(url, words))),
            (None, words) => html.push_str(&format!("<p>{}</p>\n\n", escape(words.unwrap_or_default()))),
        },
        _ => {
            for words in words_in(settings) {
                let is_html = words.trim_start().starts_with('<');
                html.push_str(&if is_html { format!("{words}\n\n") } else { format!("<p>{}</p>\n\n", escape(&words)) });
            }
            let pictures = ["gallery", "wp_gallery", "carousel", "slides"]
                .into_iter()
                .find_map(|name| settings.get(name)?.as_array());
            for picture in pictures.into_iter().flatten() {
                if let Some(url) = picture.get("url").and_then(Value::as_str) {
                    html.push_str(&media::figure(url, None, None));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::in_php;

    #[test]
    fn words_in_values_of_php_are_found() {
        let value = "a:3:{s:5:\"title\";s:10:\"Туман\";s:5:\"style\";s:4:\"wide\";s:4:\"text\";s:8:\"a \"b\": c\";}";
        assert_eq!(in_php(value), ["Туман", "a \"b\": c"]);
        assert!(in_php("s:99:\"cut").is_empty());
    }
}
