//! This process as one server among several.

use std::time::{Duration, Instant};

use courant_domain::change::ChangeSeq;
use courant_persistence::{LEASE, NodeId, Store};
use tokio::sync::watch;

use crate::{Result, pace::Pace, status::Statuses};

/// How often a server says that it is alive, if it has nothing else to say.
const EVERY: Duration = Duration::from_secs(5);
/// How often it says what it has taken in, at the most.
const AT_MOST_EVERY: Duration = Duration::from_millis(100);
/// How often it is looked whether others have said so.
const LOOK_EVERY: Duration = Duration::from_millis(20);

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

    /// Tells at any moment whether others leave alone what it runs for all.
    pub(crate) fn lease(&self) -> Lease {
        Lease(self.seen.subscribe())
    }

    /// Waits until it has said so lately enough for others to leave alone what it runs for all.
    pub(crate) async fn seen(&self) {
        // This holds the sender, so that it cannot fail.
        drop(self.seen.subscribe().wait_for(lately).await);
    }

    /// Says again and again that it is alive, and at once what it has taken in.
    pub(crate) async fn beat(self, store: Store, statuses: Statuses) {
        let mut pace = Pace::new("sign of life", EVERY);
        let mut taken_in = statuses.taken_in();
        loop {
            // As of before it is sent: others count from when it arrived.
            let now = Instant::now();
            let seq = *taken_in.borrow_and_update();
            match store.node_seen(self.id, seq).await {
                Ok(()) => {
                    pace.went_well();
                    self.seen.send_replace(Some(now));
                    tokio::time::sleep(AT_MOST_EVERY).await;
                    // The statuses are held here, so that their end is not what it wakes by.
                    drop(tokio::time::timeout(EVERY, taken_in.changed()).await);
                }
                Err(error) => pace.failed(&error.into()).await,
            }
        }
    }
}

/// What others leave to this server for now. A server that was frozen for a while finds that they do not.
#[derive(Debug, Clone)]
pub(crate) struct Lease(watch::Receiver<Option<Instant>>);

impl Lease {
    /// Whether they do.
    pub(crate) fn holds(&self) -> bool {
        lately(&self.0.borrow())
    }
}

fn lately(seen: &Option<Instant>) -> bool {
    seen.is_some_and(|seen| seen.elapsed() < LEASE / 2)
}

/// Waits until all servers that are alive have said that they have taken a change in, or the time is over.
pub(crate) async fn taken_in_by_all(store: &Store, seq: ChangeSeq, within: Duration) -> Result<()> {
    let begun = Instant::now();
    while store.is_a_node_behind(seq).await? && begun.elapsed() < within {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}
