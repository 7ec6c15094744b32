//! A document of XML as a small tree.
//!
//! The tree is more lenient than the standard where real feeds are: HTML's named characters and bare ampersands are
//! read, and a prefix nobody declared has its usual meaning. It is as strict where leniency would lose content: an
//! element that is not closed is an error. Entities that a document declares itself are replaced while its items are parted (`split`).

mod entities;
mod inline;
mod split;

use std::{borrow::Cow, ops::Range};

use quick_xml::{
    NsReader,
    escape::{resolve_html5_entity, unescape_with},
    events::{BytesStart, Event},
    name::ResolveResult,
};
use url::Url;

pub(crate) use split::split;

use crate::read::{
    decode::{is_stray_control, meant},
    detect::SourceFormat,
    error::{Position, ReadError},
    text::web_address,
    wordpress::not_shown,
};

/// Elements may be this deep in one another. No format nests ten; the bound keeps dropping a tree off the stack.
const MAX_DEPTH: usize = 200;

/// So many are named of what nobody explains.
const MOST_UNKNOWN: usize = 5;

/// What an element's namespace means to the readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// None, RSS 1.0's or RSS 0.90's, or whichever the channel is in.
    Rss,
    Atom,
    Wordpress,
    Excerpt,
    Content,
    DublinCore,
    Media,
    /// Of podcasts.
    Itunes,
    /// Any other.
    Foreign,
}

/// An element with what is in it.
#[derive(Debug)]
pub(crate) struct Element<'a> {
    pub(crate) namespace: Namespace,
    /// The name with its prefix, as it is written.
    pub(crate) label: &'a str,
    attributes: Vec<(String, String)>,
    /// The text directly in it.
    text: String,
    pub(crate) children: Vec<Self>,
    /// The source between its tags.
    inner: &'a str,
    /// The entities in it, and in what is in it, that nobody explains.
    unknown: Vec<String>,
}

