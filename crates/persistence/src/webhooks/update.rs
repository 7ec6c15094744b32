//! Changing webhooks.

use courant_domain::{
    access::{Permission, Target},
    audit::Act,
    change::ChangeCursor,
    id::WebhookId,
    problem::ProblemCode,
    webhook::{WebhookFilter, WebhookState},
};
use sea_orm::{ConnectionTrait, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{WEBHOOKS_FOLLOWER, Webhooks, statement, subject};
use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::{
        convert::{micros, timestamp, to_document},
        transaction::Transaction,
    },
    error::Result,
};

/// What of a webhook changes; none stays.
#[derive(Debug, Clone, Serialize)]
pub struct WebhookUpdate {
    /// Which one.
    pub id: WebhookId,
    /// Where messages go.
    pub url: Option<String>,
    /// What it is for, in words.
    pub name: Option<String>,
    /// Of what it is told.
    pub filter: Option<WebhookFilter>,
    /// Whether it is told.
    pub active: Option<bool>,
}

/// A webhook that was changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WebhookUpdated {
    /// Which one.
    pub id: WebhookId,
    /// If this has turned it on: the change up to which it had been told, as a cursor. What came after is to be replayed.
    pub told_up_to: Option<String>,
}

impl Webhooks {
    /// Changes a webhook. Turned on again, it is sent what waits for it, and told of what changes from now on.
    ///
    /// # Errors
    /// When there is none, the name is too long, the filter names what is not there, the viewer may not, or the database fails.
    pub async fn update(&self, command: Command<'_>, input: &WebhookUpdate) -> Written<WebhookUpdated> {
        let id = input.id;
        let done = self
            .store
            .change(command, Act::UpdateWebhook, input, async |work| {
                let allowed = work.require(Permission::ManageWebhooks, &Target::default())?;
                let mut hook = work.webhook(id).await?;
                let before = hook.clone();
                let mut told_up_to = None;
                if let Some(name) = &input.name {
                    hook.name = Work::webhook_name(name)?;
                }
                if let Some(filter) = &input.filter {
                    work.webhook_filter(filter)?;
                    hook.filter.clone_from(filter);
                }
                if let Some(url) = &input.url {
                    if hook.state == WebhookState::Gone && *url == hook.url && input.active == Some(true) {
                        let message = "this address has said that it is gone for good: give another one, or make sure that it is back \
                                       and turn the webhook on without giving the address";
                        return Err(WriteError::refused(ProblemCode::WrongState, "url", message));
                    }
                    if hook.url != *url {
                        // It was the other address that asked to be left alone.
                        hook.paused_until = None;
                    }
                    hook.url.clone_from(url);
                }
                match input.active {
                    Some(true) if hook.keys_at(work.tx.now).next().is_none() => {
                        let message = "this webhook has no keys, as it comes from a dump: give it new ones (rotateWebhookSecret) first";
                        return Err(WriteError::refused(ProblemCode::WrongState, "active", message));
                    }
                    Some(true) if hook.state != WebhookState::Active => {
                        hook.state = WebhookState::Active;
                        (hook.stopped_at, hook.failing_since, hook.failures, hook.paused_until) = (None, None, 0, None);
                        told_up_to = hook.stopped_after.take().map(|at| at.to_string());
                    }
                    Some(false) if hook.state == WebhookState::Active => {
                        hook.state = WebhookState::Paused;
                        hook.stopped_at = Some(work.tx.now);
                        hook.stopped_after = work.tx.told_of().await?;
                    }
                    _ => {}
                }
                if hook == before {
                    return Ok(Done::unchanged(&allowed, WebhookUpdated { id, told_up_to: None }));
                }
                let sql = "UPDATE webhook SET url = $2, name = $3, filter = $4, state = $5, stopped_at = $6, stopped_after = $7, \
                           failing_since = $8, failures = $9, paused_until = $10 WHERE id = $1";
                let values: [Value; 10] = [
                    id.uuid().into(),
                    hook.url.clone().into(),
                    hook.name.clone().into(),
                    to_document(&hook.filter)?.into(),
                    hook.state.as_str().into(),
                    hook.stopped_at.map(micros).into(),
                    hook.stopped_after.map(|at| at.to_string()).into(),
                    hook.failing_since.map(micros).into(),
                    i32::try_from(hook.failures).unwrap_or(i32::MAX).into(),
                    hook.paused_until.map(micros).into(),
                ];
                let connection = work.tx.connection();
                connection.execute_raw(statement(connection, sql, values)).await?;
                if hook.state == WebhookState::Active && before.state != WebhookState::Active || hook.url != before.url {
                    // Whatever waits for its turn is tried at once.
                    let sql = "UPDATE webhook_lane SET due_at = $2 WHERE webhook_id = $1 AND due_at > $2";
                    let values: [Value; 2] = [id.uuid().into(), micros(work.tx.now).into()];
                    connection.execute_raw(statement(connection, sql, values)).await?;
                }
                let detail = json!({
                    "name": hook.name, "url": hook.url, "filter": hook.filter, "state": hook.state, "toldUpTo": told_up_to,
                });
                Ok(Done::new(&allowed, subject(id), detail, WebhookUpdated { id, told_up_to }))
            })
            .await?;
        self.store.outbox_grew();
        Ok(done)
    }
}

impl Transaction {
    /// The last change that webhooks have surely been told of.
    pub(super) async fn told_of(&self) -> Result<Option<ChangeCursor>> {
        let sql = "SELECT f.seq, c.at FROM follower f LEFT JOIN change_log c ON c.seq = f.seq WHERE f.name = $1";
        let Some(row) = self.row(sql, [WEBHOOKS_FOLLOWER.into()]).await? else { return Ok(None) };
        Ok(match (row.try_get_by_index::<Option<i64>>(0)?, row.try_get_by_index::<Option<i64>>(1)?) {
            (Some(0), _) => Some(ChangeCursor::BEGINNING),
            (Some(seq), Some(at)) => Some(ChangeCursor::at(seq, timestamp(at)?)),
            _ => None,
        })
    }
}
