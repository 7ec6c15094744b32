//! A service over a database that is there: what answers, and what is done without being asked.

use std::{net::SocketAddr, sync::Arc};

use axum::Router;
use courant_gateway::StartError;
use courant_persistence::{Dialect, Result, Store, StoreError};
use courant_workers::{
    Workers,
    followers::{Indexing, Ping, Pinging, Purge, PurgeAgain, Purging, RelatedLists, TellWebhooks},
    periodic::{Checkpoint, Days, Housekeeping, LetReadsGo, Reads, RelatedNews, Schedule, WriteCheck},
    webhooks::Sender,
};

use crate::{
    Config, oversights,
    router::{service, states},
    subscription::{AuditWatch, ChangesFollower},
};

/// A service under way.
#[derive(Debug)]
pub struct Service {
    router: Router,
    store: Store,
    workers: Workers,
    reads: Reads,
}

impl Service {
    /// Starts one: what came due while nothing was running is done before anybody asks. How its followers and its work by the clock
    /// fare is in the configuration's statuses.
    ///
    /// # Errors
    /// [`StartError`] when the database fails, or passwords cannot be hashed.
    pub async fn start(store: Store, config: Config) -> Result<Self, StartError> {
        let (statuses, purging, search) = (config.workers.clone(), config.purging.clone(), config.search.clone());
        let (pinging, snapshots) = (config.pinging.clone(), config.search_snapshots.clone());
        let flush = config.reads.flush;
        let sender = Sender::new(store.clone(), config.webhooks.clone());
        let states = states(store.clone(), config).await?;
        let subscriptions = Arc::clone(&states.graphql.subscriptions);
        let reads = Reads::new(store.clone(), Arc::clone(&states.beacon.counter), flush);
        let router = service(states).await;
        let mut schedule = Schedule::new(store.clone());
        match schedule.look().await {
            // Readers are served all the same, and the schedule is looked at again and again.
            Err(error @ (StoreError::StorageFull | StoreError::Busy | StoreError::OutcomeUnknown)) => {
                tracing::warn!(%error, "what is due cannot be done yet");
            }
            Err(error) => return Err(StartError::Store(error)),
            Ok(_) => {}
        }
        let mut days = Days::new(store.clone());
        if let Err(error) = days.look().await {
            tracing::warn!(%error, "the days that have come cannot be told yet");
        }
        if let Err(error) = reads.flush().await {
            tracing::warn!(%error, "reads cannot be counted yet");
        }
        let mut workers = Workers::start(store.clone(), statuses);
        workers.follow(ChangesFollower { subscriptions: Arc::clone(&subscriptions), store: store.clone() });
        workers.every(AuditWatch { subscriptions, store: store.clone() });
        workers.every(schedule);
        workers.every(days);
        workers.every(Housekeeping::new(store.clone()));
        workers.every(WriteCheck::new(store.clone()));
        workers.every(reads.clone());
        workers.every(LetReadsGo::new(store.clone()));
        workers.follow(TellWebhooks::new(store.clone()));
        workers.follow(Indexing::new(store.clone(), search.clone()).with_snapshots(snapshots.clone()));
        if let Some(snapshots) = snapshots {
            workers.snapshot(search, snapshots);
        }
        workers.follow(RelatedLists::new(store.clone()));
        workers.every(RelatedNews::new(store.clone()));
        match sender {
            Ok(sender) => workers.send(sender),
            Err(error) => tracing::error!(%error, "webhooks are sent nothing"),
        }
        if let Some(Purging { caches, again, outbound }) = purging {
            for cache in caches {
                workers.follow(Purge::new(cache.clone(), outbound.clone(), store.clone()));
                if !again.is_zero() {
                    workers.follow(PurgeAgain::new(cache, outbound.clone(), store.clone(), again));
                }
            }
        }
        if let Some(Pinging { told, outbound }) = pinging {
            for told in told {
                workers.follow(Ping::new(told, outbound.clone(), store.clone()));
            }
        }
        if store.dialect() == Dialect::Sqlite {
            workers.every(Checkpoint::new(store.clone()));
        }
        Ok(Self { router, store, workers, reads })
    }

    /// What answers.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Whether there is nothing to read yet; not if that cannot be told.
    pub async fn is_empty(&self) -> bool {
        matches!(self.store.is_empty().await, Ok(true))
    }

    /// Has the log say what was likely overlooked in setting it up, where it listens at an address.
    pub async fn warn_of_oversights(&self, config: &Config, address: SocketAddr) {
        if let Err(error) = oversights::warn(&self.store, config, address).await {
            tracing::debug!(%error, "cannot look for oversights");
        }
    }

    /// Writes what was counted of reads until now.
    ///
    /// # Errors
    /// When the database fails; what was not written is kept.
    pub async fn flush_reads(&self) -> Result<()> {
        self.reads.flush().await
    }

    /// Ends what it does by itself, and closes the database.
    ///
    /// # Errors
    /// When the database cannot be closed.
    pub async fn stop(self) -> Result<()> {
        // Before the workers are ended, which could be in the midst of it.
        if let Err(error) = self.reads.flush().await {
            tracing::warn!(%error, "the last reads could not be written");
        }
        self.workers.stop().await;
        self.store.close().await
    }
}
