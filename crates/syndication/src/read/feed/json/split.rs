//! A feed of JSON item by item: so much is in memory at once as one item has.

use std::{
    cell::{Cell, RefCell},
    fmt, io,
    io::{BufRead, BufReader, Read},
    ops::ControlFlow,
    rc::Rc,
};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{
    super::mend::{Mender, Slip},
    Object,
    bounded::Bounded,
    fence::Fence,
};
use crate::read::{
    decode::Text,
    error::{Position, ReadError},
    source::{LONGEST_ITEM, Source},
};

/// What is said of the feed as a whole is no longer than this.
const LONGEST_HEAD: usize = 16 * 1024 * 1024;

/// What is around the items of a feed.
pub(crate) struct Around {
    pub(crate) feed: Object,
    /// What was wrong in it and could be mended.
    pub(crate) slips: Vec<Slip>,
    /// Whether it has a list of items, which may be empty.
    pub(crate) has_items: bool,
    /// How many values are left out of its lists and objects, which are longer than anybody's.
    pub(crate) left_out: u64,
}

/// Gives each item of a feed to `take`, until that ends it, and returns what is around them; of an item that is longer than any, it gives
/// none.
pub(crate) fn split(
    source: &Source<'_>,
    take: &mut dyn FnMut(Option<Value>) -> ControlFlow<()>,
) -> Result<Around, ReadError> {
    let state = Rc::new(State::default());
    let shared = Rc::clone(&state);
    let text = Mended {
        text: source.text()?,
        kept: String::new(),
        mended: String::new(),
        out: Vec::new(),
        at: 0,
        state: shared,
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(text));
    let mut walk = Walk { feed: Object::new(), has_items: false, is_over: false, count: 0, state: &state, take };
    let read = (&mut walk).deserialize(&mut json).and_then(|()| if walk.is_over { Ok(()) } else { json.end() });
    let Walk { feed, has_items, is_over, .. } = walk;
    match read {
        Err(error) if !is_over => Err(failed(source, error, &state)),
        _ => Ok(Around { feed, slips: state.mender.take().slips, has_items, left_out: state.left_out.get() }),
    }
}

fn failed(source: &Source<'_>, error: serde_json::Error, state: &State) -> ReadError {
    let (line, column) = (state.fence.borrow().line(error.line()), error.column());
    let reason = error.to_string();
    if error.is_io() && !state.is_full.get() {
        return ReadError::Input(io::Error::from(error).into());
    }
    let reason = match state.is_full.get() {
        true => "it says more of itself than any site does",
        false => reason.split(" at line ").next().unwrap_or_default(),
    };
    ReadError::Malformed { format: source.format, position: Position { line, column }, reason: reason.to_owned() }
}

/// What the reader of the text and the reader of the values share.
struct State {
    mender: RefCell<Mender>,
    fence: RefCell<Fence>,
    /// How many bytes were read since the last item ended.
    length: Cell<usize>,
    is_full: Cell<bool>,
    left_out: Cell<u64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            mender: RefCell::default(),
            fence: RefCell::new(Fence::new(LONGEST_ITEM)),
            length: Cell::default(),
            is_full: Cell::default(),
            left_out: Cell::default(),
        }
    }
}

/// The text with its slips mended, and without items that are too long.
struct Mended<R> {
    text: Text<R>,
    /// What is not mended yet.
    kept: String,
    mended: String,
    out: Vec<u8>,
    at: usize,
    state: Rc<State>,
}

impl<R: Read> Read for Mended<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() {
            self.out.clear();
            self.at = 0;
            let piece = self.text.piece()?;
            let length = piece.len();
            self.kept.push_str(piece);
            self.text.consume(length);
            self.mended.clear();
            let taken = self.state.mender.borrow_mut().mend(&self.kept, length == 0, &mut self.mended);
            self.kept.drain(..taken);
            let mut fence = self.state.fence.borrow_mut();
            fence.pass(self.mended.as_bytes(), &mut self.out);
            if length == 0 {
                fence.end(&mut self.out);
                break;
            }
        }
        let rest = &self.out[self.at..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        self.state.length.set(self.state.length.get() + length);
        if self.state.length.get() > LONGEST_HEAD {
            self.state.is_full.set(true);
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(length)
    }
}

/// Goes through the feed.
struct Walk<'a> {
    feed: Object,
    has_items: bool,
    /// Whether nobody wants more of it.
    is_over: bool,
    /// How many items there were.
    count: u64,
    state: &'a State,
    take: &'a mut dyn FnMut(Option<Value>) -> ControlFlow<()>,
}

impl<'de> DeserializeSeed<'de> for &mut Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feed")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "items" {
                map.next_value_seed(Items(self))?;
            } else {
                self.feed.insert(name, map.next_value_seed(Bounded(&self.state.left_out))?);
            }
        }
        Ok(())
    }
}

/// Goes through the items.
struct Items<'w, 'a>(&'w mut Walk<'a>);

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.has_items = true;
        while let Some(item) = items.next_element_seed(Bounded(&self.0.state.left_out))? {
            self.0.state.length.set(0);
            self.0.count += 1;
            let is_too_long = self.0.state.fence.borrow_mut().too_long.remove(&self.0.count);
            if (self.0.take)((!is_too_long).then_some(item)).is_break() {
                self.0.is_over = true;
                return Err(A::Error::custom("nobody wants more"));
            }
        }
        Ok(())
    }

    // Anything else is no list; that there is none is said of the whole.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
