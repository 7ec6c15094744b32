//! Why nothing can be searched, or indexed.

use std::{io, sync::Arc};

use tantivy::{
    TantivyError,
    directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
};

use crate::index::Progress;

/// Why nothing can be searched, or indexed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SearchError {
    /// There is no index yet; it is being built. How far that has come is not known before it is known what there is.
    #[error("the index is being built")]
    Rebuilding(Option<Progress>),
    /// What is in the folder is no index, or not whole. It is set aside and built anew.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// Another process writes into the folder. Each server has a folder of its own.
    #[error("another process uses this folder for its index")]
    InUse,
    /// The disk is full.
    #[error("the storage is full")]
    StorageFull,
    /// The file system refused: the index may be whole, and is left as it is.
    #[error("the index cannot be read or written: {0}")]
    Io(Arc<io::Error>),
    /// A cursor that is none, or of another search.
    #[error("not a cursor of this search")]
    BadCursor,
    /// Something else.
    #[error("{0}")]
    Other(String),
}

impl From<io::Error> for SearchError {
    fn from(error: io::Error) -> Self {
        Self::of_io(&Arc::new(error))
    }
}

impl SearchError {
    fn of_io(error: &Arc<io::Error>) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StorageFull,
            // What is told as an error of reading is often that a file is shorter than it says.
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::NotFound => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Io(error.clone()),
        }
    }
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        match &error {
            TantivyError::IoError(io)
            | TantivyError::LockFailure(LockError::IoError(io), _)
            | TantivyError::OpenReadError(OpenReadError::IoError { io_error: io, .. })
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: io, .. })
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: io, .. }) => Self::of_io(io),
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::InUse,
            TantivyError::DataCorruption(_)
            | TantivyError::OpenReadError(_)
            | TantivyError::OpenDirectoryError(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::SchemaError(_)
            | TantivyError::FieldNotFound(_)
            | TantivyError::DeserializeError(_)
            | TantivyError::MissingPlugin(_) => Self::Damaged(error.to_string()),
            _ => Self::Other(error.to_string()),
        }
    }
}
