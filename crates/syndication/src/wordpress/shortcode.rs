//! Shortcodes: `[gallery ids="1,2"]`, which WordPress replaces when it shows a page.

use std::collections::HashSet;

use crate::{collect::Collector, text::escape};

/// Shortcodes of WordPress itself and of what it is hosted with; others are known by their attributes or their end.
const KNOWN: [&str; 22] = [
    "archives",
    "audio",
    "caption",
    "code",
    "contact-form",
    "embed",
    "flickr",
    "gallery",
    "googlemaps",
    "instagram",
    "playlist",
    "polldaddy",
    "recipe",
    "slideshow",
    "soundcloud",
    "sourcecode",
    "tweet",
    "twitter",
    "video",
    "vimeo",
    "wp_caption",
    "youtube",
];

/// The longest start of a shortcode we look at; WordPress has no bound, and writers' brackets have no end.
const MAX_BYTES: usize = 4_000;

/// Makes code of what stands in `[code]` and `[sourcecode]`: a block where it has lines, else words in a line.
pub(super) fn code(text: &str) -> String {
    const NAMES: [(&str, &str); 2] = [("code", "[/code]"), ("sourcecode", "[/sourcecode]")];
    // Without its end it is none, and looking for the end each time would take for ever.
    let ends = NAMES.map(|(_, end)| text.rfind(end).unwrap_or_default());
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, start) = rest.split_at(at);
        out.push_str(before);
        let position = text.len() - start.len();
        let found = NAMES.into_iter().zip(ends).find_map(|((name, end), last)| {
            let behind = start[1..].strip_prefix(name).filter(|behind| behind.starts_with([' ', ']']))?;
            let close = behind.bytes().take(MAX_BYTES).position(|byte| byte == b']')?;
            if position > last || out.ends_with('[') {
                return None;
            }
            behind[close + 1..].split_once(end)
        });
        match found {
            Some((inner, after)) => {
                out.push_str(&shown_as_code(inner));
                rest = after;
            }
            None => {
                out.push('[');
                rest = &start[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The visual editor escapes what is typed into it, the other one does not.
fn shown_as_code(inner: &str) -> String {
    let is_escaped =
        !inner.contains('<') && ["&lt;", "&gt;", "&amp;", "&quot;"].iter().any(|sign| inner.contains(sign));
    let code = inner.trim_matches('\n');
    let code = if is_escaped { code.to_owned() } else { escape(code) };
    let code = code.replace('[', "&#91;");
    if inner.contains('\n') { format!("<pre><code>{code}</code></pre>") } else { format!("<code>{code}</code>") }
}

/// Makes figures of captions and takes other shortcodes out, counting them by name. What stands between the start and
/// the end of one stays; square brackets that are no shortcode stay.
pub(super) fn expand(text: &str, collector: &mut Collector) -> String {
    if !text.contains('[') {
        return text.to_owned();
    }
    let ended: HashSet<&str> = text.match_indices("[/").filter_map(|(at, _)| name(&text[at + 2..])).collect();
    let mut out = String::with_capacity(text.len());
    let mut seen: HashSet<&str> = HashSet::new();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // Doubled brackets are how a writer shows a shortcode instead of using it.
        if let Some(inner) = rest.strip_prefix('[').filter(|inner| inner.starts_with('['))
            && let Some(start) = Start::read(inner, &ended)
            && inner[start.length..].starts_with(']')
        {
            out.push_str(&inner[..start.length]);
            rest = &inner[start.length + 1..];
            continue;
        }
        if let Some(ending) = rest.strip_prefix("[/")
            && let Some(name) = name(ending).filter(|name| seen.contains(name))
            && ending[name.len()..].starts_with(']')
        {
            rest = &ending[name.len() + 1..];
            continue;
        }
        let Some(start) = Start::read(rest, &ended) else {
            out.push('[');
            rest = &rest[1..];
            continue;
        };
        let inner = &rest[start.length..];
        match start.name {
            "caption" | "wp_caption" if ended.contains(start.name) => {
                let ending = format!("[/{}]", start.name);
                let (inner, after) = inner.split_once(&ending).unwrap_or((inner, ""));
                out.push_str(&figure(inner, start.attribute("caption")));
                rest = after;
                continue;
            }
            // What it embeds is the address in it, which becomes a link.
            "embed" if ended.contains("embed") => {}
            name => collector.unmapped(&format!("shortcode {name}")),
        }
        seen.insert(start.name);
        rest = inner;
    }
    out.push_str(rest);
    out
}

/// A picture with its caption, which older exports have in an attribute.
fn figure(inner: &str, caption: Option<&str>) -> String {
    let end =
        ["</a>", ">"].into_iter().find_map(|end| inner.rfind("<img").and_then(|_| Some(inner.find(end)? + end.len())));
    let (picture, text) = inner.split_at(end.unwrap_or_default());
    let caption = caption.unwrap_or(text).trim();
    format!("<figure>{}<figcaption>{caption}</figcaption></figure>", picture.trim())
}

/// The start of a shortcode.
struct Start<'a> {
    name: &'a str,
    attributes: &'a str,
    length: usize,
}

impl<'a> Start<'a> {
    /// The shortcode a text begins with, its bracket included.
    fn read(text: &'a str, ended: &HashSet<&str>) -> Option<Self> {
        let name = name(text.strip_prefix('[')?)?;
        let rest = &text[1 + name.len()..];
        let mut quote = None;
        let (mut end, mut has_attributes) = (None, false);
        for (at, c) in rest.char_indices().take_while(|(at, _)| *at < MAX_BYTES) {
            match (c, quote) {
                (']', None) => {
                    end = Some(at);
                    break;
                }
                ('[' | '<', None) => return None,
                ('"' | '\'', None) if rest[..at].ends_with('=') => {
                    has_attributes = true;
                    quote = Some(c);
                }
                (c, Some(open)) if c == open => quote = None,
                ('=', None) => has_attributes = true,
                _ => {}
            }
        }
        let end = end?;
        let is_shortcode = KNOWN.contains(&name) || has_attributes || ended.contains(name);
        let parted = rest.starts_with([' ', '\n', '\t', ']', '/', '=', '\u{a0}']);
        (is_shortcode && parted).then_some(Self { name, attributes: &rest[..end], length: 1 + name.len() + end + 1 })
    }

    fn attribute(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.attributes.split_once(&format!("{name}="))?;
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()
    }
}

/// The name a text begins with.
fn name(text: &str) -> Option<&str> {
    let length = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(text.len());
    (1..=40)
        .contains(&length)
        .then(|| &text[..length])
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}
