//! What a source is read from, from its beginning as often as it takes.

use std::{fmt, io, io::Read, sync::Arc};

/// A source that can be read again: what stands at its end may say how its beginning is meant.
pub trait Input {
    /// Begins to read it.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

impl Input for [u8] {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self))
    }
}

impl Input for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        self.as_slice().open()
    }
}

/// Why an input cannot be read, or not to its end.
#[derive(Debug, Clone)]
pub struct InputError(Arc<io::Error>);

impl InputError {
    /// What the system, or whoever unpacks the input, says.
    #[must_use]
    pub fn io(&self) -> &io::Error {
        &self.0
    }
}

impl From<io::Error> for InputError {
    fn from(error: io::Error) -> Self {
        Self(Arc::new(error))
    }
}

impl From<Arc<io::Error>> for InputError {
    fn from(error: Arc<io::Error>) -> Self {
        Self(error)
    }
}

/// Two are one where people are told the same.
impl PartialEq for InputError {
    fn eq(&self, other: &Self) -> bool {
        self.0.kind() == other.0.kind() && self.to_string() == other.to_string()
    }
}

impl Eq for InputError {}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for InputError {}
