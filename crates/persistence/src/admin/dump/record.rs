//! The records of a dump.

use std::collections::HashSet;

use courant_domain::{
    access::ActorId,
    address,
    bounds::{Bound, TextError},
    category::Category,
    edition::{Edition, PublishError},
    entry::Entry,
    feed::Feed,
    id::EntryId,
    locale::Locale,
    person::Person,
    problem::Problem,
    redirect::Redirect,
    revision::Revision,
    site::Site,
    tag::Tag,
    workflow::{LocaleStanding, Standing, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{desk::DeskRecord, reads::ReadsRecord, webhook::WebhookRecord};

/// One line of a dump.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Record {
    /// The first line: says that this is a dump, and of which form.
    Courant(Header),
    /// The site.
    Site(Site),
    /// A category, behind its parent.
    Category(Category),
    /// A tag.
    Tag(Tag),
    /// A person.
    Person(Person),
    /// A feed.
    Feed(Feed),
    /// An entry with everything that belongs to it.
    Entry(EntryRecord),
    /// A redirect, or a path that is gone.
    Redirect(Redirect),
    /// A webhook, without its keys.
    Webhook(WebhookRecord),
    /// How often an entry was read by hour and by day.
    Reads(ReadsRecord),
    /// The last line: says that nothing was cut off.
    End(End),
}

/// The first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The form of the records; see [`Header::CURRENT`].
    pub dump: u32,
}

impl Header {
    /// The form this version writes, and the only one it reads.
    pub const CURRENT: Self = Self { dump: 1 };
}

/// The last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// How many records stand between the first line and this one.
    pub records: u64,
}

/// An entry with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryRecord {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// How often it was read.
    pub views: i64,
    /// Where each language stands.
    pub standings: Vec<LocaleStanding>,
    /// All revisions, by locale and number.
    pub revisions: Vec<Revision>,
    /// What is live, by locale.
    pub editions: Vec<Edition>,
    /// What people have left on the desk.
    #[serde(default, skip_serializing_if = "DeskRecord::is_empty")]
    pub desk: DeskRecord,
    /// The paths that it had elsewhere and does not have here, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting_paths: Vec<WaitingPath>,
}

