//! Why a dump cannot be written or restored.

use std::{io, ops::RangeInclusive, path::PathBuf};

use courant_domain::{bounds::TextError, id::EntryId, redirect::RedirectError};

use super::record::{Header, RecordError};
use crate::{db::embedded::FileError, error::StoreError};

/// Why a dump is not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is read cannot be put where the dump goes.
    #[error("cannot write the dump")]
    Output(#[source] io::Error),
    /// The file cannot be made, or not be put in its place.
    #[error("cannot write {}", .file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// What was named is no file, and cannot be one.
    #[error("{} is no name of a file", .0.display())]
    NoFileName(PathBuf),
}

/// Why a dump is not restored. Where and why exactly is in the sources.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// There is something that the dump would get into the way of.
    #[error("the database has entries already, and a dump can be restored into an empty one only")]
    NotEmpty,
    /// A line that cannot be read.
    #[error("line {line}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// Why.
        source: LineError,
    },
    /// The last line is missing.
    #[error("the dump is cut short: its last line, which says how many records it has, is missing")]
    CutShort,
    /// Records that the database does not take.
    #[error("{}", in_words(.lines))]
    Records {
        /// The lines they stand in, from 1.
        lines: RangeInclusive<u64>,
        /// Why.
        source: StoreError,
    },
    /// It was to stop.
    #[error("it was stopped")]
    Stopped,
    /// The file of the embedded database.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It cannot be got.
    #[error(transparent)]
    Input(#[from] io::Error),
    /// It stands after the last record.
    #[error("something stands behind the last record")]
    AfterEnd,
    /// There are more records or fewer than there were when the dump was made.
    #[error("the dump says it has {said} records, but there are {found}")]
    Count {
        /// How many there were.
        said: u64,
        /// How many there are.
        found: u64,
    },
    /// It is no record.
    #[error("no record of a dump: {reason}, at column {column}")]
    NoRecord {
        /// What the parser says.
        reason: String,
        /// Where, from 1.
        column: usize,
    },
    /// It holds a character that not both databases take.
    #[error("a text in it holds the character U+0000, which no text needs and PostgreSQL refuses")]
    Nul,
    /// The header of a dump of another form.
    #[error("a dump of form {0}, but this version reads form {current} only", current = Header::CURRENT.dump)]
    Form(u32),
    /// The header stands there again.
    #[error("another dump begins here")]
    SecondHeader,
    /// There is no header before it.
    #[error("the line that says that this is a dump is missing")]
    NoHeader,
    /// An entry that does not hold together.
    #[error("entry {id}")]
    Entry {
        /// Which.
        id: EntryId,
        /// What does not.
        source: RecordError,
    },
    /// A redirect that readers cannot follow.
    #[error("redirect {path:?}")]
    Redirect {
        /// Its path.
        path: String,
        /// Why not.
        source: RedirectError,
    },
    /// A category that is in the way of the site's own pages.
    #[error("{0}; give it another one")]
    Reserved(String),
    /// A name or a description that cannot be kept.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It stands there twice, or before what it refers to.
    #[error(transparent)]
    Order(#[from] RecordError),
}

fn in_words(lines: &RangeInclusive<u64>) -> String {
    match (lines.start(), lines.end()) {
        (first, last) if first == last => format!("line {first}"),
        (first, last) => format!("lines {first} to {last}"),
    }
}
