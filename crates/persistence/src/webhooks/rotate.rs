//! New keys for a webhook.

use courant_domain::{
    access::{Permission, Target},
    audit::Act,
    id::WebhookId,
    problem::ProblemCode,
};
use courant_identity::webhook::EndpointKeys;
use jiff::SignedDuration;
use sea_orm::{ConnectionTrait, Value};
use serde::Serialize;
use serde_json::json;

use super::{WebhookMade, Webhooks, statement, subject};
use crate::{
    command::{Command, Done, WriteError, Written},
    db::convert::to_document,
};

/// New keys to make.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct WebhookRotate {
    /// For which webhook.
    pub id: WebhookId,
    /// For how many hours messages are signed with the present keys, too.
    pub overlap_hours: i32,
}

impl Webhooks {
    /// Signs messages with new keys from now on, and for a while with the present ones, too.
    ///
    /// # Errors
    /// When there is none, the overlap is longer than a week, the viewer may not, or the database fails.
    pub async fn rotate(&self, command: Command<'_>, input: &WebhookRotate) -> Written<WebhookMade> {
        let id = input.id;
        let secret = self.secret().await?;
        self.store
            .change(command, Act::RotateWebhookSecret, input, async |work| {
                let allowed = work.require(Permission::ManageWebhooks, &Target::default())?;
                if !(0..=168).contains(&input.overlap_hours) {
                    let message = "the old keys can hold for 0 to 168 hours more";
                    return Err(WriteError::refused(ProblemCode::Invalid, "overlapHours", message));
                }
                let hook = work.webhook(id).await?;
                let until = work.tx.now + SignedDuration::from_hours(input.overlap_hours.into());
                let public = EndpointKeys::derive(&secret, id.uuid(), hook.next_generation()).public_key();
                let keys = hook.rotated(public, work.tx.now, until);
                let connection = work.tx.connection();
                let values: [Value; 2] = [id.uuid().into(), to_document(&keys)?.into()];
                let sql = "UPDATE webhook SET keys = $2 WHERE id = $1";
                connection.execute_raw(statement(connection, sql, values)).await?;
                let detail = json!({ "name": hook.name, "overlapHours": input.overlap_hours });
                Ok(Done::new(&allowed, subject(id), detail, WebhookMade { id, now: true }))
            })
            .await
    }
}
