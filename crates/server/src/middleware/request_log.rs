//! What the log says of a request: a span that each of its lines bears, and one line for how it went.
//!
//! *Invariant*: what a client has written stands in it cleaned of what is not seen, and bounded: it can neither break a line nor
//! fill a disk. No query, no variable and no token stands in it.

use std::{cell::Cell, net::IpAddr, time::Instant};

use axum::{
    extract::Request,
    http::{Method, StatusCode, Uri},
    response::Response,
};
use courant_domain::text::clean_name;
use courant_gateway::Caller;
use courant_persistence::Statements;
use tracing::{Instrument, Span, field};

use super::request_id::RequestId;
use crate::reads;

/// How many characters of a name that a client gave are shown, and of a path.
const NAME: usize = 100;
const PATH: usize = 300;

tokio::task_local! {
    static COST: Cell<u64>;
}

/// What the log says of one request.
pub(crate) struct Line {
    span: Span,
    begun: Instant,
    is_told_of: bool,
}

impl Line {
    /// Begins with what is known when it comes.
    pub(crate) fn begin(method: &Method, uri: &Uri, id: &RequestId, client: Option<IpAddr>) -> Self {
        let span = tracing::info_span!(
            "request",
            %id,
            method = clean_name(method.as_str(), NAME),
            path = clean_name(uri.path(), PATH).unwrap_or_default(),
            client = client.map(field::display),
            actor = field::Empty,
            operation = field::Empty,
        );
        Self { span, begun: Instant::now(), is_told_of: !matches!(uri.path(), "/healthz" | "/readyz" | reads::PATH) }
    }

    /// Notes which operation is asked for.
    pub(crate) fn is_of(&self, operation: Option<&str>) {
        record_operation(&self.span, operation);
    }

    /// Writes it, without the query, which may hold anything.
    pub(crate) fn end(&self, status: StatusCode, cost: u64, statements: u32) {
        let micros = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let status = status.as_u16();
        // What was never priced, a file say, has no cost.
        let cost = Some(cost).filter(|cost| *cost > 0);
        self.span.in_scope(|| {
            // A look at the health is no news, and may come as fast as a client can send it; who reads what is nobody's concern.
            if !self.is_told_of && matches!(status, 200 | 204) {
                tracing::debug!(status, micros, cost, statements, "answered");
            } else {
                tracing::info!(status, micros, cost, statements, "answered");
            }
        });
    }
}

/// Answers a request within its span, and writes the line for it.
pub(crate) async fn logged(
    request: Request,
    id: &RequestId,
    client: Option<IpAddr>,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let line = Line::begin(request.method(), request.uri(), id, client);
    let span = line.span.clone();
    let statements = Statements::default();
    let respond = async {
        let response = statements.counted(answer(request)).await;
        line.end(response.status(), COST.with(Cell::get), statements.so_far());
        response
    };
    COST.scope(Cell::new(0), respond.instrument(span)).await
}

/// Notes who sends the request under way, as revisions and the audit log name them.
pub(crate) fn note_actor(caller: &Caller) {
    let actor = caller.viewer.as_ref().and_then(|viewer| clean_name(viewer.actor.as_str(), NAME));
    if let Some(actor) = actor {
        Span::current().record("actor", actor);
    }
}

/// Notes which operation the request under way asks for, by the name that its sender gives it.
pub(crate) fn note_operation(name: Option<&str>) {
    record_operation(&Span::current(), name);
}

fn record_operation(span: &Span, name: Option<&str>) {
    if !span.is_disabled() {
        let name = name.and_then(|name| clean_name(name, NAME));
        span.record("operation", name.as_deref().unwrap_or("anonymous"));
    }
}

/// Notes what an operation of the request under way costs.
pub(crate) fn note_cost(cost: u64) {
    // Whoever runs an operation outside of a request pays for it alone.
    _ = COST.try_with(|all| all.set(all.get().saturating_add(cost)));
}
