//! The readers for imports: a WordPress export (WXR), RSS 0.9x, 1.0 and 2.0, Atom 1.0 and 0.3, JSON Feed 1 and 1.1.
//!
//! *Invariants*:
//!
//! - A source is recognised by what is in it, never by its name.
//! - What has no home in the content model is counted by name: content in [`Import::lost`], all else in
//!   [`Import::unmapped`]. What could not be read as it stands is in [`Import::problems`] with its place. Nothing is left
//!   out in silence.
//! - What is not certainly public is a draft, and so is what has no certain date.
//! - No input makes [`read`] panic. XML is read without expanding any entity a document declares itself, so that an
//!   "entity bomb" stays as small as it was sent; elements and JSON values nest to a fixed depth.

mod collect;
mod date;
mod decode;
mod detect;
mod error;
mod feed;
mod html;
mod identity;
mod import;
mod library;
mod media;
mod moving;
mod slugs;
mod text;
mod url_resolution;
mod wordpress;
mod xml;

use decode::Decoded;
pub use detect::{SourceFormat, detect};
pub use error::{Position, ReadError};
pub use import::{Import, ImportedCategory, ImportedPerson, ImportedTag, Item, ItemStatus, Problem, ReadOptions};
pub use library::Library;
pub use moving::{MediaMove, OwnSite};

/// Reads a source of whichever format it is.
///
/// # Errors
/// [`ReadError`] when the format is not one of those read here, or when the source as a whole cannot be read. One
/// item that cannot is a [`Problem`] of the import, and the others are in it.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Import, ReadError> {
    let Decoded { text, damage, encoding } = decode::decode(bytes)?;
    let mut import = match format_of(&text, bytes)? {
        SourceFormat::Wxr => wordpress::read(&text, options)?,
        SourceFormat::Rss => feed::rss::read(&text, options)?,
        SourceFormat::Atom => feed::atom::read(&text, options)?,
        SourceFormat::JsonFeed => feed::json::read(&text, options)?,
        SourceFormat::Courant => return Err(ReadError::Dump),
    };
    if let Some(damage) = damage {
        import.problems.insert(0, Problem { place: damage.position.to_string(), message: damage.to_string() });
        *import.lost.entry("unreadable signs".to_owned()).or_default() += damage.count as u64;
        for item in &mut import.items {
            hold_back(item, &mut import.problems);
        }
    }
    if let Some(message) = encoding {
        import.problems.insert(0, Problem { place: "line 1".to_owned(), message });
    }
    Ok(import)
}

/// Looks through a source for what other files of the same import may refer to, and adds it to the library.
///
/// # Errors
/// As [`read`], so that a source that cannot be read is found before anything of it goes in.
pub fn look_through(bytes: &[u8], library: &mut Library) -> Result<SourceFormat, ReadError> {
    let text = decode::decode(bytes)?.text;
    let format = format_of(&text, bytes)?;
    match format {
        SourceFormat::Wxr => wordpress::look_through(&text, library)?,
        SourceFormat::Rss | SourceFormat::Atom => drop(xml::parse(&text, format)?),
        SourceFormat::JsonFeed => feed::json::check(&text)?,
        SourceFormat::Courant => return Err(ReadError::Dump),
    }
    Ok(format)
}

fn format_of(text: &str, bytes: &[u8]) -> Result<SourceFormat, ReadError> {
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    detect::detect_text(text).ok_or_else(|| match () {
        () if detect::is_page(text) => ReadError::Page,
        () if bytes.iter().take(1_000).any(|byte| *byte == 0) => ReadError::NotText,
        () => ReadError::UnknownFormat,
    })
}

/// A title that cannot be read goes before no reader until somebody has mended it.
fn hold_back(item: &mut Item, problems: &mut Vec<Problem>) {
    let is_whole = item.content.title.as_ref().is_none_or(|title| !title.contains(char::REPLACEMENT_CHARACTER));
    if is_whole || !matches!(item.status, ItemStatus::Published | ItemStatus::Scheduled) {
        return;
    }
    item.status = ItemStatus::Draft;
    let message = "its title has signs that cannot be read; it is taken as a draft".to_owned();
    problems.push(Problem { place: item.place.clone(), message });
}
