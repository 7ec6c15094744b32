//! Formatted text. The source is kept as its author wrote it; everything a reader needs of it is derived
//! once, when the text is made: sanitised HTML, plain text, word count, reading time and an outline.

mod anchors;
mod derive;
mod embed;
mod integers;
mod links;
mod markdown;
mod nesting;
mod plain;
mod removed;
mod sanitise;
mod shown;
mod tags;

pub use embed::{Embed, EmbedKind};
pub use removed::Removed;
use serde::{Deserialize, Serialize};

use crate::text::is_blank;

/// The language a source is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// CommonMark, with tables, strikethrough and footnotes; raw HTML in it is sanitised like any other.
    #[default]
    Markdown,
    /// HTML (the WHATWG standard's syntax), sanitised.
    Html,
}

/// A heading of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 for the highest, 6 for the lowest.
    pub level: u8,
    /// The `id` attribute of the heading in the HTML, unique in the text. It begins with `user-content-`, as all ids of
    /// texts do, so that none is one of the page's own.
    pub id: String,
    /// The heading's plain text.
    pub title: String,
}

/// A text with all that is derived from it. It cannot be made without its HTML being sanitised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Source", into = "Source")]
pub struct RichText {
    source: Source,
    html: String,
    text: String,
    word_count: u32,
    outline: Vec<Heading>,
    embeds: Vec<Embed>,
    removed: Vec<Removed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Source {
    format: Format,
    source: String,
}

impl RichText {
    /// How many words a minute a reader is taken to read.
    pub const WORDS_A_MINUTE: u32 = 220;

    /// The number of the way in which texts are derived: one more for each change of [`html`](Self::html),
    /// [`text`](Self::text), [`outline`](Self::outline), [`embeds`](Self::embeds) or [`word_count`](Self::word_count), so that
    /// what was derived before and is kept is derived anew.
    pub const DERIVATION: u16 = 11;

    /// Derives everything from a source. Any source will do: what HTML may not hold is left out of the HTML, and
    /// of HTML nested deeper than 256 elements, or with more than 2,000 attributes in a tag, the words alone are shown.
    #[must_use]
    pub fn new(format: Format, source: impl Into<String>) -> Self {
        let source = source.into();
        let derived = derive::derive(format, &source);
        Self {
            source: Source { format, source },
            html: derived.html,
            word_count: derived.word_count,
            text: derived.text,
            outline: derived.outline,
            embeds: derived.embeds,
            removed: derived.removed,
        }
    }

    /// Whether HTML has elements so deep in one another, or attributes so many in one tag, that its words alone are shown.
    #[must_use]
    pub fn is_too_deep(html: &str) -> bool {
        nesting::too_deep(html)
    }

    /// The language of the source.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.source.format
    }

    /// The text as its author wrote it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source.source
    }

    /// HTML that may be put into a page as it is: only formatting, links, images, lists, tables and formulas.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The words alone, a line a block, wherever lines of the source end; in front of the points of a list stand their letters, and numbers that do not just count.
    /// Raised and lowered signs are Unicode's where all of them have one (`15¹`, `H₂O`), and behind `^` or `_` where two numbers would
    /// become one; marks of notes are in brackets (`100 [1]`), quotations in quotation marks.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many words the text has, without the numbers of lists.
    #[must_use]
    pub const fn word_count(&self) -> u32 {
        self.word_count
    }

    /// Reading time of so many words in whole minutes, at least one.
    #[must_use]
    pub fn reading_minutes(word_count: u32) -> u32 {
        word_count.div_ceil(Self::WORDS_A_MINUTE).max(1)
    }

    /// The headings in their order.
    #[must_use]
    pub fn outline(&self) -> &[Heading] {
        &self.outline
    }

    /// The films, sound, maps and posts that its author embeds, in their order. In the HTML there is a link in the place of each.
    #[must_use]
    pub fn embeds(&self) -> &[Embed] {
        &self.embeds
    }

    /// What of the source the HTML does not hold, each once, up to a hundred.
    #[must_use]
    pub fn removed(&self) -> &[Removed] {
        &self.removed
    }

    /// Whether there is nothing to read, nor to see: a picture without an address shows nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let has_address = |tag: &str| {
            let tag = tag.split('>').next().unwrap_or_default();
            let source = tag.split_once(" src=\"").map(|(_, rest)| rest.split('"').next().unwrap_or_default());
            source.is_some_and(|source| !source.trim().is_empty())
        };
        is_blank(&self.text) && !self.html.split("<img").skip(1).any(has_address)
    }
}

impl From<Source> for RichText {
    fn from(source: Source) -> Self {
        Self::new(source.format, source.source)
    }
}

impl From<RichText> for Source {
    fn from(text: RichText) -> Self {
        text.source
    }
}

#[cfg(test)]
mod tests;
