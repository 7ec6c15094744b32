//! Webhooks in dumps: where they are and of what they are told. Their keys are not there, nor what was sent.

use courant_domain::{
    access::ActorId,
    id::WebhookId,
    webhook::{Webhook, WebhookFilter, WebhookState},
};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, Value};
use serde::{Deserialize, Serialize};

use crate::{
    db::{
        convert::{micros, to_document},
        parameters::Parameters,
        transaction::Transaction,
    },
    error::Result,
    webhooks::statement,
};

/// A webhook as a dump has it. Restored, it is turned off and has no keys: it is given some (`rotateWebhookSecret`) and turned on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookRecord {
    /// Its id.
    pub id: WebhookId,
    /// Where messages go.
    pub url: String,
    /// What it is for, in words.
    pub name: String,
    /// Of what it is told.
    #[serde(default)]
    pub filter: WebhookFilter,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: ActorId,
}

impl From<Webhook> for WebhookRecord {
    fn from(hook: Webhook) -> Self {
        let Webhook { id, url, name, filter, created_at, created_by, .. } = hook;
        Self { id, url, name, filter, created_at, created_by }
    }
}

/// Puts them into an empty database.
pub(super) async fn restore_in_tx(tx: &Transaction, webhooks: &[WebhookRecord]) -> Result<()> {
    for hook in webhooks {
        let mut parameters = Parameters::default();
        let values: [Value; 10] = [
            hook.id.uuid().into(),
            hook.url.clone().into(),
            hook.name.clone().into(),
            to_document(&hook.filter)?.into(),
            WebhookState::Paused.as_str().into(),
            "[]".into(),
            0i32.into(),
            micros(tx.now).into(),
            micros(hook.created_at).into(),
            hook.created_by.to_string().into(),
        ];
        let sql = format!(
            "INSERT INTO webhook (id, url, name, filter, state, keys, failures, stopped_at, created_at, created_by) VALUES ({})",
            parameters.bind_all(values)
        );
        tx.connection().execute_raw(statement(tx.connection(), &sql, parameters.0)).await?;
    }
    Ok(())
}
