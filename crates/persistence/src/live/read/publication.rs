//! Live editions by what identifies them.

use std::{collections::HashMap, fmt::Write, sync::Arc};

use courant_domain::{entry::EntryKind, id::EntryId, locale::Locale};
use sea_orm::Value;

use super::columns::{self, NONE};
use crate::{
    db::convert,
    error::Result,
    live::{
        Live,
        publication::{Parts, Publication},
    },
};

/// How many keys one statement takes; both databases have a limit on parameters.
pub(crate) const KEYS: usize = 5000;

impl Live {
    /// Editions by their addresses: kind, locale and slug.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn publications_by_slug(
        &self,
        keys: &[(EntryKind, Locale, String)],
        parts: Parts,
    ) -> Result<HashMap<(EntryKind, Locale, String), Arc<Publication>>> {
        let parts = parts.union(Parts::SLUG);
        let mut found = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let values = keys.iter().flat_map(|(kind, locale, slug)| {
                [Value::from(slug.as_str()), locale.as_str().into(), kind.as_str().into()]
            });
            let key = key_condition(&["e.slug", "e.locale", "e.kind"], keys.len());
            let sql = format!("SELECT {} FROM edition e{} WHERE {key}", columns::select(parts), columns::join(parts));
            for publication in
                self.store.rows(sql, values.collect(), |mut row| columns::read(&mut row, parts, NONE)).await?
            {
                if let Some(slug) = publication.slug.clone() {
                    found.insert((publication.kind, publication.locale, slug), publication);
                }
            }
        }
        Ok(found)
    }

    /// The edition of an entry in exactly this locale.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn publications_by_edition(
        &self,
        keys: &[(EntryId, Locale)],
        parts: Parts,
    ) -> Result<HashMap<(EntryId, Locale), Arc<Publication>>> {
        let mut found = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let key = key_condition(&["e.entry_id", "e.locale"], keys.len());
            let sql = format!("SELECT {} FROM edition e{} WHERE {key}", columns::select(parts), columns::join(parts));
            for publication in
                self.store.rows(sql, entry_locales(keys), |mut row| columns::read(&mut row, parts, NONE)).await?
            {
                found.insert((publication.entry, publication.locale), publication);
            }
        }
        Ok(found)
    }

    /// The edition of an entry that a reader of this locale gets, fallback included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn publications_for_reader(
        &self,
        keys: &[(EntryId, Locale)],
        parts: Parts,
    ) -> Result<HashMap<(EntryId, Locale), Arc<Publication>>> {
        let mut found = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let key = key_condition(&["r.entry_id", "r.locale"], keys.len());
            let sql = format!(
                "SELECT r.locale, {} FROM reader_edition r {} edition e ON e.id = r.edition_id{} WHERE {key}",
                columns::select(parts),
                self.store.dialect().join(),
                columns::join(parts)
            );
            let rows = self.store.rows(sql, entry_locales(keys), |mut row| {
                Ok((convert::locale(&row.take::<String>()?)?, columns::read(&mut row, parts, NONE)?))
            });
            for (reader, publication) in rows.await? {
                found.insert((publication.entry, reader), publication);
            }
        }
        Ok(found)
    }

    /// All live languages of entries, each entry's in the order of the site's locales.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn publications_of_entries(
        &self,
        entries: &[EntryId],
        parts: Parts,
    ) -> Result<HashMap<EntryId, Vec<Arc<Publication>>>> {
        let mut found: HashMap<EntryId, Vec<Arc<Publication>>> = HashMap::with_capacity(entries.len());
        for entries in entries.chunks(KEYS) {
            let key = key_condition(&["e.entry_id"], entries.len());
            let sql = format!("SELECT {} FROM edition e{} WHERE {key}", columns::select(parts), columns::join(parts));
            let keys = entries.iter().map(|id| id.uuid().into()).collect();
            for publication in self.store.rows(sql, keys, |mut row| columns::read(&mut row, parts, NONE)).await? {
                found.entry(publication.entry).or_default().push(publication);
            }
        }
        let reference = self.store.reference();
        let place = |locale| reference.site.locales.iter().position(|known| known.tag == locale);
        for editions in found.values_mut() {
            editions.sort_by_key(|edition| place(edition.locale).unwrap_or(usize::MAX));
        }
        Ok(found)
    }
}

pub(crate) fn entry_locales(keys: &[(EntryId, Locale)]) -> Vec<Value> {
    keys.iter().flat_map(|(entry, locale)| [Value::from(entry.uuid()), locale.as_str().into()]).collect()
}

/// `a = $1 AND b = $2` for one key, `(a, b) IN (VALUES ($1, $2), …)` for more.
pub(crate) fn key_condition(columns: &[&str], keys: usize) -> String {
    if keys == 1 {
        let conditions: Vec<_> =
            columns.iter().enumerate().map(|(at, column)| format!("{column} = ${}", at + 1)).collect();
        return conditions.join(" AND ");
    }
    let mut sql = format!("({}) IN (VALUES ", columns.join(", "));
    rows_of_parameters(&mut sql, keys, columns.len());
    sql.push(')');
    sql
}

/// Writes so many rows of so many parameters: `($1, $2), ($3, $4)`.
pub(super) fn rows_of_parameters(sql: &mut String, rows: usize, width: usize) {
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for at in 0..width {
            // Writing to a String cannot fail.
            let _ = write!(sql, "{}${}", if at == 0 { "" } else { ", " }, row * width + at + 1);
        }
        sql.push(')');
    }
}
