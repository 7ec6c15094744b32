//! From a database to a service: at once, or when the database is there.

use std::{
    io::{Write, stdout},
    net::SocketAddr,
    time::Duration,
};

use anyhow::Result;
use courant_gateway::StartError;
use courant_options::NotOpened;
use courant_persistence::{Store, StoreError};
use courant_server::{Config, Service, Starting};

use super::ServeArgs;

/// How soon a database that is away is tried again.
const AGAIN: Duration = Duration::from_millis(500);
const AT_WORST: Duration = Duration::from_secs(5);

/// What a service is made of.
pub(super) struct Start<'a> {
    pub(super) args: &'a ServeArgs,
    pub(super) config: Config,
    pub(super) address: SocketAddr,
}

impl Start<'_> {
    /// Tries it once.
    pub(super) async fn once(&self) -> Result<Service, NotOpened> {
        let store = self.args.options.database.open_to_serve().await?;
        let started = self.over(store.clone()).await;
        if started.is_err() {
            // It is opened anew next time.
            drop(store.close().await);
        }
        started
    }

    /// Tries it until it is done, or cannot be done for good.
    pub(super) async fn again(&self, starting: &Starting, error: anyhow::Error) -> Result<Service> {
        let mut pause = AGAIN;
        tracing::warn!("{error:#}; waiting for it");
        loop {
            tokio::time::sleep(pause).await;
            match self.once().await {
                Ok(started) => {
                    tracing::info!("the database is there");
                    starting.has_started(started.router());
                    self.announce(&started).await;
                    return Ok(started);
                }
                Err(NotOpened { is_away: false, error }) => return Err(error),
                Err(NotOpened { error, .. }) => tracing::debug!("{error:#}; waiting for it"),
            }
            pause = (pause * 2).min(AT_WORST);
        }
    }

    async fn over(&self, store: Store) -> Result<Service, NotOpened> {
        if self.args.seed_if_empty && store.is_empty().await.map_err(failed)? {
            super::super::seed::samples(&store).await?;
        }
        Service::start(store, self.config.clone()).await.map_err(|error| {
            let is_away = matches!(&error, StartError::Store(error) if error.is_away());
            NotOpened { is_away, error: anyhow::Error::from(error).context("cannot start the service") }
        })
    }

    /// Says where everything is; to standard output, for people.
    pub(super) async fn announce(&self, started: &Service) {
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
        if self.config.graphiql {
            text.push_str(&format!("  GraphiQL  http://{shown}/graphiql\n"));
        }
        text.push_str(&format!("  Endpoint  http://{shown}/graphql\n  Data      {}\n", self.args.options.database));
        if started.is_empty().await {
            text.push_str("There is no content yet: `courant seed` makes some, `courant import FILE` brings yours.\n");
        }
        // A service runs on when nobody reads what it says.
        drop(stdout().write_all(text.as_bytes()));
        started.warn_of_oversights(&self.config, self.address).await;
    }
}

fn failed(error: StoreError) -> NotOpened {
    anyhow::Error::from(error).context("cannot start the service").into()
}
