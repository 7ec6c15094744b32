//! What is packed: a file in gzip (RFC 1952), and those of a zip archive (APPNOTE.TXT 6.3), known by their first bytes.
//!
//! *Invariant*: nothing is taken from an archive before all of it was unpacked once, and was seen to be whole and no larger than
//! a text is that was packed so well.

use std::{
    io::{self, BufRead, Read},
    sync::Arc,
};

use flate2::{
    CrcReader,
    bufread::{DeflateDecoder, GzDecoder, MultiGzDecoder},
};
use zip::{CompressionMethod, ZipArchive, result::ZipError};

use super::file::{Bytes, Spooled};

/// Why what is packed is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// Nobody can read it who does not know a password.
    #[error("it is encrypted")]
    Encrypted,
    /// An archive in an archive; who made it may have put any number into one another.
    #[error("it holds another archive ({0}), which is not opened: unpack it first")]
    Nested(&'static str),
    /// It would become far larger than any text that is packed does.
    #[error("it unpacks to more than {most} bytes from {packed}, as no text does")]
    Bomb {
        /// How many bytes a text of this size may become.
        most: u64,
        /// How many bytes it has.
        packed: u64,
    },
    /// It is packed in a way that is not read here.
    #[error("it is packed by a method that is not read here ({0}): unpack it first")]
    Method(String),
    /// It is damaged, or breaks off.
    #[error("it is damaged: {0}")]
    Broken(String),
    /// It holds more files than anybody exports.
    #[error("it holds more than {0} files")]
    TooMany(usize),
    /// It is a picture or a program, beside what else is in its archive.
    #[error("it is no text and is left out")]
    NoText,
    /// There is nothing in it.
    #[error("there is no file in it that is a text")]
    Empty,
}

/// How bytes are packed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Packing {
    None,
    /// The length of what is in it.
    Gzip(u64),
    Zip(Member),
}

/// A file of a zip archive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    start: u64,
    packed: u64,
    is_deflated: bool,
    length: u64,
}

/// What there is of each file, with what it is called if it is in an archive.
type Files<T> = Vec<(Option<String>, Result<T, ArchiveError>)>;

/// So many files may be in an archive.
const MOST_FILES: usize = 10_000;

/// Texts that are packed become a tenth; those a program wrote for a test, a hundredth.
const RATIO: u64 = 150;

/// Whatever its ratio, so much is no harm.
const HARMLESS: u64 = 256 * 1024 * 1024;

const fn most(packed: u64) -> u64 {
    let by_ratio = packed.saturating_mul(RATIO);
    if by_ratio > HARMLESS { by_ratio } else { HARMLESS }
}

impl Packing {
    /// How many bytes there are unpacked.
    pub(super) fn length(self, bytes: &Spooled) -> u64 {
        match self {
            Self::None => bytes.length(),
            Self::Gzip(length) | Self::Zip(Member { length, .. }) => length,
        }
    }

    /// What is packed, of an archive that was looked through.
    pub(super) fn unpacked(self, bytes: &Arc<Spooled>) -> Box<dyn Read + Send> {
        match self {
            Self::None => Box::new(Bytes::at(bytes, 0)),
            Self::Gzip(length) => Box::new(MultiGzDecoder::new(Bytes::at(bytes, 0)).take(length)),
            Self::Zip(member) => Box::new(member.read(bytes).take(member.length)),
        }
    }
}

impl Member {
    fn read(self, bytes: &Arc<Spooled>) -> Box<dyn Read + Send> {
        let packed = io::BufReader::new(Bytes::at(bytes, self.start).take(self.packed));
        if self.is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) }
    }
}

/// What a file holds, with what each is called there if it is an archive. Those of an archive come in its order.
pub(super) fn packings(bytes: &Arc<Spooled>) -> Result<Files<Packing>, ArchiveError> {
    let mut head = [0; HEAD];
    let length = read_most(Bytes::at(bytes, 0), &mut head)?;
    match archive_of(&head[..length]) {
        Some("gzip") => Ok(vec![(None, gzip(bytes))]),
        Some("zip") => zip(bytes),
        _ => Ok(vec![(None, Ok(Packing::None))]),
    }
}

fn gzip(bytes: &Arc<Spooled>) -> Result<Packing, ArchiveError> {
    let packed = bytes.length();
    let mut unpacked = Members { inner: Some(GzDecoder::new(Bytes::at(bytes, 0))) };
    Ok(Packing::Gzip(look_through(&mut unpacked, packed, most(packed))?))
}

/// What is packed in gzip, one member behind the other (RFC 1952, §2.2). Tapes and block devices are filled up with zeros, which
/// say nothing; anything else behind the last member is a part of something that is not whole.
struct Members<R> {
    /// None when there is no other.
    inner: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.inner else { return Ok(0) };
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(mut rest) = self.inner.take().map(GzDecoder::into_inner) else { return Ok(0) };
            let mut zeros = false;
            loop {
                let piece = rest.fill_buf()?;
                let length = piece.iter().take_while(|byte| **byte == 0).count();
                match piece.get(length) {
                    // Zeros to the end of this piece, or of all.
                    None if piece.is_empty() => return Ok(0),
                    None => {}
                    Some(0x1F) if !zeros && length == 0 => break,
                    Some(_) => return Err(io::Error::other("something else follows on what is packed")),
                }
                zeros = true;
                rest.consume(length);
            }
            self.inner = Some(GzDecoder::new(rest));
        }
    }
}

