//! Reads, as readers' browsers tell of them: `POST /reads`, which `navigator.sendBeacon` can send.
//!
//! *Invariant*: the answer says nothing of what came of it: neither whether there is such a thing, live or not, nor whether somebody
//! at the same address has read it today.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
    response::Response,
};
use courant_domain::reading::EditionName;
use courant_gateway::error::ErrorCode;
use courant_persistence::Store;
use courant_reads::{Counter, Settings};

use crate::{
    graphql::{accept::Media, response},
    middleware::{address, refusal::Refusal, request_id::id_of},
    site::Origin,
    state::TrustedProxies,
};

/// Where it is.
pub(crate) const PATH: &str = "/reads";

/// An id has 64 characters at the most; what is longer is none.
pub(crate) const LONGEST: usize = 256;

/// How reads are counted, and from where.
#[derive(Debug, Clone)]
pub struct Reads {
    /// What is counted.
    pub settings: Settings,
    /// How often what was counted is written: so much is lost when the machine fails. 5 seconds.
    pub flush: Duration,
    /// Where else pages of the site are, beside its own address. Nowhere.
    pub from: Vec<Origin>,
}

impl Default for Reads {
    fn default() -> Self {
        Self { settings: Settings::default(), flush: Duration::from_secs(5), from: Vec::new() }
    }
}

/// Which requests may be of a reader's, before one of the site's pages.
#[derive(Debug, Clone)]
pub(crate) struct Here {
    pub(crate) origin: Origin,
    pub(crate) from: Arc<[Origin]>,
    pub(crate) trusted_proxies: TrustedProxies,
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Headers by which browsers say that they fetch something that nobody looks at yet.
const PURPOSES: [HeaderName; 4] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
    HeaderName::from_static("x-purpose"),
    HeaderName::from_static("x-moz"),
];

impl Here {
    /// Whether a request may be of somebody's who looks at one of the site's pages, or reads by something that is no browser.
    pub(crate) fn is_reading(&self, parts: &Parts) -> bool {
        !is_ahead(&parts.headers) && self.is_of_the_site(parts)
    }

    fn is_of_the_site(&self, parts: &Parts) -> bool {
        let mut origins = parts.headers.get_all(header::ORIGIN).iter();
        if let Some(origin) = origins.next() {
            let is_from = |from: &Origin| from.known().is_some_and(|from| from.as_bytes() == origin.as_bytes());
            let is_own = || self.origin.of(parts, &self.trusted_proxies).as_bytes() == origin.as_bytes();
            return origins.next().is_none() && (self.from.iter().any(is_from) || is_own());
        }
        // A browser that sends no `Origin` says by this header whose page it is (Fetch Metadata).
        let site = parts.headers.get(SEC_FETCH_SITE).map(axum::http::HeaderValue::as_bytes);
        site.is_none_or(|site| matches!(site, b"same-origin" | b"none"))
    }
}

/// Whether it is fetched before anybody wants to see it.
fn is_ahead(headers: &HeaderMap) -> bool {
    let says = |value: &axum::http::HeaderValue| {
        let value = value.as_bytes().to_ascii_lowercase();
        ["prefetch", "prerender", "preview"]
            .iter()
            .any(|word| value.windows(word.len()).any(|it| it == word.as_bytes()))
    };
    PURPOSES.iter().any(|name| headers.get_all(name).iter().any(says))
}

/// What counts what beacons tell.
pub(crate) struct Beacon {
    pub(crate) counter: Arc<Counter>,
    pub(crate) store: Store,
    pub(crate) here: Here,
    pub(crate) patience: Duration,
}

