//! Opening what is to be imported.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, stdin},
    path::Path,
};

use anyhow::{Context, Result, bail};
use courant_syndication::{SourceFormat, detect};

/// The first line of a dump is far shorter than this.
const FIRST_LINE: usize = 1024;

/// Something to be read.
pub(super) struct Source {
    pub(super) content: Content,
    /// In bytes, where it is known.
    pub(super) length: Option<u64>,
}

pub(super) enum Content {
    /// Our own dump, which may be larger than memory, from its first line on.
    Dump(Box<dyn BufRead + Send>),
    /// Anything else, whole.
    Other(Vec<u8>),
}

pub(super) fn open(path: &Path) -> Result<Source> {
    let (input, length): (Box<dyn Read + Send>, _) = if path == Path::new("-") {
        (Box::new(stdin()), None)
    } else {
        let file = File::open(path)?;
        let about = file.metadata()?;
        if about.is_dir() {
            bail!("it is a folder; name the files in it");
        }
        (Box::new(file), Some(about.len()))
    };
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
        bail!("it is a database; `courant restore` puts a backup in its place");
    }
    let format = detect(line);
    if format == Some(SourceFormat::Courant) && (!line.starts_with(b"{") || line.contains(&0)) {
        bail!("it is a dump, but not in UTF-8; save it as UTF-8");
    }
    let mut rest = std::io::Cursor::new(head).chain(input);
    let content = if format == Some(SourceFormat::Courant) {
        Content::Dump(Box::new(rest))
    } else {
        let mut bytes = Vec::new();
        rest.read_to_end(&mut bytes).context("it breaks off")?;
        Content::Other(bytes)
    };
    Ok(Source { content, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"courant":{"dump":1}}"#;

    fn opened(bytes: &[u8]) -> Result<bool> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        open(file.path()).map(|source| matches!(source.content, Content::Dump(_)))
    }

    #[test]
    fn a_dump_is_known_behind_blank_lines_and_a_byte_order_mark() {
        for text in [format!("{HEAD}\n"), format!("\n \n{HEAD}\n"), format!("\u{feff}{HEAD}\n")] {
            assert!(opened(text.as_bytes()).unwrap(), "{text:?}");
        }
        assert!(!opened(b"\n\n<rss/>").unwrap());
        assert!(!opened(b"").unwrap());
    }

    #[test]
    fn what_can_be_done_about_a_dump_in_another_encoding_is_said() {
        for text in [format!("\u{feff}{HEAD}\n"), format!("{HEAD}\n")] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for bytes in [little, big] {
                assert!(opened(&bytes).unwrap_err().to_string().contains("save it as UTF-8"));
            }
        }
    }
}
