//! Formats of other programs: bytes in, values out.
//!
//! - `read` holds the readers for imports. What writes formats (feeds, sitemaps) goes beside it.
//!
//! *Invariant*: nothing in this crate does I/O.

mod read;

pub use self::read::{
    Import, ImportedCategory, ImportedPerson, ImportedTag, Item, ItemStatus, Library, MediaMove, OwnSite, Position,
    Problem, ReadError, ReadOptions, SourceFormat, detect, look_through, read,
};
