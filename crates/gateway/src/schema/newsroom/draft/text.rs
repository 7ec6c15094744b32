//! The text of a draft: what its author wrote, and what becomes of it.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use courant_domain::rich_text::{Removed, RichText};
use courant_persistence::RevisionRow;

use crate::schema::rich_text::{Embed, Heading, TextFormat};

/// The text of a draft.
pub(crate) enum DraftText {
    /// It is kept.
    Kept(Arc<RevisionRow>),
    /// It was sent to be shown, and nothing of it is kept.
    Sent(RichText),
}

impl DraftText {
    fn rich_text(&self) -> Option<&RichText> {
        match self {
            Self::Kept(revision) => revision.content.as_ref()?.body(),
            Self::Sent(text) => Some(text),
        }
    }
}

/// The text of a draft, and what readers would get of it.
#[Object]
impl DraftText {
    /// The language the source is written in.
    async fn format(&self) -> TextFormat {
        self.rich_text().map_or(courant_domain::rich_text::Format::Markdown, RichText::format).into()
    }

    /// The text as its author wrote it: what an editor edits.
    async fn source(&self) -> &str {
        self.rich_text().map(RichText::source).unwrap_or_default()
    }

    /// The sanitised HTML that readers would get.
    async fn html(&self) -> &str {
        self.rich_text().map(RichText::html).unwrap_or_default()
    }

    /// The words alone, a line a block.
    async fn text(&self) -> &str {
        self.rich_text().map(RichText::text).unwrap_or_default()
    }

    /// How many words it has.
    async fn word_count(&self) -> u32 {
        self.rich_text().map(RichText::word_count).unwrap_or_default()
    }

    /// How long it takes to read, in whole minutes, at 220 words a minute.
    async fn reading_time_minutes(&self) -> u32 {
        RichText::reading_minutes(self.rich_text().map(RichText::word_count).unwrap_or_default())
    }

    /// The headings, in their order.
    async fn outline(&self) -> Vec<Heading> {
        self.rich_text().map(RichText::outline).unwrap_or_default().iter().map(Heading::of).collect()
    }

    /// The films, sound, maps and posts of elsewhere that it embeds, in their order. In the HTML there is a link in the place of each.
    async fn embeds(&self) -> Vec<Embed> {
        self.rich_text().map(RichText::embeds).unwrap_or_default().iter().map(Embed::of).collect()
    }

    /// What of the source readers do not get, each once, up to a hundred: scripts, fields of forms, addresses that may not be led to.
    /// Classes, styles and handlers of events are not named.
    async fn removed(&self) -> Vec<RemovedContent> {
        self.rich_text().map(RichText::removed).unwrap_or_default().iter().map(RemovedContent::of).collect()
    }
}

/// Something in the source of a text that readers do not get.
#[derive(SimpleObject)]
pub(crate) struct RemovedContent {
    /// The name of the HTML element, in lower case.
    element: String,
    /// The beginning of the words that went with it, up to 200 characters; null when there were none.
    words: Option<String>,
    /// The address that went, up to 200 characters; null when there was none.
    url: Option<String>,
}

impl RemovedContent {
    fn of(removed: &Removed) -> Self {
        Self { element: removed.element.clone(), words: removed.text.clone(), url: removed.url.clone() }
    }
}
