//! Formatted text.

use std::sync::Arc;

use async_graphql::{Enum, Object, SimpleObject};
use courant_domain::rich_text;
use courant_persistence::publication::{Body, Publication};

use crate::executor::ResolveEagerly;

/// Formatted text, with everything that is derived from it: the text of an edition that was read with it.
pub(crate) struct RichText(pub(super) Arc<Publication>);

impl ResolveEagerly for RichText {}

impl RichText {
    fn body(&self) -> Option<&Body> {
        self.0.body.as_deref()
    }

    fn words(&self) -> u32 {
        self.body().and_then(|body| body.word_count).unwrap_or(0)
    }
}

/// Formatted text, with everything that is derived from it.
#[Object]
impl RichText {
    /// The language the source is written in.
    async fn format(&self) -> TextFormat {
        let source = self.body().and_then(|body| body.source.as_ref());
        source.map_or(rich_text::Format::Html, |(format, _)| *format).into()
    }

    /// The text as its author wrote it.
    async fn source(&self) -> &str {
        self.body().and_then(|body| body.source.as_ref()).map_or("", |(_, source)| source)
    }

    /// Sanitised HTML, safe to put into a page: formatting, links, images, lists and tables only.
    async fn html(&self) -> &str {
        self.body().and_then(|body| body.html.as_deref()).unwrap_or_default()
    }

    /// The words alone, a line a block.
    async fn text(&self) -> &str {
        self.body().and_then(|body| body.text.as_deref()).unwrap_or_default()
    }

    /// How many words it has.
    async fn word_count(&self) -> u32 {
        self.words()
    }

    /// How long it takes to read, in whole minutes, at 220 words a minute.
    async fn reading_time_minutes(&self) -> u32 {
        rich_text::RichText::reading_minutes(self.words())
    }

    /// The headings, in their order.
    async fn outline(&self) -> Vec<Heading> {
        let outline = self.body().and_then(|body| body.outline.as_deref()).unwrap_or_default();
        outline
            .iter()
            .map(|heading| Heading { level: heading.level, id: heading.id.clone(), title: heading.title.clone() })
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
