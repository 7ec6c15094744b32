//! Finding out whether the database can be written to again.

use std::time::Duration;

use courant_persistence::{Store, Writes};
use tokio::time::timeout;

use crate::{Periodic, Result};

/// How long a try may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tries a write of its own at the start, and every few seconds while writes fail.
#[derive(Debug)]
pub struct WriteCheck {
    store: Store,
    has_tried: bool,
}

impl WriteCheck {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store, has_tried: false }
    }
}

impl Periodic for WriteCheck {
    const NAME: &'static str = "write check";
    const EVERY: Duration = Duration::from_secs(2);

    async fn run(&mut self) -> Result<Option<Duration>> {
        if self.store.writes() == Writes::Ok && std::mem::replace(&mut self.has_tried, true) {
            return Ok(None);
        }
        match timeout(PATIENCE, self.store.write_try()).await {
            Ok(Ok(())) => {}
            // The log says already that writes fail, and `/readyz` how.
            Ok(Err(error)) => tracing::debug!(%error, "a try to write failed"),
            Err(_) => tracing::debug!("a try to write was not answered"),
        }
        Ok(None)
    }
}
