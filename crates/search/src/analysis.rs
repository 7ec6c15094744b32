//! From texts to what is looked up: words, and what forms of one word have in common.
//!
//! A word is looked up in two ways: as it is spelled ([`Word::exact`]: small letters, with marks), and by its stem
//! ([`Language::stems`]), with marks and without. What is spelled alike ranks higher.

mod letters;
mod stems;
pub mod turkmen;
mod words;

pub(crate) use self::words::{Written, exact};
pub use self::{
    letters::{is_marked, unmarked},
    stems::{Language, Sought},
    words::{Word, sought_words, words},
};

/// The version of everything in here. An index that was made by another one is built anew.
pub const ANALYSIS: u32 = 4;