fn zip(bytes: &Arc<Spooled>) -> Result<Files<Packing>, ArchiveError> {
    let mut archive = ZipArchive::new(Bytes::at(bytes, 0)).map_err(broken)?;
    if archive.len() > MOST_FILES {
        return Err(ArchiveError::TooMany(MOST_FILES));
    }
    let mut left = most(bytes.length());
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(broken)?;
        let name = file.name().map_err(broken)?.into_owned();
        if file.is_dir() || is_of_a_system(&name) {
            continue;
        }
        let method = file.compression();
        let start = file.data_start().ok_or_else(|| ArchiveError::Broken("a file in it is nowhere".to_owned()))?;
        let member = Member {
            start,
            packed: file.compressed_size(),
            is_deflated: method == CompressionMethod::Deflated,
            length: 0,
        };
        let crc = file.crc32();
        let is_read = matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated);
        let packing = match () {
            () if file.encrypted() => Err(ArchiveError::Encrypted),
            () if !is_read => Err(ArchiveError::Method(method.to_string())),
            () => whole(member, bytes, crc, left),
        };
        if let Ok(Packing::Zip(member)) = &packing {
            left -= member.length;
        }
        // Files share what there may be: a bomb may be laid in many small ones.
        if let Err(bomb @ ArchiveError::Bomb { .. }) = packing {
            return Err(bomb);
        }
        found.push((Some(shown(&name)), packing));
    }
    let is_text = |(_, packing): &(_, Result<Packing, ArchiveError>)| !matches!(packing, Err(ArchiveError::NoText));
    if found.iter().any(is_text) { Ok(found) } else { Err(ArchiveError::Empty) }
}

/// A file of an archive, seen to be whole.
fn whole(member: Member, bytes: &Arc<Spooled>, crc: u32, most: u64) -> Result<Packing, ArchiveError> {
    let mut unpacked = CrcReader::new(member.read(bytes));
    let length = look_through(&mut unpacked, bytes.length(), most)?;
    if unpacked.crc().sum() != crc {
        return Err(ArchiveError::Broken("its checksum is another".to_owned()));
    }
    Ok(Packing::Zip(Member { length, ..member }))
}

/// How long what is unpacked is; all of it is read, if it begins like a text.
fn look_through(unpacked: &mut impl Read, packed: u64, most: u64) -> Result<u64, ArchiveError> {
    let mut buffer = vec![0; 64 * 1024];
    let mut length = read_most(&mut *unpacked, &mut buffer)?;
    let head = &buffer[..length.min(HEAD)];
    if let Some(nested) = archive_of(head) {
        return Err(ArchiveError::Nested(nested));
    }
    // In UTF-16 every other byte of the first line is one.
    let is_utf16 = matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<' | b'{', 0, ..] | [0, b'<' | b'{', ..]);
    if head.contains(&0) && !is_utf16 && !head.starts_with(b"SQLite format 3") {
        return Err(ArchiveError::NoText);
    }
    let mut all = length as u64;
    while length > 0 && all <= most {
        length = read_most(&mut *unpacked, &mut buffer)?;
        all += length as u64;
    }
    if all > most {
        return Err(ArchiveError::Bomb { most: self::most(packed), packed });
    }
    Ok(all)
}

/// Reads as much as there is, and room for.
fn read_most(mut input: impl Read, buffer: &mut [u8]) -> Result<usize, ArchiveError> {
    let mut length = 0;
    while length < buffer.len() {
        match input.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ArchiveError::Broken(error.to_string())),
        }
    }
    Ok(length)
}

fn broken(error: ZipError) -> ArchiveError {
    match error {
        ZipError::UnsupportedArchive(what) => ArchiveError::Method(what.to_string()),
        error => ArchiveError::Broken(error.to_string()),
    }
}

/// How much of a file is looked at for what it is.
const HEAD: usize = 300;

/// What a file is packed with, by its first bytes.
fn archive_of(head: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 8] = [
        (&[0x1F, 0x8B], "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"BZh", "bzip2"),
        (&[0xFD, b'7', b'z', b'X', b'Z', 0], "xz"),
        (&[0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        (&[b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C], "7z"),
        (b"Rar!\x1A\x07", "rar"),
    ];
    let known = MARKS.into_iter().find(|(mark, _)| head.starts_with(mark)).map(|(_, name)| name);
    known.or_else(|| head.get(257..262).filter(|mark| *mark == b"ustar").map(|_| "tar"))
}

/// Whether a file is what a system or a program puts beside those somebody has packed.
fn is_of_a_system(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    name.starts_with("__MACOSX/") || last.starts_with('.') || matches!(last, "Thumbs.db" | "desktop.ini")
}

/// A name as it may be shown.
fn shown(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(200).collect()
}

#[cfg(test)]
mod tests;
