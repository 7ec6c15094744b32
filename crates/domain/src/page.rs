//! Pages of lists, as the Relay Cursor Connections specification has them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::id::EntryId;

/// A place in a list: the key it is ordered by, and the entry, which makes it unique.
///
/// It stays a place when the entry itself is no longer in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The ordering key: microseconds since 1970, a day's number, or a count.
    pub key: i64,
    /// The entry.
    pub entry: EntryId,
}

/// A text that is no cursor of the list it was given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// It is no cursor at all.
    #[error("not a cursor")]
    Malformed,
    /// It was made by a list with another filter, order or locale.
    #[error("a cursor of another list")]
    OtherList,
}

const CURSOR_BYTES: usize = 1 + 4 + 8 + 16;
const CURSOR_VERSION: u8 = 1;

impl Position {
    /// The opaque text for this place in the list with this fingerprint.
    #[must_use]
    pub fn to_cursor(self, fingerprint: u32) -> String {
        let mut bytes = [0; CURSOR_BYTES];
        bytes[0] = CURSOR_VERSION;
        bytes[1..5].copy_from_slice(&fingerprint.to_be_bytes());
        bytes[5..13].copy_from_slice(&self.key.to_be_bytes());
        bytes[13..].copy_from_slice(self.entry.uuid().as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor of the list with this fingerprint.
    ///
    /// # Errors
    /// [`CursorError`] when it is none, or another list's.
    pub fn from_cursor(text: &str, fingerprint: u32) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Malformed)?;
        let bytes: [u8; CURSOR_BYTES] = bytes.try_into().map_err(|_| CursorError::Malformed)?;
        let (print, rest) = bytes[1..].split_first_chunk().ok_or(CursorError::Malformed)?;
        let (key, rest) = rest.split_first_chunk().ok_or(CursorError::Malformed)?;
        let entry = Uuid::from_slice(rest).map_err(|_| CursorError::Malformed)?;
        if bytes[0] != CURSOR_VERSION {
            return Err(CursorError::Malformed);
        }
        if u32::from_be_bytes(*print) != fingerprint {
            return Err(CursorError::OtherList);
        }
        Ok(Self { key: i64::from_be_bytes(*key), entry: entry.into() })
    }
}

/// Which end of the list a page is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `first`: from the beginning, or from behind `after`.
    Forward,
    /// `last`: from the end, or from before `before`.
    Backward,
}

/// The page of a list that is wanted. Its edges always come in the list's own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// How many at the most.
    pub size: u32,
    /// From which end.
    pub direction: Direction,
    /// Only what lies behind this place.
    pub after: Option<Position>,
    /// Only what lies before this place.
    pub before: Option<Position>,
}

/// Paging arguments that ask for no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Both `first` and `last`.
    #[error("give first or last, not both")]
    BothEnds,
    /// A negative number.
    #[error("first and last cannot be negative")]
    Negative,
    /// More than one page may have.
    #[error("a page has at most {max} items")]
    TooLarge {
        /// The most it may have.
        max: u32,
    },
    /// `after` or `before` is no cursor of the list.
    #[error(transparent)]
    Cursor(#[from] CursorError),
}

impl PageRequest {
    /// The size of a page when none is asked for.
    pub const DEFAULT_SIZE: u32 = 20;

    /// The first so many.
    #[must_use]
    pub const fn first(size: u32) -> Self {
        Self { size, direction: Direction::Forward, after: None, before: None }
    }

    /// Reads the four arguments of a connection.
    ///
    /// # Errors
    /// [`PageError`] when they contradict each other, ask for too much, or a cursor is not one of this list.
    pub fn parse(
        arguments: &PageArguments<'_>,
        max: u32,
        fingerprint: impl FnOnce() -> u32,
    ) -> Result<Self, PageError> {
        let PageArguments { first, after, last, before } = *arguments;
        let (direction, size) = match (first, last) {
            (Some(_), Some(_)) => return Err(PageError::BothEnds),
            (None, Some(last)) => (Direction::Backward, last),
            (Some(first), None) => (Direction::Forward, first),
            (None, None) => (Direction::Forward, i64::from(Self::DEFAULT_SIZE.min(max))),
        };
        let size = u32::try_from(size)
            .map_err(|_| if size < 0 { PageError::Negative } else { PageError::TooLarge { max } })?;
        if size > max {
            return Err(PageError::TooLarge { max });
        }
        if after.is_none() && before.is_none() {
            return Ok(Self { size, direction, after: None, before: None });
        }
        let print = fingerprint();
        let read = |text: Option<&str>| text.map(|text| Position::from_cursor(text, print)).transpose();
        Ok(Self { size, direction, after: read(after)?, before: read(before)? })
    }
}

