//! From a source to sanitised HTML, plain text, word count and outline, in that order.

use std::{collections::HashMap, sync::LazyLock};

use pulldown_cmark::{Options, Parser};

use super::{Format, Heading, nesting, tags};
use crate::slug::Slug;

/// Elements that are in a line.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "u",
];

pub(super) struct Derived {
    pub(super) html: String,
    pub(super) text: String,
    pub(super) word_count: u32,
    pub(super) outline: Vec<Heading>,
}

pub(super) fn derive(format: Format, source: &str) -> Derived {
    let clean = match format {
        Format::Markdown => {
            let mut html = String::with_capacity(source.len() * 3 / 2);
            let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
            pulldown_cmark::html::push_html(&mut html, Parser::new_ext(source, options));
            sanitise(&html)
        }
        Format::Html => sanitise(source),
    };
    let (html, outline) = with_heading_ids(&clean);
    let text = plain_text(&html);
    let word_count = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
        .try_into()
        .unwrap_or(u32::MAX);
    Derived { html, text, word_count, outline }
}

fn sanitise(html: &str) -> String {
    static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut builder = ammonia::Builder::default();
        // Links keep their scheme check and get rel="noopener noreferrer"; ids are ours alone (headings).
        builder.add_tags(["figure", "figcaption"]).rm_tags(["map", "area"]).strip_comments(true);
        // What is in these is for programs that know nothing better to show, or for forms; browsers read most of it
        // as text, so that its markup would be shown as it is written.
        builder.add_clean_content_tags([
            "audio", "button", "iframe", "noembed", "noframes", "noscript", "object", "select", "textarea", "video",
        ]);
        builder
    });
    if escapes_too_much(html) {
        return ammonia::clean_text(html);
    }
    if !nesting::too_deep(html) {
        return SANITISER.clean(html).to_string();
    }
    let words = words(html);
    // Without its tags, a text may have others: `<<b>i>`. Nobody means that.
    if nesting::too_deep(&words) { ammonia::clean_text(html) } else { SANITISER.clean(&words).to_string() }
}

/// Whether writing the HTML takes too long: at each ampersand or no-break space (or what begins as one does in UTF-8),
/// the serialiser looks through all that is left of a text for the next angle bracket.
fn escapes_too_much(html: &str) -> bool {
    /// In bytes that are looked at; some tenths of a second.
    const MOST: usize = 5_000_000_000;
    let bytes = html.as_bytes();
    let (mut work, mut signs, mut from) = (0_usize, 0_usize, 0);
    for (at, byte) in bytes.iter().enumerate().chain([(bytes.len(), &b'<')]) {
        match byte {
            b'&' if matches!(bytes.get(at + 1..at + 3), Some(b"lt" | b"gt")) => {}
            b'&' | 0xC2 => {
                signs += 1;
                continue;
            }
            b'<' | b'>' => {}
            _ => continue,
        }
        work = work.saturating_add(signs.saturating_mul(at - from));
        (signs, from) = (0, at);
    }
    work > MOST
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
            is_new |= !INLINE.iter().chain(&["font", "tt"]).any(|name| tag.name.eq_ignore_ascii_case(name));
        }
    }
    out
}

/// Gives each heading of sanitised HTML an `id`, and lists them. The sanitiser writes tags in one way only
/// (lower case, no stray `<` in text or attributes), which is what makes reading them by hand safe.
fn with_heading_ids(html: &str) -> (String, Vec<Heading>) {
    let mut out = String::with_capacity(html.len());
    let mut outline = Vec::new();
    let mut used: HashMap<String, u32> = HashMap::new();
    let mut rest = html;
    while let Some((before, level, after)) = next_heading(rest) {
        out.push_str(before);
        let Some(end) = after.find(&format!("</h{level}>")) else {
            out.push_str(&rest[before.len()..]);
            return (out, outline);
        };
        let title = plain_text(&after[..end]).replace('\n', " ");
        let base = Slug::from_title(&title).map_or_else(|| "section".to_owned(), String::from);
        let count = used.entry(base.clone()).or_default();
        *count += 1;
        let id = if *count == 1 { base } else { format!("{base}-{count}") };
        out.push_str(&format!("<h{level} id=\"{id}\">"));
        out.push_str(&after[..end]);
        outline.push(Heading { level, id, title });
        rest = &after[end..];
    }
    out.push_str(rest);
    (out, outline)
}

/// Splits at the next `<h1>` … `<h6>`: what is before it, its level, what is behind its start tag.
fn next_heading(html: &str) -> Option<(&str, u8, &str)> {
    let mut from = 0;
    loop {
        let at = from + html.get(from..)?.find("<h")?;
        let level = html.as_bytes().get(at + 2).copied().filter(|b| (b'1'..=b'6').contains(b));
        if let Some(level) = level
            && let Some(close) = html[at..].find('>')
        {
            return Some((&html[..at], level - b'0', &html[at + close + 1..]));
        }
        from = at + 2;
    }
}

/// The words of sanitised HTML: tags out, entities read, a line for each block.
fn plain_text(html: &str) -> String {
    let mut lines = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        lines.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = &rest[open + 1..open + close];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if !INLINE.contains(&name) {
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