/// A path that an entry had elsewhere and does not have here: it leads to the entry once that is live and nothing else has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingPath {
    /// The path, as redirects are kept under.
    pub path: String,
    /// Since when it waits for it: who waits longer comes first.
    pub created_at: Timestamp,
}

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A live edition whose revision is not in the record.
    #[error("the live edition in {locale} is made from revision {revision}, which is not there")]
    RevisionMissing {
        /// Its language.
        locale: Locale,
        /// The revision it names.
        revision: u32,
    },
    /// A revision that cannot be live.
    #[error("the live edition in {locale}: {error}")]
    NotPublishable {
        /// Its language.
        locale: Locale,
        /// Why not.
        error: PublishError,
    },
    /// No live edition where there must be one.
    #[error("nothing of it is live")]
    NothingLive,
    /// Something of another entry.
    #[error("it holds something of another entry")]
    Foreign,
    /// Two editions, standings or revisions where one can be.
    #[error("{0} stands twice")]
    Twice(&'static str),
    /// A text that cannot be kept.
    #[error("{field} in {locale}: {message}")]
    Text {
        /// Its language.
        locale: Locale,
        /// Which, as a path with dots.
        field: String,
        /// Why not.
        message: String,
    },
    /// Fewer readers than none.
    #[error("it was read {0} times")]
    NegativeViews(i64),
    /// A standing without its newest revision.
    #[error("the standing in {0} names a revision that is not there")]
    StandingWithoutRevision(Locale),
    /// A revision or a live edition in a language that stands nowhere, or stands where neither can be.
    #[error("where it stands in {0} does not fit what there is of it")]
    StandingUnfit(Locale),
    /// A working copy or a comment that is of no revision there is, or without what it holds.
    #[error("what lies on the desk in {0} does not fit what there is of it")]
    DeskUnfit(Locale),
    /// An address that it had elsewhere and that none can be.
    #[error("it waits for {0:?}, which is no path of a site in its normal form")]
    WaitingPath(String),
    /// Something it refers to that is not in the dump, or behind it.
    #[error("it refers to {what} {id}, which does not stand before it")]
    NotBefore {
        /// A category, a tag, a person.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The site, in whose languages all else is, behind some of that.
    #[error("the site stands behind what is in it")]
    SiteLate,
}

impl Record {
    /// Sees that the names and descriptions of reference data can be kept.
    ///
    /// # Errors
    /// [`TextError`] of the first that cannot.
    pub fn check_texts(&self) -> Result<(), TextError> {
        let named =
            |name, description| Bound::NAME.check_each(name).and_then(|()| Bound::DESCRIPTION.check_each(description));
        match self {
            Self::Category(category) => named(&category.title, &category.description),
            Self::Feed(feed) => named(&feed.title, &feed.description),
            Self::Tag(tag) => Bound::NAME.check_each(&tag.name),
            Self::Person(person) => {
                Bound::NAME.check_each(&person.name).and_then(|()| Bound::NAME.check_each(&person.role))
            }
            _ => Ok(()),
        }
    }
}

impl EntryRecord {
    /// What readers can see of an entry, and nothing else: its live editions and the revisions they are made from,
    /// without who wrote them, when and why. It is filed where readers find it, and names only those acts that
    /// `is_live` holds for.
    ///
    /// # Errors
    /// [`RecordError`] when there is no edition, or they and the revisions do not fit together.
    pub fn published(
        mut editions: Vec<Edition>,
        revisions: Vec<Revision>,
        views: i64,
        is_live: impl Fn(EntryId) -> bool,
    ) -> Result<Self, RecordError> {
        let first = editions.first().ok_or(RecordError::NothingLive)?;
        let entry = Entry {
            id: first.entry,
            kind: revisions.first().ok_or(RecordError::NothingLive)?.content.kind(),
            category: first.category,
            tags: first.tags.clone(),
            created_at: editions.iter().map(|live| live.first_published_at).min().unwrap_or(first.first_published_at),
            created_by: None,
            was_published: true,
            origin: None,
        };
        let desk = DeskRecord::default();
        let (standings, waiting_paths) = (Vec::new(), Vec::new());
        let mut record = Self { entry, views, standings, revisions, editions: Vec::new(), desk, waiting_paths };
        for live in &mut editions {
            live.went_live_at = None;
        }
        let mut shown = Vec::with_capacity(editions.len());
        for live in &editions {
            let Revision { entry, locale, number, content, .. } = record.revision_of(live)?.clone();
            let created_by = ActorId::program().to_string();
            let created_at = live.updated_at;
            let mut revision =
                Revision { entry, locale, number, based_on: None, created_at, created_by, comment: None, content };
            revision.content.retain_names(&is_live);
            shown.push(revision);
            let state = if live.withdrawal.is_some() { State::Withdrawn } else { State::Published };
            record.standings.push(LocaleStanding { locale, standing: Standing::new(state, number) });
        }
        (record.revisions, record.editions) = (shown, editions);
        record.validate()?;
        Ok(record)
    }

    /// Checks that what the record holds can be kept, and fits together.
    ///
    /// # Errors
    /// [`RecordError`] names the first thing that does not.
    pub fn validate(&self) -> Result<(), RecordError> {
        let id = self.entry.id;
        if self.revisions.iter().any(|revision| revision.entry != id)
            || self.editions.iter().any(|live| live.entry != id)
        {
            return Err(RecordError::Foreign);
        }
        if self.views < 0 {
            return Err(RecordError::NegativeViews(self.views));
        }
        for revision in &self.revisions {
            if let Some(Problem { field, message, .. }) = revision.content.text_problems().into_iter().next() {
                return Err(RecordError::Text { locale: revision.locale, field: field.join("."), message });
            }
        }
        for live in &self.editions {
            let notes = live.change_notes.iter().map(|note| ("changeNotes", note.note.as_str(), Bound::NOTE));
            let notice =
                live.withdrawal.iter().map(|taken| ("withdrawal.notice", taken.notice.as_str(), Bound::NOTICE));
            for (field, text, bound) in notes.chain(notice) {
                bound.check(text).map_err(|error| RecordError::Text {
                    locale: live.locale,
                    field: field.to_owned(),
                    message: error.to_string(),
                })?;
            }
        }
        let mut revisions: Vec<_> = self.revisions.iter().map(|r| (r.locale, r.number)).collect();
        revisions.sort_unstable();
        if revisions.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(RecordError::Twice("a revision"));
        }
        for (index, live) in self.editions.iter().enumerate() {
            if self.editions[..index].iter().any(|other| other.locale == live.locale) {
                return Err(RecordError::Twice("a live edition"));
            }
            let revision = self.revision_of(live)?;
            Edition::check(&self.entry, revision)
                .map_err(|error| RecordError::NotPublishable { locale: live.locale, error })?;
        }
        for (index, standing) in self.standings.iter().enumerate() {
            if self.standings[..index].iter().any(|other| other.locale == standing.locale) {
                return Err(RecordError::Twice("a standing"));
            }
            if revisions.binary_search(&(standing.locale, standing.standing.newest)).is_err() {
                return Err(RecordError::StandingWithoutRevision(standing.locale));
            }
            if !self.fits(standing) {
                return Err(RecordError::StandingUnfit(standing.locale));
            }
        }
        super::desk::validate(self)?;
        let mut paths = HashSet::new();
        for WaitingPath { path, .. } in &self.waiting_paths {
            if !address::is_kept(path) {
                return Err(RecordError::WaitingPath(path.clone()));
            }
            if !paths.insert(path) {
                return Err(RecordError::Twice("a path that it waits for"));
            }
        }
        // Editions need not be looked at: each is of a revision.
        match revisions.iter().find(|(locale, _)| !self.standings.iter().any(|standing| standing.locale == *locale)) {
            Some((locale, _)) => Err(RecordError::StandingUnfit(*locale)),
            None => Ok(()),
        }
    }

    /// Whether what is there of a language is what its state says.
    fn fits(&self, LocaleStanding { locale, standing }: &LocaleStanding) -> bool {
        let last = self.revisions.iter().filter(|revision| revision.locale == *locale).map(|last| last.number).max();
        let live = self.editions.iter().find(|live| live.locale == *locale);
        let is_live_as_said = match (standing.state, live) {
            (State::Published, live) => live.is_some_and(|live| live.revision == standing.newest),
            (State::Archived, live) => live.is_none(),
            _ => true,
        };
        let is_planned = standing.state == State::Scheduled;
        last == Some(standing.newest) && is_live_as_said && is_planned == standing.scheduled_at.is_some()
    }

    /// The revision a live edition was made from.
    ///
    /// # Errors
    /// [`RecordError::RevisionMissing`] when the record does not hold it.
    pub fn revision_of(&self, live: &Edition) -> Result<&Revision, RecordError> {
        self.revisions
            .iter()
            .find(|revision| revision.locale == live.locale && revision.number == live.revision)
            .ok_or(RecordError::RevisionMissing { locale: live.locale, revision: live.revision })
    }
}
