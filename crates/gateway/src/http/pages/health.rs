//! For those who watch over the server.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use crate::http::service::Service;

/// How long the database may take to answer before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`: the process lives.
pub(crate) async fn healthz() -> Response {
    json(StatusCode::OK, r#"{"status":"ok"}"#)
}

/// `GET /readyz`: the database answers, so requests can be sent here.
pub(crate) async fn readyz(State(service): State<Arc<Service>>) -> Response {
    if service.stopping.has_begun() {
        return json(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"stopping"}"#);
    }
    match tokio::time::timeout(PATIENCE, service.store.ping()).await {
        Ok(Ok(())) => json(StatusCode::OK, r#"{"status":"ready"}"#),
        Ok(Err(error)) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
            json(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"unavailable"}"#)
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer");
            json(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"unavailable"}"#)
        }
    }
}

/// `GET /readyz` before the database is there.
pub(crate) async fn not_ready() -> Response {
    let mut response = json(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"unavailable"}"#);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

fn json(status: StatusCode, body: &'static str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
