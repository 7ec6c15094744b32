//! Live editions: what readers see of one entry in one language, made from exactly one revision.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    content::RequiredField,
    entry::Entry,
    id::{CategoryId, EntryId, TagId},
    locale::Locale,
    revision::{Revision, RevisionNumber},
    rich_text::{Format, RichText},
};

/// A public note that a later major publish carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeNote {
    /// When that publish went live.
    pub at: Timestamp,
    /// What changed, for readers.
    pub note: String,
}

/// What readers are told of an edition that was taken back but can still be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Since when.
    pub at: Timestamp,
    /// Why, for readers.
    pub notice: String,
    /// The language the notice is written in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub format: Format,
}

fn is_default(format: &Format) -> bool {
    *format == Format::default()
}

impl Withdrawal {
    /// The notice as it is read. Derived on reading, unlike a body: notices are few, and a sentence or two.
    #[must_use]
    pub fn text(&self) -> RichText {
        RichText::new(self.format, self.notice.as_str())
    }
}

/// What readers get where something was live, once it is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Ending {
    /// It can still be read, and says that it was withdrawn and why, in Markdown.
    Notice(String),
    /// Another path of the site, or an absolute URL.
    Redirect(String),
    /// That it is gone for good (HTTP 410).
    Gone,
    /// Nothing, as if it had never been (HTTP 404).
    Vanish,
}

/// What is live of one entry in one language. The text itself is the revision's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// The revision it was made from.
    pub revision: RevisionNumber,
    /// Where the entry was filed when this was published.
    pub category: CategoryId,
    /// The entry's subjects when this was published.
    #[serde(default)]
    pub tags: Vec<TagId>,
    /// The date it carries, and is sorted by.
    pub published_at: Timestamp,
    /// When it went live for the first time: the day that was, or the date it carries where that is earlier.
    pub first_published_at: Timestamp,
    /// When it really went live for the first time, where `first_published_at` is earlier by the date it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub went_live_at: Option<Timestamp>,
    /// When what readers see last changed.
    pub updated_at: Timestamp,
    /// The notes of major publishes, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub change_notes: Vec<ChangeNote>,
    /// Set while it is withdrawn with a notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<Withdrawal>,
}

/// The earliest date something can carry: 1000-01-01, in UTC. What is before is a slip of the pen.
const EARLIEST: Timestamp = Timestamp::constant(-30_610_224_000, 0);

/// Why a revision cannot go live.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// Something readers need is not there yet.
    #[error("not complete: {} missing", list(.0))]
    Incomplete(Vec<RequiredField>),
    /// The revision belongs to something else.
    #[error("the revision is not one of this entry")]
    ForeignRevision,
    /// Its content is not of the entry's kind.
    #[error("the revision's content is not of the entry's kind")]
    WrongKind,
    /// The date it shall carry is still to come.
    #[error("the publication date lies in the future")]
    InFuture,
    /// The date it shall carry is before all that is dated here.
    #[error("the publication date lies before the year 1000")]
    TooEarly,
}

fn list(fields: &[RequiredField]) -> String {
    fields.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Edition {
    /// Publishes a revision: the first time, or over what is live.
    ///
    /// `published_at` sets the date it carries, as imports and late entries need it; otherwise the first publish's
    /// time stays, however often it is published again. It went live for the first time at that date, or when it
    /// really did if that is earlier: so a date that was set by mistake can be set right. A `note` makes the publish a
    /// major one. A withdrawal ends.
    ///
    /// # Errors
    /// [`PublishError`] when the revision is another entry's, or not complete, or the date lies in the future or before
    /// the year 1000.
    pub fn publish(
        entry: &Entry,
        live: Option<&Self>,
        revision: &Revision,
        now: Timestamp,
        published_at: Option<Timestamp>,
        note: Option<String>,
    ) -> Result<Self, PublishError> {
        Self::check(entry, revision)?;
        match published_at {
            Some(at) if at > now => return Err(PublishError::InFuture),
            Some(at) if at < EARLIEST => return Err(PublishError::TooEarly),
            _ => {}
        }
        let mut change_notes = live.map(|live| live.change_notes.clone()).unwrap_or_default();
        change_notes.extend(note.map(|note| ChangeNote { at: now, note }));
        let published_at = published_at.or(live.map(|live| live.published_at)).unwrap_or(now);
        let went_live_at = live.map_or(now, |live| live.went_live_at.unwrap_or(live.first_published_at));
        Ok(Self {
            entry: entry.id,
            locale: revision.locale,
            revision: revision.number,
            category: entry.category,
            tags: entry.tags.clone(),
            published_at,
            first_published_at: went_live_at.min(published_at),
            went_live_at: Some(went_live_at).filter(|at| *at > published_at),
            updated_at: if live.is_some() { now } else { published_at },
            change_notes,
            withdrawal: None,
        })
    }

    /// Checks that a revision can be what readers see of an entry.
    ///
    /// # Errors
    /// [`PublishError`], as for [`Edition::publish`].
    pub fn check(entry: &Entry, revision: &Revision) -> Result<(), PublishError> {
        if revision.entry != entry.id {
            return Err(PublishError::ForeignRevision);
        }
        if revision.content.kind() != entry.kind {
            return Err(PublishError::WrongKind);
        }
        let missing = revision.content.missing();
        if missing.is_empty() { Ok(()) } else { Err(PublishError::Incomplete(missing)) }
    }

    /// Withdraws it with a notice in Markdown: it can still be read, and says so.
    #[must_use]
    pub fn withdraw(mut self, now: Timestamp, notice: String) -> Self {
        self.updated_at = now;
        self.withdrawal = Some(Withdrawal { at: now, notice, format: Format::Markdown });
        self
    }
}
