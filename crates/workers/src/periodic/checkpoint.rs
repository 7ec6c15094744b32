//! Keeping what is in the write-ahead log of an embedded database short.

use std::time::Duration;

use courant_persistence::Store;

use crate::{Periodic, Result};

/// Brings the write-ahead log into the database's file.
#[derive(Debug)]
pub struct Checkpoint {
    store: Store,
}

impl Checkpoint {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Periodic for Checkpoint {
    const NAME: &'static str = "checkpoint";
    /// How long what was written may be in the log alone. A turn that finds nothing to do costs some microseconds.
    const EVERY: Duration = Duration::from_secs(1);
    const AT_WORST: Duration = Duration::from_secs(60);

    async fn run(&mut self) -> Result<Option<Duration>> {
        self.store.checkpoint().await?;
        Ok(None)
    }
}
