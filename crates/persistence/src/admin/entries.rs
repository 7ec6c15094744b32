//! Whole entries, made from dumps.

use std::collections::HashSet;

use courant_domain::{entry::Entry, id::EntryId, workflow::LocaleStanding};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    Admin,
    dump::{self, EntryRecord, WaitingPath},
};
use crate::{
    db::{
        convert::micros,
        entity::{entry, revision, standing},
        entries::{entry_row, revision_row, standing_row},
        transaction::{Transaction, chunks},
    },
    error::{Result, StoreError, invalid},
    live::{
        publish::{self, Put},
        redirect::{Waiting, put_waiting},
    },
};

impl Admin {
    /// Makes entries with their revisions, standings, live editions and counts, all or none of them.
    ///
    /// # Errors
    /// When a record does not hold together, an id or slug is taken, a category does not exist, or the
    /// database fails; nothing is changed then.
    pub async fn entries_create(&self, records: &[EntryRecord]) -> Result<()> {
        let mut tx = Transaction::begin(&self.store).await?;
        create_in_tx(&mut tx, records).await?;
        tx.commit(&self.store).await
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
                .all(self.store.reader())
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
        let touched = record.revisions.iter().map(|revision| revision.created_at).max();
        let was_published = record.entry.was_published || !record.editions.is_empty();
        let entry = Entry { was_published, ..record.entry.clone() };
        rows.push(entry_row(&entry, touched.unwrap_or(entry.created_at))?);
        for revision in &record.revisions {
            revisions.push(revision_row(revision)?);
        }
        for LocaleStanding { locale, standing } in &record.standings {
            let newest = record.revisions.iter().find(|it| it.locale == *locale && it.number == standing.newest);
            let newest = newest.ok_or_else(|| invalid(format!("{locale} has no revision {}", standing.newest)))?;
            standings.push(standing_row(standing, newest)?);
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
    dump::put_down(tx, records).await?;
    publish::put_views(tx, records.iter().map(|record| (record.entry.id, record.views)).collect()).await?;
    publish::put_editions(tx, &puts, true).await?;
    // Behind what goes live: who has which path is what the dump's redirects say, not what is made of this.
    let waiting = records.iter().flat_map(|record| {
        record.waiting_paths.iter().map(|WaitingPath { path, created_at }| Waiting {
            path: path.clone(),
            created_at: micros(*created_at),
            entry: record.entry.id.uuid(),
        })
    });
    put_waiting(tx, waiting.collect()).await
}
