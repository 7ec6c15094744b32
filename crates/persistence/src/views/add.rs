//! Bringing what a node has counted into the database.

use std::collections::{BTreeMap, HashSet};

use courant_domain::{
    id::EntryId,
    reading::{EditionName, ReadingWindow, Score, Span, day_of},
};
use courant_identity::reader::Print;
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Prints, Scores, Sort, Views, given, id, lock, number_of, prints, rows, statement};
use crate::{
    db::{
        convert::micros,
        transaction::{self, Guarded},
    },
    error::{Result, StoreError},
};

/// What was read, and by whom.
pub type EditionReads = (EditionName, Vec<Print>);

/// How many editions are brought in at once: others wait for no longer than these take.
pub const PARTS: usize = 1_000;

/// What came of bringing reads in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The number of this, after which other nodes' are asked for.
    pub number: i64,
    /// How many reads were counted: those of what is live, by whom no other node has counted them.
    pub counted: u64,
    /// What other nodes have counted since.
    pub others: Vec<Print>,
}

impl Views {
    /// Adds reads to the counts: of what is live, and by whom they were not counted yet, be it in `known` or by a node that has
    /// written after the number `after`. The prints are kept for the day, as many as `kept` at the most, for other nodes to know them.
    ///
    /// # Errors
    /// When the database fails: nothing was counted then, unless it is [`StoreError::OutcomeUnknown`].
    pub async fn add(
        &self,
        reads: &[EditionReads],
        known: &HashSet<Print>,
        after: i64,
        kept: u64,
        now: Timestamp,
    ) -> Result<Added> {
        let (dialect, today) = (self.store.dialect(), day_of(now));
        let tx = transaction::open(&self.store).await?;
        let (number, day, in_all, _) = lock(&tx).await?;
        let mut others = Vec::new();
        let mut from = after;
        while let Some(Prints { number, prints }) = prints::prints(&tx, from, today).await? {
            from = number;
            others.extend(prints);
        }
        let theirs: HashSet<Print> = others.iter().copied().collect();
        let is_new = |print: &&Print| !known.contains(*print) && !theirs.contains(*print);
        let mut counted: BTreeMap<EntryId, i64> = BTreeMap::new();
        let mut news: Vec<Print> = Vec::new();
        for at in self.live(&tx, reads).await? {
            let Some((edition, prints)) = reads.get(at) else { continue };
            let before = news.len();
            news.extend(prints.iter().filter(is_new));
            let more = i64::try_from(news.len() - before).unwrap_or(i64::MAX);
            if more > 0 {
                *counted.entry(edition.entry).or_default() += more;
            }
        }
        let number = number + 1;
        let in_all = if day == today { in_all } else { 0 };
        let upto = in_all.saturating_add(i64::try_from(news.len()).unwrap_or(i64::MAX));
        let sql = "UPDATE read_head SET number = $1, day = $2, prints = $3 WHERE id = 1";
        tx.execute_raw(statement(&tx, sql, [number.into(), today.into(), upto.into()])).await?;
        if !news.is_empty() {
            let counts: Vec<(EntryId, i64)> = counted.into_iter().collect();
            let scores = new_scores(&tx, dialect, &counts, now).await?;
            put_counts(&tx, dialect, &counts, &scores).await?;
            put_buckets(&tx, dialect, &counts, now).await?;
            let sql = "INSERT INTO read_print (number, day, upto, prints) VALUES ($1, $2, $3, $4)";
            let written = prints::written(news.iter());
            tx.execute_raw(statement(&tx, sql, [number.into(), today.into(), upto.into(), written.into()])).await?;
            let least = upto.saturating_sub(i64::try_from(kept).unwrap_or(i64::MAX));
            let sql = "DELETE FROM read_print WHERE day < $1 OR (day = $1 AND upto < $2)";
            tx.execute_raw(statement(&tx, sql, [today.into(), least.into()])).await?;
        }
        tx.commit().await.map_err(|uncommitted| match uncommitted.surely {
            true => uncommitted.error.into(),
            false => StoreError::OutcomeUnknown,
        })?;
        Ok(Added { number, counted: news.len() as u64, others })
    }

