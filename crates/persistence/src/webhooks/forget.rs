//! Forgetting old messages.

use jiff::SignedDuration;
use sea_orm::ConnectionTrait;

use super::{Webhooks, statement};
use crate::{
    db::{convert::micros, transaction},
    error::Result,
};

/// For how long what was sent, or given up, is kept, with the log of its tries.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Of one that is tried again and again, only so many of the last tries are kept.
const TRIES: i64 = 200;

impl Webhooks {
    /// Forgets messages that were settled a month ago, and the log of their tries. What waits is kept for as long as it waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self) -> Result<()> {
        let before = micros(self.store.now() - KEPT);
        let tx = transaction::open(&self.store).await?;
        for sql in [
            "DELETE FROM webhook_attempt WHERE delivery_id IN (SELECT id FROM webhook_delivery WHERE settled_at < $1)",
            "DELETE FROM webhook_delivery WHERE settled_at < $1",
        ] {
            tx.execute_raw(statement(&tx, sql, [before.into()])).await?;
        }
        let sql = "DELETE FROM webhook_attempt WHERE id IN (SELECT n.id FROM (SELECT a.id, row_number() OVER \
                   (PARTITION BY a.delivery_id ORDER BY a.at DESC, a.id DESC) AS number FROM webhook_attempt a \
                   WHERE a.delivery_id IN (SELECT d.id FROM webhook_delivery d WHERE d.tries > $1)) n WHERE n.number > $1)";
        tx.execute_raw(statement(&tx, sql, [TRIES.into()])).await?;
        tx.commit().await.map_err(|uncommitted| uncommitted.error.into())
    }
}
