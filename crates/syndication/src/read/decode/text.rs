//! A source as text, a piece at a time.

use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
};

use encoding_rs::{Decoder, Encoding, WINDOWS_1252};

use super::{is_c1, is_stray_control, meant};

/// How much of a source is turned into text at once.
const PIECE: usize = 64 * 1024;

/// How the bytes of a source are read as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As UTF-8, in which all of them are.
    Utf8,
    /// As UTF-8, and what is none as windows-1252.
    Utf8WithStrays,
    /// In this encoding.
    In(&'static Encoding),
}

/// The text of a source. Control characters, which XML forbids and databases refuse, are spaces in it; exports of WordPress
/// hold them where an editor pasted from a word processor.
pub(crate) struct Text<R> {
    inner: R,
    decoder: Option<Decoder>,
    /// Bytes that are not text yet.
    raw: Vec<u8>,
    text: String,
    /// How much of the text was read.
    at: usize,
    is_at_end: bool,
}

impl<R: Read> Text<R> {
    /// The text of what follows, which has no byte order mark.
    pub(crate) fn new(inner: R, reading: Reading) -> Self {
        let decoder = match reading {
            Reading::Utf8 | Reading::Utf8WithStrays => None,
            Reading::In(encoding) => Some(encoding.new_decoder_without_bom_handling()),
        };
        Self { inner, decoder, raw: Vec::new(), text: String::new(), at: 0, is_at_end: false }
    }

    /// The next piece of text; empty at the end. A reader that takes bytes may have begun it.
    pub(crate) fn piece(&mut self) -> io::Result<&str> {
        self.fill_buf()?;
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        let read = more(&mut self.inner, &mut self.raw)?;
        self.is_at_end = read == 0;
        let taken = match &mut self.decoder {
            Some(decoder) => {
                let most = decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(4 * self.raw.len() + 16);
                self.text.reserve(most);
                let (_, taken, _) = decoder.decode_to_string(&self.raw, &mut self.text, self.is_at_end);
                taken
            }
            None => {
                let whole = if self.is_at_end { self.raw.len() } else { whole(&self.raw) };
                for chunk in self.raw[..whole].utf8_chunks() {
                    self.text.push_str(chunk.valid());
                    self.text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
                }
                whole
            }
        };
        self.raw.drain(..taken);
        if let Cow::Owned(meant) = as_meant(&self.text) {
            self.text = meant;
        }
        Ok(())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: Read> BufRead for Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.text.len() && !self.is_at_end {
            self.fill()?;
        }
        Ok(&self.text.as_bytes()[self.at..])
    }

    fn consume(&mut self, length: usize) {
        self.at = (self.at + length).min(self.text.len());
    }
}

/// Reads more bytes behind those there are, and says how many; none at the end.
pub(super) fn more(input: &mut impl Read, raw: &mut Vec<u8>) -> io::Result<usize> {
    let from = raw.len();
    raw.resize(from + PIECE, 0);
    loop {
        match input.read(&mut raw[from..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                raw.truncate(from);
                return Err(error);
            }
            Ok(read) => {
                raw.truncate(from + read);
                return Ok(read);
            }
        }
    }
}

/// How many of the bytes end with a whole character of UTF-8, or with what will never be one.
pub(super) fn whole(bytes: &[u8]) -> usize {
    let last = bytes.len().saturating_sub(3);
    let cut = bytes[last..].iter().rposition(|byte| *byte >= 0xC0).map(|at| last + at);
    let is_cut = |at: &usize| std::str::from_utf8(&bytes[*at..]).is_err_and(|error| error.error_len().is_none());
    cut.filter(is_cut).unwrap_or(bytes.len())
}

/// Replaces control characters, one for one, so that places stay what they were.
pub(super) fn as_meant(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| is_stray_control(c) || is_c1(c);
    // All of them but these two kinds of byte are signs of plain text, and there is far more of it.
    let may_have =
        text.bytes().any(|byte| byte < 0x20 && !matches!(byte, b'\n' | b'\t' | b'\r') || byte == 0x7F || byte == 0xC2);
    if may_have && text.chars().any(is_control) {
        Cow::Owned(text.chars().map(|c| if is_stray_control(c) { ' ' } else { meant(c) }).collect())
    } else {
        Cow::Borrowed(text)
    }
}
