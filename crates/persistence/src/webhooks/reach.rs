//! How far changes have come among webhooks.

use std::collections::HashMap;

use courant_domain::{
    change::ChangeSeq,
    webhook::{DeliveryState, WebhookState},
};

use super::Webhooks;
use crate::{
    db::{convert::from_word, parameters::Parameters},
    error::Result,
};

/// How far a change has come to a webhook that is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookReached {
    /// What the webhook is called.
    pub name: String,
    /// What became of the message.
    pub state: DeliveryState,
    /// Whether it is held up: it was tried and did not get through, or the webhook is turned off.
    pub is_held_up: bool,
}

impl Webhooks {
    /// How far these changes have come to those webhooks that are told of them, by the webhooks' names. Before the outbox was filled with a
    /// change, nobody is told of it; and after a month nothing is known of it any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn reached(&self, changes: &[ChangeSeq]) -> Result<HashMap<ChangeSeq, Vec<WebhookReached>>> {
        let mut parameters = Parameters::default();
        let sql = format!(
            "SELECT d.seq, w.name, d.state, d.tries, w.state FROM webhook w JOIN webhook_delivery d ON d.webhook_id = w.id \
             WHERE d.seq IN ({}) ORDER BY w.name, w.id",
            parameters.bind_all(changes.iter().copied())
        );
        let rows = self.store.rows(sql, parameters.0, |mut row| {
            let (seq, name): (ChangeSeq, String) = (row.take()?, row.take()?);
            let state: DeliveryState = from_word(&row.take::<String>()?)?;
            let tries: i32 = row.take()?;
            let is_on = row.take::<String>()? == WebhookState::Active.as_str();
            let is_held_up = match state {
                DeliveryState::Waiting => tries > 0 || !is_on,
                DeliveryState::Delivered => false,
                DeliveryState::Failed => true,
            };
            Ok((seq, WebhookReached { name, state, is_held_up }))
        });
        let mut found: HashMap<ChangeSeq, Vec<WebhookReached>> = HashMap::new();
        for (seq, reached) in rows.await? {
            found.entry(seq).or_default().push(reached);
        }
        Ok(found)
    }
}
