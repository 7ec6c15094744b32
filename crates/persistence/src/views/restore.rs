//! Reads that come back from a dump.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{id::EntryId, reading::Bucket};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Sort, given, id, number_of, put_scores, rows, scores, statement};
use crate::{
    db::{connect::Dialect, convert::micros, transaction::Guarded},
    error::{Result, StoreError},
};

/// Puts the buckets of entries that have none, and the scores that they make.
pub(crate) async fn restore(tx: &Guarded, buckets: &BTreeMap<EntryId, Vec<Bucket>>, now: Timestamp) -> Result<()> {
    let dialect = match tx.get_database_backend() {
        sea_orm::DbBackend::Postgres => Dialect::Postgres,
        _ => Dialect::Sqlite,
    };
    let named = rows(buckets.keys().map(|entry| json!({ "entry": id(*entry) })).collect());
    let from = given(dialect, &[("entry", Sort::Id)]);
    let sql = format!("SELECT c.entry_id FROM {from} JOIN view_count c ON c.entry_id = i.entry");
    let known = tx.query_all_raw(statement(tx, &sql, [named])).await?;
    let known: BTreeSet<EntryId> =
        known.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect::<Result<_>>()?;
    if let Some(entry) = buckets.keys().find(|entry| !known.contains(*entry)) {
        return Err(StoreError::NotFound(format!("entry {entry}, which was read,")));
    }
    let row = |(entry, bucket): (&EntryId, &Bucket)| json!({ "entry": id(*entry), "span": number_of(bucket.span), "at": micros(bucket.start), "n": bucket.reads });
    let all = buckets.iter().flat_map(|(entry, buckets)| buckets.iter().map(move |bucket| (entry, bucket)));
    let columns = [("entry", Sort::Id), ("span", Sort::Number), ("at", Sort::Number), ("n", Sort::Number)];
    let sql = format!(
        "INSERT INTO read_bucket (entry_id, span, start, reads) SELECT i.entry, i.span, i.at, i.n FROM {}",
        given(dialect, &columns)
    );
    tx.execute_raw(statement(tx, &sql, [rows(all.map(row).collect())])).await?;
    let scored: Vec<_> = buckets.iter().map(|(entry, buckets)| (*entry, scores(buckets, now))).collect();
    put_scores(tx, dialect, &scored).await
}
