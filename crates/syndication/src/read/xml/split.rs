//! A document of XML item by item: each is a small document of its own, and what is around them is one, too. So much is
//! in memory at once as one item has, whatever the size of the whole.

mod recorder;

use std::{io::BufRead, ops::ControlFlow};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use self::recorder::{MUCH, Recorder};
use super::{MAX_DEPTH, entities::Entities};
use crate::read::{
    error::{Position, ReadError},
    source::{LONGEST_ITEM, Source},
    wordpress::not_shown,
};

/// What is said of the source as a whole is no longer than this.
const LONGEST_HEAD: usize = 32 * 1024 * 1024;

/// No document names more namespaces at once: each name is looked for among all of them.
const MOST_NAMESPACES: usize = 256;

/// The tags that items stand in are read with each item, and are no longer than this.
const LONGEST_TAG: usize = 64 * 1024;

/// Gives each item of a document to `take`, in a document with the tags it stands in, and returns what is around them; of an item that is
/// longer than any, it gives none. The whole document is read, so that one that is broken anywhere is found to be so, unless `take` ends it
/// before.
pub(crate) fn split(
    source: &Source<'_>,
    mut take: impl FnMut(Option<&str>) -> Result<ControlFlow<()>, ReadError>,
) -> Result<String, ReadError> {
    let mut reader = Reader::from_reader(Recorder::new(source.text()?, LONGEST_ITEM));
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().allow_dangling_amp = true;
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    let mut split = Split::default();
    let mut event = Vec::new();
    loop {
        let start = reader.buffer_position();
        event.clear();
        event.shrink_to(MUCH);
        let event = match reader.read_event_into(&mut event) {
            Ok(event) => Seen::of(&event),
            Err(quick_xml::Error::Io(error)) => return Err(ReadError::Input(error.into())),
            Err(error) => {
                let position = reader.get_ref().in_source(reader.error_position());
                return Err(source.malformed(position, error.to_string()));
            }
        };
        let end = reader.buffer_position();
        let at = reader.get_ref().in_source(start);
        let text = reader.get_ref().text(start, end)?;
        let text = match event {
            Seen::Start(..) => split.entities.replaced(text, true),
            Seen::Reference => split.entities.replaced(text, false),
            Seen::DocType => Entities::read(text).map(|entities| {
                split.entities = entities;
                text.into()
            }),
            _ => Ok(text.into()),
        };
        let text = &*text.map_err(|reason| source.malformed(at, reason))?;
        match event {
            Seen::Start(..) if split.open.len() == MAX_DEPTH => {
                return Err(source.malformed(at, format!("more than {MAX_DEPTH} elements in one another")));
            }
            Seen::Start(_, namespaces) if split.namespaces() + namespaces > MOST_NAMESPACES => {
                return Err(source.malformed(at, format!("more than {MOST_NAMESPACES} namespaces")));
            }
            Seen::Start(name, namespaces) => {
                let label =
                    text.trim_start_matches('<').split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next();
                let label = label.unwrap_or_default().to_owned();
                let is_item = split.item.is_none() && split.is_item(&name);
                if is_item {
                    split.item = Some(Item { depth: split.open.len(), ..Item::default() });
                }
                split.push(text);
                split.pass_over(&label);
                // Only what items stand in is asked for again.
                let tag = if split.open.len() < 2 && split.item.is_none() { text.to_owned() } else { String::new() };
                if tag.len() > LONGEST_TAG {
                    return Err(source.malformed(at, "this tag is longer than any site's"));
                }
                if split.open.len() == 1 && name == "channel" {
                    split.channel = format!("{tag}</{label}>");
                }
                split.open.push(Open { name, label, tag, at, is_item, namespaces });
            }
            Seen::End => {
                let Some(closed) = split.open.pop() else { continue };
                split.pass_over_no_more();
                split.push(text);
                if let Some(item) = split.item.take_if(|_| closed.is_item) {
                    let document = (!item.is_too_long).then(|| split.document(&item.text));
                    if take(document.as_deref())?.is_break() {
                        return Ok(split.around);
                    }
                }
                if split.around.len() > LONGEST_HEAD {
                    return Err(source.malformed(at, "it says more of itself than any site does"));
                }
                if split.open.is_empty() {
                    let end = reader.get_ref().in_source(end);
                    return match next_element(&mut reader) {
                        Some(name) if is_root(&name) => {
                            Err(source.malformed(end, format!("a document <{name}> begins behind the end of another")))
                        }
                        // Anything else is of no interest; servers append advertisements and notices.
                        _ => Ok(split.around),
                    };
                }
            }
            Seen::Eof => return Err(ends_inside(source, split.open.last(), reader.get_ref().in_source(end))),
            Seen::Reference | Seen::DocType | Seen::Other => split.push(text),
        }
        reader.get_mut().forget(end);
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
            _ => {}
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
    Reference,
    DocType,
    Other,
}

impl Seen {
    fn of(event: &Event<'_>) -> Self {
        let name = |tag: &BytesStart<'_>| tag.local_name().as_ref().to_owned();
        match event {
            Event::Start(tag) => Self::Start(name(tag), tag.attributes_raw().matches("xmlns").count()),
            Event::End(_) => Self::End,
            Event::Eof => Self::Eof,
            Event::GeneralRef(_) => Self::Reference,
            Event::DocType(_) => Self::DocType,
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

/// An item on its way in.
#[derive(Default)]
struct Item {
    text: String,
    is_too_long: bool,
    /// How many elements it stands in.
    depth: usize,
    /// How many elements that stands in of which nothing is kept now.
    passed_over: Option<usize>,
    /// The state and the type of the comment that this is.
    comment: [String; 2],
}

/// What is read of a comment: whether it was shown, and whether it is one.
const SAID_OF_COMMENTS: [&str; 2] = ["wp:comment_approved", "wp:comment_type"];

/// No word for either is longer, nor what it is written in.
const LONGEST_WORD: usize = 200;

/// A word that may be written as CDATA.
fn said(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).unwrap_or(text).trim()
}

#[derive(Default)]
struct Split {
    entities: Entities,
    /// The outermost first.
    open: Vec<Open>,
    around: String,
    /// The channel without what is in it, which says what namespace the items beside it are in.
    channel: String,
    /// The item that is being read.
    item: Option<Item>,
}

impl Split {
    /// Takes what is written next.
    fn push(&mut self, text: &str) {
        match &mut self.item {
            None => self.around.push_str(text),
            Some(Item { passed_over: Some(depth), comment, is_too_long: false, .. }) => {
                if let [open] = &self.open[(*depth + 1).min(self.open.len())..]
                    && let Some(at) = SAID_OF_COMMENTS.iter().position(|label| *label == open.label)
                    && comment[at].len() + text.len() <= LONGEST_WORD
                {
                    comment[at].push_str(text);
                }
            }
            Some(item) if item.is_too_long || item.passed_over.is_some() => {}
            Some(item) if item.text.len() + text.len() > LONGEST_ITEM => {
                item.is_too_long = true;
                item.text = String::new();
            }
            Some(item) => item.text.push_str(text),
        }
    }

    /// Passes over what is in an element that begins now, if it is the comment of a reader: a post may have more of them than all
    /// else, and they are counted and not read.
    fn pass_over(&mut self, label: &str) {
        let depth = self.open.len();
        if let Some(item) = &mut self.item
            && label == "wp:comment"
            && depth == item.depth + 1
        {
            item.passed_over = Some(depth);
        }
    }

    /// An element has ended.
    fn pass_over_no_more(&mut self) {
        let depth = self.open.len();
        if let Some(item) = &mut self.item {
            let is_over = item.passed_over.take_if(|passed_over| *passed_over == depth).is_some();
            if is_over {
                let [state, kind] = std::mem::take(&mut item.comment);
                let [state, kind] = [said(&state), said(&kind)];
                self.push(not_shown(state, kind).unwrap_or_default());
            }
        }
    }

    /// How many namespaces are declared here.
    fn namespaces(&self) -> usize {
        self.open.iter().map(|open| open.namespaces).sum()
    }

    /// Whether an element that begins here is an item: one of RSS in its channel or beside it, one of Atom in its feed, or what tells that one
    /// is gone (RFC 6721).
    fn is_item(&self, name: &str) -> bool {
        match (name, self.open.len()) {
            ("item" | "entry" | "deleted-entry", 1) => true,
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
