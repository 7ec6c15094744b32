//! What became of a transaction whose `COMMIT` was not answered well.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use tokio::time::{Instant, sleep, timeout};

use crate::{db::connect::Dialect, store::Store};

/// How long PostgreSQL is asked. A request waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    Made,
    NotMade,
    Unknown,
}

/// Finds out whether a transaction was committed. `id` is PostgreSQL's number of it.
///
/// SQLite: the transaction is not there, but all of it may stand in the log, behind its end, and would be found there after a
/// crash. Another write takes its place; if that cannot be had, nobody knows.
///
/// PostgreSQL: the answer may have been lost and not the transaction. The server remembers what became of it.
pub(crate) async fn settle(store: &Store, id: Option<&str>) -> Settled {
    match (store.dialect(), id) {
        (Dialect::Sqlite, _) => match timeout(PATIENCE, store.write_try()).await {
            Ok(Ok(())) => Settled::NotMade,
            _ => Settled::Unknown,
        },
        (Dialect::Postgres, Some(id)) => {
            let until = Instant::now() + PATIENCE;
            while Instant::now() < until {
                match timeout(PATIENCE, status(store, id)).await {
                    Ok(Ok(Some(status))) if status == "committed" => return Settled::Made,
                    Ok(Ok(Some(status))) if status == "aborted" => return Settled::NotMade,
                    // The server has not noticed yet, or cannot be asked: it may be about to start again.
                    _ => sleep(Duration::from_millis(50)).await,
                }
            }
            Settled::Unknown
        }
        (Dialect::Postgres, None) => Settled::Unknown,
    }
}

async fn status(store: &Store, id: &str) -> Result<Option<String>, DbErr> {
    let sql = "SELECT pg_xact_status(CAST(CAST($1 AS text) AS xid8))";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [id.into()]);
    let row = store.writer().query_one_raw(statement).await?;
    row.map_or(Ok(None), |row| row.try_get_by_index(0))
}
