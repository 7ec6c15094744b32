//! Taking in content from elsewhere, again and again without doubling anything.

use std::collections::{HashMap, HashSet};

use courant_domain::{
    content::Content,
    dump::{EntryRecord, LocaleStanding},
    edition::{ChangeNote, Edition, Withdrawal},
    entry::{Entry, EntryKind},
    id::{CategoryId, EntryId, TagId},
    locale::Locale,
    revision::Revision,
    slug::Slug,
    workflow::{Standing, State},
};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    convert::from_word,
    entity::{edition, entry, revision, standing},
    entries::{self, edition_rows, read_entry, read_revision, revision_row, standing_row},
    error::{Result, StoreError, invalid},
    publish::{self, Put},
    store::Store,
    transaction::{Transaction, chunks},
};

/// An entry as its source has it.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The id to give it if it is new.
    pub id: EntryId,
    /// What its source calls it, for good.
    pub origin: String,
    /// Article or decree.
    pub kind: EntryKind,
    /// Where it is filed.
    pub category: CategoryId,
    /// Its subjects.
    pub tags: Vec<TagId>,
    /// How often it was read there.
    pub views: i64,
    /// Its languages.
    pub versions: Vec<IncomingVersion>,
}

/// One language of it.
#[derive(Debug, Clone)]
pub struct IncomingVersion {
    /// The language.
    pub locale: Locale,
    /// The content.
    pub content: Content,
    /// Where it stands; only [`State::Published`] and [`State::Withdrawn`] go live.
    pub state: State,
    /// The date it carries.
    pub published_at: Option<Timestamp>,
    /// When its source last changed it.
    pub updated_at: Option<Timestamp>,
    /// Notes of its major changes.
    pub change_notes: Vec<ChangeNote>,
    /// What readers are told if it was taken back.
    pub withdrawal: Option<Withdrawal>,
}

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
    /// We have it already, just so.
    Unchanged,
    /// It cannot be taken in.
    Refused(StoreError),
}

impl Store {
    /// Takes in entries. Those refused leave nothing behind; the others are all there or, when the whole call
    /// fails, none of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import(&self, mut incoming: Vec<Incoming>, by: &str) -> Result<Vec<Outcome>> {
        let mut tx = Transaction::begin(self).await?;
        let known = known(&tx, &incoming).await?;
        let mut taken = taken_slugs(&tx, &incoming).await?;
        let mut outcomes = Vec::with_capacity(incoming.len());
        let mut records = Vec::new();
        let mut created = HashSet::new();
        for item in &mut incoming {
            let outcome = if let Some(entry) = known.get(&item.origin) {
                update(&mut tx, entry, item, by, &mut taken).await
            } else if created.contains(&item.origin) {
                Ok(Outcome::Refused(invalid(format!("{} stands twice in one import", item.origin))))
            } else {
                let mut renamed = Vec::new();
                for version in &mut item.versions {
                    renamed.extend(free_slug(&tx, item.kind, version, &mut taken).await?);
                }
                record(&tx, item, by).map(|record| {
                    records.push(record);
                    created.insert(item.origin.clone());
                    Outcome::Created { renamed }
                })
            };
            outcomes.push(match outcome {
                Err(error @ (StoreError::Invalid(_) | StoreError::NotFound(_))) => Outcome::Refused(error),
                other => other?,
            });
        }
        entries::create_in_tx(&mut tx, &records).await?;
        tx.commit(self).await?;
        Ok(outcomes)
    }
}

async fn known(tx: &Transaction, incoming: &[Incoming]) -> Result<HashMap<String, Entry>> {
    let mut known = HashMap::new();
    for origins in chunks(incoming.iter().map(|item| item.origin.clone()).collect()) {
        for row in entry::Entity::find().filter(entry::Column::Origin.is_in(origins)).all(tx.connection()).await? {
            if let Some(origin) = row.origin.clone() {
                known.insert(origin, read_entry(row)?);
            }
        }
    }
    Ok(known)
}

type Address = (EntryKind, Locale, String);

async fn taken_slugs(tx: &Transaction, incoming: &[Incoming]) -> Result<HashSet<Address>> {
    let slugs: Vec<String> = incoming
        .iter()
        .flat_map(|item| item.versions.iter().filter_map(|version| version.content.slug().map(ToString::to_string)))
        .collect();
    let mut taken = HashSet::new();
    for slugs in chunks(slugs) {
        taken.extend(live_slugs(tx, slugs).await?);
    }
    Ok(taken)
}

async fn live_slugs(tx: &Transaction, slugs: Vec<String>) -> Result<Vec<Address>> {
    use edition::Column::{Kind, Locale as Language, Slug};
    let rows: Vec<(String, String, String)> = edition::Entity::find()
        .filter(Slug.is_in(slugs))
        .select_only()
        .columns([Kind, Language, Slug])
        .into_tuple()
        .all(tx.connection())
        .await?;
    rows.into_iter()
        .map(|(kind, language, slug)| Ok((from_word(&kind)?, crate::convert::locale(&language)?, slug)))
        .collect()
}

/// Numbers a slug that another entry has, and says what it became.
async fn free_slug(
    tx: &Transaction,
    kind: EntryKind,
    version: &mut IncomingVersion,
    taken: &mut HashSet<Address>,
) -> Result<Option<Slug>> {
    let locale = version.locale;
    let slot = match &mut version.content {
        Content::Article(article) => &mut article.slug,
        Content::Decree(decree) => &mut decree.slug,
    };
    let Some(wanted) = slot.clone() else { return Ok(None) };
    let mut slug = wanted.clone();
    let mut number = 1;
    loop {
        let address = (kind, locale, slug.to_string());
        let free = !taken.contains(&address)
            && (number == 1 || !live_slugs(tx, vec![slug.to_string()]).await?.contains(&address));
        if free {
            taken.insert(address);
            break;
        }
        number += 1;
        slug = wanted.numbered(number);
    }
    if slug == wanted {
        return Ok(None);
    }
    *slot = Some(slug.clone());
    Ok(Some(slug))
}

