//! Portals that are searched, and whose index moves when a test has it move.

use std::{path::Path, sync::Arc};

use courant_domain::change::ChangeSeq;
use courant_persistence::{Dialect, Store};
use courant_server::{Config, SearchIndex};
use courant_workers::{
    Follower,
    followers::{Indexing, Snapshots},
};

use crate::{Portal, TestDatabase};

/// A portal with the sample content, and its index.
pub struct Searched {
    /// The portal.
    pub portal: Portal,
    indexing: Indexing,
    at: ChangeSeq,
}

impl Searched {
    /// One that is built.
    pub async fn with_samples(dialect: Dialect) -> Self {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        courant_fixtures::samples::seed(&store).await.unwrap();
        let mut searched = Self::unbuilt(database, store).await;
        searched.build().await;
        searched
    }

    /// Builds its index.
    pub async fn build(&mut self) {
        self.at = self.indexing.rebuild().await.unwrap();
    }

    /// One over a store, whose index is not built yet.
    pub async fn unbuilt(database: TestDatabase, store: Store) -> Self {
        let portal = Portal::over(database, store).await;
        let indexing = Indexing::new(portal.store.clone(), portal.search.clone());
        Self { portal, indexing, at: 0 }
    }

    /// One whose index is in a folder, or in memory, and starts from a snapshot if there is one that fits.
    pub async fn starting_from(
        database: TestDatabase,
        store: Store,
        folder: Option<&Path>,
        snapshots: &Arc<Snapshots>,
    ) -> Self {
        let config = Config { search: SearchIndex::new(folder), ..Portal::config() };
        let portal = Portal::configured(database, store, config).await;
        let indexing = Indexing::new(portal.store.clone(), portal.search.clone());
        Self { portal, indexing: indexing.with_snapshots(Some(snapshots.clone())), at: 0 }
    }

    /// As of which change the index was built, or started from.
    #[must_use]
    pub const fn at(&self) -> ChangeSeq {
        self.at
    }

    /// Writes a snapshot of the index, as the server does now and then. Says as of which change, if it was written.
    pub async fn write(&self, snapshots: &Snapshots) -> Result<Option<ChangeSeq>, String> {
        let written = snapshots.write(&self.portal.store, &self.portal.search, || true).await;
        written.map_err(|error| error.to_string())
    }

    /// Takes into the index what was changed since the last time.
    pub async fn follow(&mut self) {
        self.portal.store.refresh().await.unwrap();
        let changes = self.portal.store.changes(self.at, 1000).await.unwrap();
        self.indexing.apply(&changes).await.unwrap();
        self.at = changes.last().map_or(self.at, |change| change.seq);
    }
}
