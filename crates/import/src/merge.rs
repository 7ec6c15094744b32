//! Merging what comes in with what is there: again and again without doubling anything, nor undoing what was done here.

mod languages;
mod update;

use std::collections::HashSet;

use courant_domain::{
    content::Content,
    edition::Edition,
    entry::{Entry, EntryKind},
    id::EntryId,
    import_baseline::ImportBaseline,
    locale::Locale,
    revision::{self, Revision},
    slug::Slug,
    workflow::{LocaleStanding, Standing, State},
};
use courant_persistence::{
    ImportTransaction, LedPaths, LiveAddress, OldPaths, Store, StoreError,
    dump::{DeskRecord, EntryRecord},
};
use jiff::Timestamp;

use crate::incoming::{Incoming, IncomingText, IncomingVersion};

/// What became of one incoming entry.
#[derive(Debug)]
pub enum Outcome {
    /// It was made. The slugs that had to be numbered because theirs were taken are named.
    Created {
        /// New slugs.
        renamed: Vec<Slug>,
    },
    /// At least one language was different from what we had.
    Updated,
    /// We have it already, just so; or its source took back what was never here.
    Unchanged,
    /// Its source has changed what was changed here, too, since it was last brought: that stays as it is here.
    Kept {
        /// Whether something else of it was taken over.
        updated: bool,
    },
    /// Its source had changed it earlier than what it has brought before, which stays.
    Older,
    /// It cannot be taken in.
    Refused(StoreError),
}

/// One incoming entry, merged.
#[derive(Debug)]
pub struct Merged {
    /// The entry that it is here; if it was refused, the one that it would have been.
    pub entry: EntryId,
    /// What became of it.
    pub outcome: Outcome,
    /// The languages in which it was live and is no longer, as its source has it in another one.
    pub left: Vec<Locale>,
    /// What became of the paths it had.
    pub old_paths: LedPaths,
}

/// Takes in entries. Those refused leave nothing behind; the others are all there or, when the whole call fails, none of
/// them.
///
/// Of what was imported before, that is taken over which its source has changed since: text, state, date, category and
/// tags, unless it says itself that it is older than that. What anybody has changed here since then stays: a text somebody saved or withdrew is never published over, and a
/// category or tag somebody set is never set back.
///
/// # Errors
/// When the database fails.
pub async fn merge(store: &Store, mut incoming: Vec<Incoming>, by: &str) -> Result<Vec<Merged>, StoreError> {
    let mut tx = store.newsroom().import_begin().await?;
    let mut known = tx.imported(incoming.iter().map(|item| item.origin.clone()).collect()).await?;
    let slugs = incoming.iter().flat_map(|item| item.versions.iter().filter_map(|version| version.content.slug()));
    let mut taken = tx.live_addresses(slugs.map(ToString::to_string).collect()).await?;
    let mut outcomes = Vec::with_capacity(incoming.len());
    let mut records = Vec::new();
    let mut seen = HashSet::new();
    let mut moves = Vec::new();
    for item in &mut incoming {
        let (mut entry, mut left) = (item.id, Vec::new());
        let outcome = if !seen.insert(item.origin.clone()) {
            Ok(Outcome::Refused(invalid(format!("{} stands twice in one import", item.origin))))
        } else if let Some(known) = known.remove(&item.origin) {
            entry = known.entry.id;
            languages::settle(item, &known);
            let updated = update::update(&mut tx, known, item, by, &mut taken).await;
            updated.map(|(outcome, taken_back)| {
                left = item.languages_gone().filter(|locale| taken_back.contains(locale)).collect();
                outcome
            })
        } else if item.is_gone() {
            Ok(Outcome::Unchanged)
        } else {
            let mut renamed = Vec::new();
            for version in &mut item.versions {
                version.without_text();
                renamed.extend(free_slug(&tx, item.kind, version, &mut taken).await?);
            }
            record(&tx, item, by).map(|record| {
                records.push(record);
                Outcome::Created { renamed }
            })
        };
        let outcome = match outcome {
            Err(error @ (StoreError::Invalid(_) | StoreError::NotFound(_))) => Outcome::Refused(error),
            other => other?,
        };
        if !matches!(outcome, Outcome::Refused(_)) && !item.is_gone() {
            let given = item.versions.iter().filter(|version| version.text != IncomingText::Gone);
            let locales = given.map(|version| version.locale);
            moves.extend(locales.map(|locale| OldPaths { entry, locale, paths: item.old_paths.clone() }));
        }
        outcomes.push((entry, outcome, left));
    }
    tx.create(&records).await?;
    let mut kept = tx.lead_old_paths(&moves).await?;
    tx.finish().await?;
    let merged =
        |(entry, outcome, left)| Merged { entry, outcome, left, old_paths: kept.remove(&entry).unwrap_or_default() };
    Ok(outcomes.into_iter().map(merged).collect())
}

