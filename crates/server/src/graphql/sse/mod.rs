//! Answers as Server-Sent Events: GraphQL over SSE, in both of its modes. An event's id is the place to go on from, which browsers send
//! back by themselves in `Last-Event-ID`.

mod single;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, Method, header},
};

pub(crate) use self::single::{SingleStreams, single};
use super::stream::Written;

/// The place where a client goes on that was here before.
pub(crate) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Which stream a request is about whose operations come over one.
pub(crate) const STREAM_TOKEN: HeaderName = HeaderName::from_static("x-graphql-event-stream-token");

/// Whether a request is about such a stream.
pub(crate) fn is_single(method: &Method, headers: &HeaderMap, query: Option<&str>) -> bool {
    let takes_events = headers.get(header::ACCEPT).is_some_and(|accept| {
        accept.to_str().is_ok_and(|accept| accept.to_ascii_lowercase().contains("text/event-stream"))
    });
    matches!(*method, Method::PUT | Method::DELETE)
        || headers.contains_key(STREAM_TOKEN)
        // Other clients may have parameters of their own, which mean nothing here.
        || (*method == Method::GET && takes_events && single::token_in(query).is_some())
}

pub(super) fn write(written: &Written<'_>) -> Bytes {
    match written {
        // Something has to come for the client to know that it is connected.
        Written::Opening | Written::KeepAlive => Bytes::from_static(b":\n\n"),
        Written::Next(message) => {
            let id = message.cursor.map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
            [b"event: next\n", id.as_bytes(), b"data: ", &message.payload, b"\n\n"].concat().into()
        }
        // It ends without being complete: whoever wants it comes again.
        Written::Parting(after) => format!("retry: {}\n\n", after.as_millis()).into(),
        Written::Complete => Bytes::from_static(b"event: complete\ndata:\n\n"),
    }
}
