//! From a source to sanitised HTML, plain text, word count and outline, in that order.

use pulldown_cmark::{Options, Parser};

use super::{Format, Heading, anchors::anchored, nesting, sanitise::sanitise, tags};

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
            clean(&html)
        }
        Format::Html => clean(source),
    };
    let (html, outline) = anchored(&clean);
    let text = plain_text(&html);
    let word_count = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
        .try_into()
        .unwrap_or(u32::MAX);
    Derived { html, text, word_count, outline }
}

/// Sanitised HTML, in a time that grows with the source.
fn clean(html: &str) -> String {
    if escapes_too_much(html) {
        return ammonia::clean_text(html);
    }
    if !nesting::too_deep(html) {
        return sanitise(html);
    }
    let words = words(html);
    // Without its tags, a text may have others: `<<b>i>`. Nobody means that.
    if nesting::too_deep(&words) { ammonia::clean_text(html) } else { sanitise(&words) }
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

/// The words of sanitised HTML: tags out, entities read, a line for each block.
pub(super) fn plain_text(html: &str) -> String {
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
