//! Why a request is not run: the *request errors* of the specification (GraphQL, September 2025, §7.1.2).

use async_graphql::Pos;

/// What is wrong with a request, as `extensions.code` of its errors says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestErrorCode {
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// The document has no operation of the name, or several and no name was given.
    OperationNotFound,
    /// A value that does not fit its place.
    BadUserInput,
    /// The text of the document is larger than the limit.
    DocumentTooLarge,
    /// The document has more tokens than the limit.
    TooManyTokens,
    /// Fields are nested deeper than the limit.
    TooDeep,
    /// The document has more aliases than the limit.
    TooManyAliases,
    /// The document has more directives than the limit.
    TooManyDirectives,
    /// The operation asks for more fields at its root than the limit.
    TooManyRootFields,
    /// The fragments of the document unfold to more fields than the limit.
    ExpansionTooLarge,
    /// The operation may cost more than the limit.
    TooCostly,
}

/// One error, on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestError {
    /// What sort of error it is.
    pub code: RequestErrorCode,
    /// What the client reads of it.
    pub message: String,
    /// Where in the document it is.
    pub positions: Vec<Pos>,
}

/// A request that is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Why: at least one error.
    pub errors: Vec<RequestError>,
    /// Whether it is over a limit; if not, its document, the choice of its operation, or its variables are wrong.
    pub is_over_limit: bool,
}

impl Rejection {
    /// The document, the choice of its operation, or the variables are wrong.
    pub(crate) const fn document(errors: Vec<RequestError>) -> Self {
        Self { errors, is_over_limit: false }
    }

    /// The document is over a limit.
    pub(crate) fn limit(code: RequestErrorCode, message: impl Into<String>) -> Self {
        Self { errors: vec![RequestError::new(code, message)], is_over_limit: true }
    }
}

impl From<RequestError> for Rejection {
    fn from(error: RequestError) -> Self {
        Self::document(vec![error])
    }
}

impl RequestError {
    /// An error of no place in particular.
    pub(crate) fn new(code: RequestErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), positions: Vec::new() }
    }

    /// The same error, at this place alone.
    pub(crate) fn at(self, position: Pos) -> Self {
        Self { positions: vec![position], ..self }
    }

    /// The document does not fit the schema here.
    pub(crate) fn validation(message: impl Into<String>, position: Pos) -> Self {
        Self::new(RequestErrorCode::ValidationFailed, message).at(position)
    }
}
