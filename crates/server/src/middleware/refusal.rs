//! What the transport answers instead of running an operation.

use async_graphql::Pos;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use courant_gateway::error::{Error, ErrorCode};
use courant_graphql::{Rejection, RequestError};
use courant_persistence::StoreError;
use serde::{Serialize, Serializer, ser::SerializeMap};

/// A request that is not run: the errors to tell the client, and the status to tell them with.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) problems: Vec<Problem>,
    /// A header the status asks for, such as `Allow` beside 405.
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    /// Whether it was a well-formed GraphQL-over-HTTP request whose document, operation or variables were wrong.
    /// Clients that ask for `application/json` by name are told so with status 200, as they always were.
    pub(crate) of_document: bool,
}

/// One error, on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    pub(crate) positions: Vec<Pos>,
}

impl Refusal {
    /// The HTTP request itself is wrong.
    pub(crate) fn http(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, problems: vec![Problem::new(code, message)], header: None, of_document: false }
    }

    /// The HTTP request holds no GraphQL request.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::http(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    /// The document, the choice of its operation, or the variables are wrong.
    pub(crate) fn document(problems: Vec<Problem>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, problems, header: None, of_document: true }
    }

    /// The document is over a limit.
    pub(crate) fn limit(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::http(StatusCode::BAD_REQUEST, code, message)
    }

    /// Nothing was done, for a reason that passes by itself or once somebody has seen to it; none when it is another one.
    pub(crate) fn outage(error: Error) -> Option<Self> {
        let (code, message) = error.into_parts();
        let refusal = Self::http(outage_status(code)?, code, message);
        Some(match retry_after(code) {
            Some(seconds) => refusal.with_header(header::RETRY_AFTER, seconds.into()),
            None => refusal,
        })
    }

    /// Whether the document is none, or does not fit the schema.
    pub(crate) fn is_of_schema(&self) -> bool {
        let is_it = |problem: &Problem| matches!(problem.code, ErrorCode::ParseFailed | ErrorCode::ValidationFailed);
        self.problems.iter().any(is_it)
    }

    /// A subscription was sent as a request that is answered once.
    pub(crate) fn needs_stream() -> Self {
        let message = "a subscription has several answers: ask for it with Accept: text/event-stream, or with Accept: \
                       multipart/mixed;subscriptionSpec=1.0, or over a WebSocket (graphql-transport-ws)";
        Self::http(StatusCode::NOT_ACCEPTABLE, ErrorCode::NotAcceptable, message)
    }

    /// The database could not be asked.
    pub(crate) fn of_store(error: &StoreError) -> Self {
        let internal = || Self::http(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, "internal error");
        Self::outage(Error::of_store(error)).unwrap_or_else(internal)
    }

    pub(crate) fn with_header(self, name: HeaderName, value: HeaderValue) -> Self {
        Self { header: Some((name, value)), ..self }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::document(vec![problem])
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let problems = rejection.errors.into_iter().map(Problem::from).collect();
        Self { of_document: !rejection.is_over_limit, ..Self::document(problems) }
    }
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        Self { code: error.code.into(), message: error.message, positions: error.positions }
    }
}

/// The status of an answer in which every field failed for this reason, where it is the service's and passes.
pub(crate) const fn outage_status(code: ErrorCode) -> Option<StatusCode> {
    match code {
        ErrorCode::StorageFull => Some(StatusCode::INSUFFICIENT_STORAGE),
        ErrorCode::Busy | ErrorCode::Unavailable => Some(StatusCode::SERVICE_UNAVAILABLE),
        _ => None,
    }
}

/// How many seconds a client is to wait before it sends the request again, where the status is one that has such a header.
pub(crate) const fn retry_after(code: ErrorCode) -> Option<u16> {
    match code {
        ErrorCode::Busy => Some(1),
        ErrorCode::Unavailable => Some(5),
        _ => None,
    }
}

impl Problem {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), positions: Vec::new() }
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Extensions {
            code: &'static str,
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("message", &self.message)?;
        if !self.positions.is_empty() {
            map.serialize_entry("locations", &self.positions)?;
        }
        map.serialize_entry("extensions", &Extensions { code: self.code.as_str() })?;
        map.end()
    }
}
