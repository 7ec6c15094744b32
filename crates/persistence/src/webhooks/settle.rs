//! What came of a try.

use courant_domain::{
    access::Viewer,
    audit::Act,
    webhook::{Attempt, AttemptError, DeliveryState, Webhook, WebhookState, next_attempt},
};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectionTrait, Value};
use serde_json::json;

use super::{WEBHOOKS_FOLLOWER, Webhooks, due::DueDelivery, locked, statement, subject};
use crate::{
    change_log::followers::Claim,
    command::Command,
    db::{
        convert::micros,
        transaction::{self, Guarded, Transaction},
    },
    error::Result,
};

/// An endpoint that is down is tried no more often than this, whatever waits for it.
const WHILE_DOWN: SignedDuration = SignedDuration::from_secs(5);
/// One that nothing got through to for so long is not told of changes any more.
const DISABLED_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// What became of a message, and of its webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It was taken in.
    Delivered,
    /// It will be tried again then.
    Again(Timestamp),
    /// It is given up.
    GivenUp,
    /// Whoever tried has no longer the right to: another server sends now. Nothing was noted.
    NotHeld,
    /// It is no longer there, or waits no longer.
    Gone,
    /// The endpoint has said that it is gone for good, and is told of nothing any more.
    EndpointGone,
    /// Nothing got through to the endpoint for three days, and it is told of nothing any more.
    EndpointDisabled,
}

impl Webhooks {
    /// Notes what came of a try, as long as this server sends for all, and says what that leads to. `chance` is a number from 0 to 1.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(
        &self,
        (name, claim): (&str, &Claim),
        delivery: &DueDelivery,
        attempt: &Attempt,
        chance: f64,
    ) -> Result<Settled> {
        let tx = transaction::open(&self.store).await?;
        if !claim.holds(&tx, name).await? {
            return Ok(Settled::NotHeld);
        }
        let Some(hook) = locked(&tx, attempt.webhook).await? else { return Ok(Settled::Gone) };
        let now = self.store.now();
        let first = delivery.first_tried_at.unwrap_or(attempt.at);
        let settled = match attempt.result.error {
            None => Settled::Delivered,
            Some(_) => match next_attempt(delivery.tries + 1, first, now, attempt.result.retry_after, chance) {
                Some(at) => Settled::Again(at),
                None => Settled::GivenUp,
            },
        };
        let (state, settled_at) = match settled {
            Settled::Delivered => (DeliveryState::Delivered, Some(now)),
            Settled::GivenUp => (DeliveryState::Failed, Some(now)),
            _ => (DeliveryState::Waiting, None),
        };
        let sql = "UPDATE webhook_delivery SET state = $2, settled_at = $3, tries = tries + 1, first_tried_at = $4 \
                   WHERE id = $1 AND state = $5";
        let values: [Value; 5] = [
            delivery.id.uuid().into(),
            state.as_str().into(),
            settled_at.map(micros).into(),
            micros(first).into(),
            DeliveryState::Waiting.as_str().into(),
        ];
        if tx.execute_raw(statement(&tx, sql, values)).await?.rows_affected() == 0 {
            return Ok(Settled::Gone);
        }
        note(&tx, attempt).await?;
        move_lane(&tx, attempt, &delivery.lane, settled, now).await?;
        let stops = match attempt.result.error {
            None => {
                got_through(&tx, &hook, now).await?;
                None
            }
            Some(error) => failed(&tx, &hook, error, attempt, now).await?,
        };
        tx.commit().await.map_err(|uncommitted| uncommitted.error)?;
        let Some(state) = stops else { return Ok(settled) };
        // In a transaction that also tells the audit log: so that whoever looks after the site learns of it.
        let stopped = self.stop(&hook, state, attempt).await?;
        Ok(match (stopped, state) {
            (false, _) => settled,
            (true, WebhookState::Gone) => Settled::EndpointGone,
            (true, _) => Settled::EndpointDisabled,
        })
    }

    /// Turns a webhook off that has ended or has failed for long, unless somebody has changed it meanwhile.
    async fn stop(&self, hook: &Webhook, state: WebhookState, attempt: &Attempt) -> Result<bool> {
        let mut tx = Transaction::begin(&self.store).await?;
        let known = locked(tx.connection(), hook.id).await?;
        if known.is_none_or(|known| known.state != WebhookState::Active || known.url != hook.url) {
            tx.rollback().await?;
            return Ok(false);
        }
        let after = tx.told_of().await?.map(|at| at.to_string());
        let sql = "UPDATE webhook SET state = $2, stopped_at = $3, stopped_after = $4 WHERE id = $1";
        let values: [Value; 4] = [hook.id.uuid().into(), state.as_str().into(), micros(tx.now).into(), after.into()];
        tx.connection().execute_raw(statement(tx.connection(), sql, values)).await?;
        let program = Viewer::program();
        let error = attempt.result.error.map(AttemptError::as_str);
        let detail = json!({ "name": hook.name, "url": hook.url, "state": state, "error": error,
                             "failingSince": hook.failing_since });
        tx.audit(&Command::of(&program), Act::DisableWebhook, subject(hook.id), None, &detail)?;
        tx.commit(&self.store).await?;
        Ok(true)
    }
}

