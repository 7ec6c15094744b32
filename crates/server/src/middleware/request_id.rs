//! An id for each request, which the client and the log both get; and the end of panics.

use std::{fmt, net::IpAddr, panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt;
use uuid::Uuid;

use super::{address, harden::Hardening, request_log::logged};
use crate::graphql::{accept::Media, response};

/// The header the id comes and goes in.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 64;

/// The id of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The client's or its proxy's id when it is a sane one, else a new one. A sane id cannot break a log line.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let is_sane = |id: &&str| {
            let sane = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
            (1..=LONGEST).contains(&id.len()) && id.bytes().all(sane)
        };
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(is_sane);
        Self(given.map_or_else(|| Uuid::now_v7().to_string().into(), Into::into))
    }

    /// The id that a request was given before.
    pub(crate) fn given(id: &str) -> Self {
        Self(id.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Answers with it.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(HEADER, value);
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What goes around all others: the id, the log, and the headers of [`Hardening`]. One layer costs less than two.
pub(crate) async fn identify_and_harden(
    State(hardening): State<Arc<Hardening>>,
    request: Request,
    next: Next,
) -> Response {
    let client = hardening.client(request.headers(), request.extensions());
    identified(request, client, async |request| hardening.answer(request, next).await).await
}

/// The id and the log alone.
pub(crate) async fn identify(request: Request, next: Next) -> Response {
    let client = address::of(request.headers(), request.extensions(), &[]);
    identified(request, client, async |request| next.run(request).await).await
}

/// Gives the request its id, answers with it, and has the log tell of it.
async fn identified(
    mut request: Request,
    client: Option<IpAddr>,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let mut response = logged(request, &id, client, answer).await;
    id.tell(response.headers_mut());
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
