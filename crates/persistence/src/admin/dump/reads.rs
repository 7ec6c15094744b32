//! Reads in dumps: those that are in a window of time. How often an entry was read in all is with the entry; who has read what is in
//! no dump.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{
    id::EntryId,
    reading::{Bucket, Span},
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    admin::Admin,
    db::{convert::timestamp, transaction::Transaction},
    error::{Result, StoreError, invalid},
    views::{self, span_of},
    webhooks::statement,
};

/// The reads of an entry by hour and by day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadsRecord {
    /// The entry.
    pub entry: EntryId,
    /// When hours begin, and how often it was read in each.
    pub hours: Vec<(Timestamp, i64)>,
    /// When days begin, and how often it was read in each.
    pub days: Vec<(Timestamp, i64)>,
}

impl ReadsRecord {
    fn buckets(&self) -> Result<Vec<Bucket>> {
        let mut seen = BTreeSet::new();
        let hours = self.hours.iter().map(|of| (Span::Hour, of));
        let all = hours.chain(self.days.iter().map(|of| (Span::Day, of)));
        let bucket = |(span, (start, reads)): (Span, &(Timestamp, i64))| {
            let (start, reads) = (*start, *reads);
            let is_whole = span.start(start) == start && reads > 0 && seen.insert((span, start));
            if is_whole {
                Ok(Bucket { span, start, reads })
            } else {
                Err(invalid(format!("entry {} cannot have been read {reads} times from {start}", self.entry)))
            }
        };
        all.map(bucket).collect()
    }
}

impl super::Snapshot {
    /// The reads of up to `limit` entries behind `after`, in the order of their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn reads(&self, after: Option<EntryId>, limit: u64) -> Result<Vec<ReadsRecord>> {
        let after = after.map_or_else(Uuid::nil, Into::into);
        let sql = "SELECT b.entry_id, b.span, b.start, b.reads FROM read_bucket b WHERE b.entry_id IN \
                   (SELECT DISTINCT entry_id FROM read_bucket WHERE entry_id > $1 ORDER BY entry_id LIMIT $2) \
                   ORDER BY b.entry_id, b.span, b.start";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut records: Vec<ReadsRecord> = Vec::new();
        let connection = self.connection();
        for row in connection.query_all_raw(statement(connection, sql, [after.into(), limit.into()])).await? {
            let entry: EntryId = row.try_get_by_index::<Uuid>(0)?.into();
            let of = (timestamp(row.try_get_by_index(2)?)?, row.try_get_by_index(3)?);
            if records.last().is_none_or(|last| last.entry != entry) {
                records.push(ReadsRecord { entry, hours: Vec::new(), days: Vec::new() });
            }
            let Some(last) = records.last_mut() else { continue };
            match span_of(row.try_get_by_index(1)?) {
                Span::Hour => last.hours.push(of),
                Span::Day => last.days.push(of),
            }
        }
        Ok(records)
    }
}

impl Admin {
    /// Puts reads of entries that are there into a database that has none of them, all or none.
    ///
    /// # Errors
    /// When a record does not hold together, its entry is not there, or the database fails; nothing is changed then.
    pub async fn reads_restore(&self, records: &[ReadsRecord]) -> Result<()> {
        let tx = Transaction::begin(&self.store).await?;
        restore_in_tx(&tx, records).await?;
        tx.commit(&self.store).await
    }
}

/// Puts them into a database that has none of them.
pub(super) async fn restore_in_tx(tx: &Transaction, records: &[ReadsRecord]) -> Result<()> {
    for records in records.chunks(200) {
        let mut buckets: BTreeMap<EntryId, Vec<Bucket>> = BTreeMap::new();
        for record in records {
            if buckets.insert(record.entry, record.buckets()?).is_some() {
                return Err(StoreError::AlreadyExists("a line of this entry's reads"));
            }
        }
        views::restore(tx.connection(), &buckets, tx.now).await?;
    }
    Ok(())
}
