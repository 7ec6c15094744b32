//! PostgreSQL's connections for reading, in lanes: what is quick never waits for what is slow, and neither of them keeps those
//! waiting who sign in, show a token or ask whether the database is there.
//!
//! It is as with SQLite (`read/inline.rs`): a statement gets a moment among the quick ones. What takes longer begins anew among the
//! slow ones, and what is known to take long begins there; few of these run at once, each with what is left of its request's time.
//! What cannot begin within [`PATIENCE`] is refused as busy.

use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, QueryResult, Statement, TransactionTrait,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    budget::Budget,
    error::{Result, StoreError},
    read::Weight,
    store::is_disconnect,
};

/// How long a statement waits for its turn.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);
/// How long the server works for a statement in the quick lane.
pub(crate) const MOMENT: Duration = Duration::from_millis(100);
/// How many slow statements run at once.
pub(crate) const SLOW: u32 = 4;

/// The lanes for what readers and the newsroom ask.
pub(crate) struct Lanes {
    quick: Lane,
    slow: Lane,
}

/// Connections, and a place for each.
pub(crate) struct Lane {
    pool: DatabaseConnection,
    places: Semaphore,
    connections: u32,
}

impl Lane {
    pub(crate) fn new(pool: DatabaseConnection, connections: u32) -> Self {
        Self { pool, places: Semaphore::new(connections as usize), connections }
    }

    /// The connections themselves.
    pub(crate) const fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>> {
        match timeout(PATIENCE, self.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) => Err(StoreError::Unavailable),
            Err(_) => Err(StoreError::Busy),
        }
    }

    /// Runs a statement once it has a place.
    pub(crate) async fn run(&self, statement: &Statement) -> Result<Vec<QueryResult>> {
        let _place = self.place().await?;
        self.run_here(statement).await
    }

    async fn run_here(&self, statement: &Statement) -> Result<Vec<QueryResult>> {
        // Idle connections are not pinged; one the server closed meanwhile shows here, and leaves the pool by it.
        // After a restart of the server that is all of them, one after the other.
        for _ in 0..self.connections {
            match self.pool.query_all_raw(statement.clone()).await {
                Err(error) if is_disconnect(&error) => lost(&error),
                other => return Ok(other?),
            }
        }
        Ok(self.pool.query_all_raw(statement.clone()).await?)
    }

    /// Runs a statement that the server gives up after this time.
    async fn run_within(&self, statement: &Statement, longest: Duration) -> Result<Vec<QueryResult>, DbErr> {
        let transaction = self.begin().await?;
        // Nothing would be no limit to the server.
        let limit = format!("SET LOCAL statement_timeout = {}", longest.as_millis().max(1));
        transaction.execute_unprepared(&limit).await?;
        let rows = transaction.query_all_raw(statement.clone()).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    #[expect(clippy::disallowed_methods, reason = "it only reads; writes begin in Transaction::begin")]
    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.pool.begin().await
    }

    pub(crate) fn close(&self) {
        self.places.close();
    }
}

impl Lanes {
    pub(crate) const fn new(quick: Lane, slow: Lane) -> Self {
        Self { quick, slow }
    }

    /// Runs a statement of a request.
    pub(crate) async fn run(&self, statement: &Statement, weight: Weight, budget: &Budget) -> Result<Vec<QueryResult>> {
        if weight == Weight::Light && budget.left() > Duration::ZERO {
            let _place = self.quick.place().await?;
            let _spending = budget.spending();
            match self.quick.run_here(statement).await {
                Err(StoreError::TooSlow) => tracing::debug!(statement = statement.sql, "a statement takes long"),
                other => return other,
            }
        }
        let _place = self.slow.place().await?;
        for _ in 0..=self.slow.connections {
            let longest = weight.allowance(budget).ok_or(StoreError::TooSlow)?;
            let _spending = budget.spending();
            match self.slow.run_within(statement, longest).await {
                Err(error) if is_disconnect(&error) => lost(&error),
                other => return Ok(other?),
            }
        }
        Err(StoreError::Unavailable)
    }

    /// Closes the connections; statements under way finish first.
    pub(crate) async fn close(&self) -> Result<()> {
        for lane in [&self.quick, &self.slow] {
            lane.close();
            lane.pool.clone().close().await?;
        }
        Ok(())
    }
}

fn lost(error: &DbErr) {
    tracing::warn!(%error, "a database connection was lost, trying another one");
}
