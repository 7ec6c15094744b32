//! Why a source cannot be read.

use std::fmt;

use crate::read::detect::SourceFormat;

/// Why a source as a whole cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
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

/// A place in a source, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Position {
    /// The place of a byte of a text; the end of the text when it is behind it.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        // Characters begin with every byte that does not continue one.
        let characters = before[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        Self { line: 1 + before.iter().filter(|byte| **byte == b'\n').count(), column: characters + 1 }
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
        assert_eq!(Position::of("ab", 0), Position { line: 1, column: 1 });
        assert_eq!(Position::of("ä\nöü!", 7), Position { line: 2, column: 3 });
        assert_eq!(Position::of("a\n", 99), Position { line: 2, column: 1 });
    }
}
