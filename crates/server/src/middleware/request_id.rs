//! An id for each request, which the client and the log both get; and the end of panics.

use std::{fmt, panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use super::harden::Hardening;
use crate::graphql::{accept::Media, response};

/// The header the id comes and goes in.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 64;

/// The id of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The client's or its proxy's id when it is a sane one, else a new one. A sane id cannot break a log line.
    fn of(headers: &HeaderMap) -> Self {
        let is_sane = |id: &&str| {
            let sane = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
            (1..=LONGEST).contains(&id.len()) && id.bytes().all(sane)
        };
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(is_sane);
        Self(given.map_or_else(|| Uuid::now_v7().to_string().into(), Into::into))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What goes around all others: the id, and the headers of [`Hardening`]. One layer costs less than two.
pub(crate) async fn identify_and_harden(
    State(hardening): State<Arc<Hardening>>,
    request: Request,
    next: Next,
) -> Response {
    identified(request, async |request| hardening.answer(request, next).await).await
}

/// The id alone.
pub(crate) async fn identify(request: Request, next: Next) -> Response {
    identified(request, async |request| next.run(request).await).await
}

/// Gives the request its id, runs it in a span that bears it, and answers with it. One line at level `info` tells
/// how it went, without the query, which may hold anything.
async fn identified(mut request: Request, answer: impl AsyncFnOnce(Request) -> Response) -> Response {
    let id = RequestId::of(request.headers());
    let span = tracing::info_span!("request", id = %id, method = %request.method(), path = request.uri().path());
    request.extensions_mut().insert(id.clone());
    let is_health = matches!(request.uri().path(), "/healthz" | "/readyz");
    let begun = Instant::now();
    let respond = async {
        let response = answer(request).await;
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let status = response.status().as_u16();
        // A look at the health is no news, and may come as fast as a client can send it.
        if is_health && status == 200 {
            tracing::debug!(status, micros, "answered");
        } else {
            tracing::info!(status, micros, "answered");
        }
        response
    };
    let mut response = respond.instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// Makes an `INTERNAL` error of a panic. The panic's own text is for the log alone.
pub(crate) async fn catch_panic(request: Request, next: Next) -> Response {
    let id = id_of(request.extensions());
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            tracing::error!(request_id = %id, panic = text, "a request panicked");
            response::internal(Media::JSON, &id)
        }
    }
}

/// The id that a request was given.
pub(crate) fn id_of(extensions: &axum::http::Extensions) -> RequestId {
    extensions.get().cloned().unwrap_or_else(|| RequestId(Arc::from("none")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_another_replaced() {
        let id = |value: &str| RequestId::of(&HeaderMap::from_iter([(HEADER, HeaderValue::from_str(value).unwrap())]));
        assert_eq!(id("abc-1.2_3:4").as_str(), "abc-1.2_3:4");
        for value in ["", "a b", "a\"b", "{a}", &"a".repeat(LONGEST + 1)] {
            assert_eq!(id(value).as_str().len(), 36, "{value}");
        }
        assert_eq!(RequestId::of(&HeaderMap::new()).as_str().len(), 36);
    }
}
