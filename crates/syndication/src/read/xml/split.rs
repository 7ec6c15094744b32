//! A document of XML item by item: each is a small document of its own, and what is around them is one, too. So much is
//! in memory at once as one item has, whatever the size of the whole.

use std::{
    io::{self, BufRead, Read},
    ops::ControlFlow,
};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::MAX_DEPTH;
use crate::read::{
    error::{Position, ReadError},
    source::Source,
};

/// Nobody writes so long an article; what has it is no export.
const LONGEST: usize = 32 * 1024 * 1024;

/// No document names more namespaces at once: each name is looked for among all of them.
const MOST_NAMESPACES: usize = 256;

/// The tags that items stand in are read with each item, and are no longer than this.
const LONGEST_TAG: usize = 64 * 1024;

/// Gives each item of a document to `take`, in a document with the tags it stands in, and returns what is around them.
/// The whole document is read, so that one that is broken anywhere is found to be so, unless `take` ends it before.
pub(crate) fn split(
    source: &Source<'_>,
    mut take: impl FnMut(&str) -> Result<ControlFlow<()>, ReadError>,
) -> Result<String, ReadError> {
    let mut reader =
        Reader::from_reader(Recorder { inner: source.text()?, taken: Vec::new(), from: 0, is_full: false });
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().allow_dangling_amp = true;
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    let mut split = Split { open: Vec::new(), around: String::new(), channel: String::new(), item: None };
    let mut event = Vec::new();
    loop {
        let start = reader.buffer_position();
        event.clear();
        let event = match reader.read_event_into(&mut event) {
            Ok(event) => Seen::of(&event),
            Err(quick_xml::Error::Io(_)) if reader.get_mut().is_full => {
                return Err(source.malformed(start, "an element here is longer than any text"));
            }
            Err(quick_xml::Error::Io(error)) => return Err(ReadError::Input(error.into())),
            Err(error) => return Err(source.malformed(reader.error_position(), error.to_string())),
        };
        let end = reader.buffer_position();
        match event {
            Seen::Start(..) if split.open.len() == MAX_DEPTH => {
                return Err(source.malformed(start, format!("more than {MAX_DEPTH} elements in one another")));
            }
            Seen::Start(_, namespaces) if split.namespaces() + namespaces > MOST_NAMESPACES => {
                return Err(source.malformed(start, format!("more than {MOST_NAMESPACES} namespaces")));
            }
            Seen::Start(name, namespaces) => {
                let is_item = split.item.is_none() && split.is_item(&name);
                let tag = reader.get_mut().text(start, end)?;
                let label =
                    tag.trim_start_matches('<').split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next();
                let label = label.unwrap_or_default().to_owned();
                if is_item {
                    split.item = Some(start);
                } else if split.item.is_none() {
                    split.around.push_str(&tag);
                }
                // Only what items stand in is asked for again.
                let tag = if split.open.len() < 2 && split.item.is_none() { tag } else { String::new() };
                if tag.len() > LONGEST_TAG {
                    return Err(source.malformed(start, "this tag is longer than any site's"));
                }
                if split.open.len() == 1 && name == "channel" {
                    split.channel = format!("{tag}</{label}>");
                }
                split.open.push(Open { name, label, tag, at: start, is_item, namespaces });
            }
            Seen::End => {
                let Some(closed) = split.open.pop() else { continue };
                if let Some(from) = split.item.filter(|_| closed.is_item) {
                    split.item = None;
                    let item = split.document(&reader.get_mut().text(from, end)?);
                    if take(&item)?.is_break() {
                        return Ok(split.around);
                    }
                } else if split.item.is_none() {
                    split.around.push_str(&reader.get_mut().text(start, end)?);
                }
                if split.around.len() > LONGEST {
                    return Err(source.malformed(start, "it says more of itself than any site does"));
                }
                if split.open.is_empty() {
                    return match next_element(&mut reader) {
                        Some(name) if is_root(&name) => {
                            Err(source.malformed(end, format!("a document <{name}> begins behind the end of another")))
                        }
                        // Anything else is of no interest; servers append advertisements and notices.
                        _ => Ok(split.around),
                    };
                }
            }
            Seen::Eof => return Err(ends_inside(source, split.open.last(), end)),
            Seen::Other if split.item.is_none() => split.around.push_str(&reader.get_mut().text(start, end)?),
            Seen::Other => {}
        }
        if split.item.is_none() {
            reader.get_mut().forget(end);
        }
    }
}

