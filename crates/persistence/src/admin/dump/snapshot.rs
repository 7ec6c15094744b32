//! One moment of the whole database, for dumps.

mod published;

use courant_domain::{id::EntryId, redirect::Redirect};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::desk::{DeskRecord, comments, working_copies};
use crate::{
    admin::{
        Admin,
        dump::{EntryRecord, WaitingPath, WebhookRecord},
    },
    db::{
        convert::timestamp,
        entity::{entry, revision, standing, view_count},
        entries::{edition_rows, read_entry, read_revision, read_standing},
        link::Held,
    },
    error::Result,
    live::redirect::{self, Waiting},
    reference::{self, Reference},
};

/// The database as it was at one moment, whatever is written to it meanwhile.
#[derive(Debug)]
pub struct Snapshot {
    inner: Held,
    reference: Reference,
}

impl Admin {
    /// Holds on to this moment until the snapshot is dropped.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let inner = self.store.reader().begin_snapshot().await?;
        let reference = reference::load(&inner, None).await?;
        Ok(Snapshot { inner, reference })
    }
}

impl Snapshot {
    pub(super) const fn connection(&self) -> &Held {
        &self.inner
    }

    /// The reference data.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count(&self) -> Result<u64> {
        Ok(entry::Entity::find().count(&self.inner).await?)
    }

    /// All redirects, by path.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn redirects(&self) -> Result<Vec<Redirect>> {
        redirect::all(&self.inner).await
    }

    /// All webhooks, by their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn webhooks(&self) -> Result<Vec<WebhookRecord>> {
        let found = crate::webhooks::all_in(&self.inner).await?;
        Ok(found.into_iter().map(WebhookRecord::from).collect())
    }

    /// Up to `limit` entries behind `after`, in the order of their ids, with all that belongs to them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries(&self, after: Option<EntryId>, limit: u64) -> Result<Vec<EntryRecord>> {
        let db = &self.inner;
        let after = after.map_or_else(Uuid::nil, Into::into);
        let rows = entry::Entity::find()
            .filter(entry::Column::Id.gt(after))
            .order_by_asc(entry::Column::Id)
            .limit(limit)
            .all(db)
            .await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let revisions = revision::Entity::find().filter(revision::Column::EntryId.is_in(ids.clone())).all(db).await?;
        let standings = standing::Entity::find().filter(standing::Column::EntryId.is_in(ids.clone())).all(db).await?;
        let editions = edition_rows(db, &ids).await?;
        let (copies, comments) = (working_copies(db, &ids).await?, comments(db, &ids).await?);
        let waiting = redirect::waiting_of(db, ids.clone()).await?;
        let views = view_count::Entity::find().filter(view_count::Column::EntryId.is_in(ids)).all(db).await?;
        let mut records = rows
            .into_iter()
            .map(|row| {
                let views = views.iter().find(|count| count.entry_id == row.id).map_or(0, |count| count.views);
                Ok(EntryRecord {
                    entry: read_entry(row)?,
                    views,
                    standings: Vec::new(),
                    revisions: Vec::new(),
                    editions: Vec::new(),
                    desk: DeskRecord::default(),
                    waiting_paths: Vec::new(),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        // The records are in the order of their ids, so each part finds its own by halving.
        let mut file = |id: Uuid, put: &mut dyn FnMut(&mut EntryRecord)| {
            if let Ok(index) = records.binary_search_by_key(&id, |record| record.entry.id.uuid()) {
                put(&mut records[index]);
            }
        };
        for row in revisions {
            let id = row.entry_id;
            let mut revision = Some(read_revision(row)?);
            file(id, &mut |record| record.revisions.extend(revision.take()));
        }
        for row in standings {
            let id = row.entry_id;
            let mut standing = Some(read_standing(&row)?);
            file(id, &mut |record| record.standings.extend(standing.take()));
        }
        for live in editions {
            let id = live.entry.uuid();
            let mut live = Some(live);
            file(id, &mut |record| record.editions.extend(live.take()));
        }
        for copy in copies {
            let id = copy.entry.uuid();
            let mut copy = Some(copy);
            file(id, &mut |record| record.desk.working_copies.extend(copy.take()));
        }
        for comment in comments {
            let id = comment.entry.uuid();
            let mut comment = Some(comment);
            file(id, &mut |record| record.desk.comments.extend(comment.take()));
        }
        // They come by path.
        for Waiting { path, created_at, entry } in waiting {
            let mut path = Some(WaitingPath { path, created_at: timestamp(created_at)? });
            file(entry, &mut |record| record.waiting_paths.extend(path.take()));
        }
        for record in &mut records {
            record.revisions.sort_by_key(|revision| (revision.locale, revision.number));
            record.standings.sort_by_key(|standing| standing.locale);
            record.editions.sort_by_key(|live| live.locale);
        }
        Ok(records)
    }
}
