//! The log of messages and of the tries to deliver them.

use std::collections::HashMap;

use courant_domain::{
    id::{AttemptId, DeliveryId, WebhookId},
    page::{Direction, Page, PageRequest, Position},
    webhook::{Attempt, AttemptResult, Delivery, DeliveryState, EventType},
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::Webhooks;
use crate::{
    db::{
        convert::{from_word, timestamp},
        parameters::Parameters,
        row::Cursor,
    },
    error::{Result, corrupt},
};

/// A page of the messages to a webhook that is wanted: the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeliveriesRequest {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Those alone of which this became; none means all.
    pub state: Option<DeliveryState>,
    /// Those alone that tell of one of these; none means all.
    pub events: Vec<EventType>,
    /// Which page.
    pub page: PageRequest,
}

/// A page of tries that is wanted: the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttemptsRequest {
    /// To deliver messages to this webhook.
    pub webhook: WebhookId,
    /// Those alone that failed.
    pub failed: bool,
    /// Which page.
    pub page: PageRequest,
}

/// How many messages to a webhook wait, and how many were given up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookNumbers {
    /// Wait to be sent, for the first time or again.
    pub waiting: u64,
    /// Were given up.
    pub failed: u64,
}

/// What is selected of messages. When one is tried next is known of the first of its thing alone, and while its webhook is told.
const DELIVERY: &str = "t.id, t.webhook_id, t.seq, t.event, t.body, t.state, t.created_at, t.settled_at, t.tries, t.first_tried_at, \
     (SELECT CASE WHEN w.paused_until > l.due_at THEN w.paused_until ELSE l.due_at END \
      FROM webhook_lane l JOIN webhook w ON w.id = l.webhook_id AND w.state = 'ACTIVE' \
      WHERE t.state = 'WAITING' AND l.webhook_id = t.webhook_id AND l.lane = t.lane AND NOT EXISTS \
      (SELECT 1 FROM webhook_delivery e WHERE e.webhook_id = t.webhook_id AND e.lane = t.lane AND e.state = 'WAITING' \
       AND (e.place, e.id) < (t.place, t.id))) AS due_at";
const ATTEMPT: &str =
    "t.id, t.webhook_id, t.delivery_id, t.at, t.took, t.status, t.error, t.detail, t.answer, t.retry_after";

fn delivery(row: &mut Cursor<'_>) -> Result<(Position, Delivery)> {
    let id: Uuid = row.take()?;
    let webhook: Uuid = row.take()?;
    let seq = row.take()?;
    let event = from_word(&row.take::<String>()?)?;
    let body = row.take()?;
    let state = from_word(&row.take::<String>()?)?;
    let created: i64 = row.take()?;
    let settled_at = row.take::<Option<i64>>()?.map(timestamp).transpose()?;
    let tries = u32::try_from(row.take::<i32>()?).map_err(corrupt)?;
    let first_tried_at = row.take::<Option<i64>>()?.map(timestamp).transpose()?;
    let due_at = row.take::<Option<i64>>()?.map(timestamp).transpose()?;
    let created_at = timestamp(created)?;
    let (id, webhook) = (id.into(), webhook.into());
    let delivery =
        Delivery { id, webhook, seq, event, body, state, created_at, settled_at, tries, first_tried_at, due_at };
    Ok((Position { key: created, entry: delivery.id.uuid().into() }, delivery))
}

fn attempt(row: &mut Cursor<'_>) -> Result<(Position, Attempt)> {
    let id: AttemptId = row.take::<Uuid>()?.into();
    let webhook = row.take::<Uuid>()?.into();
    let delivery = row.take::<Uuid>()?.into();
    let at: i64 = row.take()?;
    let took = SignedDuration::from_micros(row.take()?);
    let status = row.take::<Option<i32>>()?.map(u16::try_from).transpose().map_err(corrupt)?;
    let error = row.take::<Option<String>>()?.as_deref().map(from_word).transpose()?;
    let detail = row.take()?;
    let answer = row.take()?;
    let retry_after = row.take::<Option<i64>>()?.map(SignedDuration::from_micros);
    let result = AttemptResult { status, error, detail, answer, retry_after };
    let attempt = Attempt { id, delivery, webhook, at: timestamp(at)?, took, result };
    Ok((Position { key: at, entry: attempt.id.uuid().into() }, attempt))
}

fn deliveries_condition(request: &DeliveriesRequest, parameters: &mut Parameters) -> String {
    let mut conditions = vec![format!("t.webhook_id = {}", parameters.bind(request.webhook.uuid()))];
    if let Some(state) = request.state {
        conditions.push(format!("t.state = '{}'", state.as_str()));
    }
    if !request.events.is_empty() {
        conditions
            .push(format!("t.event IN ({})", parameters.bind_all(request.events.iter().map(|event| event.word()))));
    }
    conditions.join(" AND ")
}

fn attempts_condition(request: &AttemptsRequest, parameters: &mut Parameters) -> String {
    let mut conditions = vec![format!("t.webhook_id = {}", parameters.bind(request.webhook.uuid()))];
    if request.failed {
        conditions.push("t.error IS NOT NULL".to_owned());
    }
    conditions.join(" AND ")
}

