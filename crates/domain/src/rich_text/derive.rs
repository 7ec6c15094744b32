//! From a source to sanitised HTML, plain text, word count and outline, in that order.

use std::borrow::Cow;

use super::{
    Format, Heading,
    anchors::anchored,
    embed::Embed,
    markdown, nesting,
    plain::plain_text,
    removed::{Removals, Removed},
    sanitise::sanitise,
    shown::shown,
    tags,
};

/// Elements that are in a line (phrasing content, HTML standard, §3.2.5.2.5), of those that are shown.
pub(super) const INLINE: [&str; 40] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "math", "nobr", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

pub(super) struct Derived {
    pub(super) html: String,
    pub(super) text: String,
    pub(super) word_count: u32,
    pub(super) outline: Vec<Heading>,
    pub(super) embeds: Vec<Embed>,
    pub(super) removed: Vec<Removed>,
}

pub(super) fn derive(format: Format, source: &str) -> Derived {
    let mut removed = Removals::default();
    let written = match format {
        Format::Markdown => Cow::Owned(markdown::html(source, &mut removed)),
        Format::Html => Cow::Borrowed(source),
    };
    let shown = shown(&bounded(&written), removed);
    let (html, outline) = anchored(&sanitise(&shown.html));
    let plain = plain_text(&html);
    let words = plain.text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let word_count = words.saturating_sub(plain.marks).try_into().unwrap_or(u32::MAX);
    let text = plain.text;
    Derived { html, text, word_count, outline, embeds: shown.embeds, removed: shown.removed }
}

/// HTML that takes a time to read that grows with its length: itself, or its words if it is nested too deep.
pub(super) fn bounded(html: &str) -> Cow<'_, str> {
    if !nesting::too_deep(html) {
        return html.into();
    }
    let words = words(html);
    // Without its tags, a text may have others: `<<b>i>`. Nobody means that.
    if nesting::too_deep(&words) { html.replace('<', "&lt;").into() } else { words.into() }
}

/// HTML with paragraphs in the place of its blocks, and without all other elements.
fn words(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    let mut is_new = true;
    let mut push = |text: &str, is_new: &mut bool| {
        if *is_new && !text.trim().is_empty() {
            out.push_str("<p>");
            *is_new = false;
        }
        out.push_str(text);
    };
    for tag in tags::tags(html) {
        push(&html[from..tag.at], &mut is_new);
        from = html.len() - tag.rest.len() + tag.raw.len();
        is_new |= !INLINE.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
        push(&words_of_raw(&tag), &mut is_new);
    }
    push(&html[from..], &mut is_new);
    out
}

/// The words of what is no markup to browsers, of which some was written as markup.
fn words_of_raw(tag: &tags::Tag<'_>) -> String {
    let is = |names: &[&str]| names.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
    if tag.raw.is_empty() || is(&["script", "style", "title"]) {
        return String::new();
    }
    if is(&["plaintext", "textarea", "xmp"]) {
        return tag.raw.replace('<', "&lt;");
    }
    let mut out = String::with_capacity(tag.raw.len());
    let mut from = 0;
    for inner in tags::tags(tag.raw) {
        out.push_str(&tag.raw[from..inner.at]);
        out.push(' ');
        // What is raw in this is read on as it stands, but for what is no text.
        let is_code = ["script", "style"].iter().any(|name| inner.name.eq_ignore_ascii_case(name));
        from = tag.raw.len() - inner.rest.len() + if is_code { inner.raw.len() } else { 0 };
    }
    out.push_str(&tag.raw[from..]);
    out.replace('<', "&lt;")
}
