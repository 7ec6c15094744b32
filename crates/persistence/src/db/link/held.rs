//! A connection that is held for a transaction.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement, prelude::async_trait,
};
use tokio::{runtime::Handle, sync::Mutex};

use super::lease::Lease;
use crate::db::patience::{GRACE, millis};

/// A transaction. What was not committed is rolled back when it is dropped.
pub(crate) struct Held(Kind);

enum Kind {
    Sqlite(DatabaseTransaction),
    Postgres(OnPostgres),
}

struct OnPostgres {
    lease: Mutex<Lease>,
    /// Whether it has to be rolled back.
    is_open: bool,
    /// Whether a statement failed: to PostgreSQL the transaction has failed with it, and a `COMMIT` would roll it back in silence.
    has_failed: AtomicBool,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held")
    }
}

impl Held {
    pub(super) const fn sqlite(transaction: DatabaseTransaction) -> Self {
        Self(Kind::Sqlite(transaction))
    }

    pub(super) async fn postgres(lease: Lease, begin: &str) -> Result<Self, DbErr> {
        // Open from the outset: who stops waiting for the answer has begun it all the same.
        let mut held = OnPostgres { lease: Mutex::new(lease), is_open: true, has_failed: AtomicBool::new(false) };
        held.lease.get_mut().execute_unprepared(begin).await?;
        Ok(Self(Kind::Postgres(held)))
    }

    /// Says that a statement of this transaction may take so long, and what is done between two of them so long: nobody takes it
    /// for one that hangs. What has more time already keeps it.
    pub(crate) async fn takes(&self, longest: Duration, pause: Duration) -> Result<(), DbErr> {
        let Kind::Postgres(held) = &self.0 else { return Ok(()) };
        let sql = format!(
            "SET LOCAL statement_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = {}",
            millis(longest),
            millis(pause)
        );
        let mut lease = held.lease.lock().await;
        if lease.longest >= longest + GRACE {
            return Ok(());
        }
        held.seen(lease.execute_unprepared(&sql).await)?;
        lease.longest = longest + GRACE;
        Ok(())
    }

    /// Makes it count. When that fails for want of an answer, nobody knows whether it does.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self.0 {
            Kind::Sqlite(transaction) => transaction.commit().await,
            Kind::Postgres(mut held) => {
                if held.has_failed.load(Ordering::Relaxed) {
                    return Err(DbErr::Custom("a statement of the transaction has failed".to_owned()));
                }
                held.lease.get_mut().execute_unprepared("COMMIT").await?;
                held.is_open = false;
                Ok(())
            }
        }
    }

    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        match self.0 {
            Kind::Sqlite(transaction) => transaction.rollback().await,
            Kind::Postgres(mut held) => {
                held.lease.get_mut().execute_unprepared("ROLLBACK").await?;
                held.is_open = false;
                Ok(())
            }
        }
    }
}

impl OnPostgres {
    fn seen<T>(&self, answer: Result<T, DbErr>) -> Result<T, DbErr> {
        if answer.is_err() {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        answer
    }
}

impl Drop for OnPostgres {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        let mut lease = self.lease.get_mut().take();
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                // One that cannot even do that is closed, which does it, too.
                if lease.execute_unprepared("ROLLBACK").await.is_err() {
                    lease.discard();
                }
            })),
            Err(_) => lease.discard(),
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Held {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Kind::Sqlite(_) => DbBackend::Sqlite,
            Kind::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Kind::Sqlite(transaction) => transaction.execute_raw(statement).await,
            Kind::Postgres(held) => held.seen(held.lease.lock().await.execute(&statement).await),
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Kind::Sqlite(transaction) => transaction.execute_unprepared(sql).await,
            Kind::Postgres(held) => held.seen(held.lease.lock().await.execute_unprepared(sql).await),
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Sqlite(transaction) => transaction.query_one_raw(statement).await,
            Kind::Postgres(held) => held.seen(held.lease.lock().await.query_one(&statement).await),
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Sqlite(transaction) => transaction.query_all_raw(statement).await,
            Kind::Postgres(held) => held.seen(held.lease.lock().await.query_all(&statement).await),
        }
    }
}
