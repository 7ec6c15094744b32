//! What is to be imported: recognised by what is in it, packed or not, and read from its beginning as often as it takes.

mod archive;
mod file;

use std::{
    io::{self, BufRead, BufReader, Read},
    sync::Arc,
};

use courant_syndication::{Input, SourceFormat, detect};

pub use self::{archive::ArchiveError, file::Given};
use self::{archive::Packing, file::Spooled};
use crate::error::SourceError;

/// The first line of a dump is far shorter than this.
const FIRST_LINE: usize = 1024;

/// Something to be read.
pub enum Source {
    /// Our own dump, from its first line on. It is restored, by
    /// [`Admin::restore_dump`](courant_persistence::Admin::restore_dump), and not imported.
    Dump(Box<dyn BufRead + Send>),
    /// Anything else.
    Content(Content),
}

/// What a file holds: itself, or what is packed in it.
pub struct Found {
    /// What it is called in its archive, if it is in one.
    pub name: Option<String>,
    /// How many bytes there are to read.
    pub length: u64,
    /// What it is, or why that cannot be told.
    pub source: Result<Source, SourceError>,
}

/// Content that can be read again and again. It takes no memory.
#[derive(Clone)]
pub struct Content {
    bytes: Arc<Spooled>,
    packing: Packing,
}

impl Input for Content {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(self.reader())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: Arc::new(Spooled::Bytes(bytes)), packing: Packing::None }
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content").field("packing", &self.packing).finish_non_exhaustive()
    }
}

impl Content {
    fn reader(&self) -> Box<dyn Read + Send + 'static> {
        self.packing.unpacked(&self.bytes)
    }
}

impl Source {
    /// What a file holds, or what comes in on a stream: what can be read but once is kept in a file of its own, which is for its owner
    /// alone and goes with this process.
    ///
    /// # Errors
    /// [`SourceError`] when it cannot be read at all. Of an archive, what is in it may be wrong one by one.
    pub fn find(input: Given) -> Result<Vec<Found>, SourceError> {
        let bytes = Arc::new(Spooled::of(input).map_err(SourceError::BreaksOff)?);
        let packings = archive::packings(&bytes)?;
        let found = packings.into_iter().map(|(name, packing)| {
            let length = packing.as_ref().map_or(0, |packing| packing.length(&bytes));
            let content = packing.map(|packing| Content { bytes: Arc::clone(&bytes), packing });
            Found { name, length, source: content.map_err(SourceError::from).and_then(Self::of) }
        });
        Ok(found.collect())
    }

    fn of(content: Content) -> Result<Self, SourceError> {
        let mut input = BufReader::with_capacity(256 * 1024, content.reader());
        let mut first = Vec::new();
        let mut seen = 0;
        // Blank lines in front are nothing.
        while seen < FIRST_LINE && first.iter().all(u8::is_ascii_whitespace) {
            first.clear();
            let read = input.by_ref().take(FIRST_LINE as u64).read_until(b'\n', &mut first)?;
            if read == 0 {
                break;
            }
            seen += read;
        }
        let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
        // In UTF-16 the line's end is one byte more, on one side or the other.
        let line = first.strip_suffix(b"\n").unwrap_or(first);
        let line = line.strip_suffix(b"\0").filter(|_| line.len() % 2 == 1).unwrap_or(line);
        if line.starts_with(b"SQLite format 3\0") {
            return Err(SourceError::Database);
        }
        if detect(line) != Some(SourceFormat::Courant) {
            return Ok(Self::Content(content));
        }
        if !line.starts_with(b"{") || line.contains(&0) {
            return Err(SourceError::DumpNotUtf8);
        }
        Ok(Self::Dump(Box::new(BufReader::with_capacity(256 * 1024, content.reader()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"courant":{"dump":1}}"#;

    fn is_dump(bytes: &[u8]) -> Result<bool, SourceError> {
        let found = Source::find(Given::Stream(Box::new(io::Cursor::new(bytes.to_vec()))))?;
        assert_eq!(found.len(), 1);
        found.into_iter().next().unwrap().source.map(|source| matches!(source, Source::Dump(_)))
    }

    #[test]
    fn a_dump_is_known_behind_blank_lines_and_a_byte_order_mark() {
        for text in [format!("{HEAD}\n"), format!("\n \n{HEAD}\n"), format!("\u{feff}{HEAD}\n")] {
            assert!(is_dump(text.as_bytes()).unwrap(), "{text:?}");
        }
        assert!(!is_dump(b"\n\n<rss/>").unwrap());
        assert!(!is_dump(b"").unwrap());
    }

    #[test]
    fn what_can_be_done_about_a_dump_in_another_encoding_is_said() {
        for text in [format!("\u{feff}{HEAD}\n"), format!("{HEAD}\n")] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for bytes in [little, big] {
                assert!(is_dump(&bytes).unwrap_err().to_string().contains("save it as UTF-8"));
            }
        }
    }
}
