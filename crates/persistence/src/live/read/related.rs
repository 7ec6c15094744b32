//! What goes with entries, as far as a reader may see it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use courant_domain::{entry::EntryKind, id::EntryId, list::Scope, locale::Locale};
use sea_orm::Value;
use uuid::Uuid;

use super::{
    columns::{self, NONE, Select},
    publication::{KEYS, rows_of_parameters},
};
use crate::{
    db::{connect::Dialect, convert, parameters::Parameters},
    error::Result,
    live::{
        Live,
        publication::{Parts, Publication},
        scope::TimelineKey,
    },
};

/// What goes with an entry for a reader of a locale.
#[derive(Debug, Clone, Default)]
pub struct RelatedList {
    /// What they get, the most alike first.
    pub shown: Vec<Arc<Publication>>,
    /// What they would get before the last of it, were it live for them.
    pub hidden: Vec<EntryId>,
}

/// Lists of what goes with entries, for readers of locales.
pub type RelatedLists = HashMap<(EntryId, Locale), RelatedList>;

/// A row of [`statement`].
enum Row {
    Shown(i64, i32, Arc<Publication>),
    InList(i32, EntryId),
}

impl Live {
    /// Whether lists of what goes with entries are made in this database, as far as this process knows.
    #[must_use]
    pub fn has_related(&self) -> bool {
        self.store.related_news().version() > 0
    }

    /// What goes with entries, so many of each at the most: of what is live and in lists now, as a reader of the locale gets it. Nothing of
    /// an entry whose list is not made yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn related(&self, keys: &[(EntryId, Locale)], each: u32, parts: Parts) -> Result<RelatedLists> {
        let mut rows: HashMap<(EntryId, Locale), Vec<Row>> = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let found = self.store.rows(
                statement(self.store.dialect(), keys.len(), each, parts),
                self.values(keys),
                |mut row| {
                    let entry = EntryId::from(row.take::<Uuid>()?);
                    let reader = convert::locale(&row.take::<String>()?)?;
                    let (place, likeness) = (row.take::<i64>()?, row.take::<i32>()?);
                    let row = match row.take::<Option<Uuid>>()? {
                        Some(other) => Row::InList(likeness, other.into()),
                        None => Row::Shown(place, likeness, columns::read(&mut row, parts, NONE)?),
                    };
                    Ok(((entry, reader), row))
                },
            );
            for (key, row) in found.await? {
                rows.entry(key).or_default().push(row);
            }
        }
        let mut found: RelatedLists = rows.into_iter().map(|(key, rows)| (key, list(rows, each))).collect();
        let empty: Vec<_> = keys.iter().filter(|key| !found.contains_key(key)).copied().collect();
        if !empty.is_empty() {
            // A list may be there, and have nothing in it.
            let entries: HashSet<EntryId> = empty.iter().map(|(entry, _)| *entry).collect();
            let mut parameters = Parameters::default();
            let ids = parameters.bind_all(entries.into_iter().map(EntryId::uuid));
            let sql = format!("SELECT l.entry_id FROM related_list l WHERE l.entry_id IN ({ids})");
            let listed = self.store.rows(sql, parameters.0, |mut row| Ok(EntryId::from(row.take::<Uuid>()?))).await?;
            let made = empty.into_iter().filter(|(entry, _)| listed.contains(entry));
            found.extend(made.map(|key| (key, RelatedList::default())));
        }
        Ok(found)
    }

    /// Beside each entry and locale, the timelines of all that lists show to its readers.
    fn values(&self, keys: &[(EntryId, Locale)]) -> Vec<Value> {
        let reference = self.store.reference();
        let timelines = |locale| {
            EntryKind::ALL.map(|kind| {
                // Where there is none, nothing is in it.
                Value::from(reference.timeline(&TimelineKey::listed(locale, kind, Scope::All)).unwrap_or(-1))
            })
        };
        let row = |(entry, locale): &(EntryId, Locale)| {
            let [articles, decrees] = timelines(*locale);
            [entry.uuid().into(), locale.as_str().into(), articles, decrees]
        };
        keys.iter().flat_map(row).collect()
    }
}

fn list(rows: Vec<Row>, each: u32) -> RelatedList {
    let (mut shown, mut all) = (Vec::new(), Vec::new());
    for row in rows {
        match row {
            Row::Shown(place, likeness, publication) => shown.push((place, likeness, publication)),
            Row::InList(likeness, entry) => all.push((likeness, entry)),
        }
    }
    shown.sort_unstable_by_key(|(place, ..)| *place);
    let last = shown.last().map(|(_, likeness, _)| *likeness).filter(|_| shown.len() >= each as usize);
    let shown: Vec<Arc<Publication>> = shown.into_iter().map(|(.., publication)| publication).collect();
    let is_hidden = |(likeness, entry): &(i32, EntryId)| {
        last.is_none_or(|last| *likeness >= last) && shown.iter().all(|shown| shown.entry != *entry)
    };
    let hidden = all.into_iter().filter(is_hidden).map(|(_, entry)| entry).collect();
    RelatedList { shown, hidden }
}

/// What is in the lists, and of that what is shown. The place of an edition in the timeline of everything says that lists show it: what was
/// taken back with a notice has none there.
fn statement(dialect: Dialect, keys: usize, each: u32, parts: Parts) -> String {
    let mut values = String::new();
    rows_of_parameters(&mut values, keys, 4);
    let select = Select { parts, known: NONE };
    let (nulls, join) = (", NULL".repeat(select.width()), dialect.join());
    format!(
        "WITH k (entry_id, locale, articles, decrees) AS (VALUES {values}) \
         SELECT k.entry_id, k.locale, CAST(0 AS bigint), l.likeness, l.other_id{nulls} \
         FROM k {join} related l ON l.entry_id = k.entry_id \
         UNION ALL SELECT x.own_id, x.reader, x.place, x.likeness, NULL, {} FROM (\
         SELECT k.entry_id AS own_id, k.locale AS reader, l.likeness, t.edition_id, row_number() OVER (\
         PARTITION BY k.entry_id, k.locale ORDER BY l.likeness DESC, r.published_at DESC, l.other_id DESC) AS place \
         FROM k {join} related l ON l.entry_id = k.entry_id \
         {join} reader_edition r ON r.entry_id = l.other_id AND r.locale = k.locale \
         {join} timeline_entry t ON t.timeline_id IN (k.articles, k.decrees) AND t.sort_key = r.published_at \
         AND t.entry_id = r.entry_id) x {join} edition e ON e.id = x.edition_id{} WHERE x.place <= {each}",
        select.list(),
        columns::join(parts),
    )
}
