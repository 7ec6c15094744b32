//! What is live of entries in work.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{edition::Edition, entry::EntryKind, id::EntryId, locale::Locale};

use crate::{
    db::{convert::from_word, entries::read_edition},
    error::Result,
    live::read::{KEYS, entry_locales, key_condition},
    newsroom::Newsroom,
};

/// A live edition as the newsroom has it: without its text, and with the revision it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveRow {
    /// What it is.
    pub kind: EntryKind,
    /// Its name in addresses.
    pub slug: String,
    /// The edition.
    pub edition: Edition,
}

impl Newsroom {
    /// The live editions of languages of entries.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn live_editions(&self, keys: &[(EntryId, Locale)]) -> Result<HashMap<(EntryId, Locale), Arc<LiveRow>>> {
        let mut found = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let key = key_condition(&["e.entry_id", "e.locale"], keys.len());
            let sql = format!(
                "SELECT e.entry_id, e.locale, e.kind, e.slug, e.revision, e.category_id, e.published_at, \
                 e.first_published_at, e.updated_at, e.details FROM edition e WHERE {key}"
            );
            let rows = self.store.rows(sql, entry_locales(keys), |mut columns| {
                let (entry, locale): (uuid::Uuid, String) = (columns.take()?, columns.take()?);
                let kind = from_word(&columns.take::<String>()?)?;
                let slug = columns.take()?;
                let (revision, category, published) = (columns.take()?, columns.take()?, columns.take()?);
                let (first, updated, details) = (columns.take()?, columns.take()?, columns.take()?);
                let row = (entry, locale, revision, category, published, first, updated, details);
                let (edition, _) = read_edition(row)?;
                Ok(LiveRow { kind, slug, edition })
            });
            for live in rows.await? {
                found.insert((live.edition.entry, live.edition.locale), Arc::new(live));
            }
        }
        Ok(found)
    }
}
