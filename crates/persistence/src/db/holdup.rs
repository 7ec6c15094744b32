//! Somebody else's session that holds the lock of all writers and does nothing with it.
//!
//! Our own sessions are ended by PostgreSQL when they hang (`idle_in_transaction_session_timeout`). Somebody who has typed
//! `SELECT … FOR UPDATE` and gone to lunch has set no such limit, and a node of an older version neither.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};

use crate::{change_log::LOCKED, db::patience::millis, error::Result, store::Store};

/// Ends sessions of other programs that have held the lock for so long and do nothing in their transaction; says whether there were
/// any. Those of other users are not ours to end, nor to see.
pub(crate) async fn end_idle(store: &Store, idle: Duration) -> Result<bool> {
    let sql = format!(
        "SELECT a.pid, CAST(a.application_name AS text), pg_terminate_backend(a.pid) FROM pg_stat_activity AS a \
         WHERE a.pid <> pg_backend_pid() AND a.usename = current_user AND a.state LIKE 'idle in transaction%' \
         AND a.application_name <> current_setting('application_name') \
         AND a.state_change <= clock_timestamp() - {} * interval '1 millisecond' \
         AND a.pid IN (SELECT l.pid FROM pg_locks AS l WHERE l.granted AND l.mode <> 'AccessShareLock' \
         AND l.relation = CAST('{LOCKED}' AS regclass) \
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
        millis(idle)
    );
    let writer = store.writer();
    let ended = writer.query_all_raw(Statement::from_string(writer.get_database_backend(), sql)).await?;
    for row in &ended {
        let (pid, name): (i32, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        tracing::warn!(pid, name, "ended a session that held the lock of all writers and did nothing");
    }
    if ended.is_empty() {
        tracing::warn!("somebody holds the lock of all writers: see pg_locks and pg_stat_activity");
    }
    Ok(!ended.is_empty())
}
