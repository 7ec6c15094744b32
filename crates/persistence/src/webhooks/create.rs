//! Making webhooks.

use courant_domain::{
    access::{Permission, Target},
    audit::Act,
    id::WebhookId,
    problem::ProblemCode,
    webhook::{WebhookFilter, WebhookKey, WebhookState},
};
use courant_identity::webhook::EndpointKeys;
use sea_orm::{ConnectionTrait, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{MOST, WEBHOOKS_FOLLOWER, Webhooks, statement, subject};
use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::convert::{micros, to_document},
};

/// A webhook to make. That its address is one that may be sent to is for whoever asks to see.
#[derive(Debug, Clone, Serialize)]
pub struct WebhookCreate {
    /// Where messages go.
    pub url: String,
    /// What it is for, in words.
    pub name: String,
    /// Of what it is told.
    pub filter: WebhookFilter,
}

/// A webhook that was made.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct WebhookMade {
    /// Its id.
    pub id: WebhookId,
    /// Whether it was made by this request. Otherwise the request came again under its idempotency key, and the secret that was shown
    /// then is not to be shown again.
    #[serde(skip)]
    pub now: bool,
}

impl Webhooks {
    /// Makes a webhook. It is told of what changes from now on.
    ///
    /// # Errors
    /// When the name is too long, the filter names what is not there, there are too many, the viewer may not, or the database fails.
    pub async fn create(&self, command: Command<'_>, input: &WebhookCreate) -> Written<WebhookMade> {
        let secret = self.secret().await?;
        self.store
            .change(command, Act::CreateWebhook, input, async |work| {
                let allowed = work.require(Permission::ManageWebhooks, &Target::default())?;
                let name = Work::webhook_name(&input.name)?;
                work.webhook_filter(&input.filter)?;
                let count = work.tx.row("SELECT count(*) FROM webhook", []).await?;
                let count: i64 = count.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
                if count >= MOST {
                    let message = format!("there are {MOST} webhooks, and no more can be");
                    return Err(WriteError::refused(ProblemCode::Invalid, "", message));
                }
                let id = WebhookId::generate();
                let public = EndpointKeys::derive(&secret, id.uuid(), 1).public_key();
                let keys = vec![WebhookKey { generation: 1, public, since: work.tx.now, until: None }];
                let sql = "INSERT INTO webhook (id, url, name, filter, state, keys, failures, created_at, created_by) \
                           VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)";
                let values: [Value; 8] = [
                    id.uuid().into(),
                    input.url.clone().into(),
                    name.clone().into(),
                    to_document(&input.filter)?.into(),
                    WebhookState::Active.as_str().into(),
                    to_document(&keys)?.into(),
                    micros(work.tx.now).into(),
                    work.command.by.actor.to_string().into(),
                ];
                let connection = work.tx.connection();
                connection.execute_raw(statement(connection, sql, values)).await?;
                // If nobody has followed the log for webhooks yet, it is followed from here.
                let sql = "INSERT INTO follower (name, seq, term) VALUES ($1, $2, 0) \
                           ON CONFLICT (name) DO UPDATE SET seq = COALESCE(follower.seq, excluded.seq)";
                let values: [Value; 2] = [WEBHOOKS_FOLLOWER.into(), work.tx.head().into()];
                connection.execute_raw(statement(connection, sql, values)).await?;
                let detail = json!({ "name": name, "url": input.url, "filter": input.filter });
                Ok(Done::new(&allowed, subject(id), detail, WebhookMade { id, now: true }))
            })
            .await
    }
}
