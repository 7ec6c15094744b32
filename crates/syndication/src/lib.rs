//! The readers for imports: a WordPress export (WXR), RSS 0.9x, 1.0 and 2.0, Atom 1.0 and 0.3, JSON Feed 1 and 1.1.
//!
//! *Invariants*:
//!
//! - Nothing in this crate does I/O: bytes come in, values go out.
//! - A source is recognised by what is in it, never by its name.
//! - What has no home in the content model is counted in [`Import::unmapped`] by name; what could not be read as it
//!   stands is in [`Import::problems`] with its place. Nothing is left out in silence.
//! - No input makes [`read`] panic. XML is read without expanding any entity a document declares itself, so that an
//!   "entity bomb" stays as small as it was sent; elements and JSON values nest to a fixed depth.

mod collect;
mod date;
mod decode;
mod detect;
mod error;
mod feed;
mod html;
mod import;
mod place;
mod settle;
mod slugs;
mod text;
mod wordpress;
mod xml;

use decode::{Damage, Decoded};
pub use detect::{SourceFormat, detect};
pub use error::{Position, ReadError};
pub use import::{Import, ImportedCategory, ImportedPerson, ImportedTag, Item, ItemStatus, Problem, ReadOptions};

/// Reads a source of whichever format it is.
///
/// # Errors
/// [`ReadError`] when the format is not one of those read here, or when the source as a whole cannot be read. One
/// item that cannot is a [`Problem`] of the import, and the others are in it.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Import, ReadError> {
    let Decoded { text, damage, misnamed } = decode::decode(bytes)?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    let mut import = match detect::detect_text(&text) {
        Some(SourceFormat::Wxr) => wordpress::read(&text, options)?,
        Some(SourceFormat::Rss) => feed::rss::read(&text, options)?,
        Some(SourceFormat::Atom) => feed::atom::read(&text, options)?,
        Some(SourceFormat::JsonFeed) => feed::json::read(&text, options)?,
        Some(SourceFormat::Courant) => return Err(ReadError::Dump),
        None if detect::is_page(&text) => return Err(ReadError::Page),
        None if bytes.iter().take(1_000).any(|byte| *byte == 0) => return Err(ReadError::NotText),
        None => return Err(ReadError::UnknownFormat),
    };
    if let Some(Damage { encoding, position, count }) = damage {
        let message = match count {
            1 => format!("the sign here is not in {encoding}; it is shown as \u{fffd}"),
            _ => format!("{count} signs from here on are not in {encoding}; each is shown as \u{fffd}"),
        };
        import.problems.insert(0, Problem { place: position.to_string(), message });
    }
    if let Some(name) = misnamed {
        let message = format!("it says that it is in {name}, and is in UTF-8; it is read so");
        import.problems.insert(0, Problem { place: "line 1".to_owned(), message });
    }
    Ok(import)
}
