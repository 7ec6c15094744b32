//! Cursors of the change log, as its followers outside keep them.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;

use super::{Change, ChangeSeq};

/// A place in the change log: the number of a change, and when it was written.
///
/// A number alone would be taken for another change's where a database was restored and has gone on from an earlier state. Two
/// changes of one number are not written in the same microsecond, so the time tells one history from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeCursor {
    /// The number of the change; 0 stands for the beginning of the log.
    pub seq: ChangeSeq,
    /// When it was written, in microseconds since 1970.
    pub micros: i64,
}

/// A text that is no cursor of a change log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of the change log")]
pub struct ChangeCursorError;

const VERSION: u8 = 1;
const BYTES: usize = 1 + 8 + 8;

impl ChangeCursor {
    /// Before the first change.
    pub const BEGINNING: Self = Self { seq: 0, micros: 0 };

    /// The place of a change.
    #[must_use]
    pub fn of(change: &Change) -> Self {
        Self::at(change.seq, change.at)
    }

    /// The place of a change of this number and time.
    #[must_use]
    pub fn at(seq: ChangeSeq, at: Timestamp) -> Self {
        Self { seq, micros: at.as_microsecond() }
    }

    /// Whether it stands for the beginning of the log.
    #[must_use]
    pub fn is_beginning(self) -> bool {
        self == Self::BEGINNING
    }
}

impl fmt::Display for ChangeCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; BYTES];
        bytes[0] = VERSION;
        bytes[1..9].copy_from_slice(&self.seq.to_be_bytes());
        bytes[9..].copy_from_slice(&self.micros.to_be_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for ChangeCursor {
    type Err = ChangeCursorError;

    fn from_str(text: &str) -> Result<Self, ChangeCursorError> {
        // What is longer is none; this bounds what is decoded.
        if text.len() > 2 * BYTES {
            return Err(ChangeCursorError);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ChangeCursorError)?;
        let bytes: [u8; BYTES] = bytes.try_into().map_err(|_| ChangeCursorError)?;
        let (seq, micros) = bytes[1..].split_first_chunk().ok_or(ChangeCursorError)?;
        let seq = ChangeSeq::from_be_bytes(*seq);
        let micros = i64::from_be_bytes(micros.try_into().map_err(|_| ChangeCursorError)?);
        if bytes[0] != VERSION || seq < 0 || (seq == 0 && micros != 0) {
            return Err(ChangeCursorError);
        }
        Ok(Self { seq, micros })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_cursor_is_refused() {
        let other_version = URL_SAFE_NO_PAD.encode([2; BYTES]);
        let negative = ChangeCursor { seq: -1, micros: 0 }.to_string();
        let beginning = ChangeCursor { seq: 0, micros: 1 }.to_string();
        for text in ["", "AQ", "not base64!", &other_version, &negative, &beginning, &"A".repeat(100_000)] {
            assert_eq!(text.parse::<ChangeCursor>(), Err(ChangeCursorError), "{}", text.len());
        }
    }

    proptest! {
        #[test]
        fn every_cursor_comes_back(seq in 1i64.., micros in any::<i64>()) {
            let cursor = ChangeCursor { seq, micros };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }
}
