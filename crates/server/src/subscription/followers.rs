//! What puts entries of the logs into the journals.

use std::{sync::Arc, time::Duration};

use courant_domain::change::{Change, ChangeCursor, ChangeSeq};
use courant_persistence::Store;
use courant_workers::{Follower, Periodic, Result, Runs};

use super::Subscriptions;

/// Puts changes into the journal that subscriptions follow.
pub(crate) struct ChangesFollower {
    pub(crate) subscriptions: Arc<Subscriptions>,
    pub(crate) store: Store,
}

impl Follower for ChangesFollower {
    const NAME: &'static str = "subscriptions";
    const RUNS: Runs = Runs::EachNode;

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        self.subscriptions
            .changes
            .add(changes.iter().map(|change| (ChangeCursor::of(change), Arc::new(change.clone()))));
        Ok(())
    }

    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        let head = head(&self.store).await?;
        // At the start that is where the journal begins; later, whoever is somewhere else has missed something.
        if self.subscriptions.changes.last() != head {
            self.subscriptions.changes.start_over(head);
        }
        Ok(head.seq)
    }
}

/// Looks whether there is more in the audit log, while anybody follows it. It is no change of what readers see: nobody is told of it.
pub(crate) struct AuditWatch {
    pub(crate) subscriptions: Arc<Subscriptions>,
    pub(crate) store: Store,
}

/// How many records are read at once.
const AT_ONCE: u64 = 1000;

impl Periodic for AuditWatch {
    const NAME: &'static str = "audit watch";
    const EVERY: Duration = Duration::from_millis(500);

    async fn run(&mut self) -> Result<Option<Duration>> {
        if self.subscriptions.is_audit_followed() {
            let journal = &self.subscriptions.audit;
            let records = self.store.newsroom().audit_after(journal.last().seq, AT_ONCE).await?;
            let is_more = records.len() as u64 == AT_ONCE;
            journal.add(records.into_iter().map(|record| (ChangeCursor::at(record.seq, record.at), record)));
            if is_more {
                return Ok(Some(Duration::ZERO));
            }
        }
        Ok(None)
    }
}

/// The place of the last change that this process has taken in.
pub(super) async fn head(store: &Store) -> courant_persistence::Result<ChangeCursor> {
    let head = *store.head().borrow();
    let last = store.changes(head - 1, 1).await?;
    Ok(last.first().map_or(ChangeCursor::BEGINNING, ChangeCursor::of))
}
