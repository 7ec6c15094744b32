//! Operations over a WebSocket, by the protocol `graphql-transport-ws`.
//!
//! async-graphql's own implementation of it is not used (docs/adr/0015).
//!
//! | part | does |
//! |---|---|
//! | `message` | reads and writes messages |
//! | `operation` | carries one operation on |
//! | `connection` | the protocol's rules, and the limits |

mod connection;
mod message;
mod operation;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{FromRequestParts, Request, WebSocketUpgrade},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use courant_gateway::error::ErrorCode;

use self::connection::Connection;
use super::{accept::Media, handler::GraphqlState, response};
use crate::middleware::{auth::token, refusal::Refusal, request_id::id_of};

/// The one that is spoken here.
const PROTOCOL: &str = "graphql-transport-ws";

/// The one version that there is of WebSockets.
const VERSION: HeaderValue = HeaderValue::from_static("13");

/// What a connection keeps for reading: most of them are silent most of the time.
const READ_BUFFER: usize = 1024;

/// How much of what is there to be told is sent at once. It is no larger than the longest message before there is more than one.
const WRITE_BUFFER: usize = 16 * 1024;

/// Whether a request would become a WebSocket.
pub(crate) fn is_upgrade(method: &Method, headers: &HeaderMap) -> bool {
    let names = |value: &HeaderValue| {
        value.to_str().is_ok_and(|text| text.split(',').any(|name| name.trim().eq_ignore_ascii_case("websocket")))
    };
    *method == Method::GET && headers.get_all(header::UPGRADE).iter().any(names)
}

/// Answers a request that would become a WebSocket.
pub(crate) async fn upgrade(state: Arc<GraphqlState>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let id = id_of(&parts.extensions);
    if let Err(refusal) = check_origin(&state, &parts) {
        return response::refused(refusal, Media::JSON, &id);
    }
    let caller = match state.authentication.authenticate(&parts, &id).await {
        Ok(caller) => caller,
        Err(unknown) => return unknown.respond(Media::JSON, &id),
    };
    let token = token(&parts.headers);
    if !has_key(&parts.headers) {
        let message = "Sec-WebSocket-Key is to be 16 bytes in base64 (RFC 6455, §4.1)";
        return response::refused(Refusal::bad_request(message), Media::JSON, &id);
    }
    if !has_version(&parts.headers) {
        let message = "WebSockets are spoken in the version 13 here (RFC 6455, §4.1)";
        let refusal = Refusal::http(StatusCode::UPGRADE_REQUIRED, ErrorCode::BadRequest, message);
        let refusal = refusal.with_header(header::SEC_WEBSOCKET_VERSION, VERSION);
        return response::refused(refusal, Media::JSON, &id);
    }
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
        let message = "this is not how a WebSocket is opened (RFC 6455, §4.1)";
        return response::refused(Refusal::bad_request(message), Media::JSON, &id);
    };
    let most = state.limits.body_bytes;
    let mut upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(most)
        .max_frame_size(most);
    let speaks_it = upgrade.requested_protocols().any(|protocol| protocol == PROTOCOL);
    if speaks_it {
        upgrade.set_selected_protocol(HeaderValue::from_static(PROTOCOL));
    }
    let connection = Connection::new(state, caller, token);
    let response = upgrade.on_upgrade(async move |socket| {
        if speaks_it {
            connection.serve(socket).await;
        } else {
            connection::refuse_protocol(socket).await;
        }
    });
    response.map(Body::new)
}

/// Whether there is one key, of the length that it has to have (RFC 6455, §4.2.1).
fn has_key(headers: &HeaderMap) -> bool {
    let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).iter();
    let key = keys.next().filter(|_| keys.next().is_none());
    key.is_some_and(|key| STANDARD.decode(key.as_bytes()).is_ok_and(|bytes| bytes.len() == 16))
}

/// Whether it is of the version that is spoken here; who speaks another one is told which it is (RFC 6455, §4.2.2).
fn has_version(headers: &HeaderMap) -> bool {
    let mut versions = headers.get_all(header::SEC_WEBSOCKET_VERSION).iter();
    versions.next().is_some_and(|version| version == VERSION) && versions.next().is_none()
}

/// Sees that a page of this origin may open one. Browsers send no token by themselves, so that there is nothing that a page could
/// take from its visitor; but a site may want none but its own.
fn check_origin(state: &GraphqlState, parts: &Parts) -> Result<(), Refusal> {
    let allowed = &state.subscriptions.settings.origins;
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return Ok(()) };
    let is_allowed =
        origin.to_str().is_ok_and(|origin| allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)));
    if allowed.is_empty() || is_allowed {
        return Ok(());
    }
    let message = "pages of this origin may not open a WebSocket here";
    Err(Refusal::http(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message))
}