async fn note(tx: &Guarded, attempt: &Attempt) -> Result<()> {
    let sql = "INSERT INTO webhook_attempt (id, webhook_id, delivery_id, at, took, status, error, detail, answer, retry_after) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let long = |time: SignedDuration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    let result = &attempt.result;
    let values: [Value; 10] = [
        attempt.id.uuid().into(),
        attempt.webhook.uuid().into(),
        attempt.delivery.uuid().into(),
        micros(attempt.at).into(),
        long(attempt.took).into(),
        result.status.map(i32::from).into(),
        result.error.map(AttemptError::as_str).into(),
        result.detail.clone().into(),
        result.answer.clone().into(),
        result.retry_after.map(long).into(),
    ];
    tx.execute_raw(statement(tx, sql, values)).await?;
    Ok(())
}

/// Lets the next message of a lane have its turn, or this one again.
async fn move_lane(tx: &Guarded, attempt: &Attempt, lane: &str, settled: Settled, now: Timestamp) -> Result<()> {
    let webhook = || Value::from(attempt.webhook.uuid());
    let due = match settled {
        Settled::Again(at) => at,
        _ => now,
    };
    let sql = "UPDATE webhook_lane SET due_at = $3 WHERE webhook_id = $1 AND lane = $2";
    tx.execute_raw(statement(tx, sql, [webhook(), lane.into(), micros(due).into()])).await?;
    let sql = "DELETE FROM webhook_lane WHERE webhook_id = $1 AND lane = $2 AND NOT EXISTS \
               (SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = $1 AND d.lane = $2 AND d.state = $3)";
    tx.execute_raw(statement(tx, sql, [webhook(), lane.into(), DeliveryState::Waiting.as_str().into()])).await?;
    Ok(())
}

/// Notes that a message got through. What waits for an endpoint that was down is tried at once.
async fn got_through(tx: &Guarded, hook: &Webhook, now: Timestamp) -> Result<()> {
    let values = || [Value::from(hook.id.uuid()), micros(now).into()];
    let sql = "UPDATE webhook SET failing_since = NULL, failures = 0, delivered_at = $2 WHERE id = $1";
    tx.execute_raw(statement(tx, sql, values())).await?;
    if hook.is_failing() {
        let sql = "UPDATE webhook_lane SET due_at = $2 WHERE webhook_id = $1 AND due_at > $2";
        tx.execute_raw(statement(tx, sql, values())).await?;
    }
    Ok(())
}

/// Notes that one did not, and says what becomes of the webhook, if it is to be told of nothing any more.
async fn failed(
    tx: &Guarded,
    hook: &Webhook,
    error: AttemptError,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<Option<WebhookState>> {
    let failures = hook.failures.saturating_add(1);
    let since = hook.failing_since.unwrap_or(attempt.at);
    // What an endpoint asks for when it is asked too much is for all messages to it.
    let wanted = match error {
        AttemptError::TooManyRequests | AttemptError::ServerError => attempt.result.retry_after,
        _ => None,
    };
    let down = (failures >= Webhook::DOWN_AFTER).then_some(WHILE_DOWN);
    let pause =
        wanted.map(|wanted| wanted.clamp(SignedDuration::ZERO, courant_domain::webhook::LONGEST_WAIT)).max(down);
    let until = pause.and_then(|pause| now.checked_add(pause).ok()).max(hook.paused_until);
    let sql = "UPDATE webhook SET failing_since = $2, failures = $3, paused_until = $4 WHERE id = $1";
    let values: [Value; 4] = [
        hook.id.uuid().into(),
        micros(since).into(),
        i32::try_from(failures).unwrap_or(i32::MAX).into(),
        until.map(micros).into(),
    ];
    tx.execute_raw(statement(tx, sql, values)).await?;
    Ok(match error {
        AttemptError::Gone => Some(WebhookState::Gone),
        _ if now.duration_since(since) >= DISABLED_AFTER => Some(WebhookState::Disabled),
        _ => None,
    })
}

/// The name under which one server sends for all.
impl Webhooks {
    /// The claim of the one that sends.
    pub const SENDER: &'static str = "webhook delivery";
    /// The follower that fills the outbox.
    pub const FOLLOWER: &'static str = WEBHOOKS_FOLLOWER;
}
