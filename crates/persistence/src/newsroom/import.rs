//! What an import reads and writes: what it brought before, which addresses are taken, and all that becomes of it, in
//! one transaction.

mod old_paths;

use std::collections::{HashMap, HashSet};

use courant_domain::{
    edition::Edition,
    entry::{Entry, EntryKind},
    id::{CategoryId, EntryId},
    locale::Locale,
    revision::Revision,
    slug::Slug,
    workflow::{LocaleStanding, Standing},
};
use jiff::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    admin::{create_in_tx, dump::EntryRecord},
    db::{
        convert::{self, from_word, to_document},
        entity::{edition, entry, revision, standing},
        entries::{self, edition_rows, read_entry, read_revision, read_standing, revision_row, standing_row},
        transaction::{Transaction, chunks},
    },
    error::Result,
    live::publish::{self, Put},
    newsroom::{Newsroom, VersionKey, slugs},
    store::Store,
};

pub use self::old_paths::{LedPaths, OldPaths, Overtaken};

/// What was imported before, as it is now.
#[derive(Debug)]
pub struct ImportedEntry {
    /// The entry.
    pub entry: Entry,
    /// Where each language stands.
    pub standings: Vec<LocaleStanding>,
    /// What is live of it.
    pub editions: Vec<Edition>,
    /// Of each language, the revision that its source brought last.
    pub brought: Vec<Revision>,
}

/// What becomes of one language of an entry.
#[derive(Debug)]
pub struct VersionChange {
    /// The revision it stands at.
    pub revision: Revision,
    /// Whether the revision is still to be written.
    pub is_new: bool,
    /// Where it stands.
    pub standing: Standing,
    /// What goes live of it.
    pub live: Option<Edition>,
    /// Whether what is live is taken back.
    pub taken_back: bool,
}

/// What the address of a live edition is made of: its kind, its language and its slug.
pub type LiveAddress = (EntryKind, Locale, String);

/// An import on its way into the database. Nobody sees anything of it before [`ImportTransaction::finish`], and dropping
/// it leaves everything as it was. Whoever else writes waits.
pub struct ImportTransaction {
    store: Store,
    tx: Transaction,
}

impl Newsroom {
    /// The categories in which imports last filed what has these origins.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn import_filed(&self, origins: Vec<String>) -> Result<HashSet<CategoryId>> {
        let mut filed = HashSet::new();
        for origins in chunks(origins) {
            let ids = entry::Entity::find()
                .filter(entry::Column::Origin.is_in(origins))
                .select_only()
                .column(entry::Column::Id);
            let ids: Vec<Uuid> = ids.into_tuple().all(self.store.reader()).await?;
            for row in
                standing::Entity::find().filter(standing::Column::EntryId.is_in(ids)).all(self.store.reader()).await?
            {
                filed.extend(read_standing(&row)?.standing.import_baseline.map(|baseline| baseline.category));
            }
        }
        Ok(filed)
    }

    /// Begins to take in entries.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import_begin(&self) -> Result<ImportTransaction> {
        Ok(ImportTransaction { store: self.store.clone(), tx: Transaction::begin(&self.store).await? })
    }
}

