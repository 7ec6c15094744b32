//! GraphQL over HTTP: from a request to its answer, or its answers.

pub(crate) mod accept;
pub(crate) mod body;
pub(crate) mod executor;
pub(crate) mod handler;
mod json_in;
mod multipart;
pub(crate) mod params;
pub(crate) mod persisted;
pub(crate) mod response;
pub(crate) mod sse;
mod stream;
pub(crate) mod subscribe;
pub(crate) mod websocket;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};

use self::handler::GraphqlState;

/// Whatever is sent to `/graphql`.
pub(crate) async fn any(State(state): State<Arc<GraphqlState>>, request: Request) -> Response {
    let (method, headers) = (request.method(), request.headers());
    if websocket::is_upgrade(method, headers) {
        return Box::pin(websocket::upgrade(state, request)).await;
    }
    if sse::is_single(method, headers, request.uri().query()) {
        return Box::pin(sse::single(state, request)).await;
    }
    handler::graphql(state, request).await
}