/// Reads a document and gives its root element.
pub(crate) fn parse(source: &str, format: SourceFormat) -> Result<Element<'_>, ReadError> {
    let place = |offset: usize| Position::of(source.as_bytes(), offset as u64).unwrap_or(Position::START);
    let malformed = |offset: usize, reason: String| ReadError::Malformed { format, position: place(offset), reason };
    let mut reader = NsReader::from_str(source);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().allow_dangling_amp = true;
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    let mut open: Vec<(Element<'_>, Range<usize>)> = Vec::new();
    // The namespace of RSS has had many addresses: whichever its root is in, is meant.
    let mut house: Option<String> = None;
    loop {
        let start = offset(reader.buffer_position());
        let (resolved, event) = match reader.read_resolved_event() {
            Ok((ResolveResult::Bound(uri), event)) if house.as_deref() == Some(uri.as_ref()) => {
                (Some(Namespace::Rss), event)
            }
            Ok((resolved, event)) => {
                let mut meaning = known(&resolved);
                if let (Event::Start(tag), ResolveResult::Bound(uri)) = (&event, &resolved)
                    && meaning == Some(Namespace::Foreign)
                {
                    let house_of = matches!((open.len(), tag.local_name().as_ref()), (0, "rss") | (1, "channel"));
                    if house_of && house.is_none() && !is_foreign_root(&open) {
                        house = Some(uri.as_ref().to_owned());
                        meaning = Some(Namespace::Rss);
                    } else if let Some((prefix, _)) = tag.name().as_ref().split_once(':') {
                        meaning = Some(near(prefix, uri.as_ref()));
                    }
                }
                (meaning, event)
            }
            Err(error) => return Err(malformed(offset(reader.error_position()), error.to_string())),
        };
        let end = offset(reader.buffer_position());
        match event {
            Event::Start(tag) => {
                if open.len() == MAX_DEPTH {
                    return Err(malformed(start, format!("more than {MAX_DEPTH} elements in one another")));
                }
                open.push((element(source, start, &tag, resolved), start..end));
            }
            Event::End(_) => {
                let Some((mut element, at)) = open.pop() else { continue };
                element.inner = source.get(at.end..start).unwrap_or_default();
                // Readers' comments are counted and not read; a post may have more of them than all else.
                if element.namespace == Namespace::Wordpress
                    && element.name() == "comment"
                    && !element.children.is_empty()
                {
                    let said = |name| element.child_text(Namespace::Wordpress, name).unwrap_or_default();
                    let not_shown = not_shown(said("comment_approved"), said("comment_type"));
                    element.text = not_shown.unwrap_or_default().to_owned();
                    element.children = Vec::new();
                }
                match open.last_mut() {
                    Some((parent, _)) => {
                        parent.learn(&element.unknown);
                        parent.children.push(element);
                    }
                    // What follows the root is of no interest; servers append advertisements and notices.
                    None => return Ok(element),
                }
            }
            Event::Text(text) => append(&mut open, &text.xml10_content()),
            Event::CData(text) => append(&mut open, &text.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(c)) if is_stray_control(c) => {}
                Ok(Some(c)) => append(&mut open, meant(c).encode_utf8(&mut [0; 4])),
                Ok(None) => match resolve_html5_entity(&name) {
                    Some(text) => append(&mut open, text),
                    None => unexplained(&mut open, &name),
                },
                Err(_) => {}
            },
            Event::Eof => {
                return Err(match open.last() {
                    Some((element, at)) => malformed(
                        source.len(),
                        format!("the document ends inside <{}>, which begins at {}", element.label, place(at.start)),
                    ),
                    None => malformed(source.len(), "there is no element".to_owned()),
                });
            }
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

impl Element<'_> {
    /// The item of a document that has no other.
    pub(crate) fn item(&self) -> Option<&Self> {
        let within = || self.children.first()?.children.first();
        self.children.iter().find(|child| matches!(child.name(), "item" | "entry" | "deleted-entry")).or_else(within)
    }

    /// The entities in it that stand as they are written, for nobody explains them; the first few.
    pub(crate) fn unknown(&self) -> &[String] {
        &self.unknown
    }

    fn learn(&mut self, unknown: &[String]) {
        for name in unknown {
            if self.unknown.len() < MOST_UNKNOWN && !self.unknown.contains(name) {
                self.unknown.push(name.clone());
            }
        }
    }

    /// The name without its prefix.
    pub(crate) fn name(&self) -> &str {
        self.label.rsplit(':').next().unwrap_or_default()
    }

    /// The value of an attribute, which is not empty, by its name as it is written.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The names of its attributes, as they are written, and their values.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The address that relative ones in it are read against (XML Base §4), as far as it or what is around it says so.
    pub(crate) fn base(&self, outer: Option<&Url>) -> Option<Url> {
        let own = self.attribute("xml:base").and_then(|base| web_address(base, outer));
        own.and_then(|base| Url::parse(&base).ok()).or_else(|| outer.cloned())
    }

    /// The first child of this name.
    pub(crate) fn child(&self, namespace: Namespace, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.namespace == namespace && child.name() == name)
    }

    /// The trimmed text of the first child of this name; `None` when it is empty.
    pub(crate) fn child_text(&self, namespace: Namespace, name: &str) -> Option<&str> {
        self.child(namespace, name).and_then(Self::value)
    }

    /// The trimmed text; `None` when it is empty.
    pub(crate) fn value(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// The content as HTML, where markup is never escaped.
    pub(crate) fn inline(&self) -> String {
        inline::html(self.inner)
    }

    /// The words of a document of any vocabulary as HTML (see [`inline::words`]).
    pub(crate) fn words(&self) -> String {
        inline::words(self.inner)
    }

    /// The text with the comments in it, if it has any.
    pub(crate) fn commented(&self) -> Cow<'_, str> {
        if self.inner.contains("<!--") && !self.inner.contains("<![CDATA[") {
            Cow::Owned(self.inline())
        } else {
            Cow::Borrowed(&self.text)
        }
    }

    /// The content as HTML: the text where the markup in it is escaped, the source between the tags where it is not.
    pub(crate) fn markup(&self) -> String {
        if self.children.is_empty() { self.text.clone() } else { self.inline() }
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn append(open: &mut [(Element<'_>, Range<usize>)], text: &str) {
    if let Some((element, _)) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// Takes an entity that nobody explains: it stays as it is written.
fn unexplained(open: &mut [(Element<'_>, Range<usize>)], name: &str) {
    let source = format!("&{name};");
    append(open, &source);
    if let Some((element, _)) = open.last_mut() {
        element.learn(&[source.chars().take(40).collect()]);
    }
}

fn element<'a>(source: &'a str, start: usize, tag: &BytesStart<'_>, namespace: Option<Namespace>) -> Element<'a> {
    let length = tag.name().as_ref().len();
    let label = source.get(start + 1..start + 1 + length).unwrap_or_default();
    let mut attributes = tag.html_attributes();
    let attributes = attributes.with_checks(false).flatten().map(|attribute| {
        let value = unescape_with(&attribute.value, resolve_html5_entity);
        let mut value = value.map_or_else(|_| attribute.value.to_string(), |value| value.to_string());
        value.retain(|c| !is_stray_control(c));
        (attribute.key.as_ref().to_owned(), value)
    });
    Element {
        namespace: match namespace {
            // Whatever address it is given, this prefix is nobody else's; to pass over a status would publish drafts.
            Some(Namespace::Foreign) if label.starts_with("wp:") => Namespace::Wordpress,
            Some(namespace) => namespace,
            None => usual(label),
        },
        label,
        attributes: attributes.collect(),
        text: String::new(),
        children: Vec::new(),
        inner: "",
        unknown: Vec::new(),
    }
}

/// What a declared namespace means; `None` for a prefix nobody declared.
fn known(resolved: &ResolveResult<'_>) -> Option<Namespace> {
    let uri = match resolved {
        ResolveResult::Unbound => return Some(Namespace::Rss),
        ResolveResult::Unknown(_) => return None,
        ResolveResult::Bound(uri) => uri.as_ref(),
    };
    let uri = uri.trim().to_ascii_lowercase();
    let uri = uri.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    Some(match uri.trim_end_matches(['/', '#']) {
        "purl.org/rss/1.0"
        | "my.netscape.com/rdf/simple/0.9"
        | "channel.netscape.com/rdf/simple/0.9"
        | "backend.userland.com/rss2" => Namespace::Rss,
        "w3.org/2005/atom" | "purl.org/atom/ns" => Namespace::Atom,
        "purl.org/rss/1.0/modules/content" => Namespace::Content,
        "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" | "purl.org/dc/terms" => Namespace::DublinCore,
        "search.yahoo.com/mrss" => Namespace::Media,
        uri if uri.starts_with("itunes.com/dtds/podcast") => Namespace::Itunes,
        uri if uri.starts_with("wordpress.org/export/") && uri.contains("excerpt") => Namespace::Excerpt,
        uri if uri.starts_with("wordpress.org/export/") => Namespace::Wordpress,
        _ => Namespace::Foreign,
    })
}

/// What a prefix means whose namespace nobody knows, but is near to the one it usually has.
fn near(prefix: &str, uri: &str) -> Namespace {
    let uri = uri.to_ascii_lowercase();
    let words: &[&str] = match prefix {
        "content" => &["content"],
        "dc" | "dcterms" => &["purl.org/dc", "/dc/", "dublin", "dublincore"],
        "media" => &["mrss", "media"],
        "itunes" => &["itunes"],
        "atom" => &["atom"],
        "excerpt" => &["excerpt"],
        _ => return Namespace::Foreign,
    };
    if words.iter().any(|word| uri.contains(word)) { usual(prefix) } else { Namespace::Foreign }
}

/// Whether the root is of no feed, so that what is called a channel in it is another.
fn is_foreign_root(open: &[(Element<'_>, Range<usize>)]) -> bool {
    open.first().is_some_and(|(root, _)| !matches!(root.name(), "RDF" | "rss"))
}

/// What a prefix means that nobody declared.
fn usual(label: &str) -> Namespace {
    match label.split(':').next() {
        Some("atom") => Namespace::Atom,
        Some("wp") => Namespace::Wordpress,
        Some("excerpt") => Namespace::Excerpt,
        Some("content") => Namespace::Content,
        Some("dc" | "dcterms") => Namespace::DublinCore,
        Some("media") => Namespace::Media,
        Some("itunes") => Namespace::Itunes,
        _ => Namespace::Foreign,
    }
}
