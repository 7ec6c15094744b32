//! Reading the change log.

use courant_domain::change::{Change, ChangeSeq};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, Statement,
};

use crate::{
    convert::{from_word, locale, timestamp},
    entity::change_log,
    error::{Result, StoreError, corrupt},
    transaction::Guarded,
};

/// The number of the last change, and what the database's clock says; an embedded database has none but ours.
pub(crate) async fn head<C: ConnectionTrait>(connection: &C) -> Result<(ChangeSeq, Option<Timestamp>)> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => format!("SELECT seq, {NOW} FROM change_head WHERE id = 1"),
        _ => "SELECT seq, NULL FROM change_head WHERE id = 1".to_owned(),
    };
    read_head(&head_row(connection, sql).await?)
}

/// What a transaction that writes is told when it has the lock of all writers.
pub(crate) struct Locked {
    pub(crate) head: ChangeSeq,
    pub(crate) now: Option<Timestamp>,
    /// PostgreSQL's number of the transaction, by which the server can be asked what became of it.
    pub(crate) id: Option<String>,
}

/// The same of a transaction that writes, and from here on it alone does: nobody else gets a number until it has ended. The time is
/// read once the lock is held, so that times follow one another as numbers do.
pub(crate) async fn lock_head(connection: &Guarded) -> Result<Locked> {
    let sql = match connection.get_database_backend() {
        // What stands beside a lock in one SELECT is read before it waits for the lock.
        DbBackend::Postgres => format!(
            "SELECT head.seq, {NOW}, CAST(pg_current_xact_id() AS text) \
             FROM (SELECT seq FROM change_head WHERE id = 1 FOR UPDATE) AS head"
        ),
        _ => "SELECT seq, NULL, NULL FROM change_head WHERE id = 1".to_owned(),
    };
    let row = match head_row(connection, sql).await {
        // Who waits for others that wait waits twice: each time for so long as a lock is waited for.
        Err(StoreError::TooSlow) => return Err(StoreError::Busy),
        other => other?,
    };
    let (head, now) = read_head(&row)?;
    Ok(Locked { head, now, id: row.try_get_by_index(2)? })
}

/// The table whose one row all writers lock.
pub(crate) const LOCKED: &str = "change_head";

/// What PostgreSQL's clock says at this very moment, in microseconds.
pub(crate) const NOW: &str = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)";

async fn head_row<C: ConnectionTrait>(connection: &C, sql: String) -> Result<QueryResult> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(statement).await?.ok_or_else(|| corrupt("no change_head"))
}

fn read_head(row: &QueryResult) -> Result<(ChangeSeq, Option<Timestamp>)> {
    let now: Option<i64> = row.try_get_by_index(1)?;
    Ok((row.try_get_by_index(0)?, now.map(timestamp).transpose()?))
}

/// Up to `limit` changes behind `after`, in order.
pub(crate) async fn changes<C: ConnectionTrait>(connection: &C, after: ChangeSeq, limit: u64) -> Result<Vec<Change>> {
    change_log::Entity::find()
        .filter(change_log::Column::Seq.gt(after))
        .order_by_asc(change_log::Column::Seq)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| {
            Ok(Change {
                seq: row.seq,
                at: timestamp(row.at)?,
                subject: from_word(&row.subject)?,
                id: row.subject_id,
                locale: row.locale.as_deref().map(locale).transpose()?,
                action: from_word(&row.action)?,
            })
        })
        .collect()
}
