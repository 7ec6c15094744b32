//! PostgreSQL's connections for reading, in lanes: what is quick never waits for what is slow, and neither of them keeps those
//! waiting who sign in, show a token or ask whether the database is there.
//!
//! It is as with SQLite (`inline.rs`): a statement gets a moment among the quick ones, several of which share a connection
//! (`link/pipeline.rs`). What takes longer begins anew among the
//! slow ones, and what is known to take long begins there; few of these run at once, each with what is left of its request's time.
//! What cannot begin within [`PATIENCE`] is refused as busy.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    db::{
        budget::Budget,
        inline::Unread,
        link::{Link, Pipelines},
        row::Cursor,
        weight::Weight,
    },
    error::{Result, StoreError},
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
    /// What is quick goes here first; the others are for what is left.
    pipelines: Option<Pipelines>,
    quick: Lane,
    slow: Lane,
}

/// Connections, and a place for each.
pub(crate) struct Lane {
    link: Link,
    places: Semaphore,
}

impl Lane {
    pub(crate) fn new(link: Link, connections: u32) -> Self {
        Self { link, places: Semaphore::new(connections as usize) }
    }

    /// The connections themselves.
    pub(crate) const fn link(&self) -> &Link {
        &self.link
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>> {
        match timeout(PATIENCE, self.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) => Err(StoreError::Unavailable),
            Err(_) => Err(self.why_full().await),
        }
    }

    /// Why there was no place in time: those who have the places may all be waiting for a database that is not there.
    async fn why_full(&self) -> StoreError {
        if self.link.answers().await { StoreError::Busy } else { StoreError::Unavailable }
    }

    /// Runs a statement once it has a place.
    pub(crate) async fn run(&self, statement: &Statement) -> Result<Vec<QueryResult>> {
        let _place = self.place().await?;
        self.run_here(statement).await
    }

    async fn run_here(&self, statement: &Statement) -> Result<Vec<QueryResult>> {
        Ok(self.link.query_all_raw(statement.clone()).await?)
    }

    /// Runs a statement that the server gives up after this time.
    async fn run_within(&self, statement: &Statement, longest: Duration) -> Result<Vec<QueryResult>, DbErr> {
        let transaction = self.link.begin_limited(longest).await?;
        let rows = transaction.query_all_raw(statement.clone()).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    pub(crate) fn close(&self) {
        self.places.close();
    }
}

impl Lanes {
    pub(crate) const fn new(pipelines: Option<Pipelines>, quick: Lane, slow: Lane) -> Self {
        Self { pipelines, quick, slow }
    }

    /// Runs a statement of a request, and reads each of its rows.
    pub(crate) async fn rows<T>(
        &self,
        sql: String,
        values: Vec<Value>,
        mut weight: Weight,
        budget: &Budget,
        mut read: impl FnMut(Cursor<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        if let Some(pipelines) = &self.pipelines
            && weight == Weight::Light
            && budget.left() > Duration::ZERO
        {
            match pipelines.rows(&sql, &values, budget).await {
                Ok(rows) => return rows.iter().map(|row| read(Cursor::pipelined(row))).collect(),
                Err(Unread::Slow) => {
                    tracing::debug!(statement = sql, "a statement takes long");
                    weight = Weight::Heavy;
                }
                Err(Unread::Busy) => return Err(self.quick.why_full().await),
                Err(Unread::Unconnected) => {}
                Err(Unread::Failed(error)) => {
                    tracing::debug!(target: "courant::sql", left_to_driver = error);
                    // The time went by in waiting for a server that says nothing: there was not too much to do.
                    if budget.left() == Duration::ZERO {
                        return Err(StoreError::Unavailable);
                    }
                }
            }
        }
        // In a box: few statements come here, and all of them would carry the state about.
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let rows = Box::pin(self.run(&statement, weight, budget)).await?;
        rows.iter().map(|row| read(Cursor::new(row))).collect()
    }

    /// Runs a statement of a request on connections of the driver's.
    async fn run(&self, statement: &Statement, weight: Weight, budget: &Budget) -> Result<Vec<QueryResult>> {
        if weight == Weight::Light && budget.left() > Duration::ZERO {
            let _place = self.quick.place().await?;
            let _spending = budget.spending();
            match self.quick.run_here(statement).await {
                Err(StoreError::TooSlow) => tracing::debug!(statement = statement.sql, "a statement takes long"),
                other => return other,
            }
        }
        self.run_slowly(statement, weight, budget).await
    }

    async fn run_slowly(&self, statement: &Statement, weight: Weight, budget: &Budget) -> Result<Vec<QueryResult>> {
        let _place = self.slow.place().await?;
        // Once more, where its connection turns out to be lost.
        for attempt in 0..2 {
            let Some(longest) = weight.allowance(budget) else {
                return Err(if attempt == 0 { StoreError::TooSlow } else { StoreError::Unavailable });
            };
            let _spending = budget.spending();
            match self.slow.run_within(statement, longest).await {
                Err(error) if is_disconnect(&error) => {
                    tracing::warn!(%error, "a database connection was lost, trying another one");
                }
                other => return Ok(other?),
            }
        }
        Err(StoreError::Unavailable)
    }

    /// Closes the connections; statements under way finish first.
    pub(crate) async fn close(&self) -> Result<()> {
        if let Some(pipelines) = &self.pipelines {
            pipelines.close();
        }
        for lane in [&self.quick, &self.slow] {
            lane.close();
            lane.link.clone().close().await?;
        }
        Ok(())
    }
}
