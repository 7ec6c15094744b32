//! What is live of entries in work.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{edition::Edition, entry::EntryKind, id::EntryId, locale::Locale, publication::Details};

use crate::{
    convert::{from_document, from_word, locale, timestamp},
    error::{Result, corrupt},
    read::{Cursor, KEYS, entry_locales, key_condition},
    store::Store,
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

impl Store {
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
            for row in self.read(sql, entry_locales(keys)).await? {
                let mut columns = Cursor::new(&row);
                let entry = columns.take::<uuid::Uuid>()?.into();
                let locale = locale(&columns.take::<String>()?)?;
                let kind = from_word(&columns.take::<String>()?)?;
                let slug = columns.take()?;
                let revision = u32::try_from(columns.take::<i32>()?).map_err(corrupt)?;
                let category = columns.take::<uuid::Uuid>()?.into();
                let published_at = timestamp(columns.take()?)?;
                let first_published_at = timestamp(columns.take()?)?;
                let updated_at = timestamp(columns.take()?)?;
                let details: Details = from_document(&columns.take::<String>()?)?;
                let edition = Edition {
                    entry,
                    locale,
                    revision,
                    category,
                    tags: details.tags,
                    published_at,
                    first_published_at,
                    went_live_at: details.went_live_at,
                    updated_at,
                    change_notes: details.change_notes,
                    withdrawal: details.withdrawal,
                };
                found.insert((entry, locale), Arc::new(LiveRow { kind, slug, edition }));
            }
        }
        Ok(found)
    }
}
