//! In which order hits come, and where one is in it.

use std::{fmt, str::FromStr};

use crate::{error::SearchError, statistics::Statistics};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// In which order hits come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The best first; of those that fit alike, the newest.
    #[default]
    Relevance,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

/// Where a hit is in its order: greater ones come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Rank {
    /// Whether it has all that was asked for. In every order, what has less comes after that.
    pub(crate) is_strict: bool,
    /// The bits of a score, or a time.
    pub(crate) first: i64,
    pub(crate) published: i64,
    pub(crate) entry: u128,
}

/// The bits of a score, without the last ones. Of numbers that are not negative, bits are in the order of the numbers; the last ones depend on
/// the order in which parts of it were added up, which other states of an index may do otherwise.
pub(crate) fn first_of(score: f32) -> i64 {
    const LAST: i64 = 1 << 8;
    (i64::from(score.max(0.0).to_bits()) + LAST / 2) / LAST * LAST
}

impl Order {
    /// What a hit is ordered by first, see [`Rank::first`].
    pub(crate) fn first(self, score: f32, published: i64) -> i64 {
        match self {
            Self::Relevance => first_of(score),
            Self::Newest => published,
            Self::Oldest => published.saturating_neg(),
        }
    }
}

/// A place in the hits of one search, to go on from.
///
/// It says which state of the index it is of, so that who turns pages soon after gets those of one state of it. Later on, or on another
/// server, the page is what comes after this place in the index as it is there, by the same weights, which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Which of the states that this process has had of its index.
    pub(crate) state: u32,
    pub(crate) rank: Rank,
    /// Of the search it belongs to.
    pub(crate) of: u32,
    /// Whether what has less than all that was asked for is among the hits: on each page, if on the first.
    pub(crate) is_wide: bool,
    /// What scores are weighed by.
    pub(crate) statistics: Statistics,
}

/// The first byte: a cursor of a search whose hits all have what was asked for; of one that is wider, and a hit that has it all; and one that
/// has less.
const STRICT: u8 = 1;
const WIDE: u8 = 2;
const LESS: u8 = 3;
const BYTES: usize = 1 + 4 + 4 + 8 + 8 + 16 + Statistics::BYTES;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.push(match (self.is_wide, self.rank.is_strict) {
            (false, _) => STRICT,
            (true, true) => WIDE,
            (true, false) => LESS,
        });
        bytes.extend(self.of.to_be_bytes());
        bytes.extend(self.state.to_be_bytes());
        bytes.extend(self.rank.first.to_be_bytes());
        bytes.extend(self.rank.published.to_be_bytes());
        bytes.extend(self.rank.entry.to_be_bytes());
        self.statistics.write(&mut bytes);
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for Cursor {
    type Err = SearchError;

    fn from_str(text: &str) -> Result<Self, SearchError> {
        fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], SearchError> {
            let (taken, left) = bytes.split_first_chunk().ok_or(SearchError::BadCursor)?;
            *bytes = left;
            Ok(*taken)
        }
        // What is longer is none; this bounds what is decoded.
        if text.len() > 2 * BYTES {
            return Err(SearchError::BadCursor);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SearchError::BadCursor)?;
        let mut bytes = bytes.as_slice();
        let [sort] = take(&mut bytes)?;
        if !(STRICT..=LESS).contains(&sort) {
            return Err(SearchError::BadCursor);
        }
        let of = u32::from_be_bytes(take(&mut bytes)?);
        let state = u32::from_be_bytes(take(&mut bytes)?);
        let first = i64::from_be_bytes(take(&mut bytes)?);
        let published = i64::from_be_bytes(take(&mut bytes)?);
        let entry = u128::from_be_bytes(take(&mut bytes)?);
        let statistics = Statistics::read(bytes)?;
        let rank = Rank { is_strict: sort != LESS, first, published, entry };
        Ok(Self { state, rank, of, is_wide: sort != STRICT, statistics })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "AQ", "not base64!", &"A".repeat(60), &"A".repeat(100_000)] {
            assert!(matches!(text.parse::<Cursor>(), Err(SearchError::BadCursor)), "{text}");
        }
    }

    #[test]
    fn what_says_too_much_or_too_little_is_refused() {
        for length in [0, 41, 45, BYTES + 1] {
            let text = URL_SAFE_NO_PAD.encode(vec![1_u8; length]);
            assert!(matches!(text.parse::<Cursor>(), Err(SearchError::BadCursor)), "{length}");
        }
        assert!(URL_SAFE_NO_PAD.encode([1_u8; BYTES]).parse::<Cursor>().is_ok());
        let of_no_texts = URL_SAFE_NO_PAD.encode([[1_u8; 41].as_slice(), &[0; 5]].concat());
        assert!(matches!(of_no_texts.parse::<Cursor>(), Err(SearchError::BadCursor)));
    }

    #[test]
    fn better_newer_and_greater_ids_come_first() {
        let rank = |order: Order, score, published, entry| Rank {
            is_strict: true,
            first: order.first(score, published),
            published,
            entry,
        };
        let of_score = |score, published, entry| rank(Order::Relevance, score, published, entry);
        assert!(of_score(2.0, 0, 0) > of_score(1.5, 9, 9));
        assert!(of_score(1.0, 2, 0) > of_score(1.0, 1, 9));
        assert!(of_score(1.0, 1, 2) > of_score(1.0, 1, 1));
        assert!(rank(Order::Oldest, 0.0, 1, 1) > rank(Order::Oldest, 9.0, 2, 1));
        assert!(rank(Order::Newest, 0.0, 2, 1) > rank(Order::Newest, 9.0, 1, 1));
        assert!(of_score(1.0, 1, 1) > Rank { is_strict: false, ..of_score(9.0, 9, 9) });
    }

    proptest! {
        #[test]
        fn every_cursor_comes_back(
            (of, state, first, published, entry) in any::<(u32, u32, i64, i64, u128)>(),
            (is_wide, all) in any::<(bool, bool)>(),
            statistics in prop::collection::vec(1..=255_u8, 5..=133),
        ) {
            let rank = Rank { is_strict: all || !is_wide, first, published, entry };
            let statistics = Statistics::read(&statistics).unwrap();
            let cursor = Cursor { state, rank, of, is_wide, statistics };
            prop_assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }
    }
}
