//! Formatted text.

use async_graphql::{Enum, Object, SimpleObject};
use courant_domain::{
    publication::{Body, Publication},
    rich_text,
};

/// Formatted text, with everything that is derived from it.
pub(crate) struct RichText(Body);

impl RichText {
    pub(super) fn of(edition: &Publication) -> Self {
        Self(edition.body.as_deref().cloned().unwrap_or_default())
    }
}

/// Formatted text, with everything that is derived from it.
#[Object]
impl RichText {
    /// The language the source is written in.
    async fn format(&self) -> TextFormat {
        self.0.source.as_ref().map_or(rich_text::Format::Html, |(format, _)| *format).into()
    }

    /// The text as its author wrote it.
    async fn source(&self) -> &str {
        self.0.source.as_ref().map_or("", |(_, source)| source)
    }

    /// Sanitised HTML, safe to put into a page: formatting, links, images, lists and tables only.
    async fn html(&self) -> &str {
        self.0.html.as_deref().unwrap_or_default()
    }

    /// The words alone, a line a block.
    async fn text(&self) -> &str {
        self.0.text.as_deref().unwrap_or_default()
    }

    /// How many words it has.
    async fn word_count(&self) -> u32 {
        self.0.word_count.unwrap_or(0)
    }

    /// How long it takes to read, in whole minutes, at 220 words a minute.
    async fn reading_time_minutes(&self) -> u32 {
        rich_text::RichText::reading_minutes(self.0.word_count.unwrap_or(0))
    }

    /// The headings, in their order.
    async fn outline(&self) -> Vec<Heading> {
        let outline = self.0.outline.as_deref().unwrap_or_default();
        outline
            .iter()
            .map(|heading| Heading {
                level: heading.level,
                id: heading.id.clone(),
                title: heading.title.clone(),
            })
            .collect()
    }
}

/// A heading of a text.
#[derive(SimpleObject)]
pub(crate) struct Heading {
    /// 1 for the highest, 6 for the lowest.
    level: u8,
    /// The `id` attribute of the heading in the HTML: link to it with `#id`.
    id: String,
    /// The heading's words.
    title: String,
}

/// The language a text is written in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "rich_text::Format")]
pub(crate) enum TextFormat {
    /// CommonMark, with tables and strikethrough.
    Markdown,
    /// HTML.
    Html,
}
