//! Forgetting what is of no use any more.

use std::time::Duration;

use courant_persistence::Store;

use crate::{Periodic, Result};

/// How long after the start it is done first: there is enough to do then.
const FIRST: Duration = Duration::from_secs(60);

/// Forgets old idempotency keys, sessions and preview links that are over, servers that are gone, and old messages to webhooks.
#[derive(Debug)]
pub struct Housekeeping {
    store: Store,
    has_waited: bool,
}

impl Housekeeping {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store, has_waited: false }
    }
}

impl Periodic for Housekeeping {
    const NAME: &'static str = "housekeeping";
    const EVERY: Duration = Duration::from_secs(3600);

    async fn run(&mut self) -> Result<Option<Duration>> {
        if !std::mem::replace(&mut self.has_waited, true) {
            return Ok(Some(FIRST));
        }
        // Each is tried, whatever becomes of the others.
        let done = [
            self.store.keys_forget().await.map(drop),
            self.store.accounts().sessions_forget().await.map(drop),
            self.store.newsroom().previews_forget().await.map(drop),
            self.store.nodes_forget().await,
            self.store.webhooks().forget().await,
        ];
        done.into_iter().collect::<Result<(), _>>()?;
        Ok(None)
    }
}
