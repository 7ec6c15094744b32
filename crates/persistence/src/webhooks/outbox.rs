//! Putting messages into the outbox.

use courant_domain::{
    change::ChangeSeq,
    id::{DeliveryId, WebhookId},
    webhook::{DeliveryState, EventType},
};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, Value};

use super::statement;
use crate::{
    db::{convert::micros, parameters::Parameters},
    error::Result,
};

/// A message to put there.
pub(super) struct Posted {
    pub(super) id: DeliveryId,
    /// What order holds for.
    pub(super) lane: String,
    /// The order.
    pub(super) place: i64,
    pub(super) seq: Option<ChangeSeq>,
    pub(super) event: EventType,
    pub(super) body: String,
}

/// So many in one statement.
const AT_ONCE: usize = 200;

/// Puts messages into the lanes of a webhook, whose row is locked. One that is there already stays as it is, unless it is to be sent
/// `again`: then it waits as if it were new. Says how many wait now that did not.
pub(super) async fn post<C: ConnectionTrait>(
    connection: &C,
    webhook: WebhookId,
    now: Timestamp,
    posted: &[Posted],
    again: bool,
) -> Result<u64> {
    let conflict = if again {
        "DO UPDATE SET state = excluded.state, created_at = excluded.created_at, settled_at = NULL, tries = 0, first_tried_at = NULL \
         WHERE webhook_delivery.state <> excluded.state"
    } else {
        "DO NOTHING"
    };
    let mut count = 0;
    // Lists are in the order of times, so that each message has one of its own.
    let mut times = micros(now)..;
    for posted in posted.chunks(AT_ONCE) {
        let mut parameters = Parameters::default();
        let (webhook, state, now) =
            (Value::from(webhook.uuid()), DeliveryState::Waiting.as_str(), Value::from(micros(now)));
        let rows: Vec<String> = posted
            .iter()
            .zip(&mut times)
            .map(|(message, time)| {
                let values: [Value; 9] = [
                    message.id.uuid().into(),
                    webhook.clone(),
                    message.lane.clone().into(),
                    message.place.into(),
                    message.seq.into(),
                    message.event.word().into(),
                    message.body.clone().into(),
                    state.into(),
                    time.into(),
                ];
                format!("({}, 0)", parameters.bind_all(values))
            })
            .collect();
        let sql = format!(
            "INSERT INTO webhook_delivery (id, webhook_id, lane, place, seq, event, body, state, created_at, tries) VALUES {} \
             ON CONFLICT (id) {conflict}",
            rows.join(", ")
        );
        count += connection.execute_raw(statement(connection, &sql, parameters.0)).await?.rows_affected();
        // What is settled already needs no turn.
        let mut parameters = Parameters::default();
        let (webhook, now) = (parameters.bind(webhook), parameters.bind(now));
        let ids = parameters.bind_all(posted.iter().map(|message| message.id.uuid()));
        let sql = format!(
            "INSERT INTO webhook_lane (webhook_id, lane, due_at) SELECT DISTINCT {webhook}, d.lane, {now} FROM webhook_delivery d \
             WHERE d.id IN ({ids}) AND d.state = '{state}' ON CONFLICT (webhook_id, lane) DO NOTHING"
        );
        connection.execute_raw(statement(connection, &sql, parameters.0)).await?;
    }
    Ok(count)
}
