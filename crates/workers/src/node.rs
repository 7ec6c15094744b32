//! This process as one server among several.

use std::time::{Duration, Instant};

use courant_persistence::{LEASE, NodeId, Store};
use tokio::sync::watch;

use crate::{pace::Pace, status::Statuses};

/// How often a server says that it is alive.
const EVERY: Duration = Duration::from_secs(5);

/// This server, and when it last said that it is alive.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    id: NodeId,
    seen: watch::Sender<Option<Instant>>,
}

impl Node {
    pub(crate) fn new() -> Self {
        Self { id: NodeId::new(), seen: watch::Sender::new(None) }
    }

    pub(crate) const fn id(&self) -> NodeId {
        self.id
    }

    /// Waits until it has said so lately enough for others to leave alone what it runs for all.
    pub(crate) async fn seen(&self) {
        let lately = |seen: &Option<Instant>| seen.is_some_and(|seen| seen.elapsed() < LEASE / 2);
        // This holds the sender, so that it cannot fail.
        drop(self.seen.subscribe().wait_for(lately).await);
    }

    /// Says again and again that it is alive, and what it has taken in.
    pub(crate) async fn beat(self, store: Store, statuses: Statuses) {
        let mut pace = Pace::new("sign of life", EVERY);
        loop {
            // As of before it is sent: others count from when it arrived.
            let now = Instant::now();
            match store.node_seen(self.id, statuses.taken_in()).await {
                Ok(()) => {
                    pace.went_well();
                    self.seen.send_replace(Some(now));
                    tokio::time::sleep(EVERY).await;
                }
                Err(error) => pace.failed(&error.into()).await,
            }
        }
    }
}