impl ImportTransaction {
    /// The time of the import, by the database's clock.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.tx.now
    }

    /// Whether there is this category.
    #[must_use]
    pub fn has_category(&self, category: CategoryId) -> bool {
        self.tx.reference.categories.get(category).is_some()
    }

    /// What is here of these origins, by origin.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn imported(&self, origins: Vec<String>) -> Result<HashMap<String, ImportedEntry>> {
        let tx = &self.tx;
        let mut found: HashMap<EntryId, ImportedEntry> = HashMap::new();
        for origins in chunks(origins) {
            for row in entry::Entity::find().filter(entry::Column::Origin.is_in(origins)).all(tx.connection()).await? {
                let entry = read_entry(row)?;
                let known = ImportedEntry { entry, standings: Vec::new(), editions: Vec::new(), brought: Vec::new() };
                found.insert(known.entry.id, known);
            }
        }
        for ids in chunks(found.keys().map(|id| id.uuid()).collect()) {
            for live in edition_rows(tx.connection(), &ids).await? {
                if let Some(known) = found.get_mut(&live.entry) {
                    known.editions.push(live);
                }
            }
            let rows =
                standing::Entity::find().filter(standing::Column::EntryId.is_in(ids)).all(tx.connection()).await?;
            for row in rows {
                if let Some(known) = found.get_mut(&row.entry_id.into()) {
                    known.standings.push(read_standing(&row)?);
                }
            }
        }
        for revision in brought(tx, found.values()).await? {
            if let Some(known) = found.get_mut(&revision.entry) {
                known.brought.push(revision);
            }
        }
        Ok(found.into_values().filter_map(|known| Some((known.entry.origin.clone()?, known))).collect())
    }

    /// Which live editions have one of these slugs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn live_addresses(&self, slugs: Vec<String>) -> Result<HashSet<LiveAddress>> {
        use edition::Column::{Kind, Locale as Language, Slug};
        let mut taken = HashSet::new();
        for slugs in chunks(slugs) {
            let rows: Vec<(String, String, String)> = edition::Entity::find()
                .filter(Slug.is_in(slugs))
                .select_only()
                .columns([Kind, Language, Slug])
                .into_tuple()
                .all(self.tx.connection())
                .await?;
            for (kind, language, slug) in rows {
                taken.insert((from_word(&kind)?, convert::locale(&language)?, slug));
            }
        }
        Ok(taken)
    }

    /// The first that is free of this slug and those that are numbered after it. What `is_taken` says is not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn first_free_slug(
        &self,
        wanted: (EntryKind, Locale, &Slug),
        is_taken: impl Fn(&Slug) -> bool,
    ) -> Result<Slug> {
        slugs::first_free(&self.tx, wanted, None, is_taken).await
    }

    /// Makes entries.
    ///
    /// # Errors
    /// As for [`Admin::entries_create`](crate::Admin::entries_create).
    pub async fn create(&mut self, records: &[EntryRecord]) -> Result<()> {
        create_in_tx(&mut self.tx, records).await
    }

    /// Writes what becomes of an entry.
    ///
    /// # Errors
    /// When it cannot be as it is said to become, or the database fails.
    pub async fn update(&mut self, before: &Entry, after: &Entry, changes: &[VersionChange]) -> Result<()> {
        // What its source no longer shows, readers no longer get.
        let away = changes.iter().filter(|change| change.taken_back);
        let away: Vec<_> = away.map(|change| (after.id, change.revision.locale)).collect();
        if !away.is_empty() {
            self.take_back(after.id, &away).await?;
        }
        let tx = &mut self.tx;
        if (before.category, &before.tags) != (after.category, &after.tags) {
            let row = entry::ActiveModel {
                id: Set(after.id.uuid()),
                category_id: Set(after.category.uuid()),
                tags: Set(to_document(&after.tags)?),
                ..Default::default()
            };
            entry::Entity::update(row).exec(tx.connection()).await?;
        }
        for VersionChange { revision, is_new, standing, .. } in changes {
            if *is_new {
                revision::Entity::insert(revision_row(revision)?).exec_without_returning(tx.connection()).await?;
            }
            standing::Entity::insert(standing_row(standing, revision)?)
                .on_conflict(entries::overwrite_standing())
                .exec_without_returning(tx.connection())
                .await?;
        }
        let puts: Vec<Put<'_>> = changes
            .iter()
            .filter_map(|change| Some(Put { edition: change.live.as_ref()?, content: &change.revision.content }))
            .collect();
        if !puts.is_empty() {
            publish::put_editions(tx, &puts, false).await?;
        }
        for VersionChange { revision, live, taken_back, .. } in changes {
            if live.is_some() || *taken_back {
                tx.previews_end(VersionKey { entry: after.id, locale: revision.locale }, revision.number).await?;
            }
        }
        if (before.category, &before.tags) != (after.category, &after.tags) {
            return entries::touch(tx, after.id, None, !puts.is_empty()).await;
        }
        for VersionChange { revision, .. } in changes {
            entries::touch(tx, after.id, Some(revision.locale), !puts.is_empty()).await?;
        }
        Ok(())
    }

    /// Makes it all count.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn finish(self) -> Result<()> {
        self.tx.commit(&self.store).await
    }
}

/// The revisions that imports brought last.
async fn brought(tx: &Transaction, known: impl Iterator<Item = &ImportedEntry>) -> Result<Vec<Revision>> {
    /// Each is a condition of its own, and SQLite bounds how many there can be.
    const AT_ONCE: usize = 200;
    use revision::Column::{EntryId, Locale as Language, Number};
    let mut revisions = Vec::new();
    let mut noted: Vec<(Uuid, Locale, u32)> = Vec::new();
    for known in known {
        let id = known.entry.id.uuid();
        for LocaleStanding { locale, standing } in &known.standings {
            match &standing.import_baseline {
                Some(baseline) => noted.push((id, *locale, baseline.revision)),
                None => revisions.extend(last_of_the_first(tx, id, *locale).await?),
            }
        }
    }
    for some in noted.chunks(AT_ONCE) {
        let any = some.iter().fold(Condition::any(), |any, (id, locale, number)| {
            any.add(EntryId.eq(*id).and(Language.eq(locale.as_str())).and(Number.eq(i64::from(*number))))
        });
        for row in revision::Entity::find().filter(any).all(tx.connection()).await? {
            revisions.push(read_revision(row)?);
        }
    }
    Ok(revisions)
}

/// The last revision by whoever saved the first, which for what came by an import is the import.
async fn last_of_the_first(tx: &Transaction, entry: Uuid, locale: Locale) -> Result<Option<Revision>> {
    use revision::Column::{CreatedBy, EntryId, Locale as Language, Number};
    let all = revision::Entity::find().filter(EntryId.eq(entry)).filter(Language.eq(locale.as_str()));
    let Some(first) = all.clone().order_by_asc(Number).one(tx.connection()).await? else { return Ok(None) };
    let last = all.filter(CreatedBy.eq(first.created_by)).order_by_desc(Number).one(tx.connection()).await?;
    last.map(read_revision).transpose()
}
