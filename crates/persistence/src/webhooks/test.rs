//! Sending a webhook a message that tells of nothing.

use courant_domain::{
    access::{Permission, Target},
    audit::Act,
    id::{DeliveryId, WebhookId},
    problem::ProblemCode,
    webhook::{EventType, Ping, WebhookState},
};
use serde_json::json;

use super::{
    Webhooks,
    outbox::{Posted, post},
    subject,
};
use crate::{
    command::{Command, Done, WriteError, Written},
    db::convert::{micros, to_document},
};

impl Webhooks {
    /// Has a ping sent. It waits for nothing and holds nothing back.
    ///
    /// # Errors
    /// When there is no such webhook, it is turned off, the viewer may not, or the database fails.
    pub async fn test(&self, command: Command<'_>, id: WebhookId) -> Written<DeliveryId> {
        let done = self
            .store
            .change(command, Act::TestWebhook, &id, async |work| {
                let allowed = work.require(Permission::ManageWebhooks, &Target::default())?;
                let hook = work.webhook(id).await?;
                if hook.state != WebhookState::Active {
                    return Err(WriteError::refused(ProblemCode::WrongState, "id", "this webhook is turned off"));
                }
                let ping = DeliveryId::generate();
                let posted = Posted {
                    id: ping,
                    lane: format!("PING:{ping}"),
                    place: micros(work.tx.now),
                    seq: None,
                    event: EventType::WebhookPing,
                    body: to_document(&Ping::new(id, work.tx.now))?,
                };
                post(work.tx.connection(), id, work.tx.now, &[posted], false).await?;
                Ok(Done::new(&allowed, subject(id), json!({ "name": hook.name }), ping))
            })
            .await?;
        self.store.outbox_grew();
        Ok(done)
    }
}
