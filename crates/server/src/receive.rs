//! Receiving webhooks, for whoever develops something that does.

use std::{io, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::DefaultBodyLimit,
    http::{HeaderMap, StatusCode},
};
use courant_identity::webhook::{Refused, VerifyingKey};
use jiff::Timestamp;
use tokio::net::TcpListener;

/// More than a message ever has.
const MOST_BYTES: usize = 1024 * 1024;

/// A message that came.
#[derive(Debug)]
pub struct Received {
    /// Its header `webhook-id`; empty when it has none.
    pub id: String,
    /// Its header `webhook-timestamp`.
    pub timestamp: String,
    /// Its body, as it came.
    pub body: Bytes,
    /// Whether it was signed by whoever has the other half of the key; none without a key.
    pub checked: Option<Result<(), Refused>>,
}

/// Takes messages to any path, and tells of each. They are answered with a status: 401 if they do not hold, the given one otherwise.
///
/// # Errors
/// When no more connections can be taken.
pub async fn receive_webhooks(
    listener: TcpListener,
    key: Option<VerifyingKey>,
    status: u16,
    told: impl Fn(Received) + Send + Sync + 'static,
) -> io::Result<()> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT);
    let (key, told) = (Arc::new(key), Arc::new(told));
    let take = move |headers: HeaderMap, body: Bytes| {
        let received = received(&headers, body, key.as_ref().as_ref());
        let answer = if matches!(received.checked, Some(Err(_))) { StatusCode::UNAUTHORIZED } else { status };
        told(received);
        std::future::ready(answer)
    };
    axum::serve(listener, Router::new().fallback(take).layer(DefaultBodyLimit::max(MOST_BYTES))).await
}

fn received(headers: &HeaderMap, body: Bytes, key: Option<&VerifyingKey>) -> Received {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (id, timestamp, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let checked = key.map(|key| key.verify(&id, &timestamp, &signature, &body, Timestamp::now().as_second()));
    Received { id, timestamp, body, checked }
}
