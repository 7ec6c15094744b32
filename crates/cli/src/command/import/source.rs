//! Opening what is to be imported.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, stdin},
    path::Path,
};

use anyhow::{Context, Result};
use courant_syndication::{SourceFormat, detect};

/// The first line of a dump is far shorter than this.
const FIRST_LINE: u64 = 1024;

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
        let length = file.metadata()?.len();
        (Box::new(file), Some(length))
    };
    let mut input = BufReader::with_capacity(256 * 1024, input);
    let mut first = Vec::new();
    input.by_ref().take(FIRST_LINE).read_until(b'\n', &mut first)?;
    let rest = std::io::Cursor::new(first.clone()).chain(input);
    let content = if detect(&first) == Some(SourceFormat::Courant) {
        Content::Dump(Box::new(rest))
    } else {
        let mut bytes = Vec::new();
        let mut rest = rest;
        rest.read_to_end(&mut bytes).context("it breaks off")?;
        Content::Other(bytes)
    };
    Ok(Source { content, length })
}
