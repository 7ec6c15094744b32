//! Bytes that can be read from any place, and again.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use crate::error::SourceError;

/// Where a source comes from.
pub enum Given {
    /// A file that stays where it is while it is read.
    File(File),
    /// What can be read but once.
    Stream(Box<dyn Read + Send>),
}

impl Given {
    /// What is at a path.
    ///
    /// # Errors
    /// [`SourceError`] when it is not there, cannot be opened, or is a folder.
    pub fn at(path: &Path) -> Result<Self, SourceError> {
        let file = File::open(path)?;
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(SourceError::Folder);
        }
        // What comes through a pipe cannot be read again.
        Ok(if about.is_file() { Self::File(file) } else { Self::Stream(Box::new(file)) })
    }
}

/// A source that can be read again.
pub(super) enum Spooled {
    Bytes(Vec<u8>),
    /// A file, and how long it is.
    File(Mutex<File>, u64),
}

impl Spooled {
    /// Keeps a stream in a temporary file, which has no name and goes when the last who reads it does.
    pub(super) fn of(given: Given) -> io::Result<Self> {
        let file = match given {
            Given::File(file) => file,
            Given::Stream(mut stream) => {
                let mut file = BufWriter::with_capacity(256 * 1024, tempfile::tempfile()?);
                io::copy(&mut stream, &mut file)?;
                file.flush()?;
                file.into_inner().map_err(io::IntoInnerError::into_error)?
            }
        };
        let length = file.metadata()?.len();
        Ok(Self::File(Mutex::new(file), length))
    }

    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, length) => *length,
        }
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Bytes(bytes) => {
                let from = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                (&bytes[from..]).read(buffer)
            }
            Self::File(file, _) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(at))?;
                file.read(buffer)
            }
        }
    }
}

/// A reader of its own.
pub(super) struct Bytes {
    bytes: Arc<Spooled>,
    at: u64,
}

impl Bytes {
    /// One that begins here. It asks for much at once, for others may read elsewhere meanwhile.
    pub(super) fn at(bytes: &Arc<Spooled>, at: u64) -> BufReader<Self> {
        BufReader::with_capacity(64 * 1024, Self { bytes: Arc::clone(bytes), at })
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read_at(self.at, buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.bytes.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
