//! Taking in which lists of what goes with entries have changed: answers that were made of them are made anew.

use std::time::Duration;

use courant_persistence::Store;

use crate::{Periodic, Result};

/// Which lists have changed, wherever they are made.
#[derive(Debug)]
pub struct RelatedNews {
    store: Store,
}

impl RelatedNews {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Periodic for RelatedNews {
    const NAME: &'static str = "related news";
    const EVERY: Duration = Duration::from_millis(500);

    async fn run(&mut self) -> Result<Option<Duration>> {
        self.store.related().refresh().await?;
        Ok(None)
    }
}
