//! Which format a source is in, by what is in it.

use std::fmt;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value};

use crate::read::decode::decode;

/// A format a source can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceFormat {
    /// WordPress eXtended RSS, the export of WordPress.
    Wxr,
    /// RSS 0.90 to 2.0.
    Rss,
    /// Atom (RFC 4287), and 0.3 before it.
    Atom,
    /// JSON Feed 1 and 1.1.
    JsonFeed,
    /// Our own dump, newline-delimited JSON; restored, not read here.
    Courant,
}

impl SourceFormat {
    /// What stands in front of the colon in [`Item::origin`](crate::Item::origin).
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Wxr => "wxr",
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::JsonFeed => "json",
            Self::Courant => "courant",
        }
    }
}

impl fmt::Display for SourceFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wxr => "wordpress export",
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::JsonFeed => "json feed",
            Self::Courant => "courant dump",
        })
    }
}

/// The format of a source; `None` when it is none we know, or its encoding cannot be read.
///
/// A source that is recognised may still be broken: only as much is looked at as it takes to know.
#[must_use]
pub fn detect(bytes: &[u8]) -> Option<SourceFormat> {
    // A dump may be larger than memory, and its first line says what it is.
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if is_dump(std::str::from_utf8(line).unwrap_or_default()) {
        return Some(SourceFormat::Courant);
    }
    detect_text(&decode(bytes).ok()?.text)
}

pub(crate) fn detect_text(text: &str) -> Option<SourceFormat> {
    let text = text.trim_start();
    match text.bytes().next()? {
        b'{' if is_dump(text.lines().next()?) => Some(SourceFormat::Courant),
        b'{' => is_json_feed(text).then_some(SourceFormat::JsonFeed),
        b'<' => root(text),
        _ => None,
    }
}

/// Whether a source is a page for browsers, which a feed's address may lead to as well.
pub(crate) fn is_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.contains("<html")
}

fn is_dump(line: &str) -> bool {
    serde_json::from_str::<Map<String, Value>>(line).is_ok_and(|object| object.contains_key("courant"))
}

/// JSON Feed names itself in `version`. The name is looked for as a text, because a feed that breaks off is still one;
/// some writers escape its slashes.
fn is_json_feed(text: &str) -> bool {
    text.match_indices("jsonfeed.org").any(|(at, name)| {
        let rest = &text[at + name.len()..];
        rest.starts_with("/version/") || rest.starts_with("\\/version\\/")
    })
}

/// The format by the root element; for RSS, whether WordPress made it.
fn root(text: &str) -> Option<SourceFormat> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    loop {
        let tag = match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => tag,
            Event::Eof => return None,
            _ => continue,
        };
        return match tag.local_name().as_ref() {
            "rss" if is_wordpress(&tag) || holds_wordpress(&mut reader) => Some(SourceFormat::Wxr),
            "rss" | "RDF" => Some(SourceFormat::Rss),
            "feed" | "entry" => Some(SourceFormat::Atom),
            _ => None,
        };
    }
}

/// Whether one of the elements that follow is WordPress'. Programs that edit an export declare its namespace elsewhere
/// than on the root, or lose it; read as RSS, its drafts would be published.
fn holds_wordpress(reader: &mut Reader<&[u8]>) -> bool {
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if is_wordpress(&tag) => return true,
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// Whether an element declares WordPress' namespace, or has a name by which it must be meant.
fn is_wordpress(tag: &BytesStart<'_>) -> bool {
    let attributes = tag.attributes_raw();
    matches!(tag.name().as_ref(), "wp:wxr_version" | "wp:post_type")
        || (attributes.contains("xmlns") && attributes.contains("wordpress.org/export/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_known_by_its_content() {
        for (source, format) in [
            (r#"<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"/>"#, Some(SourceFormat::Wxr)),
            ("<rss><channel xmlns:w='http://wordpress.org/export/1.2/'/></rss>", Some(SourceFormat::Wxr)),
            ("<rss><channel><title>A & B</title><wp:wxr_version>1.2</wp:wxr_version>", Some(SourceFormat::Wxr)),
            ("<rss><channel><item><wp:post_type>post</wp:post_type></item>", Some(SourceFormat::Wxr)),
            ("<rss><channel><item><![CDATA[<wp:post_type>]]></item></channel></rss>", Some(SourceFormat::Rss)),
            ("\u{feff}\n<?xml version='1.0'?><!-- feed --><rss version='0.92'><channel/>", Some(SourceFormat::Rss)),
            ("<rdf:RDF xmlns:rdf='r'/>", Some(SourceFormat::Rss)),
            ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", Some(SourceFormat::Atom)),
            (r#"{"version": "https://jsonfeed.org/version/1.1", "items": ["#, Some(SourceFormat::JsonFeed)),
            (r#"{"version": "https:\/\/jsonfeed.org\/version\/1"}"#, Some(SourceFormat::JsonFeed)),
            ("{\"courant\": 1, \"about\": \"jsonfeed.org/version/1\"}\n{}", Some(SourceFormat::Courant)),
            ("<!doctype html><html><body>rss</body></html>", None),
            ("{\"items\": []}", None),
            ("title,link\n<rss>,x", None),
            ("", None),
        ] {
            assert_eq!(detect(source.as_bytes()), format, "{source}");
        }
    }

    #[test]
    fn what_is_no_text_is_no_format() {
        assert_eq!(detect(&[0x89, b'P', b'N', b'G', 0xFF, 0, 0xFE]), None);
    }
}
