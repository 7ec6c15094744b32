//! Links that show what is not live.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{
    access::ActorId,
    id::{EntryId, PreviewId},
    locale::Locale,
    revision::RevisionNumber,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::Parameters;
use crate::{
    db::{
        convert::{locale, micros, timestamp},
        row::Cursor,
    },
    error::{Result, corrupt},
    live::read::KEYS,
    newsroom::Newsroom,
};

/// A preview link that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLink {
    /// Its id.
    pub id: PreviewId,
    /// The language it shows.
    pub locale: Locale,
    /// The revision it shows.
    pub revision: RevisionNumber,
    /// Who made it.
    pub created_by: ActorId,
    /// When.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl Newsroom {
    /// The links to entries that hold at a time, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn previews_of_entries(&self, entries: &[EntryId]) -> Result<HashMap<EntryId, Vec<Arc<PreviewLink>>>> {
        let mut found: HashMap<EntryId, Vec<Arc<PreviewLink>>> = HashMap::with_capacity(entries.len());
        for entries in entries.chunks(KEYS) {
            let mut parameters = Parameters::default();
            let now = parameters.bind(micros(self.store.now()));
            let ids = parameters.bind_all(entries.iter().map(|id| id.uuid()));
            let sql = format!("{HOLDING} > {now} AND p.entry_id IN ({ids})");
            for (entry, link) in self.store.rows(sql, parameters.0, read).await? {
                found.entry(entry).or_default().push(Arc::new(link));
            }
        }
        for links in found.values_mut() {
            links.sort_by_key(|link| std::cmp::Reverse((link.created_at, link.id)));
        }
        Ok(found)
    }

    /// The link with this id, if it holds, and the entry it shows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn preview_link(&self, id: PreviewId) -> Result<Option<(EntryId, PreviewLink)>> {
        let mut parameters = Parameters::default();
        let (now, id) = (parameters.bind(micros(self.store.now())), parameters.bind(id.uuid()));
        let found = self.store.rows(format!("{HOLDING} > {now} AND p.id = {id}"), parameters.0, read).await?;
        Ok(found.into_iter().next())
    }
}

/// Links that hold after a time, which follows.
const HOLDING: &str = "SELECT p.id, p.entry_id, p.locale, p.revision, p.created_by, p.created_at, p.expires_at \
                       FROM preview_link p WHERE p.ended_at IS NULL AND p.expires_at";

fn read(mut columns: Cursor<'_>) -> Result<(EntryId, PreviewLink)> {
    let (id, entry): (Uuid, Uuid) = (columns.take()?, columns.take()?);
    let (language, revision): (String, i32) = (columns.take()?, columns.take()?);
    let (by, created, expires): (String, i64, i64) = (columns.take()?, columns.take()?, columns.take()?);
    let link = PreviewLink {
        id: id.into(),
        locale: locale(&language)?,
        revision: u32::try_from(revision).map_err(corrupt)?,
        created_by: by.into(),
        created_at: timestamp(created)?,
        expires_at: timestamp(expires)?,
    };
    Ok((entry.into(), link))
}
