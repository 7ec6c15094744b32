//! Why a source cannot be read.

use std::{
    fmt,
    io::{self, BufRead},
};

use crate::read::{detect::SourceFormat, input::InputError};

/// Why a source as a whole cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It cannot be read, or not to its end.
    #[error("it breaks off: {0}")]
    Input(InputError),
    /// There is nothing in it but white space.
    #[error("the source is empty")]
    Empty,
    /// It is in none of the formats we read.
    #[error("not a format that can be read: wanted is a WordPress export, RSS, Atom or JSON Feed")]
    UnknownFormat,
    /// It is packed, by a program of this name.
    #[error("it is compressed ({0}): unpack it first")]
    Compressed(&'static str),
    /// It is a picture, a film or a program, but no text.
    #[error("it is not text")]
    NotText,
    /// It is a page for browsers.
    #[error("it is an HTML page, not a feed: the address of the feed is another")]
    Page,
    /// It is our own dump, which another reader takes.
    #[error("this is a dump of courant, which is restored and not imported")]
    Dump,
    /// It names an encoding the Encoding Standard does not know.
    #[error("unknown encoding {0:?}")]
    UnknownEncoding(String),
    /// Its bytes are not in the encoding it names; UTF-8 where it names none.
    #[error("not {encoding} at {position}, though that is its encoding by declaration or default")]
    Encoding {
        /// The encoding's name.
        encoding: &'static str,
        /// The first place that is not in it.
        position: Position,
    },
    /// It breaks the rules of XML, JSON or the format.
    #[error("malformed {format} at {position}: {reason}")]
    Malformed {
        /// What it was taken for.
        format: SourceFormat,
        /// Where the parser stopped.
        position: Position,
        /// What the parser says.
        reason: String,
    },
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Input(error.into())
    }
}

/// A place in a source, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Position {
    /// Where every source begins.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// The place of a byte of a text; the end of the text when it is behind it.
    pub(crate) fn of(mut text: impl BufRead, offset: u64) -> io::Result<Self> {
        let (mut here, mut left) = (Self::START, usize::try_from(offset).unwrap_or(usize::MAX));
        loop {
            let piece = text.fill_buf()?;
            let length = piece.len().min(left);
            if length == 0 {
                return Ok(here);
            }
            here.pass(&piece[..length]);
            text.consume(length);
            left -= length;
        }
    }

    /// Goes behind some bytes of UTF-8.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        let (lines, last) = match bytes.iter().rposition(|byte| *byte == b'\n') {
            None => (0, bytes),
            Some(end) => (bytes.iter().filter(|byte| **byte == b'\n').count(), &bytes[end + 1..]),
        };
        // Characters begin with every byte that does not continue one.
        let characters = last.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        *self = Self { line: self.line + lines, column: characters + if lines > 0 { 1 } else { self.column } };
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_from_one() {
        for (text, offset, line, column) in [("ab", 0, 1, 1), ("ä\nöü!", 7, 2, 3), ("a\n", 99, 2, 1)] {
            assert_eq!(Position::of(text.as_bytes(), offset).unwrap(), Position { line, column });
            let pieces = std::io::BufReader::with_capacity(2, text.as_bytes());
            assert_eq!(Position::of(pieces, offset).unwrap(), Position { line, column }, "{text} in pieces");
        }
    }
}