impl Beacon {
    /// Takes in what a beacon tells that is whole. Whether it names something that can be read.
    pub(crate) fn take(&self, parts: &Parts, sent: &[u8]) -> bool {
        let edition = match parts.uri.query() {
            Some(query) => named(query),
            None => std::str::from_utf8(sent).ok().and_then(|text| EditionName::of_global_id(text.trim())),
        };
        let Some(edition) = edition else { return false };
        if self.here.is_reading(parts) {
            let address = address::of(&parts.headers, &parts.extensions, &self.here.trusted_proxies);
            let program = parts.headers.get(header::USER_AGENT).map_or(&b""[..], axum::http::HeaderValue::as_bytes);
            self.counter.count(self.store.now(), address, program, edition);
        }
        true
    }

    /// The same of one whose body is still to come.
    async fn read(&self, parts: &Parts, body: Body) -> Result<(), Refusal> {
        let sent = match parts.uri.query() {
            Some(_) => Bytes::new(),
            None => tokio::time::timeout(self.patience, to_bytes(body, LONGEST))
                .await
                .map_err(|_| late())?
                .map_err(|_| too_long())?,
        };
        if self.take(parts, &sent) {
            return Ok(());
        }
        let message = "wanted is the id of an article or a decree, as the body or as the parameter `id`";
        Err(Refusal::http(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message))
    }
}

fn late() -> Refusal {
    Refusal::http(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, "the body did not arrive in time")
}

fn too_long() -> Refusal {
    let message = format!("wanted is an id, which has no more than {LONGEST} bytes");
    Refusal::http(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::BadRequest, message)
}

/// What the one parameter names.
fn named(query: &str) -> Option<EditionName> {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let (name, id) = parameters.next()?;
    if name != "id" || parameters.next().is_some() {
        return None;
    }
    EditionName::of_global_id(&id)
}

/// `POST /reads`.
pub(crate) async fn beacon(State(beacon): State<Arc<Beacon>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match beacon.read(&parts, body).await {
        Ok(()) => taken(),
        Err(refusal) => response::refused(refusal, Media::JSON, &id_of(&parts.extensions)),
    }
}

/// What a beacon is answered, whatever came of it.
pub(crate) fn taken() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn is_reading(headers: &[(&str, &str)]) -> bool {
        let here = Here {
            origin: Origin::OF_REQUEST,
            from: [Origin::parse("https://app.example.org").unwrap()].into(),
            trusted_proxies: [].into(),
        };
        let request = Request::builder().header("host", "news.example.org");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        here.is_reading(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn pages_of_the_site_and_apps_are_of_readers() {
        assert!(is_reading(&[]));
        assert!(is_reading(&[("origin", "http://news.example.org"), ("sec-fetch-site", "same-origin")]));
        assert!(is_reading(&[("origin", "https://app.example.org"), ("sec-fetch-site", "cross-site")]));
        assert!(is_reading(&[("sec-fetch-site", "same-origin")]));
        assert!(is_reading(&[("sec-fetch-site", "none")]));
    }

    #[test]
    fn pages_of_others_are_not() {
        for headers in [
            &[("origin", "https://evil.example.net")][..],
            &[("origin", "null")],
            &[("origin", "https://news.example.org.evil.example.net")],
            &[("origin", "http://news.example.org"), ("origin", "https://evil.example.net")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
        ] {
            assert!(!is_reading(headers), "{headers:?}");
        }
    }

    #[test]
    fn what_is_fetched_ahead_is_not() {
        for header in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "Prefetch"),
            ("x-purpose", "preview"),
            ("x-moz", "prefetch"),
        ] {
            assert!(!is_reading(&[header]), "{header:?}");
        }
    }

    #[test]
    fn one_parameter_names_what_was_read() {
        let id = courant_domain::global_id::GlobalId {
            kind: courant_domain::global_id::NodeKind::Article,
            id: uuid::Uuid::from_u128(7),
            locale: courant_domain::locale::Locale::ENGLISH,
        };
        assert!(named(&format!("id={}", id.encode())).is_some());
        for query in ["", "id=", "id=x", &format!("id={0}&id={0}", id.encode()), &format!("ids={}", id.encode())] {
            assert!(named(query).is_none(), "{query}");
        }
    }
}
