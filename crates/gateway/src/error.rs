//! Errors as clients see them: a code of the enum below in `extensions.code`, and a message that never holds
//! internal text.

use async_graphql::{ErrorExtensions, Name, Value};
use courant_graphql::RequestErrorCode;
use courant_persistence::StoreError;
use strum::{IntoStaticStr, VariantArray};

/// Every code that can stand in `errors[].extensions.code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// The HTTP request holds no GraphQL request.
    BadRequest,
    /// Nothing is at this address of the server.
    NotFound,
    /// The body did not arrive in time.
    RequestTimeout,
    /// The document has no operation of the name, or several and no name was given.
    OperationNotFound,
    /// The operation cannot be run by this HTTP method.
    MethodNotAllowed,
    /// The body's media type is none we read.
    UnsupportedMediaType,
    /// None of the media types the client accepts is one we write.
    NotAcceptable,
    /// The body is larger than the limit.
    PayloadTooLarge,
    /// Several operations in one request.
    BatchingNotSupported,
    /// A document was named by its hash that nobody has sent here lately.
    PersistedQueryNotFound,
    /// A document was named by its hash where only trusted ones are run.
    PersistedQueryNotSupported,
    /// A document was named by an id that none has.
    PersistedDocumentNotFound,
    /// A document that the site does not trust, where only trusted ones are run.
    DocumentNotTrusted,
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
    /// A page of more items than the limit.
    PageTooLarge,
    /// An argument that means nothing.
    BadUserInput,
    /// A cursor that is none, or another list's.
    BadCursor,
    /// The changes after this cursor are not known: it is of another state of the database than the one that is here.
    StaleCursor,
    /// The index of the search is being built, and there is none before it.
    SearchRebuilding,
    /// A locale that the site does not publish in.
    UnknownLocale,
    /// Nobody has shown who they are, or what they showed does not hold.
    Unauthenticated,
    /// The viewer may not do this.
    Forbidden,
    /// The answer is larger than the limit.
    AnswerTooLarge,
    /// The text of the document is larger than the limit.
    DocumentTooLarge,
    /// The client has more requests under way, or sends them faster, than is allowed.
    TooManyRequests,
    /// Nothing can be written for now, because the storage is full.
    StorageFull,
    /// What is needed is in use for longer than it is waited for.
    Busy,
    /// The database is away.
    Unavailable,
    /// A change may have been made, or not.
    OutcomeUnknown,
    /// Our fault; the request id beside it is in the log.
    Internal,
}

impl ErrorCode {
    /// All codes, for the docs.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Whether the reason is the service's and passes: the request may be sent again as it is.
    #[must_use]
    pub const fn is_outage(self) -> bool {
        matches!(self, Self::StorageFull | Self::Busy | Self::Unavailable | Self::SearchRebuilding)
    }

    /// The code of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// The code as clients see it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What a resolver fails with. It has no `Display`, so that `?` cannot make client text of any other error:
/// each one is turned into this on purpose.
#[derive(Debug, Clone)]
pub struct Error {
    code: ErrorCode,
    message: String,
}

impl Error {
    /// An error of the client's making; the message is for it to read.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// An error of the store: what passes by itself has a code of its own, anything else is ours.
    #[must_use]
    pub fn of_store(error: &StoreError) -> Self {
        let (code, message) = match error {
            StoreError::TooSlow => {
                (ErrorCode::TooCostly, "this takes too long to find; ask for less at once, or for it in another order")
            }
            StoreError::StorageFull => (ErrorCode::StorageFull, "nothing can be written now: the storage is full"),
            StoreError::Busy => (ErrorCode::Busy, "the database is busy; try again in a moment"),
            StoreError::Unavailable | StoreError::Unreachable(_) | StoreError::NotAdmitted(_) => {
                (ErrorCode::Unavailable, "the database is unavailable; try again in a moment")
            }
            StoreError::OutcomeUnknown => (
                ErrorCode::OutcomeUnknown,
                "it is not known whether this was done: look, or send it again under the same idempotency key",
            ),
            other => return Self::internal(other),
        };
        // The store says once when an outage begins and when it ends.
        if code.is_outage() {
            tracing::debug!(%error, "a resolver was refused by the store");
        } else {
            tracing::warn!(%error, "a resolver was refused by the store");
        }
        Self::new(code, message)
    }

    /// The same error of something that was done all the same, and of which only the answer is missing.
    pub(crate) fn but_done(self) -> Self {
        if self.code.is_outage() {
            return Self { message: format!("this was done, but cannot be shown: {}", self.message), ..self };
        }
        self
    }

    /// What it is, and what is said of it.
    #[must_use]
    pub fn into_parts(self) -> (ErrorCode, String) {
        (self.code, self.message)
    }

    /// An error of ours. What it was goes into the log, not to the client.
    #[must_use]
    pub fn internal(error: &dyn std::error::Error) -> Self {
        let source = error.source().map(ToString::to_string);
        tracing::error!(%error, source, "a resolver failed");
        Self { code: ErrorCode::Internal, message: "internal error".to_owned() }
    }

    /// The same, of something that must be there and is not.
    pub(crate) fn missing(what: &str) -> Self {
        tracing::error!(what, "something that must be there is not");
        Self { code: ErrorCode::Internal, message: "internal error".to_owned() }
    }
}

/// What the specification's part of the way finds wrong has the same names here.
impl From<RequestErrorCode> for ErrorCode {
    fn from(code: RequestErrorCode) -> Self {
        match code {
            RequestErrorCode::ParseFailed => Self::ParseFailed,
            RequestErrorCode::ValidationFailed => Self::ValidationFailed,
            RequestErrorCode::OperationNotFound => Self::OperationNotFound,
            RequestErrorCode::BadUserInput => Self::BadUserInput,
            RequestErrorCode::DocumentTooLarge => Self::DocumentTooLarge,
            RequestErrorCode::TooManyTokens => Self::TooManyTokens,
            RequestErrorCode::TooDeep => Self::TooDeep,
            RequestErrorCode::TooManyAliases => Self::TooManyAliases,
            RequestErrorCode::TooManyDirectives => Self::TooManyDirectives,
            RequestErrorCode::TooManyRootFields => Self::TooManyRootFields,
            RequestErrorCode::ExpansionTooLarge => Self::ExpansionTooLarge,
            RequestErrorCode::TooCostly => Self::TooCostly,
        }
    }
}

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        Self::new(error.message).extend_with(|_, extensions| {
            extensions.set("code", Value::Enum(Name::new(error.code.as_str())));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_told_from_what_is_ours() {
        for (error, code) in [
            (StoreError::TooSlow, ErrorCode::TooCostly),
            (StoreError::StorageFull, ErrorCode::StorageFull),
            (StoreError::Busy, ErrorCode::Busy),
            (StoreError::Unavailable, ErrorCode::Unavailable),
            (StoreError::Unreachable("10.0.0.1".to_owned()), ErrorCode::Unavailable),
            (StoreError::OutcomeUnknown, ErrorCode::OutcomeUnknown),
            (StoreError::Corrupt("a row".to_owned()), ErrorCode::Internal),
        ] {
            let told = Error::of_store(&error);
            assert_eq!(told.code, code);
            assert!(!told.message.contains("10.0.0.1") && !told.message.contains("row"), "{}", told.message);
        }
    }
}
