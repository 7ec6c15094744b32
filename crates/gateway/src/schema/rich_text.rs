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

    /// Sanitised HTML, safe to put into a page: formatting, links, images, lists, tables and formulas only.
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
        self.body().and_then(|body| body.outline.as_deref()).unwrap_or_default().iter().map(Heading::of).collect()
    }

    /// The films, sound, maps and posts of elsewhere that its author embeds, in their order. In the HTML there is a link in the place of
    /// each, in a figure of the class `embed` where it stands alone; a post is quoted there. A front end may show them.
    async fn embeds(&self) -> Vec<Embed> {
        self.body().and_then(|body| body.embeds.as_deref()).unwrap_or_default().iter().map(Embed::of).collect()
    }
}

/// Something of elsewhere that a text embeds.
#[derive(SimpleObject)]
pub(crate) struct Embed {
    /// What it is.
    kind: EmbedKind,
    /// Where it is: what the link in its place leads to. An http or https URL, or one within the site.
    url: String,
    /// What its author calls it.
    title: Option<String>,
}

impl Embed {
    pub(super) fn of(embed: &rich_text::Embed) -> Self {
        Self { kind: embed.kind.into(), url: embed.url.clone(), title: embed.title.clone() }
    }
}

/// What an embed is, as far as its element or the service it is of says so.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "rich_text::EmbedKind")]
pub(crate) enum EmbedKind {
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// A map.
    Map,
    /// A post of a social network.
    Post,
    /// A page or file of another kind.
    Page,
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

impl Heading {
    pub(super) fn of(heading: &rich_text::Heading) -> Self {
        Self { level: heading.level, id: heading.id.clone(), title: heading.title.clone() }
    }
}

/// The language a text is written in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "rich_text::Format")]
pub(crate) enum TextFormat {
    /// CommonMark, with tables, strikethrough and footnotes.
    Markdown,
    /// HTML.
    Html,
}
