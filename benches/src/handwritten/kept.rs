//! What a kept answer is compared with: the same bytes from a map, by what was sent.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};

use super::answer;

type Map = Arc<RwLock<HashMap<Bytes, Bytes>>>;

/// `POST /kept` answers what `PUT /kept` has brought: pairs of what is sent and what is answered.
pub(super) fn router() -> Router {
    Router::new().route("/kept", post(get).put(put)).with_state(Map::default())
}

async fn get(State(map): State<Map>, sent: Bytes) -> Response {
    match map.read().unwrap_or_else(PoisonError::into_inner).get(&sent) {
        Some(json) => answer(json.clone()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn put(State(map): State<Map>, Json((sent, json)): Json<(String, String)>) -> Response {
    map.write().unwrap_or_else(PoisonError::into_inner).insert(sent.into(), json.into());
    answer("{\"data\":{}}")
}
