//! A source of which it is known how it is read.

use std::io::{self, BufRead, Read};

use crate::read::{
    decode::{Decoding, Text},
    detect::{self, SourceFormat},
    error::{Position, ReadError},
    input::Input,
};

/// Nobody writes so long an article: of an item that is longer, as it is written, nothing is kept.
pub(crate) const LONGEST_ITEM: usize = 4 * 1024 * 1024;

/// A source, its encoding and its format.
pub(crate) struct Source<'a> {
    input: &'a dyn Input,
    pub(crate) decoding: Decoding,
    pub(crate) format: SourceFormat,
}

impl<'a> Source<'a> {
    /// Finds out what a source is.
    pub(crate) fn of(input: &'a dyn Input) -> Result<Self, ReadError> {
        let decoding = Decoding::of(input)?;
        let text = || decoding.text(input);
        let beginning = beginning(text()?)?;
        if beginning.trim().is_empty() {
            return Err(ReadError::Empty);
        }
        let format = detect::detect_text(text)?.ok_or_else(|| match () {
            () if detect::is_page(&beginning) => ReadError::Page,
            () if decoding.has_zeros => ReadError::NotText,
            () => ReadError::UnknownFormat,
        })?;
        if format == SourceFormat::Courant {
            return Err(ReadError::Dump);
        }
        Ok(Self { input, decoding, format })
    }

    /// The text, from its beginning on.
    pub(crate) fn text(&self) -> io::Result<Text<Box<dyn Read + 'a>>> {
        self.decoding.text(self.input)
    }

    /// What is wrong at a byte of the text.
    pub(crate) fn malformed(&self, offset: u64, reason: impl Into<String>) -> ReadError {
        let position = self.text().and_then(|text| Position::of(text, offset)).unwrap_or(Position::START);
        ReadError::Malformed { format: self.format, position, reason: reason.into() }
    }
}

/// What a text begins with, without the white space in front of it.
pub(crate) fn beginning(mut text: impl BufRead) -> io::Result<String> {
    const ENOUGH: usize = 8 * 1024;
    let mut beginning = Vec::new();
    loop {
        let piece = text.fill_buf()?;
        let length = piece.len();
        if length == 0 || beginning.len() >= ENOUGH {
            return Ok(String::from_utf8_lossy(&beginning).into_owned());
        }
        let kept = if beginning.is_empty() { piece.trim_ascii_start() } else { piece };
        beginning.extend_from_slice(&kept[..kept.len().min(ENOUGH)]);
        text.consume(length);
    }
}