    /// The places of those among these that are live.
    async fn live(&self, tx: &Guarded, reads: &[EditionReads]) -> Result<Vec<usize>> {
        let row = |(at, (edition, _)): (usize, &EditionReads)| {
            let EditionName { entry, locale, kind } = edition;
            json!({ "at": at, "entry": id(*entry), "locale": locale.as_str(), "kind": kind.as_str() })
        };
        let columns = [("at", Sort::Number), ("entry", Sort::Id), ("locale", Sort::Text), ("kind", Sort::Text)];
        let sql = format!(
            "SELECT CAST(i.at AS bigint) FROM {} JOIN edition e ON e.entry_id = i.entry AND e.locale = i.locale \
             AND e.kind = i.kind",
            given(self.store.dialect(), &columns)
        );
        let given = rows(reads.iter().enumerate().map(row).collect());
        let found = tx.query_all_raw(statement(tx, &sql, [given])).await?;
        found.iter().map(|row| Ok(usize::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(usize::MAX))).collect()
    }
}

/// The scores of these entries once so many reads of this hour and day are added, in their order.
async fn new_scores(
    tx: &Guarded,
    dialect: crate::Dialect,
    counts: &[(EntryId, i64)],
    now: Timestamp,
) -> Result<Vec<Scores>> {
    let sql = format!(
        "SELECT c.entry_id, c.day_score, c.week_score, c.month_score FROM {} JOIN view_count c ON c.entry_id = i.entry",
        given(dialect, &[("entry", Sort::Id)])
    );
    let given = rows(counts.iter().map(|(entry, _)| json!({ "entry": id(*entry) })).collect());
    let mut known: BTreeMap<EntryId, Scores> = BTreeMap::new();
    for row in tx.query_all_raw(statement(tx, &sql, [given])).await? {
        let entry: Uuid = row.try_get_by_index(0)?;
        let score = |at| -> Result<Score> { Ok(Score::kept(row.try_get_by_index(at)?)) };
        known.insert(entry.into(), [score(1)?, score(2)?, score(3)?]);
    }
    let of = |(entry, reads): &(EntryId, i64)| {
        let mut scores = known.get(entry).copied().unwrap_or_default();
        for (score, window) in scores.iter_mut().zip(ReadingWindow::ALL) {
            *score = score.with(window, window.span().start(now), *reads);
        }
        scores
    };
    Ok(counts.iter().map(of).collect())
}

async fn put_counts(tx: &Guarded, dialect: crate::Dialect, counts: &[(EntryId, i64)], scores: &[Scores]) -> Result<()> {
    let row = |((entry, reads), [day, week, month]): (&(EntryId, i64), &Scores)| json!({ "entry": id(*entry), "n": reads, "d": day.number(), "w": week.number(), "m": month.number() });
    let columns =
        [("entry", Sort::Id), ("n", Sort::Number), ("d", Sort::Number), ("w", Sort::Number), ("m", Sort::Number)];
    // Behind WHERE it is no condition of a join for SQLite.
    let sql = format!(
        "INSERT INTO view_count (entry_id, views, day_score, week_score, month_score) \
         SELECT i.entry, i.n, i.d, i.w, i.m FROM {} WHERE TRUE ORDER BY i.entry \
         ON CONFLICT (entry_id) DO UPDATE SET views = view_count.views + excluded.views, \
         day_score = excluded.day_score, week_score = excluded.week_score, month_score = excluded.month_score",
        given(dialect, &columns)
    );
    let given = rows(counts.iter().zip(scores).map(row).collect());
    tx.execute_raw(statement(tx, &sql, [given])).await?;
    Ok(())
}

async fn put_buckets(tx: &Guarded, dialect: crate::Dialect, counts: &[(EntryId, i64)], now: Timestamp) -> Result<()> {
    let row = |(entry, reads): &(EntryId, i64)| {
        let (entry, reads) = (id(*entry), *reads);
        Span::ALL
            .map(|span| json!({ "entry": entry, "span": number_of(span), "at": micros(span.start(now)), "n": reads }))
    };
    let columns = [("entry", Sort::Id), ("span", Sort::Number), ("at", Sort::Number), ("n", Sort::Number)];
    let sql = format!(
        "INSERT INTO read_bucket (entry_id, span, start, reads) SELECT i.entry, i.span, i.at, i.n FROM {} WHERE TRUE \
         ORDER BY i.entry, i.span ON CONFLICT (entry_id, span, start) DO UPDATE SET reads = read_bucket.reads + excluded.reads",
        given(dialect, &columns)
    );
    tx.execute_raw(statement(tx, &sql, [rows(counts.iter().flat_map(row).collect())])).await?;
    Ok(())
}
