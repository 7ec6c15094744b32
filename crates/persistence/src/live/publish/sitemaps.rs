//! What sitemaps hold of each day, kept while editions come, change and go.
//!
//! *Invariant*: a day's row counts the texts that sitemaps list of it, and says when what they say of them last changed. So the index of
//! all sitemaps is made without looking at a text.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{entry::EntryKind, id::EntryId, locale::Locale};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::{filing::LiveRow, touched::Changed};
use crate::{
    db::{
        convert::{date, micros, to_word},
        transaction::Transaction,
    },
    error::{Result, invalid},
};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// How many rows are written by one statement.
const ROWS: usize = 200;

/// A day of a sitemap: the language, the day as the database has it, in UTC, and the kind of text.
pub(crate) type SitemapPlace = (Locale, i32, EntryKind);

impl LiveRow {
    /// Where it is in sitemaps, if it is.
    pub(crate) fn sitemap_place(&self) -> Result<Option<SitemapPlace>> {
        let day = i32::try_from(self.published_at.div_euclid(DAY)).map_err(invalid)?;
        Ok(self.details.is_at_home().then_some((self.locale, day, self.kind)))
    }
}

/// The month of a day, as the database has them: months since the year 0, days since 1970.
pub(crate) fn month_of(day: i32) -> Result<i32> {
    let date = date(day)?;
    Ok(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
}

/// What happens to a day.
#[derive(Default)]
struct Change {
    texts: i64,
    /// Whether a text comes or goes.
    is_moved: bool,
}

/// Lets the days follow. `before` and `after` are all live rows of the entries that were changed.
pub(super) async fn follow(tx: &Transaction, before: &[LiveRow], after: &[LiveRow], changed: &Changed) -> Result<()> {
    let mut days: BTreeMap<SitemapPlace, Change> = BTreeMap::new();
    let [old, new] = [by_entry(before), by_entry(after)];
    let entries: BTreeSet<EntryId> = old.keys().chain(new.keys()).copied().collect();
    for entry in entries {
        let (old, new) = (rows_of(&old, entry), rows_of(&new, entry));
        // Each language of a text names the others.
        let is_named_otherwise = addresses(&old) != addresses(&new);
        let languages: BTreeSet<Locale> = old.iter().chain(&new).map(|row| row.locale).collect();
        for language in languages {
            let of = |rows: &[&LiveRow]| rows.iter().find(|row| row.locale == language).map(|row| row.sitemap_place());
            let [was, is] = [of(&old), of(&new)].map(|place| place.transpose().map(Option::flatten));
            let (was, is) = (was?, is?);
            if was == is {
                let has_changed = new.iter().any(|row| row.locale == language && changed.has(entry, row.id));
                if let Some(place) = is.filter(|_| is_named_otherwise || has_changed) {
                    days.entry(place).or_default();
                }
                continue;
            }
            for (place, texts) in was.map(|place| (place, -1)).into_iter().chain(is.map(|place| (place, 1))) {
                let day = days.entry(place).or_default();
                day.texts += texts;
                day.is_moved = true;
            }
        }
    }
    let days: Vec<(SitemapPlace, Change)> = days.into_iter().collect();
    for days in days.chunks(ROWS) {
        write(tx, days).await?;
    }
    Ok(())
}

fn by_entry(rows: &[LiveRow]) -> BTreeMap<EntryId, Vec<&LiveRow>> {
    let mut entries: BTreeMap<EntryId, Vec<&LiveRow>> = BTreeMap::new();
    for row in rows {
        entries.entry(row.entry).or_default().push(row);
    }
    entries
}

fn rows_of<'a>(entries: &BTreeMap<EntryId, Vec<&'a LiveRow>>, entry: EntryId) -> Vec<&'a LiveRow> {
    entries.get(&entry).cloned().unwrap_or_default()
}

/// Where a text is found in each language that sitemaps list.
fn addresses<'a>(rows: &[&'a LiveRow]) -> BTreeSet<(Locale, &'a str)> {
    rows.iter().filter(|row| row.details.is_at_home()).map(|row| (row.locale, row.slug.as_str())).collect()
}

async fn write(tx: &Transaction, days: &[(SitemapPlace, Change)]) -> Result<()> {
    let now = micros(tx.now);
    let mut sql =
        String::from("INSERT INTO sitemap_day (locale, month, day, kind, texts, moved_at, changed_at) VALUES ");
    let mut values: Vec<Value> = Vec::with_capacity(days.len() * 7);
    for ((locale, day, kind), change) in days {
        let at = values.len();
        let parameters: Vec<String> = (at + 1..=at + 7).map(|number| format!("${number}")).collect();
        sql.push_str(if at == 0 { "(" } else { ", (" });
        sql.push_str(&parameters.join(", "));
        sql.push(')');
        values.extend([
            locale.as_str().into(),
            month_of(*day)?.into(),
            (*day).into(),
            to_word(kind)?.into(),
            change.texts.into(),
            (if change.is_moved { now } else { 0 }).into(),
            now.into(),
        ]);
    }
    // The clock may be set back: what is known to have changed stays so.
    let later = |column: &str| {
        format!(
            "CASE WHEN excluded.{column} > sitemap_day.{column} THEN excluded.{column} ELSE sitemap_day.{column} END"
        )
    };
    sql.push_str(&format!(
        " ON CONFLICT (locale, month, day, kind) DO UPDATE SET texts = sitemap_day.texts + excluded.texts, \
         moved_at = {}, changed_at = {}",
        later("moved_at"),
        later("changed_at")
    ));
    let connection = tx.connection();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.execute_raw(statement).await?;
    Ok(())
}
