//! Answers one after the other over one HTTP response.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt, stream};

use super::{handler::GraphqlState, multipart, response, sse};
use crate::{
    Stopping,
    subscription::{Message, Step, Subscription},
};

/// How often something is sent where nothing happens, for whatever is in between to keep the connection.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(12);

/// When clients are to come back to a server that stops: between one and five seconds on, so that those who began at different moments
/// do not come all at once.
pub(super) fn come_back_in(begun: Instant) -> Duration {
    Duration::from_millis(1_000 + u64::from(begun.elapsed().subsec_micros() / 250))
}

/// How several answers are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// As Server-Sent Events (GraphQL over SSE).
    Events,
    /// As parts of one message (Apollo's multipart protocol for subscriptions).
    Multipart,
}

/// What is written to a client of a stream.
#[derive(Debug)]
pub(super) enum Written<'a> {
    /// The beginning.
    Opening,
    /// An answer.
    Next(&'a Message),
    /// Nothing, so that the connection is used.
    KeepAlive,
    /// The server ends it, and would have the client come back after so long.
    Parting(Duration),
    /// The end.
    Complete,
}

impl Stream {
    fn write(self, written: &Written<'_>) -> Bytes {
        match self {
            Self::Events => sse::write(written),
            Self::Multipart => multipart::write(written),
        }
    }

    /// One answer and no more.
    pub(super) fn once(self, payload: Bytes) -> Response {
        let message = Message { payload, cursor: None };
        let all = [Written::Opening, Written::Next(&message), Written::Complete];
        self.respond(Body::from(all.map(|written| self.write(&written)).concat()))
    }

    /// What comes of a subscription.
    pub(super) fn follow(self, subscription: Subscription, state: &GraphqlState) -> Response {
        let first = stream::once(async move { self.write(&Written::Opening) });
        let following =
            Following { subscription, stopping: state.stopping.clone(), begun: Instant::now(), is_over: false };
        let rest = stream::unfold(following, move |mut following| async move {
            let bytes = following.next(self).await?;
            Some((bytes, following))
        });
        self.respond(Body::from_stream(first.chain(rest).map(Ok::<_, Infallible>)))
    }

    pub(super) fn respond(self, body: Body) -> Response {
        let content_type = match self {
            Self::Events => "text/event-stream; charset=utf-8",
            Self::Multipart => multipart::CONTENT_TYPE,
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("accept"));
        // nginx would wait until it has more.
        headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
        response
    }
}

/// A subscription that is sent over a response of its own.
struct Following {
    subscription: Subscription,
    stopping: Stopping,
    begun: Instant,
    is_over: bool,
}

impl Following {
    async fn next(&mut self, stream: Stream) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        tokio::select! {
            step = self.subscription.next() => Some(match step {
                Step::Next(message) => stream.write(&Written::Next(&message)),
                Step::Ended(ending) => {
                    self.is_over = true;
                    let message = Message { payload: response::ended(ending), cursor: None };
                    [stream.write(&Written::Next(&message)), stream.write(&Written::Complete)].concat().into()
                }
            }),
            () = self.stopping.begun() => {
                self.is_over = true;
                Some(stream.write(&Written::Parting(come_back_in(self.begun))))
            }
            () = tokio::time::sleep(KEEP_ALIVE) => Some(stream.write(&Written::KeepAlive)),
        }
    }
}
