//! What is to be imported: recognised by what is in it.

use std::io::{BufRead, BufReader, Cursor, Read};

use courant_syndication::{SourceFormat, detect};

use crate::error::SourceError;

/// The first line of a dump is far shorter than this.
const FIRST_LINE: usize = 1024;

/// Something to be read.
pub enum Source {
    /// Our own dump, which may be larger than memory, from its first line on. It is restored, by
    /// [`Admin::restore_dump`](courant_persistence::Admin::restore_dump), and not imported.
    Dump(Box<dyn BufRead + Send>),
    /// Anything else, whole.
    Content(Vec<u8>),
}

impl Source {
    /// Reads a source: its first line, if it is a dump, and else all of it.
    ///
    /// # Errors
    /// [`SourceError`] when it cannot be read, or is something that is neither imported nor restored.
    pub fn read(input: impl Read + Send + 'static) -> Result<Self, SourceError> {
        let mut input = BufReader::with_capacity(256 * 1024, input);
        let mut head = Vec::new();
        let mut first = Vec::new();
        // Blank lines in front are nothing.
        while head.len() < FIRST_LINE && first.iter().all(u8::is_ascii_whitespace) {
            first.clear();
            if input.by_ref().take(FIRST_LINE as u64).read_until(b'\n', &mut first)? == 0 {
                break;
            }
            head.extend_from_slice(&first);
        }
        let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
        // In UTF-16 the line's end is one byte more, on one side or the other.
        let line = first.strip_suffix(b"\n").unwrap_or(first);
        let line = line.strip_suffix(b"\0").filter(|_| line.len() % 2 == 1).unwrap_or(line);
        if line.starts_with(b"SQLite format 3\0") {
            return Err(SourceError::Database);
        }
        let format = detect(line);
        if format == Some(SourceFormat::Courant) && (!line.starts_with(b"{") || line.contains(&0)) {
            return Err(SourceError::DumpNotUtf8);
        }
        let mut rest = Cursor::new(head).chain(input);
        if format == Some(SourceFormat::Courant) {
            return Ok(Self::Dump(Box::new(rest)));
        }
        let mut bytes = Vec::new();
        rest.read_to_end(&mut bytes).map_err(SourceError::BreaksOff)?;
        Ok(Self::Content(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"courant":{"dump":1}}"#;

    fn is_dump(bytes: &[u8]) -> Result<bool, SourceError> {
        Source::read(Cursor::new(bytes.to_vec())).map(|source| matches!(source, Source::Dump(_)))
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
