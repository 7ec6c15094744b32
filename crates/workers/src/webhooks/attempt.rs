//! One try to deliver a message.

use std::time::{Duration, Instant};

use bytes::Bytes;
use courant_domain::{
    id::AttemptId,
    webhook::{Attempt, AttemptError, AttemptResult, Delivery, Webhook},
};
use courant_identity::{server_secret::ServerSecret, webhook::EndpointKeys};
use courant_outbound::{
    Endpoint, HeaderMap, HeaderName, HeaderValue, Method, Outbound, Public, Request, SendError, header,
};
use courant_persistence::{Claim, DueDelivery, Settled, Store, Webhooks};
use jiff::{SignedDuration, Timestamp};

use crate::{node::Lease, retry_after::retry_after};

/// What a try needs.
pub(super) struct Errand {
    pub(super) store: Store,
    pub(super) outbound: Outbound,
    pub(super) public: Public,
    pub(super) secret: ServerSecret,
    pub(super) hook: Webhook,
    pub(super) claim: Claim,
    pub(super) lease: Lease,
}

/// How often it is tried to note what came of a try. What cannot be noted is sent again.
const NOTED: u32 = 6;

impl Errand {
    /// Sends a message, and notes what came of it; none when nothing was sent, or nothing could be noted.
    pub(super) async fn run(&self, delivery: &DueDelivery) -> Option<Settled> {
        let at = self.store.now();
        let request = self.request(delivery, at);
        // A server that was frozen until now finds out here that another one has gone on.
        if !self.lease.holds() {
            return None;
        }
        let began = Instant::now();
        let result = match request {
            Ok(request) => result(self.outbound.send(request).await, at),
            Err(refused) => refused,
        };
        let took = SignedDuration::try_from(began.elapsed()).unwrap_or(SignedDuration::MAX);
        let attempt =
            Attempt { id: AttemptId::generate(), delivery: delivery.id, webhook: self.hook.id, at, took, result };
        self.note(delivery, &attempt).await
    }

    fn request(&self, delivery: &DueDelivery, at: Timestamp) -> Result<Request, AttemptResult> {
        let forbidden = |reason: String| AttemptResult::failed(AttemptError::Forbidden, &reason);
        let to = Endpoint::parse(&self.hook.url).map_err(|error| forbidden(error.to_string()))?;
        self.public.check(&to).map_err(|error| forbidden(error.to_string()))?;
        let (id, timestamp, body) = (Delivery::message_id(delivery.id), at.as_second(), delivery.body.as_bytes());
        let keys = self.hook.keys_at(at);
        let signatures: Vec<String> = keys
            .map(|key| {
                EndpointKeys::derive(&self.secret, self.hook.id.uuid(), key.generation).sign(&id, timestamp, body)
            })
            .collect();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in [
            ("webhook-id", id),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ] {
            let value = HeaderValue::from_str(&value);
            let value = value.map_err(|error| AttemptResult::failed(AttemptError::Broken, &error.to_string()))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(Request { method: Method::POST, to, headers, body: Bytes::copy_from_slice(body) })
    }

    async fn note(&self, delivery: &DueDelivery, attempt: &Attempt) -> Option<Settled> {
        let webhooks = self.store.webhooks();
        let mut pause = Duration::from_millis(100);
        for _ in 0..NOTED {
            match webhooks.settle((Webhooks::SENDER, &self.claim), delivery, attempt, chance(attempt.id)).await {
                Ok(settled) => return Some(settled),
                Err(error) => tracing::debug!(%error, "cannot note yet what became of a message to a webhook"),
            }
            tokio::time::sleep(pause).await;
            pause *= 3;
        }
        tracing::warn!(message = %delivery.id, "cannot note what became of a message to a webhook: it is sent again");
        None
    }
}

/// A number from 0 to 1 that looks like chance.
fn chance(id: AttemptId) -> f64 {
    let [.., a, b, c, d] = id.uuid().into_bytes();
    f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX)
}

fn result(answer: Result<courant_outbound::Answer, SendError>, now: Timestamp) -> AttemptResult {
    match answer {
        Ok(answer) => {
            let retry_after = retry_after(&answer.headers, now);
            AttemptResult::of_answer(answer.status.as_u16(), &answer.body, retry_after)
        }
        Err(error) => {
            let class = match &error {
                SendError::Forbidden(_) => AttemptError::Forbidden,
                SendError::Unreachable { .. } => AttemptError::Unreachable,
                SendError::TimedOut { .. } => AttemptError::TimedOut,
                SendError::Broken { .. } | SendError::Unsendable(_) => AttemptError::Broken,
            };
            AttemptResult::failed(class, &error.to_string())
        }
    }
}
