//! Telling webhooks of changes: into the outbox.

use courant_domain::{
    change::Change,
    webhook::{Webhook, WebhookState},
};

use super::{COLUMNS, Webhooks, locked, message::Audience, outbox::post, read};
use crate::{db::transaction, error::Result};

impl Webhooks {
    /// Puts a message into the outbox for each webhook and each of these changes that its filter takes. Doing it again does nothing. The
    /// store has taken the changes in. Says how many messages there are now that were not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell(&self, changes: &[Change]) -> Result<u64> {
        let hooks = self.active().await?;
        if hooks.is_empty() {
            return Ok(0);
        }
        let made = self.messages(changes).await?;
        let reference = self.store.reference();
        let tx = transaction::open(&self.store).await?;
        let now = self.store.now();
        let mut count = 0;
        for hook in &hooks {
            // As it is by now: from here on nobody turns it off, or takes from its lanes.
            let Some(hook) = locked(&tx, hook.id).await?.filter(|hook| hook.state == WebhookState::Active) else {
                continue;
            };
            let audience = Audience::of(&hook, &reference);
            let posted = audience.of_these(&made, hook.created_at);
            if !posted.is_empty() {
                count += post(&tx, hook.id, now, &posted, false).await?;
            }
        }
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        if count > 0 {
            self.store.outbox_grew();
        }
        Ok(count)
    }

    /// Those that are told, by their ids: whoever locks several does so in this order.
    pub(super) async fn active(&self) -> Result<Vec<Webhook>> {
        let sql = format!("SELECT {COLUMNS} FROM webhook w WHERE w.state = $1 ORDER BY w.id");
        let rows = self.store.read(sql, vec![WebhookState::Active.as_str().into()]).await?;
        rows.iter().map(read).collect()
    }
}
