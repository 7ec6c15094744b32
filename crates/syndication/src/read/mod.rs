//! The readers for imports: a WordPress export (WXR), RSS 0.9x, 1.0 and 2.0, Atom 1.0 and 0.3, JSON Feed 1 and 1.1.
//!
//! *Invariants*:
//!
//! - A source is recognised by what is in it, never by its name.
//! - What has no home in the content model is counted by name: content in [`Import::lost`], all else in
//!   [`Import::unmapped`]. What could not be read as it stands is in [`Import::problems`] with its place. Nothing is left
//!   out in silence.
//! - What is not certainly public is a draft, and so is what has no certain date.
//! - A source is never whole in memory but for [`read`]: it is gone through as often as it takes, an item at a time.
//! - No input makes [`read`] panic. XML is read without expanding any entity a document declares itself, so that an
//!   "entity bomb" stays as small as it was sent; elements and JSON values nest to a fixed depth.

mod base64;
mod collect;
mod date;
mod decode;
mod detect;
mod error;
mod feed;
mod html;
mod identity;
mod import;
mod input;
mod language;
mod lead;
mod library;
mod media;
mod moving;
mod own_links;
mod places;
mod reading;
mod slugs;
mod source;
mod teaser;
mod text;
mod url_resolution;
mod wordpress;
mod xml;

pub use detect::{SourceFormat, detect};
pub use error::{Position, ReadError};
pub(crate) use html::{Piece, pieces};
pub use import::{
    FeedForm, Import, ImportedCategory, ImportedPerson, ImportedTag, Item, ItemStatus, OldTerm, Problem, ReadOptions,
    Shown,
};
pub use input::{Input, InputError};
pub use library::Library;
pub use moving::{MediaMove, MediaMoveError, OwnSite};
pub use reading::{Reading, gather_files, look_through, read};
