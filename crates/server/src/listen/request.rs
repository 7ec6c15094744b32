//! A request on its way from the connection to the router, and its answer on the way back.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll, ready},
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::ConnectInfo,
    http::{HeaderValue, Method, Request, Response, StatusCode, Version, header, uri::Authority},
};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tower::ServiceExt;

use crate::{Stopping, middleware::harden};

use super::{
    carried::{self, Given},
    link::{Length, Link},
    pace::Paced,
    places::Standing,
    streams,
};

/// What requests are answered by.
#[derive(Clone)]
pub(super) struct Answerer {
    pub(super) router: Router,
    pub(super) stopping: Stopping,
    pub(super) link: Arc<Link>,
    pub(super) peer: SocketAddr,
    pub(super) standing: Standing,
}

impl Answerer {
    pub(super) fn answer(
        &self,
        request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response<Given>, Infallible>> + use<> {
        let Self { router, stopping, link, peer, standing } = self.clone();
        let is_stream = request.version() == Version::HTTP_2;
        let may_go_on = request.version() == Version::HTTP_11 && request.method() != Method::HEAD;
        let asked = link.ask();
        let has_body = !request.body().is_end_stream();
        if is_stream {
            link.is_http2.store(true, Ordering::Relaxed);
        } else {
            let length = match request.body().size_hint().exact() {
                Some(length) => Length::Exactly(length),
                None => Length::Chunked,
            };
            link.set_length(if has_body { length } else { Length::Exactly(0) });
            link.is_unread.store(has_body, Ordering::Relaxed);
        }
        let refused = refusal(&request, standing);
        let is_refused = refused.is_some();
        async move {
            let mut response = match refused {
                Some(refused) => refused,
                None => {
                    let link = Arc::clone(&link);
                    let mut request = request.map(|body| Reading { body, link });
                    // Who is at the other end, for whoever counts or records it.
                    request.extensions_mut().insert(ConnectInfo(peer));
                    router.oneshot(request).await.unwrap_or_else(|never| match never {})
                }
            };
            if is_stream {
                let pace = streams::pace().unwrap_or_default();
                drop(pace.link.set(link));
                return Ok(response.map(|body| Given::Written(Paced::new(body, pace, true, asked))));
            }
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                link.set_length(Length::Endless);
                asked.stay();
            } else if link.is_unread.load(Ordering::Relaxed) || is_refused || stopping.has_begun() {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            let pace = Arc::clone(&link.pace);
            if may_go_on && !link.is_unread.load(Ordering::Relaxed) && carried::goes_on(&response) {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                let carried = |body| Given::Carried(Some(Box::new(Paced::new(body, pace, false, asked))), link);
                return Ok(response.map(carried));
            }
            Ok(response.map(|body| Given::Written(Paced::new(body, pace, false, asked))))
        }
    }
}

/// The answer to a request that is not for the router.
fn refusal(request: &Request<Incoming>, standing: Standing) -> Option<Response<Body>> {
    let is_health = matches!(request.uri().path(), "/healthz" | "/readyz");
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    // RFC 9112, §3.2: what two ends see two hosts in is two requests.
    if second.is_some() || (host.is_none() && request.version() == Version::HTTP_11) {
        let message = "a request of HTTP/1.1 has one Host header";
        return Some(error(StatusCode::BAD_REQUEST, "BAD_REQUEST", message));
    }
    if host.is_some_and(|host| !is_host(host)) {
        let message = "the Host header is a name or an address, and perhaps a port";
        return Some(error(StatusCode::BAD_REQUEST, "BAD_REQUEST", message));
    }
    // One coding of a body is all that is read here, and two ends may read two in two ways.
    if request.headers().get_all(header::TRANSFER_ENCODING).iter().nth(1).is_some() {
        return Some(error(StatusCode::BAD_REQUEST, "BAD_REQUEST", "there are two Transfer-Encoding headers"));
    }
    match standing {
        Standing::Served => None,
        Standing::Crowded | Standing::Full if is_health => None,
        Standing::Crowded => {
            let message = "your address has too many connections; try again in a moment";
            Some(error(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", message))
        }
        Standing::Full => {
            let message = "there are too many connections; try again in a moment";
            Some(error(StatusCode::SERVICE_UNAVAILABLE, "BUSY", message))
        }
    }
}

/// The longest name there is (RFC 1035, §2.3.4), and a port.
const LONGEST_HOST: usize = 253 + 6;

/// Whether this can be a host (RFC 9110, §7.2); empty is that of a target without one.
fn is_host(value: &HeaderValue) -> bool {
    let value = value.as_bytes();
    let is_port = |port: &str| port.is_empty() || port.parse::<u16>().is_ok();
    value.is_empty()
        || (value.len() <= LONGEST_HOST
            && !value.contains(&b'@')
            && Authority::try_from(value).is_ok_and(|authority| {
                let (host, all) = (authority.host(), authority.as_str());
                host.contains(|c: char| c.is_ascii_alphanumeric() || c == ':')
                    && is_port(all[host.len()..].trim_start_matches(':'))
            }))
}

fn error(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    let body = serde_json::json!({ "errors": [{ "message": message, "extensions": { "code": code } }] });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status != StatusCode::BAD_REQUEST {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    harden::guard(response)
}

/// The body of a request, of which it is known whether it was read to its end.
struct Reading {
    body: Incoming,
    link: Arc<Link>,
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(task));
        if frame.is_none() || self.body.is_end_stream() {
            self.link.is_unread.store(false, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
