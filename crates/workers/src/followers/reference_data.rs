//! What a process keeps in memory of the site: languages, categories, tags, persons, feeds.

use courant_domain::change::{Change, ChangeSeq};
use courant_persistence::Store;

use crate::{Follower, Result, Runs};

/// Keeps the store's reference data as new as the change log. What this process writes it knows already; this takes in what others
/// write. All other followers wait for it.
#[derive(Debug)]
pub struct ReferenceData {
    store: Store,
}

impl ReferenceData {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Follower for ReferenceData {
    const NAME: &'static str = "reference data";
    const RUNS: Runs = Runs::EachNode;

    async fn apply(&mut self, _changes: &[Change]) -> Result<()> {
        // It takes in the newest state, whatever led there.
        Ok(self.store.refresh().await?)
    }

    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        self.store.refresh().await?;
        Ok(self.store.reference().seq)
    }
}
