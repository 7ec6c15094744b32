//! Connections that are proven to be outside of a transaction whenever they change hands.
//!
//! SQLite rolls a transaction back by itself when the disk is full, when it cannot be read or written, or when there is no
//! memory. The driver's own `ROLLBACK` then fails, and it goes on counting a transaction that is none: what begins next on that
//! connection is a savepoint, which begins a transaction that nobody ever commits (docs/adr/0011-acknowledged-means-kept.md).

use sea_orm::ConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};

/// Sees to it that no connection is handed out within a transaction, and that none comes back to the writers' pool that cannot
/// be proven to be outside of one: it is closed, which ends whatever it was in.
pub(crate) fn sqlite(connect: &mut ConnectOptions, writer: bool) {
    connect
        .map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }));
    if writer {
        connect.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(async move { Ok(is_outside(connection).await) }))
        });
    }
}

/// Whether both SQLite and the driver know of no transaction. A deferred one takes no lock and needs no disk; within another
/// one, it cannot begin.
async fn is_outside(connection: &mut SqliteConnection) -> bool {
    match connection.execute(sqlx::raw_sql("BEGIN; ROLLBACK")).await {
        // What the driver had still to roll back came before.
        Ok(_) if !connection.is_in_transaction() => true,
        Ok(_) => {
            tracing::debug!("the driver counts a transaction that SQLite has ended; the connection is closed");
            false
        }
        Err(error) => {
            tracing::debug!(%error, "a connection is still in a transaction; it is closed");
            false
        }
    }
}
