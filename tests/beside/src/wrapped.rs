//! Its multipart answers, mended: each event as the `payload` of a part, as Apollo's protocol has it.

use axum::{
    body::{Body, Bytes},
    http::header,
    response::Response,
};
use futures_util::StreamExt;

/// What is written in one piece is a part's head, its JSON or its end.
fn mended(piece: Bytes) -> Bytes {
    let is_event = piece.starts_with(b"{") && !piece.starts_with(b"{}");
    if is_event { [b"{\"payload\":", &*piece, b"}"].concat().into() } else { piece }
}

/// The same answer, with a `payload` around each event, if it is one of several parts.
pub(crate) fn wrapped(answer: Response) -> Response {
    let content_type = answer.headers().get(header::CONTENT_TYPE);
    if !content_type.is_some_and(|content_type| content_type.as_bytes().starts_with(b"multipart/mixed")) {
        return answer;
    }
    answer.map(|body| Body::from_stream(body.into_data_stream().map(|piece| piece.map(mended))))
}
