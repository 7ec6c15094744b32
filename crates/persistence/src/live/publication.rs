//! A live edition as it is read: what identifies it, and the parts that were asked for.

use courant_domain::{
    change::ChangeSeq,
    content::Content,
    decree::Force,
    edition::Edition,
    entry::{Entry, EntryKind},
    id::{CategoryId, EntryId},
    locale::Locale,
    publication::Details,
    revision::{Revision, RevisionNumber},
    rich_text::{Embed, Format, Heading, RichText},
};
use jiff::{Timestamp, civil::Date};

/// Which parts of an edition a reader wants: a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Parts(u16);

impl Parts {
    /// Nothing but what identifies it.
    pub const NONE: Self = Self(0);
    /// [`Publication::summary`].
    pub const SUMMARY: Self = Self(1);
    /// [`Publication::history`].
    pub const HISTORY: Self = Self(1 << 1);
    /// [`Publication::decree`].
    pub const DECREE: Self = Self(1 << 2);
    /// [`Publication::details`].
    pub const DETAILS: Self = Self(1 << 3);
    /// [`Body::html`].
    pub const HTML: Self = Self(1 << 4);
    /// [`Body::text`].
    pub const TEXT: Self = Self(1 << 5);
    /// [`Body::source`].
    pub const SOURCE: Self = Self(1 << 6);
    /// [`Body::outline`].
    pub const OUTLINE: Self = Self(1 << 7);
    /// [`Body::word_count`].
    pub const WORD_COUNT: Self = Self(1 << 8);
    /// [`Publication::views`].
    pub const VIEWS: Self = Self(1 << 9);
    /// [`Publication::category`].
    pub const CATEGORY: Self = Self(1 << 10);
    /// [`Publication::slug`].
    pub const SLUG: Self = Self(1 << 11);
    /// [`Publication::title`].
    pub const TITLE: Self = Self(1 << 12);
    /// [`Publication::published_at`].
    pub const PUBLISHED_AT: Self = Self(1 << 13);
    /// [`Body::embeds`].
    pub const EMBEDS: Self = Self(1 << 14);
    /// Everything.
    pub const ALL: Self = Self((1 << 15) - 1);

    /// The parts wanted by either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are among them.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What readers see of one entry in one language. Beyond what identifies it, a part is there when it was asked for
/// (see [`Parts`]), so that a list of titles reads titles and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The parts that were asked for.
    pub parts: Parts,
    /// The entry.
    pub entry: EntryId,
    /// The language it is in.
    pub locale: Locale,
    /// Article or decree.
    pub kind: EntryKind,
    /// Where it is filed.
    pub category: Option<CategoryId>,
    /// Its name in addresses.
    pub slug: Option<String>,
    /// The headline or official title.
    pub title: Option<String>,
    /// The date it carries.
    pub published_at: Option<Timestamp>,
    /// The standfirst; none, too, when it has none.
    pub summary: Option<String>,
    /// When it changed.
    pub history: Option<History>,
    /// A decree's facts; none, too, for an article.
    pub decree: Option<DecreeFacts>,
    /// What a full page shows beyond title and text.
    pub details: Option<Box<Details>>,
    /// The text.
    pub body: Option<Box<Body>>,
    /// How often the entry was read, in all its languages.
    pub views: Option<i64>,
    /// The revision it shows, where it shows one that is not live.
    pub preview: Option<RevisionNumber>,
}

impl Publication {
    /// About how many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let texts = [&self.slug, &self.title, &self.summary].into_iter().flatten().map(String::len).sum::<usize>();
        // They have many parts, and stand in memory about as long as they are written.
        let details = self.details.as_ref().map_or(0, |details| size_of::<Details>() + 2 * written_bytes(details));
        let number = self.decree.as_ref().map_or(0, |decree| decree.number.len());
        size_of::<Self>() + texts + number + details + self.body.as_ref().map_or(0, |body| body.bytes())
    }

    /// What readers would see of a revision if it were published now: what a draft has not yet is empty, and its
    /// slug is the entry's id until it has one.
    #[must_use]
    pub fn preview(
        entry: &Entry,
        revision: &Revision,
        live: Option<&Edition>,
        views: i64,
        (now, today): (Timestamp, Date),
    ) -> Self {
        let content = &revision.content;
        let published_at = live.map_or(now, |live| live.published_at);
        let edition = Edition {
            entry: entry.id,
            locale: revision.locale,
            revision: revision.number,
            category: entry.category,
            tags: entry.tags.clone(),
            published_at,
            first_published_at: live.map_or(now, |live| live.first_published_at),
            went_live_at: live.and_then(|live| live.went_live_at),
            updated_at: now,
            change_notes: live.map(|live| live.change_notes.clone()).unwrap_or_default(),
            withdrawal: None,
        };
        let decree = match content {
            Content::Decree(decree) => Some(DecreeFacts {
                number: decree.number.clone().unwrap_or_default(),
                signed_on: decree.signed_on.unwrap_or(today),
                force: Force::derive(decree.effective_on, decree.repealed_on, &[]),
            }),
            Content::Article(_) => None,
        };
        let body = content.body().cloned().unwrap_or_else(|| RichText::new(Format::Markdown, ""));
        Self {
            parts: Parts::ALL,
            entry: entry.id,
            locale: revision.locale,
            kind: content.kind(),
            category: Some(entry.category),
            slug: Some(content.slug().map_or_else(|| entry.id.to_string(), ToString::to_string)),
            title: Some(content.title().unwrap_or_default().to_owned()),
            published_at: Some(published_at),
            summary: content.summary().map(str::to_owned),
            history: Some(History { first_published_at: edition.first_published_at, updated_at: now, version: 0 }),
            decree,
            details: Some(Box::new(Details::of(&edition, content))),
            body: Some(Box::new(Body {
                source: Some((body.format(), body.source().to_owned())),
                html: Some(body.html().to_owned()),
                text: Some(body.text().to_owned()),
                word_count: Some(body.word_count()),
                outline: Some(body.outline().to_vec()),
                embeds: Some(body.embeds().to_vec()),
            })),
            views: Some(views),
            preview: Some(revision.number),
        }
    }
}

fn written_bytes(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).map_or(0, |written| written.len())
}

/// When an edition changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// When it went live for the first time.
    pub first_published_at: Timestamp,
    /// When what readers see last changed.
    pub updated_at: Timestamp,
    /// The change that made it what it is.
    pub version: ChangeSeq,
}

/// What lists and filters need of a decree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecreeFacts {
    /// Its number, as printed.
    pub number: String,
    /// The day it was signed.
    pub signed_on: Date,
    /// The days its status changes.
    pub force: Force,
}

/// A text as it is read; derived when it was saved. Each part is there when it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// As its author wrote it, and in which language.
    pub source: Option<(Format, String)>,
    /// Sanitised HTML.
    pub html: Option<String>,
    /// The words alone.
    pub text: Option<String>,
    /// How many they are.
    pub word_count: Option<u32>,
    /// The headings.
    pub outline: Option<Vec<Heading>>,
    /// What is embedded.
    pub embeds: Option<Vec<Embed>>,
}

impl Body {
    fn bytes(&self) -> usize {
        let source = self.source.as_ref().map(|(_, source)| source.len());
        let texts = [&self.html, &self.text].map(|text| text.as_ref().map(String::len));
        let outline = self.outline.as_ref().map(written_bytes);
        let embeds = self.embeds.as_ref().map(written_bytes);
        size_of::<Self>() + texts.into_iter().chain([source, outline, embeds]).flatten().sum::<usize>()
    }
}
