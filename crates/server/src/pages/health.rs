//! For those who watch over the server.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use courant_persistence::{Store, Writes};
use courant_workers::{FollowerStatus, PeriodicStatus, Statuses};
use serde::Serialize;

use crate::Stopping;

/// How long the database may take to answer before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is looked at.
pub(crate) struct HealthState {
    pub(crate) store: Store,
    pub(crate) stopping: Stopping,
    pub(crate) workers: Statuses,
}

/// What `GET /readyz` answers.
#[derive(Serialize)]
struct Ready {
    status: &'static str,
    writes: &'static str,
    followers: Vec<FollowerStatus>,
    periodic: Vec<PeriodicStatus>,
}

/// `GET /healthz`: the process lives.
pub(crate) async fn healthz() -> Response {
    json(StatusCode::OK, r#"{"status":"ok"}"#)
}

/// `GET /readyz`: the database answers, so requests can be sent here; how writes fare stands beside it, and what each follower of
/// the change log has applied (`lag`: how many changes it has not). `?for=writes` asks for a server that can write, too.
pub(crate) async fn readyz(State(state): State<Arc<HealthState>>, RawQuery(query): RawQuery) -> Response {
    if state.stopping.has_begun() {
        return json(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"stopping"}"#);
    }
    let writes = state.store.writes();
    let for_writes = query.is_some_and(|query| query.split('&').any(|parameter| parameter == "for=writes"));
    let reads = match tokio::time::timeout(PATIENCE, state.store.ping()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
            false
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer");
            false
        }
    };
    let (status, word) = if reads && (writes == Writes::Ok || !for_writes) {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    };
    // What cannot be read cannot be written.
    let writes = if reads { writes } else { Writes::Unavailable };
    let ready = Ready {
        status: word,
        writes: writes.as_str(),
        followers: state.workers.followers(),
        periodic: state.workers.periodic(),
    };
    match serde_json::to_string(&ready) {
        Ok(body) => json(status, body),
        Err(_) => json(status, format!(r#"{{"status":"{word}"}}"#)),
    }
}

/// `GET /readyz` before the database is there.
pub(crate) async fn not_ready() -> Response {
    let mut response = json(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"unavailable"}"#);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