/// The name of the next element, if what is there can be read.
fn next_element<R: BufRead>(reader: &mut Reader<R>) -> Option<String> {
    let mut event = Vec::new();
    loop {
        event.clear();
        match Seen::of(&reader.read_event_into(&mut event).ok()?) {
            Seen::Start(name, _) => return Some(name),
            Seen::End | Seen::Eof => return None,
            Seen::Other => {}
        }
    }
}

/// Whether an element is the root of a feed or an export.
fn is_root(name: &str) -> bool {
    ["rss", "feed", "RDF"].iter().any(|root| root.eq_ignore_ascii_case(name))
}

fn ends_inside(source: &Source<'_>, open: Option<&Open>, end: u64) -> ReadError {
    let Some(open) = open else { return source.malformed(end, "there is no element".to_owned()) };
    let begins = source.text().and_then(|text| Position::of(text, open.at)).unwrap_or(Position::START);
    source.malformed(end, format!("the document ends inside <{}>, which begins at {begins}", open.label))
}

/// What an event is, as far as it matters here.
enum Seen {
    /// The element's name, and how many namespaces its tag declares.
    Start(String, usize),
    End,
    Eof,
    Other,
}

impl Seen {
    fn of(event: &Event<'_>) -> Self {
        let name = |tag: &BytesStart<'_>| tag.local_name().as_ref().to_owned();
        match event {
            Event::Start(tag) => Self::Start(name(tag), tag.attributes_raw().matches("xmlns").count()),
            Event::End(_) => Self::End,
            Event::Eof => Self::Eof,
            _ => Self::Other,
        }
    }
}

/// An element that is open.
struct Open {
    /// Its name, without a prefix and with one.
    name: String,
    label: String,
    /// Its start tag, if items may stand in it.
    tag: String,
    at: u64,
    is_item: bool,
    namespaces: usize,
}

struct Split {
    /// The outermost first.
    open: Vec<Open>,
    around: String,
    /// The channel without what is in it, which says what namespace the items beside it are in.
    channel: String,
    /// Where the item begins that is being read.
    item: Option<u64>,
}

impl Split {
    /// How many namespaces are declared here.
    fn namespaces(&self) -> usize {
        self.open.iter().map(|open| open.namespaces).sum()
    }

    /// Whether an element that begins here is an item: one of RSS in its channel or beside it, one of Atom in its feed.
    fn is_item(&self, name: &str) -> bool {
        match (name, self.open.len()) {
            ("item" | "entry", 1) => true,
            ("item", 2) => self.open[1].name == "channel",
            _ => false,
        }
    }

    /// An item in what it stands in.
    fn document(&self, item: &str) -> String {
        let tags: usize = self.open.iter().map(|open| open.tag.len() + open.label.len() + 3).sum();
        let mut document = String::with_capacity(item.len() + tags + self.channel.len());
        for open in &self.open {
            document.push_str(&open.tag);
        }
        if self.open.len() == 1 {
            document.push_str(&self.channel);
        }
        document.push_str(item);
        for open in self.open.iter().rev() {
            document.push_str("</");
            document.push_str(&open.label);
            document.push('>');
        }
        document
    }
}

/// Keeps what was read of an input, until it is forgotten.
struct Recorder<R> {
    inner: R,
    taken: Vec<u8>,
    /// Where what is kept begins.
    from: u64,
    /// Whether it keeps more than it may.
    is_full: bool,
}

impl<R> Recorder<R> {
    fn text(&self, start: u64, end: u64) -> io::Result<String> {
        let at = |position: u64| usize::try_from(position.saturating_sub(self.from)).unwrap_or(usize::MAX);
        let kept = self.taken.get(at(start)..at(end)).unwrap_or_default();
        String::from_utf8(kept.to_vec()).map_err(io::Error::other)
    }

    fn forget(&mut self, to: u64) {
        let length = usize::try_from(to.saturating_sub(self.from)).unwrap_or(usize::MAX).min(self.taken.len());
        self.taken.drain(..length);
        self.from += length as u64;
        // One long item is no reason to keep its room for all that follow.
        if self.taken.capacity() > 1024 * 1024 {
            self.taken.shrink_to(64 * 1024);
        }
    }
}

impl<R: BufRead> Read for Recorder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.fill_buf()?;
        let length = piece.len().min(buffer.len());
        buffer[..length].copy_from_slice(&piece[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Recorder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.is_full = self.taken.len() > LONGEST;
        if self.is_full {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        // What was filled is at hand.
        if let Ok(piece) = self.inner.fill_buf() {
            self.taken.extend_from_slice(&piece[..length.min(piece.len())]);
        }
        self.inner.consume(length);
    }
}
