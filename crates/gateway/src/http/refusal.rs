//! What the transport answers instead of running an operation.

use async_graphql::Pos;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::error::{Error, ErrorCode};

/// A request that is not run: the errors to tell the client, and the status to tell them with.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) problems: Vec<Problem>,
    /// A header the status asks for, such as `Allow` beside 405.
    pub(super) header: Option<(HeaderName, HeaderValue)>,
    /// Whether it was a well-formed GraphQL-over-HTTP request whose document, operation or variables were wrong.
    /// Clients that ask for `application/json` by name are told so with status 200, as they always were.
    pub(super) of_document: bool,
}

/// One error, on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: ErrorCode,
    pub(super) message: String,
    pub(super) positions: Vec<Pos>,
}

impl Refusal {
    /// The HTTP request itself is wrong.
    pub(super) fn http(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, problems: vec![Problem::new(code, message)], header: None, of_document: false }
    }

    /// The HTTP request holds no GraphQL request.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::http(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    /// The document, the choice of its operation, or the variables are wrong.
    pub(super) fn document(problems: Vec<Problem>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, problems, header: None, of_document: true }
    }

    /// The document is over a limit.
    pub(super) fn limit(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::http(StatusCode::BAD_REQUEST, code, message)
    }

    /// Nothing was done, for a reason that passes by itself or once somebody has seen to it; none when it is another one.
    pub(super) fn outage(error: Error) -> Option<Self> {
        let (code, message) = error.into_parts();
        let refusal = Self::http(code.outage()?, code, message);
        Some(match code.retry_after() {
            Some(seconds) => refusal.with_header(header::RETRY_AFTER, seconds.into()),
            None => refusal,
        })
    }

    pub(super) fn with_header(self, name: HeaderName, value: HeaderValue) -> Self {
        Self { header: Some((name, value)), ..self }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::document(vec![problem])
    }
}

impl Problem {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), positions: Vec::new() }
    }

    pub(super) fn at(self, position: Pos) -> Self {
        Self { positions: vec![position], ..self }
    }

    pub(super) fn validation(message: impl Into<String>, position: Pos) -> Self {
        Self::new(ErrorCode::ValidationFailed, message).at(position)
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
