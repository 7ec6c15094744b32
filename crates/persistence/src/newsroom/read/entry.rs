//! Entries in work, and where their languages stand.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{entry::Entry, id::EntryId, workflow::LocaleStanding};
use jiff::Timestamp;

use crate::{
    db::{
        convert::timestamp,
        entity::{entry, standing},
        entries::{read_entry, read_standing},
        row::Cursor,
    },
    error::Result,
    live::read::{KEYS, key_condition},
    newsroom::Newsroom,
};

/// An entry as the newsroom's lists have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryInWork {
    /// The entry.
    pub entry: Entry,
    /// When somebody last did something to it, in any language; what the lists of those are ordered by who see all languages.
    pub touched_at: Timestamp,
    /// Whether readers see it, in any language.
    pub is_live: bool,
}

/// Where one language of an entry stands, and when somebody last did something to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingInWork {
    /// Where it stands.
    pub of: LocaleStanding,
    /// When somebody last did something to this language, or to all of the entry.
    pub touched_at: Timestamp,
}

impl std::ops::Deref for StandingInWork {
    type Target = LocaleStanding;

    fn deref(&self) -> &LocaleStanding {
        &self.of
    }
}

/// The columns of an entry `e`.
pub(super) const ENTRY: &str = "e.id, e.kind, e.category_id, e.tags, e.created_at, e.created_by, e.was_published, e.touched_at, e.origin, \
     EXISTS (SELECT 1 FROM edition x WHERE x.entry_id = e.id) AS is_live";

pub(super) fn read_row(row: &Cursor<'_>) -> Result<EntryInWork> {
    let is_live = row.get("is_live")?;
    let row = entry::Model {
        id: row.get("id")?,
        kind: row.get("kind")?,
        category_id: row.get("category_id")?,
        tags: row.get("tags")?,
        created_at: row.get("created_at")?,
        created_by: row.get("created_by")?,
        was_published: row.get("was_published")?,
        touched_at: row.get("touched_at")?,
        origin: row.get("origin")?,
    };
    let touched_at = timestamp(row.touched_at)?;
    Ok(EntryInWork { entry: read_entry(row)?, touched_at, is_live })
}

impl Newsroom {
    /// Entries in work by their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries_in_work(&self, ids: &[EntryId]) -> Result<HashMap<EntryId, Arc<EntryInWork>>> {
        let mut found = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(KEYS) {
            let key = key_condition(&["e.id"], ids.len());
            let sql = format!("SELECT {ENTRY} FROM entry e WHERE {key}");
            let values = ids.iter().map(|id| id.uuid().into()).collect();
            for entry in self.store.rows(sql, values, |row| read_row(&row)).await? {
                found.insert(entry.entry.id, Arc::new(entry));
            }
        }
        Ok(found)
    }

    /// Where each language of entries stands, in the order of the site's locales.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn standings_of_entries(&self, ids: &[EntryId]) -> Result<HashMap<EntryId, Vec<StandingInWork>>> {
        let mut found: HashMap<EntryId, Vec<StandingInWork>> = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(KEYS) {
            let key = key_condition(&["s.entry_id"], ids.len());
            let sql = format!(
                "SELECT s.entry_id, s.locale, s.state, s.newest, s.scheduled_at, s.expires_at, s.waiting_for, \
                 s.document, s.assignee, s.due_at, s.touched_at FROM standing s WHERE {key}"
            );
            let values = ids.iter().map(|id| id.uuid().into()).collect();
            let rows = self.store.rows(sql, values, |row| {
                let row = standing::Model {
                    entry_id: row.get("entry_id")?,
                    locale: row.get("locale")?,
                    state: row.get("state")?,
                    newest: row.get("newest")?,
                    scheduled_at: row.get("scheduled_at")?,
                    expires_at: row.get("expires_at")?,
                    waiting_for: row.get("waiting_for")?,
                    // What is searched in is not read.
                    folded: String::new(),
                    folding: 0,
                    slug: None,
                    number: None,
                    persons: String::new(),
                    document: row.get("document")?,
                    assignee: row.get("assignee")?,
                    due_at: row.get("due_at")?,
                    touched_at: row.get("touched_at")?,
                };
                let standing = StandingInWork { of: read_standing(&row)?, touched_at: timestamp(row.touched_at)? };
                Ok((EntryId::from(row.entry_id), standing))
            });
            for (entry, standing) in rows.await? {
                found.entry(entry).or_default().push(standing);
            }
        }
        let reference = self.store.reference();
        let place = |locale| reference.site.locales.iter().position(|known| known.tag == locale);
        for standings in found.values_mut() {
            standings.sort_by_key(|it| (place(it.locale).unwrap_or(usize::MAX), it.locale));
        }
        Ok(found)
    }
}
