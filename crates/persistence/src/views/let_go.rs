//! Taking out of the windows what has left them.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{
    id::EntryId,
    reading::{Bucket, ReadingWindow, Span},
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Sort, Views, given, id, left, lock, number_of, put_scores, rows, scores, span_of, statement};
use crate::{
    db::{
        convert::{micros, timestamp},
        transaction::{self, Guarded},
    },
    error::Result,
};

/// How many buckets are let go at once: others wait for no longer than these take.
const AT_ONCE: i64 = 500;

impl Views {
    /// Takes reads out of the windows that they have left by now, and says how many entries they were of. It is safe to be done by
    /// several nodes at once, and to be cut off: what is left is for the next time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn let_go(&self, now: Timestamp) -> Result<u64> {
        let mut touched = 0;
        for span in Span::ALL {
            while self.have_left(span, now).await? {
                touched += self.forget_some(span, now).await?;
            }
        }
        // Days that have left the week are still in the month.
        let week = micros(ReadingWindow::Week.left_at(now));
        let sql = "SELECT 1 FROM read_head h WHERE EXISTS (SELECT 1 FROM read_bucket b WHERE b.span = $1 \
                   AND b.start > h.week_left AND b.start <= $2)";
        if !self.store.read(sql, vec![number_of(Span::Day).into(), week.into()]).await?.is_empty() {
            let mut after = (0, Uuid::nil());
            while let Some((last, entries)) = self.leave_week(after, week, now).await? {
                after = last;
                touched += entries;
            }
        }
        Ok(touched)
    }

    async fn have_left(&self, span: Span, now: Timestamp) -> Result<bool> {
        let sql = "SELECT 1 FROM read_bucket WHERE span = $1 AND start <= $2 LIMIT 1";
        Ok(!self.store.read(sql, vec![number_of(span).into(), left(span, now).into()]).await?.is_empty())
    }

    /// Deletes some buckets that are in no window any more.
    async fn forget_some(&self, span: Span, now: Timestamp) -> Result<u64> {
        let tx = transaction::open(&self.store).await?;
        lock(&tx).await?;
        let sql = "SELECT entry_id FROM read_bucket WHERE span = $1 AND start <= $2 ORDER BY start, entry_id LIMIT $3";
        let until = left(span, now);
        let values = [number_of(span).into(), until.into(), AT_ONCE.into()];
        let entries: BTreeSet<EntryId> = ids(&tx.query_all_raw(statement(&tx, sql, values)).await?)?;
        let sql = format!(
            "DELETE FROM read_bucket WHERE span = $2 AND start <= $3 AND entry_id IN (SELECT i.entry FROM {})",
            given(self.store.dialect(), &[("entry", Sort::Id)])
        );
        let values = [rows(named(&entries)), number_of(span).into(), until.into()];
        tx.execute_raw(statement(&tx, &sql, values)).await?;
        self.score_again(&tx, &entries, now).await?;
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        Ok(entries.len() as u64)
    }

    /// Scores some of the entries anew of which a day has left the week, and says up to which; none when there are no more, which
    /// is noted then.
    async fn leave_week(&self, after: (i64, Uuid), until: i64, now: Timestamp) -> Result<Option<((i64, Uuid), u64)>> {
        let tx = transaction::open(&self.store).await?;
        let (_, _, _, left) = lock(&tx).await?;
        let sql = "SELECT entry_id, start FROM read_bucket WHERE span = $1 AND start > $2 AND start <= $3 \
                   AND (start, entry_id) > ($4, $5) ORDER BY start, entry_id LIMIT $6";
        let values =
            [number_of(Span::Day).into(), left.into(), until.into(), after.0.into(), after.1.into(), AT_ONCE.into()];
        let found = tx.query_all_raw(statement(&tx, sql, values)).await?;
        let Some(last) = found.last() else {
            let sql = "UPDATE read_head SET week_left = $1 WHERE id = 1 AND week_left < $1";
            tx.execute_raw(statement(&tx, sql, [until.into()])).await?;
            tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
            return Ok(None);
        };
        let last = (last.try_get_by_index(1)?, last.try_get_by_index(0)?);
        let entries = ids(&found)?;
        self.score_again(&tx, &entries, now).await?;
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        Ok(Some((last, entries.len() as u64)))
    }

    /// Makes the scores of entries of their buckets.
    async fn score_again(&self, tx: &Guarded, entries: &BTreeSet<EntryId>, now: Timestamp) -> Result<()> {
        let mut buckets = buckets(tx, self.store.dialect(), entries).await?;
        let scored: Vec<_> =
            entries.iter().map(|entry| (*entry, scores(&buckets.remove(entry).unwrap_or_default(), now))).collect();
        put_scores(tx, self.store.dialect(), &scored).await
    }
}

/// What there is of these entries.
pub(super) async fn buckets(
    tx: &Guarded,
    dialect: crate::Dialect,
    entries: &BTreeSet<EntryId>,
) -> Result<BTreeMap<EntryId, Vec<Bucket>>> {
    let sql = format!(
        "SELECT b.entry_id, b.span, b.start, b.reads FROM {} JOIN read_bucket b ON b.entry_id = i.entry",
        given(dialect, &[("entry", Sort::Id)])
    );
    let mut found: BTreeMap<EntryId, Vec<Bucket>> = BTreeMap::new();
    for row in tx.query_all_raw(statement(tx, &sql, [rows(named(entries))])).await? {
        let entry: Uuid = row.try_get_by_index(0)?;
        let span = span_of(row.try_get_by_index(1)?);
        let bucket = Bucket { span, start: timestamp(row.try_get_by_index(2)?)?, reads: row.try_get_by_index(3)? };
        found.entry(entry.into()).or_default().push(bucket);
    }
    Ok(found)
}

fn named(entries: &BTreeSet<EntryId>) -> Vec<serde_json::Value> {
    entries.iter().map(|entry| json!({ "entry": id(*entry) })).collect()
}

fn ids(found: &[sea_orm::QueryResult]) -> Result<BTreeSet<EntryId>> {
    found.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}
