//! Bringing what was counted of reads into the database, and taking out of the windows what has left them.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use courant_domain::reading::day_of;
use courant_persistence::{EDITIONS_AT_ONCE, EditionReads, Prints, Store, StoreError};
use courant_reads::Counter;
use tokio::sync::Mutex;

use crate::{Periodic, Result};

/// Brings what this node has counted into the database, and learns what the others have counted.
///
/// What cannot be brought there is kept for the next time, as long as there is room for it. Where it is not known whether it was
/// written, it is not written again: reads may be lost then, but none counts twice.
#[derive(Debug, Clone)]
pub struct Reads {
    store: Store,
    counter: Arc<Counter>,
    every: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    /// Up to which number of nodes' writing it is known what they have counted.
    after: i64,
    /// What others have counted since all that this node has counted was written.
    others: HashSet<u64>,
    written: Instant,
}

/// What is about to be written. It goes back to the counter when this is dropped.
struct Batch<'a> {
    counter: &'a Counter,
    reads: Vec<EditionReads>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        self.counter.put_back(std::mem::take(&mut self.reads));
    }
}

impl Reads {
    /// Of this counter; what it has counted is written so often.
    #[must_use]
    pub fn new(store: Store, counter: Arc<Counter>, every: Duration) -> Self {
        let state = State { after: 0, others: HashSet::new(), written: Instant::now() };
        Self { store, counter, every, state: Arc::new(Mutex::new(state)) }
    }

    /// Writes all that was counted until now. Before the first time nothing is counted, as there is no salt.
    ///
    /// # Errors
    /// When the database fails; what was not written is kept.
    pub async fn flush(&self) -> courant_persistence::Result<()> {
        let mut state = self.state.lock().await;
        let (views, now) = (self.store.views(), self.store.now());
        let today = day_of(now);
        while let Some(Prints { number, prints }) = views.prints(state.after, today).await? {
            state.after = number;
            self.counter.learn(today, &prints);
            // What was counted after it was learned is not among them.
            if self.counter.pending() > 0 {
                state.others.extend(prints);
            }
        }
        if !self.counter.has_salts([today, today.saturating_add(1)]) {
            self.counter.salt(views.salts(now).await?.to_vec());
        }
        let mut batch = Batch { counter: &self.counter, reads: self.counter.take() };
        while !batch.reads.is_empty() {
            let parts = batch.reads.len().min(EDITIONS_AT_ONCE);
            let part: Vec<EditionReads> = batch.reads.drain(..parts).collect();
            let remembers = self.counter.remembers();
            match views.add(&part, &state.others, state.after, remembers, now).await {
                Ok(added) => {
                    state.after = added.number;
                    self.counter.learn(today, &added.others);
                    state.others.extend(added.others);
                    tracing::debug!(counted = added.counted, "reads were brought into the database");
                }
                Err(StoreError::OutcomeUnknown) => return Err(StoreError::OutcomeUnknown),
                Err(error) => {
                    batch.reads.extend(part);
                    return Err(error);
                }
            }
        }
        state.others.clear();
        state.written = Instant::now();
        Ok(())
    }
}

impl Periodic for Reads {
    const NAME: &'static str = "reads";
    /// Whoever counts many does not wait until it is time.
    const EVERY: Duration = Duration::from_secs(1);

    async fn run(&mut self) -> Result<Option<Duration>> {
        let since = self.state.lock().await.written.elapsed();
        let is_full = self.counter.pending() >= self.counter.settings().pending / 4;
        if since >= self.every || is_full {
            self.flush().await?;
            return Ok(Some(self.every.min(Self::EVERY)));
        }
        let left = self.every.saturating_sub(since).max(Duration::from_millis(1));
        Ok(Some(left.min(Self::EVERY)))
    }
}

/// Takes reads out of the windows that they have left.
#[derive(Debug)]
pub struct LetReadsGo {
    store: Store,
}

impl LetReadsGo {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Periodic for LetReadsGo {
    const NAME: &'static str = "reading windows";
    const EVERY: Duration = Duration::from_secs(60);

    async fn run(&mut self) -> Result<Option<Duration>> {
        let entries = self.store.views().let_go(self.store.now()).await?;
        if entries > 0 {
            tracing::debug!(entries, "reads have left their windows");
        }
        Ok(None)
    }
}
