//! Filing editions under their timelines, and readers' locales under the editions they get.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{entry::EntryKind, id::EntryId, list::Scope, locale::Locale, publication::Details};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{
    db::{
        convert::to_word,
        entity::{edition, reader_edition, timeline, timeline_entry},
        transaction::{Transaction, chunks},
    },
    error::Result,
    live::scope::TimelineKey,
    reference::Reference,
};

/// What filing needs to know of a live edition.
#[derive(Clone)]
pub(crate) struct LiveRow {
    pub(crate) id: i64,
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
    pub(crate) kind: EntryKind,
    pub(crate) slug: String,
    pub(crate) published_at: i64,
    pub(crate) number: Option<String>,
    pub(crate) signed_day: Option<i32>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) details: Details,
}

impl LiveRow {
    /// Whether it was taken back, and can still be read with a notice.
    pub(crate) const fn is_withdrawn(&self) -> bool {
        self.details.withdrawal.is_some()
    }
}

/// Where editions are filed, but for what feeds pin: see `pins`.
#[derive(Default)]
pub(crate) struct Filings {
    pub(crate) readers: BTreeSet<ReaderRow>,
    pub(crate) timelines: BTreeSet<TimelineRow>,
}

/// Which edition a reader of a locale gets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ReaderRow {
    pub(crate) entry: EntryId,
    pub(crate) reader: Locale,
    pub(crate) edition: i64,
    pub(crate) published_at: i64,
}

/// A place in a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimelineRow {
    pub(crate) key: TimelineKey,
    pub(crate) sort_key: i64,
    pub(crate) entry: EntryId,
    pub(crate) edition: i64,
}

impl Filings {
    /// The filings of these rows, which hold every live language of their entries.
    pub(crate) fn of(rows: &[LiveRow], reference: &Reference) -> Self {
        let mut entries: BTreeMap<EntryId, Vec<&LiveRow>> = BTreeMap::new();
        for row in rows {
            entries.entry(row.entry).or_default().push(row);
        }
        let mut filings = Self::default();
        for (entry, rows) in entries {
            let live: Vec<Locale> = rows.iter().map(|row| row.locale).collect();
            for (reader, locale) in reference.site.resolve(&live) {
                let Some(row) = rows.iter().find(|row| row.locale == locale) else { continue };
                filings.readers.insert(ReaderRow { entry, reader, edition: row.id, published_at: row.published_at });
                let mut file = |scope, sort_key| {
                    let key = TimelineKey { locale: reader, kind: row.kind, scope, is_withdrawn: row.is_withdrawn() };
                    filings.timelines.insert(TimelineRow { key, sort_key, entry, edition: row.id });
                };
                for scope in &row.scopes {
                    file(*scope, row.published_at);
                }
            }
        }
        filings
    }
}

/// Takes away the filings that no longer hold, and adds those that are new.
pub(super) async fn replace(tx: &mut Transaction, old: Filings, new: Filings) -> Result<()> {
    for rows in chunks(old.readers.difference(&new.readers).copied().collect()) {
        for rows in rows.chunks(200) {
            let any = rows.iter().fold(Condition::any(), |any, row| {
                any.add(
                    Condition::all()
                        .add(reader_edition::Column::EntryId.eq(row.entry.uuid()))
                        .add(reader_edition::Column::Locale.eq(row.reader.as_str())),
                )
            });
            reader_edition::Entity::delete_many().filter(any).exec(tx.connection()).await?;
        }
    }
    let gone: Vec<TimelineRow> = old.timelines.difference(&new.timelines).copied().collect();
    remove(tx, &gone).await?;
    for rows in chunks(new.readers.difference(&old.readers).copied().collect()) {
        let rows = rows.into_iter().map(|row| reader_edition::ActiveModel {
            entry_id: Set(row.entry.uuid()),
            locale: Set(row.reader.to_string()),
            edition_id: Set(row.edition),
            published_at: Set(row.published_at),
        });
        reader_edition::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    add(tx, new.timelines.difference(&old.timelines).copied().collect()).await
}

async fn remove(tx: &Transaction, gone: &[TimelineRow]) -> Result<()> {
    for rows in gone.chunks(200) {
        let mut any = Condition::any();
        for row in rows {
            let Some(id) = tx.reference.timeline(&row.key) else { continue };
            any = any.add(
                Condition::all()
                    .add(timeline_entry::Column::TimelineId.eq(id))
                    .add(timeline_entry::Column::SortKey.eq(row.sort_key))
                    .add(timeline_entry::Column::EntryId.eq(row.entry.uuid())),
            );
        }
        if !any.is_empty() {
            timeline_entry::Entity::delete_many().filter(any).exec(tx.connection()).await?;
        }
    }
    Ok(())
}

pub(super) async fn add(tx: &mut Transaction, rows: Vec<TimelineRow>) -> Result<()> {
    make_timelines(tx, rows.iter().map(|row| row.key).collect()).await?;
    for rows in chunks(rows) {
        let rows: Vec<_> = rows
            .into_iter()
            .filter_map(|row| {
                Some(timeline_entry::ActiveModel {
                    timeline_id: Set(tx.reference.timeline(&row.key)?),
                    sort_key: Set(row.sort_key),
                    entry_id: Set(row.entry.uuid()),
                    edition_id: Set(row.edition),
                })
            })
            .collect();
        timeline_entry::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Makes those of these timelines that are not there yet. Their numbers are given out here, under the lock on the
/// change log's head.
pub(super) async fn make_timelines(tx: &mut Transaction, mut missing: BTreeSet<TimelineKey>) -> Result<()> {
    missing.retain(|key| tx.reference.timeline(key).is_none());
    let first = tx.reference.last_timeline() + 1;
    let made: Vec<(TimelineKey, i32)> = missing.into_iter().zip(first..).collect();
    let models = made
        .iter()
        .map(|(key, id)| {
            Ok(timeline::ActiveModel {
                id: Set(*id),
                locale: Set(key.locale.to_string()),
                kind: Set(to_word(&key.kind)?),
                scope: Set(key.scope_column()?),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    for models in chunks(models) {
        timeline::Entity::insert_many(models).exec_without_returning(tx.connection()).await?;
    }
    tx.reference.timelines_add(made);
    Ok(())
}

/// Makes all timelines anew, after the site's languages or the tree of categories changed.
pub(crate) async fn rebuild_timelines(tx: &mut Transaction) -> Result<()> {
    tx.is_bulky().await?;
    const ENTRIES: u64 = 500;
    tx.connection().execute_unprepared("DELETE FROM timeline_entry").await?;
    tx.connection().execute_unprepared("DELETE FROM reader_edition").await?;
    let mut after = uuid::Uuid::nil();
    loop {
        let ids: Vec<uuid::Uuid> = edition::Entity::find()
            .select_only()
            .column(edition::Column::EntryId)
            .distinct()
            .filter(edition::Column::EntryId.gt(after))
            .order_by_asc(edition::Column::EntryId)
            .limit(ENTRIES)
            .into_tuple()
            .all(tx.connection())
            .await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        let query = edition::Entity::find().filter(edition::Column::EntryId.is_in(ids));
        let live = super::select_live(tx.connection(), query, &tx.reference).await?;
        let filings = Filings::of(&live, &tx.reference);
        replace(tx, Filings::default(), filings).await?;
    }
    for feed in tx.reference.feeds().to_vec() {
        super::pins::pinned_refile(tx, &feed).await?;
    }
    super::named::all_follow(tx).await
}
