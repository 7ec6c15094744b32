//! Connections to a database, none of which is waited for longer than was promised.
//!
//! A database can be silent: frozen, or behind a network that drops what it is sent. Then no statement comes to an end, nor does the
//! driver's way of giving a connection back, which asks it whether it still lives. So on PostgreSQL every statement, every wait for
//! a connection and every way back has a limit of ours here (`lease.rs`), however it is asked for; a connection that was waited for
//! in vain is closed and never used again. What takes longer than usual is given up early when the database does not answer
//! anybody (`pulse.rs`). SQLite is in this process: it is busy at worst, and says so.

mod held;
mod kept;
mod lease;
mod pipeline;
mod pulse;

use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, prelude::async_trait,
};
use tokio::time::timeout;

use self::lease::Pool;
pub(crate) use self::{
    held::Held,
    lease::{Kind, pool},
    pipeline::Pipelines,
    pulse::Pulse,
};
use crate::{
    db::patience::{LONG, millis},
    store::is_disconnect,
};

/// How long closing is waited for: statements under way may finish, but not one that is never answered.
const CLOSING: Duration = Duration::from_secs(5);

/// Connections for one purpose. Cheap to clone. What is asked through them outside of a transaction only reads, and is asked once more,
/// on a new connection, when its connection turns out to be lost.
#[derive(Clone)]
pub(crate) enum Link {
    Sqlite(DatabaseConnection),
    Postgres(Pool),
}

impl Link {
    /// Begins a transaction that may write.
    #[expect(clippy::disallowed_methods, reason = "the lock of all writers is taken by Transaction::begin")]
    pub(crate) async fn begin(&self) -> Result<Held, DbErr> {
        match self {
            Self::Sqlite(connection) => {
                let options = TransactionOptions {
                    // A deferred transaction that reads first fails at once when it then wants to write.
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                };
                connection.begin_with_options(options).await.map(Held::sqlite)
            }
            Self::Postgres(pool) => Held::postgres(pool.lease().await?, "BEGIN").await,
        }
    }

    /// Begins a transaction for one statement that reads, which PostgreSQL gives up after this time.
    #[expect(clippy::disallowed_methods, reason = "it only reads; writes begin in Transaction::begin")]
    pub(crate) async fn begin_limited(&self, longest: Duration) -> Result<Held, DbErr> {
        match self {
            Self::Sqlite(connection) => connection.begin().await.map(Held::sqlite),
            Self::Postgres(pool) => {
                let begin = format!("BEGIN READ ONLY; SET LOCAL statement_timeout = {}", millis(longest));
                Held::postgres(pool.lease().await?, &begin).await
            }
        }
    }

    /// Begins a transaction that sees the database as it is now, whatever is written to it meanwhile, for as long as it takes.
    #[expect(clippy::disallowed_methods, reason = "it only reads; writes begin in Transaction::begin")]
    pub(crate) async fn begin_snapshot(&self) -> Result<Held, DbErr> {
        match self {
            // On SQLite every transaction is one.
            Self::Sqlite(connection) => connection.begin().await.map(Held::sqlite),
            Self::Postgres(pool) => {
                let begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
                let held = Held::postgres(pool.lease().await?, begin).await?;
                held.takes(LONG, LONG).await?;
                Ok(held)
            }
        }
    }

    /// Whether the database answers anybody; asked anew if that is not known from a moment ago.
    pub(crate) async fn answers(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(pool) => pool.answers().await,
        }
    }

    /// Closes the connections; statements under way finish first, unless the database is silent.
    pub(crate) async fn close(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(pool) => {
                if timeout(CLOSING, pool.close()).await.is_err() {
                    tracing::warn!("the database does not answer; its connections are left as they are");
                }
                Ok(())
            }
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Link {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(connection) => connection.execute_raw(statement).await,
            Self::Postgres(pool) => pool.once(async |lease| lease.execute(&statement).await).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(connection) => connection.execute_unprepared(sql).await,
            Self::Postgres(pool) => pool.lease().await?.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(connection) => connection.query_one_raw(statement).await,
            Self::Postgres(pool) => match pool.once(async |lease| lease.query_one(&statement).await).await {
                Err(error) if is_disconnect(&error) => {
                    Box::pin(pool.once(async |lease| lease.query_one(&statement).await)).await
                }
                other => other,
            },
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(connection) => connection.query_all_raw(statement).await,
            Self::Postgres(pool) => match pool.once(async |lease| lease.query_all(&statement).await).await {
                Err(error) if is_disconnect(&error) => {
                    Box::pin(pool.once(async |lease| lease.query_all(&statement).await)).await
                }
                other => other,
            },
        }
    }
}
