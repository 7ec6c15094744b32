//! What can go wrong with a database's file.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::error::StoreError;

/// Why a backup was not made or not put in its place. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something of this name is there, and is not overwritten.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// Somebody has the database open.
    #[error("{} is in use", .0.display())]
    InUse(PathBuf),
    /// The file is no database of Courant's.
    #[error("{file} is no database of Courant's: {1}", file = .0.display())]
    Foreign(PathBuf, &'static str),
    /// SQLite finds the file broken.
    #[error("{file} is broken: {1}", file = .0.display())]
    Broken(PathBuf, String),
    /// There is no space left for it.
    #[error("there is no space left to write {}", .0.display())]
    Full(PathBuf),
    /// Whoever asked for it wants it no longer.
    #[error("it was stopped")]
    Stopped,
    /// The system does not let it be done.
    #[error("cannot {what} {}: {error}", .path.display())]
    Io {
        /// What was to be done.
        what: &'static str,
        /// To what.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// SQLite cannot do it.
    #[error("{file}: {1}", file = .0.display())]
    Sqlite(PathBuf, String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FileError {
    pub(super) fn io(what: &'static str, path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full(path.to_owned())
            }
            _ => Self::Io { what, path: path.to_owned(), error },
        }
    }

    pub(super) fn sqlite(path: &Path) -> impl Fn(rusqlite::Error) -> Self {
        let path = path.to_owned();
        move |error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full(path.clone()),
            Some(rusqlite::ErrorCode::OperationInterrupted) => Self::Stopped,
            Some(rusqlite::ErrorCode::NotADatabase) => Self::Foreign(path.clone(), "it is no SQLite file"),
            Some(rusqlite::ErrorCode::DatabaseCorrupt) => Self::Broken(path.clone(), error.to_string()),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::InUse(path.clone()),
            _ => Self::Sqlite(path.clone(), error.to_string()),
        }
    }
}