/// Numbers a slug that another entry has, and says what it became.
async fn free_slug(
    tx: &ImportTransaction,
    kind: EntryKind,
    version: &mut IncomingVersion,
    taken: &mut HashSet<LiveAddress>,
) -> Result<Option<Slug>, StoreError> {
    let locale = version.locale;
    let slot = match &mut version.content {
        Content::Article(article) => &mut article.slug,
        Content::Decree(decree) => &mut decree.slug,
    };
    let Some(wanted) = slot.clone() else { return Ok(None) };
    let mut slug = wanted.clone();
    let is_taken = |slug: &Slug| taken.contains(&(kind, locale, slug.to_string()));
    if is_taken(&wanted) {
        slug = tx.first_free_slug((kind, locale, &wanted), is_taken).await?;
    }
    // A draft has no address yet.
    if matches!(version.state, State::Published | State::Withdrawn | State::Scheduled) {
        taken.insert((kind, locale, slug.to_string()));
    }
    if slug == wanted {
        return Ok(None);
    }
    *slot = Some(slug.clone());
    Ok(Some(slug))
}

fn record(tx: &ImportTransaction, item: &Incoming, by: &str) -> Result<EntryRecord, StoreError> {
    if !tx.has_category(item.category) {
        return Err(StoreError::NotFound(format!("category {}", item.category)));
    }
    let first = item.versions.iter().filter_map(|version| version.published_at).min();
    let entry = Entry {
        id: item.id,
        kind: item.kind,
        category: item.category,
        tags: item.tags.clone(),
        created_at: first.unwrap_or(tx.now()).min(tx.now()),
        created_by: None,
        was_published: false,
        origin: Some(item.origin.clone()),
    };
    let mut record = EntryRecord {
        entry,
        views: item.views,
        standings: Vec::new(),
        revisions: Vec::new(),
        editions: Vec::new(),
        desk: DeskRecord::default(),
        waiting_paths: Vec::new(),
    };
    for version in &item.versions {
        let revision = new_revision(&record.entry, version, None, tx.now(), by)?;
        let live = live(&record.entry, None, &revision, version, tx.now())?;
        let standing = standing_of(item, version, 1, live.is_some());
        record.standings.push(LocaleStanding { locale: version.locale, standing });
        record.editions.extend(live);
        record.revisions.push(revision);
    }
    record.validate().map_err(invalid)?;
    Ok(record)
}

fn new_revision(
    entry: &Entry,
    version: &IncomingVersion,
    newest: Option<u32>,
    now: Timestamp,
    by: &str,
) -> Result<Revision, StoreError> {
    if let Some(problem) = version.content.text_problems().first() {
        return Err(invalid(format!("{}: {}", problem.field.join("."), problem.message)));
    }
    Ok(Revision {
        entry: entry.id,
        locale: version.locale,
        number: revision::next_number(newest, newest).map_err(invalid)?,
        based_on: newest,
        created_at: now,
        created_by: by.to_owned(),
        comment: None,
        content: version.content.clone(),
    })
}

fn standing_of(item: &Incoming, version: &IncomingVersion, newest: u32, live: bool) -> Standing {
    let scheduled_at = (version.state == State::Scheduled).then_some(version.published_at).flatten();
    let baseline = ImportBaseline {
        revision: newest,
        state: version.state,
        published_at: version.published_at,
        source_updated_at: version.updated_at,
        category: item.category,
        tags: item.tags.clone(),
        live,
    };
    Standing { scheduled_at, import_baseline: Some(baseline), ..Standing::new(version.state, newest) }
}

fn live(
    entry: &Entry,
    before: Option<&Edition>,
    revision: &Revision,
    version: &IncomingVersion,
    now: Timestamp,
) -> Result<Option<Edition>, StoreError> {
    if !matches!(version.state, State::Published | State::Withdrawn) {
        return Ok(None);
    }
    let mut live = Edition::publish(entry, before, revision, now, version.published_at, None).map_err(invalid)?;
    if let Some(updated) = version.updated_at {
        live.updated_at = updated.max(live.published_at);
    }
    if let Some(last) = version.change_notes.last() {
        live.updated_at = live.updated_at.max(last.at);
    }
    // A source without notes takes none away.
    if !version.change_notes.is_empty() {
        live.change_notes.clone_from(&version.change_notes);
    }
    Ok(Some(match &version.withdrawal {
        Some(withdrawal) => Edition { updated_at: withdrawal.at, withdrawal: Some(withdrawal.clone()), ..live },
        None => live,
    }))
}

fn invalid(what: impl std::fmt::Display) -> StoreError {
    StoreError::Invalid(what.to_string())
}
