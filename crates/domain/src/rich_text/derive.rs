//! From a source to sanitised HTML, plain text, word count and outline, in that order.

use std::borrow::Cow;

use super::{
    Format, Heading,
    anchors::anchored,
    embed::Embed,
    markdown, nesting,
    removed::Removed,
    sanitise::{FORMULA, sanitise},
    shown::shown,
    tags,
};

/// Elements that are in a line (phrasing content, HTML standard, §3.2.5.2.5), of those that are shown.
const INLINE: [&str; 40] = [
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
    let written = match format {
        Format::Markdown => Cow::Owned(markdown::html(source)),
        Format::Html => Cow::Borrowed(source),
    };
    let shown = shown(&bounded(&written));
    let (html, outline) = anchored(&sanitise(&shown.html));
    let text = plain_text(&html);
    let word_count = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
        .try_into()
        .unwrap_or(u32::MAX);
    Derived { html, text, word_count, outline, embeds: shown.embeds, removed: shown.removed }
}

/// HTML that takes a time to read that grows with its length: itself, or its words if it is nested too deep.
fn bounded(html: &str) -> Cow<'_, str> {
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
    let ends = tags::tags(html).map(Some).chain([None]);
    for tag in ends {
        let text = &html[from..tag.as_ref().map_or(html.len(), |tag| tag.at)];
        if is_new && !text.trim().is_empty() {
            out.push_str("<p>");
            is_new = false;
        }
        out.push_str(text);
        if let Some(tag) = tag {
            from = html.len() - tag.rest.len() + tag.raw.len();
            is_new |= !INLINE.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
        }
    }
    out
}

/// The words of sanitised HTML: tags out, entities read, a line for each block.
pub(super) fn plain_text(html: &str) -> String {
    let mut lines = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        lines.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = &rest[open + 1..open + close];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if FORMULA.contains(&name) {
            lines.push(' ');
        } else if !INLINE.contains(&name) {
            lines.push('\n');
        }
        rest = &rest[open + close + 1..];
    }
    lines.push_str(rest);
    let mut text = String::with_capacity(lines.len());
    for line in lines.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if !words.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&words.join(" "));
        }
    }
    // The sanitiser writes these five entities and no others; the ampersand comes last.
    for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}"), ("&amp;", "&")] {
        if text.contains(entity) {
            text = text.replace(entity, sign);
        }
    }
    text
}
