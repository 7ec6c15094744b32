//! Formats of other programs: bytes in, values out; values in, bytes out.
//!
//! - `read` holds the readers for imports.
//! - [`mod@write`] holds the writers of what readers, search engines and agencies follow.
//!
//! *Invariant*: nothing in this crate opens a file or a connection: sources are read from what is handed in (`Input`).

mod read;
pub mod write;

pub use self::read::{
    FeedForm, Import, ImportedCategory, ImportedPerson, ImportedTag, Input, InputError, Item, ItemStatus, Library,
    MediaMove, MediaMoveError, OldTerm, OwnSite, Position, Problem, ReadError, ReadOptions, Reading, Shown,
    SourceFormat, detect, gather_files, look_through, read,
};
