//! Whole entries: made from dumps, read into dumps.

use std::collections::HashSet;

use courant_domain::{
    content::Content,
    dump::{EntryRecord, LocaleStanding},
    edition::Edition,
    entry::Entry,
    id::EntryId,
    publication::Details,
    revision::Revision,
    workflow::Standing,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    convert::{from_document, from_word, locale, micros, timestamp, to_document},
    entity::{edition, entry, revision, standing},
    error::{Result, StoreError, corrupt, invalid},
    publish::{self, Put},
    store::Store,
    transaction::{Transaction, chunks},
};

impl Store {
    /// Makes entries with their revisions, standings, live editions and counts, all or none of them.
    ///
    /// # Errors
    /// When a record does not hold together, an id or slug is taken, a category does not exist, or the
    /// database fails; nothing is changed then.
    pub async fn entries_create(&self, records: &[EntryRecord]) -> Result<()> {
        let mut tx = Transaction::begin(self).await?;
        create_in_tx(&mut tx, records).await?;
        tx.commit(self).await
    }

    /// Which of these entries there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries_known(&self, ids: impl IntoIterator<Item = EntryId>) -> Result<HashSet<EntryId>> {
        let mut known = HashSet::new();
        for ids in chunks(ids.into_iter().map(Uuid::from).collect()) {
            let rows: Vec<Uuid> = entry::Entity::find()
                .filter(entry::Column::Id.is_in(ids))
                .select_only()
                .column(entry::Column::Id)
                .into_tuple()
                .all(self.reader())
                .await?;
            known.extend(rows.into_iter().map(EntryId::from));
        }
        Ok(known)
    }
}

pub(crate) async fn create_in_tx(tx: &mut Transaction, records: &[EntryRecord]) -> Result<()> {
    let mut rows = Vec::with_capacity(records.len());
    let mut revisions = Vec::new();
    let mut standings = Vec::new();
    let mut puts = Vec::new();
    for record in records {
        record.validate().map_err(|error| invalid(format!("entry {}: {error}", record.entry.id)))?;
        if tx.reference.categories.get(record.entry.category).is_none() {
            return Err(StoreError::NotFound(format!(
                "category {} of entry {}",
                record.entry.category, record.entry.id
            )));
        }
        rows.push(entry_row(&record.entry)?);
        for revision in &record.revisions {
            revisions.push(revision_row(revision)?);
        }
        for LocaleStanding { locale, standing } in &record.standings {
            standings.push(standing_row(record.entry.id, locale.as_str(), standing)?);
        }
        for live in &record.editions {
            puts.push(Put { edition: live, content: &record.revision_of(live).map_err(invalid)?.content });
        }
    }
    for rows in chunks(rows) {
        entry::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    for rows in chunks(revisions) {
        revision::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    for rows in chunks(standings) {
        standing::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    publish::put_views(tx, records.iter().map(|record| (record.entry.id, record.views)).collect()).await?;
    publish::put_editions(tx, &puts, true).await
}

pub(crate) fn entry_row(entry: &Entry) -> Result<entry::ActiveModel> {
    Ok(entry::ActiveModel {
        id: Set(entry.id.uuid()),
        kind: Set(entry.kind.as_str().to_owned()),
        category_id: Set(entry.category.uuid()),
        tags: Set(to_document(&entry.tags)?),
        created_at: Set(micros(entry.created_at)),
        origin: Set(entry.origin.clone()),
    })
}

pub(crate) fn revision_row(revision: &Revision) -> Result<revision::ActiveModel> {
    let number = |number: u32| i32::try_from(number).map_err(invalid);
    Ok(revision::ActiveModel {
        entry_id: Set(revision.entry.uuid()),
        locale: Set(revision.locale.to_string()),
        number: Set(number(revision.number)?),
        based_on: Set(revision.based_on.map(number).transpose()?),
        created_at: Set(micros(revision.created_at)),
        created_by: Set(revision.created_by.clone()),
        comment: Set(revision.comment.clone()),
        content: Set(to_document(&revision.content)?),
    })
}

pub(crate) fn standing_row(entry: EntryId, locale: &str, standing: &Standing) -> Result<standing::ActiveModel> {
    Ok(standing::ActiveModel {
        entry_id: Set(entry.uuid()),
        locale: Set(locale.to_owned()),
        state: Set(standing.state.as_str().to_owned()),
        newest: Set(i32::try_from(standing.newest).map_err(invalid)?),
        scheduled_at: Set(standing.scheduled_at.map(micros)),
    })
}

pub(crate) fn read_entry(row: entry::Model) -> Result<Entry> {
    Ok(Entry {
        id: row.id.into(),
        kind: from_word(&row.kind)?,
        category: row.category_id.into(),
        tags: from_document(&row.tags)?,
        created_at: timestamp(row.created_at)?,
        origin: row.origin,
    })
}

pub(crate) fn read_revision(row: revision::Model) -> Result<Revision> {
    let number = |number: i32| u32::try_from(number).map_err(corrupt);
    let content: Content = from_document(&row.content)?;
    Ok(Revision {
        entry: row.entry_id.into(),
        locale: locale(&row.locale)?,
        number: number(row.number)?,
        based_on: row.based_on.map(number).transpose()?,
        created_at: timestamp(row.created_at)?,
        created_by: row.created_by,
        comment: row.comment,
        content,
    })
}

pub(crate) fn read_standing(row: &standing::Model) -> Result<LocaleStanding> {
    Ok(LocaleStanding {
        locale: locale(&row.locale)?,
        standing: Standing {
            state: from_word(&row.state)?,
            newest: u32::try_from(row.newest).map_err(corrupt)?,
            scheduled_at: row.scheduled_at.map(timestamp).transpose()?,
        },
    })
}

/// What is live of these entries, without the text.
pub(crate) async fn edition_rows<C: sea_orm::ConnectionTrait>(db: &C, entries: &[Uuid]) -> Result<Vec<Edition>> {
    use edition::Column::{
        CategoryId, Details as Document, EntryId, FirstPublishedAt, Locale, PublishedAt, Revision, UpdatedAt,
    };
    type Row = (Uuid, String, i32, Uuid, i64, i64, i64, String);
    let rows: Vec<Row> = edition::Entity::find()
        .filter(EntryId.is_in(entries.iter().copied()))
        .select_only()
        .columns([EntryId, Locale, Revision, CategoryId, PublishedAt, FirstPublishedAt, UpdatedAt, Document])
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(entry, language, revision, category, published, first, updated, document)| {
            let details: Details = from_document(&document)?;
            Ok(Edition {
                entry: entry.into(),
                locale: locale(&language)?,
                revision: u32::try_from(revision).map_err(corrupt)?,
                category: category.into(),
                tags: details.tags,
                published_at: timestamp(published)?,
                first_published_at: timestamp(first)?,
                updated_at: timestamp(updated)?,
                change_notes: details.change_notes,
                withdrawal: details.withdrawal,
            })
        })
        .collect()
}
