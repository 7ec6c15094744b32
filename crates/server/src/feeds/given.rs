//! Gives what was written, or is kept.

use std::convert::Infallible;

use axum::{
    body::Body,
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use courant_gateway::error::ErrorCode;
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};

use super::FeedsState;
use crate::{
    cache::{Answer, Kept, Key, Made, MadeOf},
    graphql::{accept::Media, response},
    middleware::{
        flow::{Ticket, hold},
        refusal::Refusal,
        request_id::id_of,
        request_log,
    },
};

/// Something that was made for an address.
pub(super) struct Written {
    pub(super) status: StatusCode,
    /// Where it leads, in the place of a body.
    pub(super) location: Option<HeaderValue>,
    pub(super) body: Vec<u8>,
    /// What it is made of, if it can be kept.
    pub(super) made_of: Option<MadeOf>,
    pub(super) ticket: Option<Ticket>,
}

/// How it is given.
pub(super) struct Shape {
    /// The sort of it, and its address: what tells it from all else that is kept.
    pub(super) key: String,
    /// What the log calls it.
    pub(super) name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) more: Vec<(HeaderName, HeaderValue)>,
    /// By which headers of a request it may be another one.
    pub(super) vary: &'static str,
}

/// How many seconds to wait for what cannot be had now.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

impl Written {
    /// What is not there, or cannot be had.
    pub(super) const fn nothing(status: StatusCode, made_of: Option<MadeOf>) -> Self {
        Self { status, location: None, body: Vec::new(), made_of, ticket: None }
    }

    pub(super) const fn whole(body: Vec<u8>, made_of: Option<MadeOf>, ticket: Option<Ticket>) -> Self {
        Self { status: StatusCode::OK, location: None, body, made_of, ticket }
    }
}

/// The answer where there is nothing.
pub(super) fn nowhere(request: &Extensions) -> Response {
    typed(Response::default(), StatusCode::NOT_FOUND, request)
}

/// The answer to a request that does not say where the site is.
pub(super) fn unplaced(request: &Extensions) -> Response {
    typed(Response::default(), StatusCode::BAD_REQUEST, request)
}

/// Gives what is kept for an address if it holds, and otherwise what is made now.
pub(super) async fn give(
    state: &FeedsState,
    parts: &Parts,
    origin: &str,
    shape: Shape,
    make: impl Future<Output = Written> + Send,
) -> Response {
    let response = found(state, parts, origin, shape, make).await;
    let status = response.status();
    typed(response, status, &parts.extensions)
}

/// What is not there, or cannot be had, says so as everything does that is no page: by a code.
fn typed(response: Response, status: StatusCode, request: &Extensions) -> Response {
    let (code, message) = match status {
        StatusCode::NOT_FOUND => (ErrorCode::NotFound, "nothing is at this address"),
        StatusCode::GONE => (ErrorCode::NotFound, "what was at this address is gone"),
        StatusCode::BAD_REQUEST => (ErrorCode::BadRequest, "this request does not say where the site is"),
        StatusCode::SERVICE_UNAVAILABLE => (ErrorCode::Unavailable, "this cannot be had now"),
        _ => return response,
    };
    let mut typed = response::refused(Refusal::http(status, code, message), Media::JSON, &id_of(request));
    let headers = typed.headers_mut();
    // What is said of the empty body does not fit.
    let said = response.headers().iter().filter(|(name, _)| {
        ![header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::CONTENT_TYPE, header::ETAG].contains(name)
    });
    for (name, value) in said {
        headers.insert(name.clone(), value.clone());
    }
    typed
}

async fn found(
    state: &FeedsState,
    parts: &Parts,
    origin: &str,
    shape: Shape,
    make: impl Future<Output = Written> + Send,
) -> Response {
    request_log::note_operation(Some(shape.name));
    let answers = &state.graphql.answers;
    let begun = state.store.now();
    if !answers.is_on() {
        return made(make.await, &shape);
    }
    let key = Key::Page { origin: origin.into(), address: shape.key.as_str().into() };
    let make = async {
        let mut written = make.await;
        let is_kept = !written.status.is_server_error();
        let kept = written.made_of.take().filter(|_| is_kept).map(|(stamp, reads)| {
            Kept::new((stamp, answers.reads(begun, reads)), written.body.clone())
                .of(Some(shape.name.into()), 0)
                .with_status(written.status)
                .leading_to(written.location.clone())
                .made_at(begun)
        });
        Ok::<_, Infallible>(Made { answer: written, kept })
    };
    let (kept, found) = match answers.answer(key, Box::pin(make)).await {
        Ok(Answer::Made(written)) => return made(written, &shape),
        Ok(Answer::Kept(kept, found)) => (kept, found),
        Err(never) => match never {},
    };
    let Ok(charge) = state.graphql.flow.charge(state.caller(parts).address, kept.len()).await else {
        return made(Written::nothing(StatusCode::SERVICE_UNAVAILABLE, None), &shape);
    };
    let is_there = !kept.leads_elsewhere() && kept.status() == StatusCode::OK;
    let mut response = kept.respond(found, &parts.headers, is_there, charge);
    if let Some(made_at) = kept.when_made().filter(|_| is_there) {
        if response.status() == StatusCode::OK && is_unchanged_since(&parts.headers, made_at) {
            *response.body_mut() = Body::empty();
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(header::CONTENT_ENCODING);
        }
        response.headers_mut().extend(date(made_at).map(|date| (header::LAST_MODIFIED, date)));
    }
    describe(&mut response, &shape);
    answers.tell(response.headers_mut(), &kept);
    response
}

/// What was made, and is not kept.
fn made(written: Written, shape: &Shape) -> Response {
    let Written { status, location, body, ticket, .. } = written;
    let mut response = match ticket {
        Some(ticket) => {
            let bytes = body.capacity();
            hold(body.into(), ticket.answered(bytes))
        }
        None => Response::new(Body::from(body)),
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.extend(location.map(|location| (header::LOCATION, location)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    describe(&mut response, shape);
    response
}

fn describe(response: &mut Response, shape: &Shape) {
    let is_there = matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static(shape.vary));
    if is_there {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(shape.media_type));
        headers.extend(shape.more.iter().cloned());
    }
}

/// Whether a client that knows no tags has what was made at a time (RFC 9110 §13.1.3). What was made at another time may be
/// another thing, be it an earlier one: another server made it.
fn is_unchanged_since(client: &HeaderMap, made_at: Timestamp) -> bool {
    let since = client.get(header::IF_MODIFIED_SINCE);
    !client.contains_key(header::IF_NONE_MATCH) && since.is_some() && since == date(made_at).as_ref()
}

/// A time as HTTP has it, to the second.
fn date(at: Timestamp) -> Option<HeaderValue> {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::from_str(&date).ok()
}
