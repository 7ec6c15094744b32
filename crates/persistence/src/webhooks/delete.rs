//! Deleting webhooks.

use courant_domain::{
    access::{Permission, Target},
    audit::Act,
    id::WebhookId,
};
use sea_orm::{ConnectionTrait, Value};
use serde_json::json;

use super::{Webhooks, statement, subject};
use crate::command::{Command, Done, Written};

impl Webhooks {
    /// Deletes a webhook, with what waits for it and the log of what was sent. Its keys are never used again.
    ///
    /// # Errors
    /// When there is none, the viewer may not, or the database fails.
    pub async fn delete(&self, command: Command<'_>, id: WebhookId) -> Written<WebhookId> {
        self.store
            .change(command, Act::DeleteWebhook, &id, async |work| {
                let allowed = work.require(Permission::ManageWebhooks, &Target::default())?;
                let hook = work.webhook(id).await?;
                let connection = work.tx.connection();
                for table in ["webhook_attempt", "webhook_lane", "webhook_delivery"] {
                    let sql = format!("DELETE FROM {table} WHERE webhook_id = $1");
                    connection.execute_raw(statement(connection, &sql, [id.uuid().into()])).await?;
                }
                let values: [Value; 1] = [id.uuid().into()];
                connection.execute_raw(statement(connection, "DELETE FROM webhook WHERE id = $1", values)).await?;
                Ok(Done::new(&allowed, subject(id), json!({ "name": hook.name, "url": hook.url }), id))
            })
            .await
    }
}
