//! Headers that tell browsers what an answer must not do, on every answer there is.
//!
//! Front ends of other origins ask by CORS (`router`), which none of these is in the way of.

use std::{convert::Infallible, net::IpAddr, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::stream;

use super::{address, untrusted::Untrusted};
use crate::{site::Origin, state::TrustedProxies};

/// What may be done with an answer that is no page: nothing. Pages bring a policy of their own.
const NO_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
);

/// The same for all answers.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // What asks without CORS, as an image or a script, is no front end.
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// That browsers are to come by HTTPS alone from now on (RFC 6797), for this long; none when it is not ours to say.
#[derive(Debug, Clone)]
pub(crate) struct Hsts(Option<HeaderValue>);

impl Hsts {
    pub(crate) fn of(lasts: Duration) -> Self {
        let value = format!("max-age={}", lasts.as_secs());
        Self(HeaderValue::from_str(&value).ok().filter(|_| !lasts.is_zero()))
    }
}

/// What is to be known of where the site is.
pub(crate) struct Hardening {
    pub(crate) hsts: Hsts,
    pub(crate) origin: Origin,
    pub(crate) trusted_proxies: TrustedProxies,
    /// What is said of proxies that are not among them.
    pub(crate) untrusted: Untrusted,
}

impl Hardening {
    /// Answers a request, with the headers, where the site may be behind TLS.
    pub(crate) async fn answer(&self, request: Request, next: Next) -> Response {
        let hsts = self.hsts(request.headers(), request.extensions());
        let mut response = guard(next.run(request).await);
        response.headers_mut().extend(hsts);
        response
    }

    /// What an answer to a request that came by HTTPS says of it.
    pub(crate) fn hsts(&self, headers: &HeaderMap, extensions: &Extensions) -> Option<(HeaderName, HeaderValue)> {
        let hsts = self.hsts.0.clone().filter(|_| self.origin.is_secure(headers, extensions, &self.trusted_proxies))?;
        Some((header::STRICT_TRANSPORT_SECURITY, hsts))
    }

    /// From where a request comes; tells of proxies that are not believed.
    pub(crate) fn client(&self, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
        self.untrusted.look(headers, extensions, &self.trusted_proxies);
        address::of(headers, extensions, &self.trusted_proxies)
    }
}

/// An answer that says that nothing has changed, without a length: that of its empty body is not the one that the whole has, which
/// such an answer may tell alone (RFC 9110 §8.6). Routers put a length on whatever has a known one.
pub(crate) fn without_length(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from_stream(stream::empty::<Result<Bytes, Infallible>>());
    }
    response
}

/// Adds the headers that every answer has.
pub(crate) fn guard(response: Response) -> Response {
    let mut response = without_length(response);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NO_PAGE);
    response
}
