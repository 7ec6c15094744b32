//! Tells those outside who have asked to be told that something has changed: a hub that tells the followers of feeds (WebSub), and
//! search engines (IndexNow).
//!
//! It is told once every server knows of the change, so that whoever comes to look finds what is new, whichever server answers. What
//! cannot be told now is told later, in order: a follower's place in the log moves on once it was taken. Nothing waits for it. Who asks
//! to be left alone for a while (`Retry-After`) is, for a day at the most, by every server: that is kept in the database.

mod form;

use std::{sync::Arc, time::Duration};

use courant_domain::{
    change::{Change, ChangeSeq},
    webhook::LONGEST_WAIT,
};
use courant_outbound::{Answer, Outbound, Request, StatusCode};
use courant_persistence::Store;
use jiff::SignedDuration;

pub use self::form::{IndexNow, NotAPing, Site, Told};
use crate::{Follower, Result, Runs, WorkError, node::taken_in_by_all, retry_after::retry_after};

/// How long a server may give what it has kept without looking at the change log, and so how long it is waited for.
const KNOWN_WITHIN: Duration = Duration::from_secs(1);

/// How much is kept of why somebody could not be told.
const LONGEST_PROBLEM: usize = 300;

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

impl Ping {
    /// Fails while it wants to be left alone, whichever server it said so to.
    async fn left_alone(&self) -> Result<()> {
        let left = self.store.ping_waits_until(self.name()).await?.map(|until| until.duration_since(self.store.now()));
        match left.filter(SignedDuration::is_positive) {
            Some(left) => Err(WorkError::AskedToWait {
                said: format!("{} asked to wait", self.name()),
                wait: left.unsigned_abs(),
            }),
            None => Ok(()),
        }
    }

    /// Tells it; says what it answered if it does not want that.
    async fn tell(&self, request: Request) -> Result<Option<String>> {
        let (problem, wait) = match self.outbound.send(request).await {
            Ok(Answer { status, .. }) if status.is_success() => return Ok(None),
            Ok(Answer { status, headers, .. }) => {
                let passes =
                    [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT, StatusCode::PAYLOAD_TOO_LARGE];
                let wait = retry_after(&headers, self.store.now());
                // What is too large may be so for a while: then it says for how long (RFC 9110 §15.5.14).
                let is_large = status == StatusCode::PAYLOAD_TOO_LARGE && wait.is_none();
                if status.is_client_error() && (is_large || !passes.contains(&status)) {
                    tracing::warn!(told = self.name(), %status, "a ping was refused");
                    return Ok(Some(status.to_string()));
                }
                (status.to_string(), wait)
            }
            Err(error) => (error.to_string().chars().take(LONGEST_PROBLEM).collect(), None),
        };
        let wait = wait.filter(SignedDuration::is_positive).map(|wait| wait.min(LONGEST_WAIT));
        let until = wait.and_then(|wait| self.store.now().checked_add(wait).ok());
        self.store.ping_failed(self.name(), &problem, until).await?;
        let said = format!("{}: {problem}", self.name());
        Err(match wait {
            Some(wait) => WorkError::AskedToWait { said, wait: wait.unsigned_abs() },
            None => WorkError::Other(said),
        })
    }
}

impl Follower for Ping {
    const NAME: &'static str = "ping";
    const RUNS: Runs = Runs::OneNode;

    fn name(&self) -> &'static str {
        self.told.name()
    }

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return Ok(()) };
        let requests = self.told.requests(&self.store, changes);
        if requests.is_empty() {
            return Ok(());
        }
        self.left_alone().await?;
        taken_in_by_all(&self.store, last.seq, KNOWN_WITHIN).await?;
        let mut refusal = None;
        for request in requests {
            refusal = self.tell(request).await?.or(refusal);
        }
        match refusal {
            // What it does not want today it does not want tomorrow; what is behind goes on.
            Some(answer) => self.store.ping_refused(self.name(), (first.seq, last.seq), &answer).await?,
            None => self.store.ping_taken(self.name()).await?,
        }
        tracing::debug!(told = self.name(), changes = changes.len(), "was told");
        Ok(())
    }

    /// What is behind is not told: whoever follows looks by themselves from time to time.
    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        Ok(*self.store.head().borrow())
    }
}
