//! Sending messages again.

use courant_domain::{
    access::{Permission, Target},
    audit::Act,
    change::{Change, ChangeCursor, ChangeSeq},
    id::{DeliveryId, WebhookId},
    problem::ProblemCode,
    webhook::{DeliveryState, Webhook, WebhookState},
};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Webhooks, message::Audience, outbox::post, statement, subject};
use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::convert::micros,
    error::Result,
};

/// How many changes can be told of again at once.
const MOST: u64 = 10_000;

/// What a webhook is to be sent again.
#[derive(Debug, Clone)]
pub enum Replay {
    /// One message.
    One(DeliveryId),
    /// All messages that were given up.
    Failed,
    /// What there is to say of these changes, sent before or not.
    Changes {
        /// Those after this one.
        after: ChangeCursor,
        /// Up to this one; the last there is if none is given.
        up_to: Option<ChangeCursor>,
    },
    /// The same of the changes that were made in this time.
    Time {
        /// From then on.
        from: Timestamp,
        /// Before then; until now if none is given.
        before: Option<Timestamp>,
    },
}

/// What is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// Of which webhook.
    pub id: WebhookId,
    /// How many messages; those that waited before are not counted.
    pub count: u64,
}

impl Webhooks {
    /// Has a webhook sent messages again, in the order of their changes. Each keeps its id, so that a receiver knows it again.
    ///
    /// # Errors
    /// When there is no such webhook or message, the webhook is turned off, it is too much at once, the viewer may not, or the database
    /// fails.
    pub async fn replay(&self, command: Command<'_>, id: WebhookId, what: &Replay) -> Written<Replayed> {
        let again = match what {
            Replay::One(_) | Replay::Failed => None,
            // Read before the lock on all writers is taken.
            Replay::Changes { .. } | Replay::Time { .. } => Some(self.changes_of(what).await?),
        };
        let again = match &again {
            Some(changes) => Some((self.messages(changes).await?, self.store.reference())),
            None => None,
        };
        let done = self
            .store
            .change(command, Act::ReplayWebhook, &(id, format!("{what:?}")), async |work| {
                let allowed = work.require(Permission::ManageWebhooks, &Target::default())?;
                let hook = work.webhook(id).await?;
                if hook.state != WebhookState::Active {
                    let message = "this webhook is turned off: turn it on first";
                    return Err(WriteError::refused(ProblemCode::WrongState, "id", message));
                }
                let count = match (what, &again) {
                    (_, Some((made, reference))) => {
                        let posted = Audience::of(&hook, reference).of_these(made, Timestamp::MIN);
                        post(work.tx.connection(), id, work.tx.now, &posted, true).await?
                    }
                    (Replay::One(delivery), None) => work.replay_stored(&hook, Some(*delivery)).await?,
                    _ => work.replay_stored(&hook, None).await?,
                };
                let detail = json!({ "name": hook.name, "messages": count });
                Ok(Done::new(&allowed, subject(id), detail, Replayed { id, count }))
            })
            .await?;
        self.store.outbox_grew();
        Ok(done)
    }

    async fn changes_of(&self, what: &Replay) -> Written<Vec<Change>> {
        let (after, up_to) = match what {
            Replay::Changes { after, up_to } => {
                self.require_change("what.changes.after", *after).await?;
                if let Some(end) = up_to {
                    self.require_change("what.changes.upTo", *end).await?;
                }
                (after.seq, up_to.map(|end| end.seq))
            }
            Replay::Time { from, before } => {
                let after = self.first_at(*from).await?.map_or(ChangeSeq::MAX - 1, |first| first - 1);
                let end = match before {
                    Some(before) => self.first_at(*before).await?.map(|end| end - 1),
                    None => None,
                };
                (after, end)
            }
            Replay::One(_) | Replay::Failed => return Ok(Vec::new()),
        };
        let mut changes = self.store.changes(after, MOST + 1).await?;
        changes.retain(|change| up_to.is_none_or(|end| change.seq <= end));
        if changes.len() as u64 > MOST {
            let message = format!("these are more than {MOST} changes, which can be sent again at once: ask for fewer");
            return Err(WriteError::refused(ProblemCode::Invalid, "what", message));
        }
        Ok(changes)
    }

    /// Sees that a place in the log is one of this log: it may be of a state that was restored from a backup.
    async fn require_change(&self, field: &str, cursor: ChangeCursor) -> Written<()> {
        if cursor.is_beginning() {
            return Ok(());
        }
        let known = self.store.changes(cursor.seq - 1, 1).await?;
        if known.first().is_some_and(|change| ChangeCursor::of(change) == cursor) {
            return Ok(());
        }
        Err(WriteError::not_found(field, "change in the log"))
    }

    /// The first change that was made at a time or later.
    async fn first_at(&self, at: Timestamp) -> Result<Option<ChangeSeq>> {
        // Their times follow one another as their numbers do.
        let sql = "SELECT seq FROM change_log WHERE at >= $1 ORDER BY seq LIMIT 1";
        let rows = self.store.read(sql, vec![micros(at).into()]).await?;
        Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?)
    }
}

impl Work<'_> {
    /// Has one message wait again, or all that were given up.
    async fn replay_stored(&self, hook: &Webhook, one: Option<DeliveryId>) -> Written<u64> {
        let connection = self.tx.connection();
        let (waiting, failed) = (DeliveryState::Waiting.as_str(), DeliveryState::Failed.as_str());
        let (which, mut values): (_, Vec<Value>) = match one {
            Some(delivery) => ("d.id = $2", vec![hook.id.uuid().into(), delivery.uuid().into()]),
            None => ("d.state = $2", vec![hook.id.uuid().into(), failed.into()]),
        };
        if let Some(delivery) = one {
            let sql = "SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = $1 AND d.id = $2";
            let values: [Value; 2] = [hook.id.uuid().into(), delivery.uuid().into()];
            if self.tx.row(sql, values).await?.is_none() {
                return Err(WriteError::not_found("what.delivery", "message to this webhook"));
            }
        }
        values.push(micros(self.tx.now).into());
        let lanes = format!(
            "INSERT INTO webhook_lane (webhook_id, lane, due_at) SELECT DISTINCT d.webhook_id, d.lane, $3 FROM webhook_delivery d \
             WHERE d.webhook_id = $1 AND {which} ON CONFLICT (webhook_id, lane) DO NOTHING"
        );
        connection.execute_raw(statement(connection, &lanes, values.clone())).await?;
        let sql = format!(
            "UPDATE webhook_delivery AS d SET state = '{waiting}', created_at = $3, settled_at = NULL, tries = 0, \
             first_tried_at = NULL WHERE d.webhook_id = $1 AND {which} AND d.state <> '{waiting}'"
        );
        Ok(connection.execute_raw(statement(connection, &sql, values)).await?.rows_affected())
    }
}
