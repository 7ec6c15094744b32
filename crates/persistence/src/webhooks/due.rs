//! What is to be sent now.

use std::collections::HashSet;

use courant_domain::{
    id::{DeliveryId, WebhookId},
    webhook::{DeliveryState, Webhook, WebhookState},
};
use jiff::Timestamp;
use sea_orm::Value;
use uuid::Uuid;

use super::{COLUMNS, Webhooks, read};
use crate::{
    db::convert::{micros, timestamp},
    error::{Result, corrupt},
};

/// A message to be sent now.
#[derive(Debug, Clone)]
pub struct DueDelivery {
    /// The message.
    pub id: DeliveryId,
    /// What it stands in the order of.
    pub lane: String,
    /// Its body.
    pub body: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it was tried first.
    pub first_tried_at: Option<Timestamp>,
}

impl Webhooks {
    /// The webhooks to which something is to be sent now, the one that has waited the longest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting(&self, now: Timestamp) -> Result<Vec<Webhook>> {
        let sql = format!(
            "SELECT {COLUMNS}, l.due FROM webhook w \
             JOIN (SELECT webhook_id, min(due_at) AS due FROM webhook_lane GROUP BY webhook_id) l ON l.webhook_id = w.id \
             WHERE w.state = $1 AND l.due <= $2 AND (w.paused_until IS NULL OR w.paused_until <= $2) ORDER BY l.due, w.id"
        );
        let rows = self.store.read(sql, vec![WebhookState::Active.as_str().into(), micros(now).into()]).await?;
        rows.iter().map(read).collect()
    }

    /// The first messages of the lanes of a webhook that are to be sent now, but for these lanes, and up to `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn due(
        &self,
        webhook: WebhookId,
        now: Timestamp,
        except: &HashSet<String>,
        limit: usize,
    ) -> Result<Vec<DueDelivery>> {
        let sql = format!(
            "SELECT d.id, d.lane, d.body, d.tries, d.first_tried_at FROM webhook_lane l JOIN webhook_delivery d ON d.id = \
             (SELECT e.id FROM webhook_delivery e WHERE e.webhook_id = l.webhook_id AND e.lane = l.lane AND e.state = '{}' \
             ORDER BY e.place, e.id LIMIT 1) WHERE l.webhook_id = $1 AND l.due_at <= $2 ORDER BY l.due_at, d.place LIMIT {}",
            DeliveryState::Waiting.as_str(),
            limit + except.len()
        );
        let values: Vec<Value> = vec![webhook.uuid().into(), micros(now).into()];
        let mut found = Vec::new();
        for row in self.store.read(sql, values).await? {
            let lane: String = row.try_get_by_index(1)?;
            if found.len() == limit || except.contains(&lane) {
                continue;
            }
            found.push(DueDelivery {
                id: row.try_get_by_index::<Uuid>(0)?.into(),
                lane,
                body: row.try_get_by_index(2)?,
                tries: u32::try_from(row.try_get_by_index::<i32>(3)?).map_err(corrupt)?,
                first_tried_at: row.try_get_by_index::<Option<i64>>(4)?.map(timestamp).transpose()?,
            });
        }
        Ok(found)
    }
}
