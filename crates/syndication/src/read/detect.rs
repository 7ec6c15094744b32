//! Which format a source is in, by what is in it.

use std::{
    collections::HashSet,
    fmt,
    io::{self, BufRead},
};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value};

use crate::read::{decode::Decoding, source::beginning};

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
    let decoding = Decoding::of(bytes).ok()?;
    detect_text(|| decoding.text(bytes)).ok()?
}

/// The format of a text, which is begun to be read as often as `text` is asked for it.
pub(crate) fn detect_text<T: BufRead>(text: impl Fn() -> io::Result<T>) -> io::Result<Option<SourceFormat>> {
    let beginning = beginning(text()?)?;
    let start = beginning.trim_start();
    Ok(match start.bytes().next() {
        Some(b'{') if start.lines().next().is_some_and(is_dump) => Some(SourceFormat::Courant),
        Some(b'{') => is_json_feed(text()?)?.then_some(SourceFormat::JsonFeed),
        Some(b'<') => root(text()?),
        _ => None,
    })
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
fn is_json_feed(mut text: impl BufRead) -> io::Result<bool> {
    const NAME: &[u8] = b"jsonfeed.org";
    /// What is longer than the name and what follows it; it may lie across two pieces.
    const TAIL: usize = 40;
    let mut seen: Vec<u8> = Vec::new();
    loop {
        let piece = text.fill_buf()?;
        let length = piece.len();
        seen.extend_from_slice(piece);
        let is_named = seen.windows(NAME.len()).enumerate().filter(|(_, word)| *word == NAME).any(|(at, _)| {
            let rest = &seen[at + NAME.len()..];
            rest.starts_with(b"/version/") || rest.starts_with(b"\\/version\\/")
        });
        if is_named || length == 0 {
            return Ok(is_named);
        }
        text.consume(length);
        seen.drain(..seen.len().saturating_sub(TAIL));
    }
}

/// The format by the root element; for RSS, whether WordPress made it.
fn root(text: impl BufRead) -> Option<SourceFormat> {
    let mut reader = Reader::from_reader(text);
    reader.config_mut().allow_dangling_amp = true;
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    let mut event = Vec::new();
    let mut prefixes = Prefixes::default();
    loop {
        event.clear();
        let name = match reader.read_event_into(&mut event).ok()? {
            Event::Start(tag) | Event::Empty(tag) => {
                prefixes.declared_in(&tag);
                tag.local_name().as_ref().to_owned()
            }
            Event::Eof => return None,
            _ => continue,
        };
        return match name.as_str() {
            "rss" if holds_wordpress(&mut reader, prefixes) => Some(SourceFormat::Wxr),
            "rss" | "RDF" => Some(SourceFormat::Rss),
            "feed" | "entry" => Some(SourceFormat::Atom),
            _ => None,
        };
    }
}

/// Whether one of the elements that follow says that WordPress has exported this. Its namespace alone says nothing: feeds
/// declare it, too. Programs that edit an export declare it elsewhere than on the root, or lose it; read as RSS, its drafts
/// would be published.
fn holds_wordpress(reader: &mut Reader<impl BufRead>, mut prefixes: Prefixes) -> bool {
    let mut event = Vec::new();
    loop {
        event.clear();
        match reader.read_event_into(&mut event) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                prefixes.declared_in(&tag);
                if prefixes.is_of_an_export(&tag) {
                    return true;
                }
            }
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// The prefixes that stand for WordPress' namespace somewhere in a document.
#[derive(Default)]
struct Prefixes(HashSet<String>);

impl Prefixes {
    fn declared_in(&mut self, tag: &BytesStart<'_>) {
        if !tag.attributes_raw().contains("wordpress.org/export/") {
            return;
        }
        for attribute in tag.html_attributes().with_checks(false).flatten() {
            let key: &str = attribute.key.as_ref();
            if let Some(prefix) = key.strip_prefix("xmlns")
                && attribute.value.contains("wordpress.org/export/")
            {
                self.0.insert(prefix.trim_start_matches(':').to_owned());
            }
        }
    }

    /// Whether an element says what no feed says: the version of the export, or what an item is in WordPress.
    fn is_of_an_export(&self, tag: &BytesStart<'_>) -> bool {
        const SAYS: [&str; 12] = [
            "author_login",
            "base_blog_url",
            "base_site_url",
            "category_nicename",
            "post_date_gmt",
            "post_id",
            "post_name",
            "post_type",
            "status",
            "tag_slug",
            "term_taxonomy",
            "wxr_version",
        ];
        let name = tag.name();
        let (prefix, local) = name.as_ref().split_once(':').unwrap_or(("", name.as_ref()));
        // By these names it must be meant, whatever its namespace is.
        matches!(name.as_ref(), "wp:wxr_version" | "wp:post_type") || SAYS.contains(&local) && self.0.contains(prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_known_by_its_content() {
        for (source, format) in [
            (r#"<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"/>"#, Some(SourceFormat::Rss)),
            (
                "<rss xmlns:wp='http://wordpress.org/export/1.2/'><wp:featured/><post_id/></rss>",
                Some(SourceFormat::Rss),
            ),
            (
                "<rss xmlns:e='http://wordpress.org/export/1.2/'><item><e:status>draft</e:status>",
                Some(SourceFormat::Wxr),
            ),
            (
                "<rss><channel xmlns:w='http://wordpress.org/export/1.2/'><w:wxr_version/></channel></rss>",
                Some(SourceFormat::Wxr),
            ),
            ("<rss><channel><item><status>draft</status></item></channel></rss>", Some(SourceFormat::Rss)),
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
