//! Answers to what was asked before, in front of everything else.
//!
//! What is sent again byte for byte, by nobody in particular, leads to the answer it led to before (`cache`). No route and no
//! layer has anything to do for it that is not done here, and taking their way is several times the work of finding the answer.
//!
//! *Invariant*: an answer from here is the one that the routes would give, header by header (`tests/http/front.rs` holds them against each
//! other). Where that cannot be said at once, as there is no room, or the log has to be looked at first, the routes are asked.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    response::Response,
};
use futures_util::{future::poll_fn, stream};
use http_body::Frame;
use tower::{Layer, ServiceExt, service_fn};

use crate::{
    cache::{CacheStatus, Kept},
    graphql::{
        accept::{self, Media},
        body,
        handler::GraphqlState,
        params::{self, Packing},
        response, sse, websocket,
    },
    middleware::{
        flow::Charge,
        harden::{Hardening, guard, without_length},
        request_id::RequestId,
        request_log::Line,
    },
    pieces::Pieces,
    reads::{self, Beacon},
    router::cors,
};

struct Front {
    graphql: Arc<GraphqlState>,
    hardening: Arc<Hardening>,
    beacon: Arc<Beacon>,
    /// What front ends of other origins are told of every answer.
    cors: HeaderMap,
}

/// Puts what is kept in front of the routes.
pub(crate) async fn in_front(
    graphql: Arc<GraphqlState>,
    hardening: Arc<Hardening>,
    beacon: Arc<Beacon>,
    routes: Router,
) -> Router {
    if !graphql.answers.is_on() {
        return routes;
    }
    let plain =
        cors().layer(service_fn(async |_: Request| Ok::<_, std::convert::Infallible>(Response::new(Body::empty()))));
    let cors = plain.oneshot(Request::new(Body::empty())).await.unwrap_or_else(|never| match never {});
    let front = Front { graphql, hardening, beacon, cors: cors.into_parts().0.headers };
    Router::new().fallback(answer).with_state((Arc::new(front), routes))
}

async fn answer(State((front, routes)): State<(Arc<Front>, Router)>, request: Request) -> Response {
    let is_beacon = request.method() == Method::POST && request.uri().path() == reads::PATH;
    match if is_beacon { front.taken(request).await } else { front.at_once(request).await } {
        Ok(response) => response,
        Err(request) => without_length(routes.oneshot(request).await.unwrap_or_else(|never| match never {})),
    }
}

impl Front {
    /// The answer to a request; the request, if it is not here.
    async fn at_once(&self, request: Request) -> Result<Response, Request> {
        let Some(media) = media(&request) else { return Err(request) };
        let (parts, body) = request.into_parts();
        let is_get = parts.method == Method::GET;
        let sent = match if is_get { Ok(Bytes::new()) } else { at_hand(body).await } {
            Ok(sent) => sent,
            Err(body) => return Err(Request::from_parts(parts, body)),
        };
        let asked = if is_get { parts.uri.query().unwrap_or_default().as_bytes() } else { &sent };
        let found =
            self.graphql.answers.at_once(is_get, asked).filter(|kept| !kept.is_packed_on_its_way(&parts.headers));
        let found = found.and_then(|kept| {
            let address = self.graphql.authentication.address(&parts);
            Some((self.graphql.flow.charge_at_once(address, kept.len())?, kept))
        });
        match found {
            Some((charge, kept)) => Ok(self.give(&parts, media, &kept, charge)),
            None => Err(Request::from_parts(parts, Body::from(sent))),
        }
    }

    /// Takes in what a beacon tells, if it has come and names something; the request, if not. There may be very many.
    async fn taken(&self, request: Request) -> Result<Response, Request> {
        if request.body().size_hint().exact().is_none_or(|length| length > reads::LONGEST as u64) {
            return Err(request);
        }
        let (parts, body) = request.into_parts();
        let sent = match at_hand(body).await {
            Ok(sent) => sent,
            Err(body) => return Err(Request::from_parts(parts, body)),
        };
        if !self.beacon.take(&parts, &sent) {
            return Err(Request::from_parts(parts, Body::from(sent)));
        }
        let id = RequestId::of(&parts.headers);
        let line =
            Line::begin(&parts.method, &parts.uri, &id, self.hardening.client(&parts.headers, &parts.extensions));
        Ok(self.dressed(guard(reads::taken()), &parts, &id, &line, 0))
    }

    fn give(&self, parts: &Parts, media: Media, kept: &Kept, charge: Charge) -> Response {
        let id = RequestId::of(&parts.headers);
        let line =
            Line::begin(&parts.method, &parts.uri, &id, self.hardening.client(&parts.headers, &parts.extensions));
        line.is_of(kept.operation.as_deref());
        let response = guard(response::kept((kept, CacheStatus::Hit), parts, media, &self.graphql, charge));
        self.dressed(response, parts, &id, &line, kept.cost)
    }

    /// What every answer bears, and the log's line of it.
    fn dressed(&self, mut response: Response, parts: &Parts, id: &RequestId, line: &Line, cost: u64) -> Response {
        let headers = response.headers_mut();
        headers.extend(self.hardening.hsts(&parts.headers, &parts.extensions));
        for (name, value) in &self.cors {
            headers.append(name, value.clone());
        }
        id.tell(headers);
        line.end(response.status(), cost, 0);
        response
    }
}

/// What an answer is to be written as, if this may be a request for one that is kept: by nobody in particular, and for one answer alone.
fn media(request: &Request) -> Option<Media> {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    if uri.path() != "/graphql" || headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    let is_whole = match *method {
        Method::GET => true,
        Method::POST => {
            let length = request.body().size_hint().exact();
            length.is_some_and(|length| length <= body::FREE as u64)
                && params::check_content_type(headers).is_ok_and(|packing| packing == Packing::None)
        }
        _ => false,
    };
    if !is_whole || websocket::is_upgrade(method, headers) || sse::is_single(method, headers, uri.query()) {
        return None;
    }
    accept::negotiate(headers).ok()?.media
}

/// All of a body, if it has come already; otherwise the body as it was.
async fn at_hand(mut body: Body) -> Result<Bytes, Body> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    match next_at_hand(&mut body).await {
        None => Err(body),
        Some(None) => Ok(Bytes::new()),
        Some(Some(Err(error))) => Err(Body::from_stream(stream::iter([Err::<Bytes, _>(error)]))),
        Some(Some(Ok(frame))) => match frame.into_data() {
            Ok(piece) if body.is_end_stream() => Ok(piece),
            Ok(piece) => Err(Body::new(Pieces::after(piece, body))),
            // Trailers are the last there is.
            Err(_) => Ok(Bytes::new()),
        },
    }
}

/// What comes next of a body, if it is there: a server reads what has come once it is asked for, so it is asked twice.
async fn next_at_hand(body: &mut Body) -> Option<Option<Result<Frame<Bytes>, axum::Error>>> {
    let mut has_asked = false;
    poll_fn(|task: &mut Context<'_>| match Pin::new(&mut *body).poll_frame(task) {
        Poll::Ready(frame) => Poll::Ready(Some(frame)),
        Poll::Pending if has_asked => Poll::Ready(None),
        Poll::Pending => {
            has_asked = true;
            task.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await
}
