//! Tells those outside who have asked to be told that something has changed: a hub that tells the followers of feeds (WebSub), and
//! search engines (IndexNow).
//!
//! It is told once every server knows of the change, so that whoever comes to look finds what is new, whichever server answers. What
//! cannot be told now is told later, in order: a follower's place in the log moves on once it was taken. Nothing waits for it.

mod form;

use courant_domain::change::{Change, ChangeSeq};
use courant_outbound::{Outbound, StatusCode};
use courant_persistence::Store;
use std::{sync::Arc, time::Duration};

pub use self::form::{IndexNow, NotAPing, Site, Told};
use crate::{Follower, Result, Runs, WorkError, node::taken_in_by_all};

/// How long a server may give what it has kept without looking at the change log, and so how long it is waited for.
const KNOWN_WITHIN: Duration = Duration::from_secs(1);

/// Who is told, and by what.
#[derive(Debug, Clone)]
pub struct Pinging {
    /// Each of them.
    pub told: Vec<Arc<Told>>,
    /// What they are told by.
    pub outbound: Outbound,
}

/// Tells somebody of each change.
#[derive(Debug)]
pub struct Ping {
    told: Arc<Told>,
    outbound: Outbound,
    store: Store,
}

impl Ping {
    /// The one who tells them.
    #[must_use]
    pub const fn new(told: Arc<Told>, outbound: Outbound, store: Store) -> Self {
        Self { told, outbound, store }
    }
}

impl Follower for Ping {
    const NAME: &'static str = "ping";
    const RUNS: Runs = Runs::OneNode;

    fn name(&self) -> &'static str {
        self.told.name()
    }

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        let Some(last) = changes.last() else { return Ok(()) };
        let requests = self.told.requests(&self.store, changes);
        if requests.is_empty() {
            return Ok(());
        }
        taken_in_by_all(&self.store, last.seq, KNOWN_WITHIN).await?;
        for request in requests {
            let answer = self.outbound.send(request).await.map_err(|error| WorkError::Other(error.to_string()))?;
            let status = answer.status;
            if status.is_success() {
                continue;
            }
            let said = format!("{} answered {status}", self.name());
            // What it does not want today it does not want tomorrow; what is behind goes on.
            let is_refused = status.is_client_error()
                && !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
            if !is_refused {
                return Err(WorkError::Other(said));
            }
            tracing::warn!(told = self.name(), %status, "a ping was refused");
        }
        tracing::debug!(told = self.name(), changes = changes.len(), "was told");
        Ok(())
    }

    /// What is behind is not told: whoever follows looks by themselves from time to time.
    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        Ok(*self.store.head().borrow())
    }
}
