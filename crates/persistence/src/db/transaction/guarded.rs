//! A database transaction that counts only if all of it went well.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, prelude::async_trait::async_trait,
};

use crate::{
    db::{link::Held, statements, writes::Health},
    error::left_nothing,
};

/// A transaction of the database's that is committed only if each of its statements was answered, and well.
///
/// *Invariants*: once a statement has failed, no other one is run: SQLite may have rolled everything back by then, and what came
/// after it would be written at once and by itself. Nor is one run beside another, or after one whose answer nobody waited for.
/// A `COMMIT` of what has failed is not even sent: PostgreSQL would roll back and say that all is well.
pub(crate) struct Guarded {
    inner: Held,
    /// Statements that were begun and are not known to have gone well.
    owed: AtomicUsize,
    failed: OnceLock<DbErr>,
    health: Arc<Health>,
}

/// Why a transaction was not committed, or is not known to be.
#[derive(Debug)]
pub(crate) struct Uncommitted {
    pub(crate) error: DbErr,
    /// Whether it is known that nothing is left of it.
    pub(crate) surely: bool,
}

impl Guarded {
    pub(crate) fn new(inner: Held, health: Arc<Health>) -> Self {
        Self { inner, owed: AtomicUsize::new(0), failed: OnceLock::new(), health }
    }

    pub(crate) async fn commit(self) -> Result<(), Uncommitted> {
        if let Some(error) = self.failed.into_inner() {
            return Err(Uncommitted { error, surely: true });
        }
        if self.owed.into_inner() > 0 {
            let error = DbErr::Custom("a statement of this transaction was not waited for".to_owned());
            return Err(Uncommitted { error, surely: true });
        }
        match self.inner.commit().await {
            Ok(()) => Ok(()),
            Err(error) => {
                let surely = left_nothing(&error);
                Err(Uncommitted { error: Box::pin(self.health.failed(error)).await, surely })
            }
        }
    }

    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }

    /// As [`Held::takes`].
    pub(crate) async fn takes(&self, longest: Duration, pause: Duration) -> Result<(), DbErr> {
        self.run(self.inner.takes(longest, pause)).await
    }

    async fn run<T>(&self, statement: impl Future<Output = Result<T, DbErr>> + Send) -> Result<T, DbErr> {
        if let Some(error) = self.failed.get() {
            return Err(error.clone());
        }
        if self.owed.fetch_add(1, Ordering::AcqRel) > 0 {
            return Err(DbErr::Custom("a statement of this transaction is still to be waited for".to_owned()));
        }
        statements::note();
        match statement.await {
            Ok(done) => {
                self.owed.fetch_sub(1, Ordering::AcqRel);
                Ok(done)
            }
            Err(error) => {
                // Aside, as it is seldom: every statement's future would have room for it.
                let error = Box::pin(self.health.failed(error)).await;
                // It is the first: no other one is run.
                drop(self.failed.set(error.clone()));
                Err(error)
            }
        }
    }
}

#[async_trait]
impl ConnectionTrait for Guarded {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.run(self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.run(self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.run(self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.run(self.inner.query_all_raw(statement)).await
    }
}
