//! Pages of Elementor: what of their widgets is shown, in the order in which it is shown.

use serde_json::{Map, Value};

use super::parts::{self, Part};
use crate::read::{
    collect::{content_in, is_content},
    media,
    text::{escape, plain},
};

/// Deeper is nobody's page.
const MOST_DEPTH: usize = 100;

/// Widgets that show what a site has, share a page or ask its readers for something; so are their names called, or parts of them.
const FURNITURE: [&str; 16] = [
    "archive",
    "breadcrumb",
    "comments",
    "form",
    "login",
    "menu",
    "nav-",
    "portfolio",
    "post-navigation",
    "posts",
    "search",
    "share",
    "sitemap",
    "social-icons",
    "spacer",
    "wp-widget",
];

/// Widgets of which the words are elsewhere.
const ELSEWHERE: [&str; 2] = ["global", "template"];

/// A page.
#[derive(Default)]
pub(super) struct Page {
    pub(super) html: String,
    /// Its words, as they are written.
    pub(super) words: Vec<String>,
    /// The addresses of its pictures, but for those behind its parts.
    pub(super) pictures: Vec<String>,
    /// Those behind its parts.
    pub(super) backgrounds: Vec<String>,
    /// The kinds of widgets that are furniture, and of those of which the words are elsewhere.
    pub(super) furniture: Vec<String>,
    pub(super) elsewhere: Vec<String>,
}

impl Page {
    pub(super) fn read(value: &Value) -> Self {
        let mut page = Self::default();
        page.elements(value, MOST_DEPTH);
        page
    }

    /// The elements of a page, in their order.
    fn elements(&mut self, value: &Value, depth: usize) {
        if depth == 0 {
            return;
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.elements(value, depth - 1)),
            Value::Object(element) => self.element(element, depth - 1),
            _ => {}
        }
    }

    fn element(&mut self, element: &Map<String, Value>, depth: usize) {
        let inner = element.get("elements");
        let kind = element.get("widgetType").and_then(Value::as_str);
        match (kind, element.get("settings")) {
            (Some(kind), Some(settings)) => {
                let titles = settings.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_array());
                let inside =
                    inner.and_then(Value::as_array).filter(|inside| kind.starts_with("nested-") && !inside.is_empty());
                // Of tabs that have elements in them, each stands below its title.
                if let Some(inside) = inside
                    && let Some(titles) = titles.into_iter().find(|titles| titles.len() == inside.len())
                {
                    for (title, element) in titles.iter().zip(inside) {
                        self.parts(kind, title);
                        self.elements(element, depth);
                    }
                    return;
                }
                self.widget(kind, settings);
            }
            (Some(kind), None) => self.elsewhere.push(kind.to_owned()),
            (None, settings) => {
                let background = settings.and_then(|settings| parts::picture("", settings.get("background_image")?));
                if let Some((url, alt)) = background {
                    self.html.push_str(&media::figure(&url, alt.as_deref(), None));
                    self.backgrounds.push(url);
                }
            }
        }
        if let Some(inner) = inner {
            self.elements(inner, depth);
        }
    }

    fn widget(&mut self, kind: &str, settings: &Value) {
        let text = |name: &str| settings.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let address = |name: &str| settings.get(name)?.get("url")?.as_str().filter(|url| !url.is_empty());
        if ELSEWHERE.contains(&kind) {
            return self.elsewhere.push(kind.to_owned());
        }
        if FURNITURE.iter().any(|name| kind.contains(name)) {
            return self.furniture.push(kind.to_owned());
        }
        let html = &mut self.html;
        match kind {
            "heading" => {
                let level = text("header_size")
                    .filter(|level| ["h1", "h2", "h3", "h4", "h5", "h6"].contains(level))
                    .unwrap_or("h2");
                let title = text("title").unwrap_or_default();
                let title = match address("link") {
                    Some(url) if !title.contains("<a ") => format!("<a href=\"{}\">{title}</a>", escape(url)),
                    _ => title.to_owned(),
                };
                html.push_str(&format!("<{level}>{title}</{level}>\n\n"));
            }
            "text-editor" => html.push_str(&format!("{}\n\n", text("editor").unwrap_or_default())),
            "html" | "shortcode" => html.push_str(&format!("{}\n\n", text(kind).unwrap_or_default())),
            "image" => {
                if let Some(url) = address("image") {
                    let alt = settings.get("image").and_then(|image| image.get("alt")?.as_str());
                    html.push_str(&media::figure(url, alt, text("caption").and_then(plain).as_deref()));
                    self.pictures.push(url.to_owned());
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
            _ => return self.parts(kind, settings),
        }
        match kind {
            // Code that makes words is no word.
            "html" | "shortcode" => self.words.extend(text(kind).and_then(plain).filter(|words| is_content("", words))),
            _ => self.words.extend(content_in(&shown(settings))),
        }
    }

    fn parts(&mut self, kind: &str, settings: &Value) {
        for part in parts::of(kind, settings) {
            match part {
                Part::Words(words) if words.trim_start().starts_with('<') => {
                    self.html.push_str(&format!("{words}\n\n"));
                    self.words.push(words);
                }
                Part::Words(words) => {
                    self.html.push_str(&format!("<p>{}</p>\n\n", escape(&words)));
                    self.words.push(words);
                }
                Part::Link(url, words) => {
                    self.html.push_str(&format!("<p>{}</p>\n\n", media::link(&url, Some(&words))));
                    self.words.push(words);
                }
                Part::Film(url) => {
                    self.html.push_str(&format!("<p>{}</p>\n\n", media::embedded(&url, None)));
                }
                Part::Picture(url, alt) => {
                    self.html.push_str(&media::figure(&url, alt.as_deref(), None));
                    self.pictures.push(url);
                }
            }
        }
    }
}

/// What of the settings of a widget may be shown: what begins with a line says how it stands on the page, and what its editors call it.
fn shown(settings: &Value) -> Value {
    let settings = settings.as_object().into_iter().flatten();
    settings.filter(|(name, _)| !name.starts_with('_')).map(|(name, value)| (name.clone(), value.clone())).collect()
}
