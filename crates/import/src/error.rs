//! Why an import fails as a whole. What is wrong with one item is in the report.

use std::io;

use courant_domain::locale::Locale;
use courant_persistence::StoreError;
use courant_syndication::ReadError;

use crate::source::ArchiveError;

/// Why a source is not imported, or not all of it. More may be in the sources.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The site is not in the language that was asked for.
    #[error("the site is not in {0}")]
    NotInLocale(Locale),
    /// What its items refer to cannot be made.
    #[error("cannot make its categories, tags and authors")]
    Terms(#[source] StoreError),
    /// The database failed after some items were in.
    #[error("the first {done} articles are in; run it again for the others, which doubles nothing")]
    Interrupted {
        /// How many are in.
        done: u64,
        /// What failed.
        source: StoreError,
    },
    /// The database failed before anything was in.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The reader panicked, or the runtime is shutting down.
    #[error(transparent)]
    Reader(#[from] tokio::task::JoinError),
}

/// Why it cannot be told what a source is.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It cannot be read to its end.
    #[error("it breaks off")]
    BreaksOff(#[source] io::Error),
    /// Its beginning cannot be read.
    #[error(transparent)]
    Input(#[from] io::Error),
    /// It is no file.
    #[error("it is a folder; name the files in it")]
    Folder,
    /// It is packed, and cannot be unpacked here.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// It is the file of an embedded database.
    #[error("it is a database; `courant restore` puts a backup in its place")]
    Database,
    /// It is a dump in UTF-16.
    #[error("it is a dump, but not in UTF-8; save it as UTF-8")]
    DumpNotUtf8,
}
