//! PostgreSQL's connections for reading, in lanes: what is quick never waits for what is slow, and neither of them keeps those
//! waiting who sign in, show a token or ask whether the database is there.
//!
//! It is as with SQLite (`read/inline.rs`): a statement gets a moment among the quick ones. What takes longer begins anew among the
//! slow ones, and what is known to take long begins there; few of these run at once, each with what is left of its request's time.
//! What cannot begin within [`PATIENCE`] is refused as busy.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    db::{budget::Budget, link::Link, weight::Weight},
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
            // Those who have the places may all be waiting for a database that is not there.
            Err(_) if self.link.answers().await => Err(StoreError::Busy),
            Err(_) => Err(StoreError::Unavailable),
        }
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
        // In a box: few statements come here, and all of them would carry the state about.
        Box::pin(self.run_slowly(statement, weight, budget)).await
    }

    async fn run_slowly(&self, statement: &Statement, weight: Weight, budget: &Budget) -> Result<Vec<QueryResult>> {
        let _place = self.slow.place().await?;
        // Once more, where its connection turns out to be lost.
        for _ in 0..2 {
            let longest = weight.allowance(budget).ok_or(StoreError::TooSlow)?;
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
        for lane in [&self.quick, &self.slow] {
            lane.close();
            lane.link.clone().close().await?;
        }
        Ok(())
    }
}