fn record(tx: &Transaction, item: &Incoming, by: &str) -> Result<EntryRecord> {
    if tx.reference.categories.get(item.category).is_none() {
        return Err(StoreError::NotFound(format!("category {}", item.category)));
    }
    let first = item.versions.iter().filter_map(|version| version.published_at).min();
    let entry = Entry {
        id: item.id,
        kind: item.kind,
        category: item.category,
        tags: item.tags.clone(),
        created_at: first.unwrap_or(tx.now).min(tx.now),
        created_by: None,
        was_published: false,
        origin: Some(item.origin.clone()),
    };
    let mut record =
        EntryRecord { entry, views: item.views, standings: Vec::new(), revisions: Vec::new(), editions: Vec::new() };
    for version in &item.versions {
        let revision = new_revision(&record.entry, version, None, tx.now, by)?;
        record.editions.extend(live(&record.entry, None, &revision, version, tx.now)?);
        record.standings.push(LocaleStanding { locale: version.locale, standing: standing_of(version, 1) });
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
) -> Result<Revision> {
    Ok(Revision {
        entry: entry.id,
        locale: version.locale,
        number: courant_domain::revision::next_number(newest, newest).map_err(invalid)?,
        based_on: newest,
        created_at: now,
        created_by: by.to_owned(),
        comment: None,
        content: version.content.clone(),
    })
}

fn standing_of(version: &IncomingVersion, newest: u32) -> Standing {
    let scheduled_at = (version.state == State::Scheduled).then_some(version.published_at).flatten();
    Standing { scheduled_at, ..Standing::new(version.state, newest) }
}

fn live(
    entry: &Entry,
    before: Option<&Edition>,
    revision: &Revision,
    version: &IncomingVersion,
    now: Timestamp,
) -> Result<Option<Edition>> {
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
    live.change_notes.clone_from(&version.change_notes);
    Ok(Some(match &version.withdrawal {
        Some(withdrawal) => Edition { updated_at: withdrawal.at, withdrawal: Some(withdrawal.clone()), ..live },
        None => live,
    }))
}

/// Takes in what is different from what we have: a revision, and the live edition if it is to be one.
async fn update(
    tx: &mut Transaction,
    entry: &Entry,
    item: &Incoming,
    by: &str,
    taken: &mut HashSet<Address>,
) -> Result<Outcome> {
    let id = entry.id.uuid();
    let editions = edition_rows(tx.connection(), &[id]).await?;
    let mut changed: Vec<(Revision, Standing, Option<Edition>)> = Vec::new();
    for version in &item.versions {
        let newest = newest_revision(tx, id, version.locale).await?;
        let mut version = version.clone();
        if let Some(newest) = &newest {
            keep_slug(&mut version.content, &newest.content);
            if newest.content == version.content {
                continue;
            }
        } else {
            free_slug(tx, entry.kind, &mut version, taken).await?;
        }
        let revision = new_revision(entry, &version, newest.map(|newest| newest.number), tx.now, by)?;
        let before = editions.iter().find(|live| live.locale == version.locale);
        let live = live(entry, before, &revision, &version, tx.now)?;
        changed.push((revision.clone(), standing_of(&version, revision.number), live));
    }
    if changed.is_empty() {
        return Ok(Outcome::Unchanged);
    }
    // What its source threw away, readers no longer get.
    let away = changed.iter().filter(|(_, standing, _)| standing.state == State::Archived);
    let away = away.map(|(revision, ..)| (entry.id, revision.locale));
    let away: Vec<_> = away.filter(|(_, locale)| editions.iter().any(|live| live.locale == *locale)).collect();
    publish::remove_editions(tx, &away).await?;
    for (revision, standing, _) in &changed {
        revision::Entity::insert(revision_row(revision)?).exec_without_returning(tx.connection()).await?;
        standing::Entity::insert(standing_row(standing, revision)?)
            .on_conflict(entries::overwrite_standing())
            .exec_without_returning(tx.connection())
            .await?;
    }
    let puts: Vec<Put<'_>> = changed
        .iter()
        .filter_map(|(revision, _, live)| Some(Put { edition: live.as_ref()?, content: &revision.content }))
        .collect();
    publish::put_editions(tx, &puts, false).await?;
    entries::touch(tx, entry.id, !puts.is_empty()).await?;
    Ok(Outcome::Updated)
}

/// An import never moves what it brought before: the address stays, even where it had to be numbered then.
fn keep_slug(content: &mut Content, before: &Content) {
    match (content, before) {
        (Content::Article(article), Content::Article(before)) => article.slug.clone_from(&before.slug),
        (Content::Decree(decree), Content::Decree(before)) => decree.slug.clone_from(&before.slug),
        _ => {}
    }
}

async fn newest_revision(tx: &Transaction, entry: Uuid, locale: Locale) -> Result<Option<Revision>> {
    revision::Entity::find()
        .filter(revision::Column::EntryId.eq(entry))
        .filter(revision::Column::Locale.eq(locale.as_str()))
        .order_by_desc(revision::Column::Number)
        .one(tx.connection())
        .await?
        .map(read_revision)
        .transpose()
}
