//! Telling webhooks of what changes: a message for each of them and each change that its filter takes.

use courant_domain::change::{Change, ChangeSeq};
use courant_persistence::{Store, Webhooks};

use crate::{Follower, Result, Runs};

/// Puts messages into the outbox, from where [`Sender`](crate::webhooks::Sender) takes them.
#[derive(Debug)]
pub struct TellWebhooks {
    store: Store,
    /// Whether it has been placed since this process has it.
    is_placed: bool,
}

impl TellWebhooks {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store, is_placed: false }
    }
}

impl Follower for TellWebhooks {
    const NAME: &'static str = Webhooks::FOLLOWER;
    const RUNS: Runs = Runs::OneNode;

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        self.store.webhooks().tell(changes).await?;
        Ok(())
    }

    /// What is behind is not told: whoever missed something asks for it to be replayed. The making of the first webhook has said from
    /// where on it is to be told, which may be before what this server has seen when it begins.
    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        let head = self.store.reference().seq;
        let is_placed = std::mem::replace(&mut self.is_placed, true);
        if !is_placed && let Some(seq) = self.store.follower_seq(Self::NAME).await? {
            return Ok(seq.min(head));
        }
        Ok(head)
    }
}
