//! Entries in work, and where their languages stand.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{dump::LocaleStanding, entry::Entry, id::EntryId};
use jiff::Timestamp;
use sea_orm::{FromQueryResult, QueryResult};

use crate::{
    convert::timestamp,
    entity::{entry, standing},
    entries::{read_entry, read_standing},
    error::Result,
    read::{KEYS, key_condition},
    store::Store,
};

/// An entry as the newsroom's lists have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryInWork {
    /// The entry.
    pub entry: Entry,
    /// When somebody last did something to it; what lists are ordered by.
    pub touched_at: Timestamp,
    /// Whether readers see it, in any language.
    pub is_live: bool,
}

/// The columns of an entry `e`.
pub(super) const ENTRY: &str = "e.id, e.kind, e.category_id, e.tags, e.created_at, e.created_by, e.was_published, e.touched_at, e.origin, \
     EXISTS (SELECT 1 FROM edition x WHERE x.entry_id = e.id) AS is_live";

pub(super) fn read_row(row: &QueryResult) -> Result<EntryInWork> {
    let is_live = row.try_get("", "is_live")?;
    let row = entry::Model::from_query_result(row, "")?;
    let touched_at = timestamp(row.touched_at)?;
    Ok(EntryInWork { entry: read_entry(row)?, touched_at, is_live })
}

impl Store {
    /// Entries in work by their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries_in_work(&self, ids: &[EntryId]) -> Result<HashMap<EntryId, Arc<EntryInWork>>> {
        let mut found = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(KEYS) {
            let key = key_condition(&["e.id"], ids.len());
            let sql = format!("SELECT {ENTRY} FROM entry e WHERE {key}");
            for row in self.read(sql, ids.iter().map(|id| id.uuid().into()).collect()).await? {
                let entry = read_row(&row)?;
                found.insert(entry.entry.id, Arc::new(entry));
            }
        }
        Ok(found)
    }

    /// Where each language of entries stands, in the order of the site's locales.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn standings_of_entries(&self, ids: &[EntryId]) -> Result<HashMap<EntryId, Vec<LocaleStanding>>> {
        let mut found: HashMap<EntryId, Vec<LocaleStanding>> = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(KEYS) {
            let key = key_condition(&["s.entry_id"], ids.len());
            let sql = format!(
                "SELECT s.entry_id, s.locale, s.state, s.newest, s.scheduled_at, s.expires_at, s.waiting_for, \
                 s.folded, s.document FROM standing s WHERE {key}"
            );
            for row in self.read(sql, ids.iter().map(|id| id.uuid().into()).collect()).await? {
                let row = standing::Model::from_query_result(&row, "")?;
                found.entry(row.entry_id.into()).or_default().push(read_standing(&row)?);
            }
        }
        let reference = self.reference();
        let place = |locale| reference.site.locales.iter().position(|known| known.tag == locale);
        for standings in found.values_mut() {
            standings.sort_by_key(|it| (place(it.locale).unwrap_or(usize::MAX), it.locale));
        }
        Ok(found)
    }
}
