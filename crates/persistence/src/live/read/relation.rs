//! What live acts do to each other, seen from either side.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{decree::RelationKind, id::EntryId, locale::Locale};
use jiff::civil::Date;

use super::{
    columns::{self, NONE},
    publication::{KEYS, entry_locales, rows_of_parameters},
};
use crate::{
    db::{
        connect::Dialect,
        convert::{self, date, from_word},
    },
    error::Result,
    live::{
        Live,
        publication::{Parts, Publication},
    },
};

/// One relation of an act.
#[derive(Debug, Clone)]
pub struct RelationRow {
    /// What the acting one does.
    pub kind: RelationKind,
    /// Whether the act asked about is the one it is done to.
    pub inverse: bool,
    /// From which day, where the acting one says so.
    pub on: Option<Date>,
    /// Whether only to a part.
    pub partial: bool,
    /// Which part, in words.
    pub note: Option<String>,
    /// The act on the other side, as a reader of the locale gets it.
    pub other: Arc<Publication>,
}

impl Live {
    /// The relations of acts, each act's own ones first and then what others do to it, in a stable order.
    /// Acts on the other side that no reader of the locale gets are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn relations(
        &self,
        keys: &[(EntryId, Locale)],
        parts: Parts,
    ) -> Result<HashMap<(EntryId, Locale), Vec<RelationRow>>> {
        let parts = parts.union(Parts::PUBLISHED_AT); // the order of what others do to it
        let mut found: HashMap<(EntryId, Locale), Vec<(Order, RelationRow)>> = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let rows =
                self.store.rows(statement(self.store.dialect(), keys.len(), parts), entry_locales(keys), |mut row| {
                    let inverse = row.take::<i32>()? != 0;
                    let entry = EntryId::from(row.take::<uuid::Uuid>()?);
                    let reader = convert::locale(&row.take::<String>()?)?;
                    let kind = from_word(&row.take::<String>()?)?;
                    let on = row.take::<Option<i32>>()?.map(date).transpose()?;
                    let partial = row.take()?;
                    let note = row.take()?;
                    let position: i32 = row.take()?;
                    let other = columns::read(&mut row, parts, NONE)?;
                    // One act may do several things to another one: these come as it names them.
                    let first =
                        if inverse { other.published_at.map_or(0, convert::micros) } else { i64::from(position) };
                    let order = (inverse, first, other.entry, position);
                    Ok(((entry, reader), (order, RelationRow { kind, inverse, on, partial, note, other })))
                });
            for (key, row) in rows.await? {
                found.entry(key).or_default().push(row);
            }
        }
        Ok(found
            .into_iter()
            .map(|(key, mut rows)| {
                rows.sort_by_key(|(order, _)| *order);
                (key, rows.into_iter().map(|(_, row)| row).collect())
            })
            .collect())
    }
}

/// What relations of one act are ordered by: what it does to others comes before what others do to it.
type Order = (bool, i64, EntryId, i32);

fn statement(dialect: Dialect, keys: usize, parts: Parts) -> String {
    let mut values = String::new();
    rows_of_parameters(&mut values, keys, 2);
    let columns = columns::select(parts);
    let (views, join) = (columns::join(parts), dialect.join());
    format!(
        "WITH k (entry_id, locale) AS (VALUES {values}) \
         SELECT 0, k.entry_id, k.locale, d.kind, d.on_day, d.partial, d.note, d.position, {columns} \
         FROM k {join} decree_relation d ON d.source_id = k.entry_id AND d.locale = k.locale \
         {join} reader_edition r ON r.entry_id = d.target_id AND r.locale = k.locale \
         {join} edition e ON e.id = r.edition_id{views} \
         UNION ALL \
         SELECT 1, k.entry_id, k.locale, d.kind, d.on_day, d.partial, d.note, d.position, {columns} \
         FROM k {join} decree_relation d ON d.target_id = k.entry_id \
         {join} reader_edition r ON r.entry_id = d.source_id AND r.locale = k.locale \
         {join} edition e ON e.id = r.edition_id AND e.locale = d.locale{views}"
    )
}
