//! Formats of other programs: bytes in, values out.
//!
//! - `read` holds the readers for imports. What writes formats (feeds, sitemaps) goes beside it.
//!
//! *Invariant*: nothing in this crate opens a file or a connection: sources are read from what is handed in (`Input`).

mod read;

pub use self::read::{
    Import, ImportedCategory, ImportedPerson, ImportedTag, Input, InputError, Item, ItemStatus, Library, MediaMove,
    OwnSite, Position, Problem, ReadError, ReadOptions, Reading, SourceFormat, detect, gather_files, look_through,
    read,
};
