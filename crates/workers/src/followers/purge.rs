//! Has caches between the server and its readers throw away what a change has made stale.
//!
//! A cache is told twice. The first time as soon as every server knows of the change, so that whoever asks next has the new answer: a
//! purge that came sooner would have the cache ask a server that is behind, and keep the old answer. A server that has not said
//! within a second that it knows is not waited for, as it gives nothing kept until it has looked at the log again.
//!
//! The second time some seconds later ([`PurgeAgain`]), for answers that were on their way to the cache while it was told: they left a
//! server before it knew, and came to be kept after the first purge. What takes longer on its way is kept as long as its
//! `s-maxage` says. Each of the two has a place of its own in the log, so that neither is lost, whoever dies.

mod form;

use std::{sync::Arc, time::Duration};

use courant_domain::change::{Change, ChangeSeq};
use courant_outbound::Outbound;
use courant_persistence::{SITE_KEY, Store};

pub use self::form::{Cache, Form, NotACache, Token};
use crate::{Follower, Result, Runs, WorkError, node::taken_in_by_all};

/// More names than these are not told one by one: what has touched so much has touched most of what is kept.
const MOST_KEYS: usize = 5_000;

/// How long a server may give what it has kept without looking at the change log, and so how long it is waited for.
const KNOWN_WITHIN: Duration = Duration::from_secs(1);

/// The caches that are told, and how.
#[derive(Debug, Clone)]
pub struct Purging {
    /// Each of them.
    pub caches: Vec<Arc<Cache>>,
    /// How long after a change they are told a second time; zero for never.
    pub again: Duration,
    /// What they are told by.
    pub outbound: Outbound,
}

/// Tells a cache of each change.
#[derive(Debug)]
pub struct Purge {
    cache: Arc<Cache>,
    outbound: Outbound,
    store: Store,
}

/// Tells a cache of each change once more, when whatever was on its way to it has arrived.
#[derive(Debug)]
pub struct PurgeAgain {
    purge: Purge,
    after: Duration,
}

impl Purge {
    /// The one of this cache.
    #[must_use]
    pub const fn new(cache: Arc<Cache>, outbound: Outbound, store: Store) -> Self {
        Self { cache, outbound, store }
    }

    async fn purge(&self, keys: &[String]) -> Result<()> {
        for request in self.cache.requests(keys) {
            let answer = self.outbound.send(request).await.map_err(|error| WorkError::Other(error.to_string()))?;
            self.cache.check(&answer).map_err(|error| WorkError::Other(error.to_string()))?;
        }
        tracing::debug!(cache = self.cache.name(), keys = keys.len(), "has purged");
        Ok(())
    }

    /// What everything is kept under.
    async fn purge_all(&self) -> Result<()> {
        self.purge(std::slice::from_ref(&SITE_KEY)).await
    }
}

impl PurgeAgain {
    /// The one of this cache, so long after each change.
    #[must_use]
    pub const fn new(cache: Arc<Cache>, outbound: Outbound, store: Store, after: Duration) -> Self {
        Self { purge: Purge::new(cache, outbound, store), after }
    }
}

/// The names that are told for these changes, each once.
fn keys_of(store: &Store, changes: &[Change]) -> Vec<String> {
    let keys = store.surrogate_keys_of(changes);
    if keys.len() > MOST_KEYS || keys.contains(&*SITE_KEY) {
        return vec![SITE_KEY.clone()];
    }
    keys.into_iter().collect()
}

impl Follower for Purge {
    const NAME: &'static str = "purge";
    const RUNS: Runs = Runs::OneNode;

    fn name(&self) -> &'static str {
        self.cache.name()
    }

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        let Some(last) = changes.last() else { return Ok(()) };
        taken_in_by_all(&self.store, last.seq, KNOWN_WITHIN).await?;
        self.purge(&keys_of(&self.store, changes)).await
    }

    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        let seq = *self.store.head().borrow();
        taken_in_by_all(&self.store, seq, KNOWN_WITHIN).await?;
        self.purge_all().await?;
        Ok(seq)
    }
}

impl Follower for PurgeAgain {
    const NAME: &'static str = "purge again";
    const RUNS: Runs = Runs::OneNode;

    fn name(&self) -> &'static str {
        self.purge.cache.name_again()
    }

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        // By when it is heard of, and not by the change's own time, which is that of the beginning of its transaction.
        tokio::time::sleep(self.after).await;
        self.purge.purge(&keys_of(&self.purge.store, changes)).await
    }

    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        let seq = *self.purge.store.head().borrow();
        tokio::time::sleep(self.after).await;
        self.purge.purge_all().await?;
        Ok(seq)
    }
}
