//! From a database to a service: at once, or when the database is there.

use std::{
    io::{Write, stdout},
    net::SocketAddr,
    time::Duration,
};

use anyhow::{Context, Result};
use axum::Router;
use courant_gateway::StartError;
use courant_persistence::{Dialect, Store, StoreError};
use courant_server::{Config, Starting};
use courant_workers::{
    Statuses, Workers,
    periodic::{Checkpoint, Housekeeping, Schedule, WriteCheck},
};

use super::ServeArgs;
use crate::database::{NotOpened, is_away};

/// How soon a database that is away is tried again.
const AGAIN: Duration = Duration::from_millis(500);
const AT_WORST: Duration = Duration::from_secs(5);

/// What a service is made of.
pub(super) struct Start<'a> {
    pub(super) args: &'a ServeArgs,
    pub(super) config: Config,
    pub(super) workers: Statuses,
    pub(super) address: SocketAddr,
}

/// A service under way, and what it does by itself.
pub(super) struct Started {
    pub(super) router: Router,
    store: Store,
    workers: Workers,
}

impl Start<'_> {
    /// Tries it once.
    pub(super) async fn once(&self) -> Result<Started, NotOpened> {
        let store = self.args.database.open_to_serve().await?;
        let started = self.over(store.clone()).await;
        if started.is_err() {
            // It is opened anew next time.
            drop(store.close().await);
        }
        started
    }

    /// Tries it until it is done, or cannot be done for good.
    pub(super) async fn again(&self, starting: &Starting, error: anyhow::Error) -> Result<Started> {
        let mut pause = AGAIN;
        tracing::warn!("{error:#}; waiting for it");
        loop {
            tokio::time::sleep(pause).await;
            match self.once().await {
                Ok(started) => {
                    tracing::info!("the database is there");
                    starting.has_started(started.router.clone());
                    self.announce(&started).await;
                    return Ok(started);
                }
                Err(NotOpened { is_away: false, error }) => return Err(error),
                Err(NotOpened { error, .. }) => tracing::debug!("{error:#}; waiting for it"),
            }
            pause = (pause * 2).min(AT_WORST);
        }
    }

    async fn over(&self, store: Store) -> Result<Started, NotOpened> {
        if self.args.seed_if_empty && store.is_empty().await.map_err(failed)? {
            super::super::seed::samples(&store).await?;
        }
        let router = courant_server::router(store.clone(), self.config.clone()).await;
        let router = router.map_err(|error| {
            let is_away = matches!(&error, StartError::Store(error) if is_away(error));
            NotOpened { is_away, error: anyhow::Error::from(error).context("cannot start the service") }
        })?;
        // What came due while nothing was running is there before anybody asks.
        let mut schedule = Schedule::new(store.clone());
        match schedule.look().await {
            // Readers are served all the same, and the schedule is looked at again and again.
            Err(error @ (StoreError::StorageFull | StoreError::Busy | StoreError::OutcomeUnknown)) => {
                tracing::warn!(%error, "what is due cannot be done yet");
            }
            looked => drop(looked.map_err(failed)?),
        }
        let mut workers = Workers::start(store.clone(), self.workers.clone());
        workers.every(schedule);
        workers.every(Housekeeping::new(store.clone()));
        workers.every(WriteCheck::new(store.clone()));
        if store.dialect() == Dialect::Sqlite {
            workers.every(Checkpoint::new(store.clone()));
        }
        Ok(Started { router, store, workers })
    }

    /// Says where everything is; to standard output, for people.
    pub(super) async fn announce(&self, started: &Started) {
        // A browser cannot open "any address".
        let shown = match self.address {
            SocketAddr::V4(any) if any.ip().is_unspecified() => SocketAddr::from(([127, 0, 0, 1], any.port())),
            SocketAddr::V6(any) if any.ip().is_unspecified() => {
                SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], any.port()))
            }
            address => address,
        };
        let mut text = format!("Courant {} is ready\n", env!("CARGO_PKG_VERSION"));
        if self.config.reader.is_some() {
            text.push_str(&format!("  Reader    http://{shown}/\n"));
        }
        if self.args.graphiql {
            text.push_str(&format!("  GraphiQL  http://{shown}/graphiql\n"));
        }
        text.push_str(&format!("  Endpoint  http://{shown}/graphql\n  Data      {}\n", self.args.database));
        if matches!(started.store.is_empty().await, Ok(true)) {
            text.push_str("There is no content yet: `courant seed` makes some, `courant import FILE` brings yours.\n");
        }
        // A service runs on when nobody reads what it says.
        drop(stdout().write_all(text.as_bytes()));
    }
}

impl Started {
    /// Ends what it does by itself, and closes the database.
    pub(super) async fn stop(self) -> Result<()> {
        self.workers.stop().await;
        self.store.close().await.context("cannot close the database")
    }
}

fn failed(error: StoreError) -> NotOpened {
    anyhow::Error::from(error).context("cannot start the service").into()
}