impl Webhooks {
    /// A page of the messages to a webhook, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deliveries(&self, request: &DeliveriesRequest) -> Result<Page<Delivery>> {
        let mut parameters = Parameters::default();
        let condition = deliveries_condition(request, &mut parameters);
        let of = ("webhook_delivery", "created_at", DELIVERY);
        self.page(of, condition, parameters, &request.page, delivery).await
    }

    /// How many messages a list has on all pages: exact up to `bound`, and `bound` for more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deliveries_count(&self, request: &DeliveriesRequest, bound: u64) -> Result<u64> {
        let mut parameters = Parameters::default();
        let condition = deliveries_condition(request, &mut parameters);
        self.count("webhook_delivery", &condition, parameters, bound).await
    }

    /// A page of the tries to deliver messages, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn attempts(&self, request: &AttemptsRequest) -> Result<Page<Attempt>> {
        let mut parameters = Parameters::default();
        let condition = attempts_condition(request, &mut parameters);
        self.page(("webhook_attempt", "at", ATTEMPT), condition, parameters, &request.page, attempt).await
    }

    /// How many tries a list has on all pages: exact up to `bound`, and `bound` for more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn attempts_count(&self, request: &AttemptsRequest, bound: u64) -> Result<u64> {
        let mut parameters = Parameters::default();
        let condition = attempts_condition(request, &mut parameters);
        self.count("webhook_attempt", &condition, parameters, bound).await
    }

    /// The messages with these ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deliveries_by_id(&self, ids: &[DeliveryId]) -> Result<HashMap<DeliveryId, Delivery>> {
        let mut parameters = Parameters::default();
        let ids = parameters.bind_all(ids.iter().map(|id| id.uuid()));
        let sql = format!("SELECT {DELIVERY} FROM webhook_delivery t WHERE t.id IN ({ids})");
        let found = self.store.rows(sql, parameters.0, |mut row| delivery(&mut row)).await?;
        Ok(found.into_iter().map(|(_, delivery)| (delivery.id, delivery)).collect())
    }

    /// How many messages wait for each of these webhooks, and were given up; exact up to `bound`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn numbers(&self, webhooks: &[WebhookId], bound: u64) -> Result<HashMap<WebhookId, WebhookNumbers>> {
        let mut parameters = Parameters::default();
        let count = |state: DeliveryState| {
            let state = state.as_str();
            format!(
                "(SELECT count(*) FROM (SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = '{state}' \
                 LIMIT {bound}) n)"
            )
        };
        let sql = format!(
            "SELECT w.id, {}, {} FROM webhook w WHERE w.id IN ({})",
            count(DeliveryState::Waiting),
            count(DeliveryState::Failed),
            parameters.bind_all(webhooks.iter().map(|id| id.uuid()))
        );
        let found = self.store.rows(sql, parameters.0, |mut row| {
            let id: WebhookId = row.take::<Uuid>()?.into();
            let [waiting, failed] = [row.take::<i64>()?, row.take::<i64>()?].map(|n| u64::try_from(n).unwrap_or(0));
            Ok((id, WebhookNumbers { waiting, failed }))
        });
        Ok(found.await?.into_iter().collect())
    }

    /// The last tries of each of these messages, the newest first, up to `first` of each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn attempts_of(&self, of: &[DeliveryId], first: u32) -> Result<HashMap<DeliveryId, Vec<Attempt>>> {
        let mut parameters = Parameters::default();
        let ids = parameters.bind_all(of.iter().map(|id| id.uuid()));
        let sql = format!(
            "SELECT {ATTEMPT} FROM (SELECT a.*, row_number() OVER (PARTITION BY a.delivery_id ORDER BY a.at DESC, a.id DESC) AS place \
             FROM webhook_attempt a WHERE a.delivery_id IN ({ids})) t WHERE t.place <= {first} ORDER BY t.at DESC, t.id DESC"
        );
        let mut found: HashMap<DeliveryId, Vec<Attempt>> = HashMap::new();
        for (_, attempt) in self.store.rows(sql, parameters.0, |mut row| attempt(&mut row)).await? {
            found.entry(attempt.delivery).or_default().push(attempt);
        }
        Ok(found)
    }

    async fn page<T>(
        &self,
        (table, key, columns): (&str, &str, &str),
        mut condition: String,
        mut parameters: Parameters,
        page: &PageRequest,
        read: impl Fn(&mut Cursor<'_>) -> Result<(Position, T)>,
    ) -> Result<Page<T>> {
        for (place, sign) in [(page.after, '<'), (page.before, '>')] {
            if let Some(place) = place {
                let (at, id) = (parameters.bind(place.key), parameters.bind(place.entry.uuid()));
                condition.push_str(&format!(" AND (t.{key}, t.id) {sign} ({at}, {id})"));
            }
        }
        let way = match page.direction {
            Direction::Forward => "DESC",
            Direction::Backward => "ASC",
        };
        let limit = u64::from(page.size) + 1;
        let sql = format!(
            "SELECT {columns} FROM {table} t WHERE {condition} ORDER BY t.{key} {way}, t.id {way} LIMIT {limit}"
        );
        let found = self.store.rows(sql, parameters.0, |mut row| read(&mut row)).await?;
        Ok(Page::cut(page, found))
    }

    async fn count(&self, table: &str, condition: &str, parameters: Parameters, bound: u64) -> Result<u64> {
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {table} t WHERE {condition} LIMIT {bound}) n");
        let counts = self.store.rows(sql, parameters.0, |mut row| row.take::<i64>()).await?;
        Ok(counts.first().map_or(0, |count| u64::try_from(*count).unwrap_or(0)))
    }
}