/// A connection's arguments as a client wrote them.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageArguments<'a> {
    /// How many from the beginning.
    pub first: Option<i64>,
    /// Behind this cursor.
    pub after: Option<&'a str>,
    /// How many from the end.
    pub last: Option<i64>,
    /// Before this cursor.
    pub before: Option<&'a str>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it, in the list's order, each with its place.
    pub items: Vec<(Position, T)>,
    /// Whether more lies behind it.
    pub has_next: bool,
    /// Whether more lies before it.
    pub has_previous: bool,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), has_next: false, has_previous: false }
    }
}

impl<T> Page<T> {
    /// Makes a page of what was found when one more than `request.size` was asked for, in the direction of the request
    /// (so backwards for [`Direction::Backward`]).
    ///
    /// Counted from the beginning, there is a next page when the page does not reach the cursor `before` or the end;
    /// and a previous one when `after` was given, which stands for an item on its other side (Relay's `HasNextPage` and
    /// `HasPreviousPage`). From the end it is the other way round.
    #[must_use]
    pub fn cut(request: &PageRequest, mut found: Vec<(Position, T)>) -> Self {
        let size = request.size as usize;
        let more = found.len() > size;
        found.truncate(size);
        match request.direction {
            Direction::Forward => Self { items: found, has_next: more, has_previous: request.after.is_some() },
            Direction::Backward => {
                found.reverse();
                Self { items: found, has_next: request.before.is_some(), has_previous: more }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(arguments: &PageArguments<'_>) -> Result<PageRequest, PageError> {
        PageRequest::parse(arguments, 100, || 7)
    }

    #[test]
    fn arguments_that_ask_for_no_page_are_refused() {
        let both = PageArguments { first: Some(1), last: Some(1), ..Default::default() };
        assert_eq!(parse(&both), Err(PageError::BothEnds));
        let negative = PageArguments { last: Some(-1), ..Default::default() };
        assert_eq!(parse(&negative), Err(PageError::Negative));
        let large = PageArguments { first: Some(101), ..Default::default() };
        assert_eq!(parse(&large), Err(PageError::TooLarge { max: 100 }));
        assert_eq!(parse(&PageArguments::default()).unwrap(), PageRequest::first(20));
    }

    #[test]
    fn one_more_than_asked_for_tells_that_there_is_more() {
        let place = |key| (Position { key, entry: Uuid::nil().into() }, key);
        let forward = PageRequest::first(2);
        let page = Page::cut(&forward, vec![place(1), place(2), place(3)]);
        assert_eq!((page.items.len(), page.has_next, page.has_previous), (2, true, false));
        let backward = PageRequest { direction: Direction::Backward, ..forward };
        let page = Page::cut(&backward, vec![place(3), place(2), place(1)]);
        assert_eq!(page.items.iter().map(|(_, key)| *key).collect::<Vec<_>>(), [2, 3]);
        assert!(page.has_previous && !page.has_next);

        // Between two cursors, what lies behind the other one is none of the page's business.
        let (after, before) = (Some(place(0).0), Some(place(9).0));
        let page = Page::cut(&PageRequest { after, before, ..forward }, vec![place(1)]);
        assert_eq!((page.has_next, page.has_previous), (false, true));
        let page = Page::cut(&PageRequest { after, before, ..backward }, vec![place(1)]);
        assert_eq!((page.has_next, page.has_previous), (true, false));
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_the_place_it_was_made_of(key: i64, id: u128, print: u32, other: u32) {
            let place = Position { key, entry: Uuid::from_u128(id).into() };
            let cursor = place.to_cursor(print);
            prop_assert_eq!(Position::from_cursor(&cursor, print), Ok(place));
            if other != print {
                prop_assert_eq!(Position::from_cursor(&cursor, other), Err(CursorError::OtherList));
            }
        }

        #[test]
        fn what_is_no_cursor_is_refused(text in "\\PC{0,60}") {
            if let Ok(place) = Position::from_cursor(&text, 7) {
                prop_assert_eq!(place.to_cursor(7), text);
            }
        }
    }
}
