//! What whoever asked for a change can mend.

use async_graphql::{Enum, SimpleObject};
use courant_domain::problem as domain;

/// Why a change was not made, for whoever asked for it to mend. Nothing was changed.
#[derive(SimpleObject)]
pub(crate) struct UserError {
    /// What kind of problem it is.
    code: UserErrorCode,
    /// Where in the input, from the outside in; empty when it is no field's.
    field: Vec<String>,
    /// In words, for people.
    message: String,
}

impl From<domain::Problem> for UserError {
    fn from(problem: domain::Problem) -> Self {
        Self { code: problem.code.into(), field: problem.field, message: problem.message }
    }
}

/// What can be wrong with a change that was asked for.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::ProblemCode")]
pub(crate) enum UserErrorCode {
    /// What is named does not exist, or the viewer does not see it.
    NotFound,
    /// The change was not based on the newest revision; the newest one is with the answer.
    Conflict,
    /// Something that readers need is missing.
    Required,
    /// A value that cannot be.
    Invalid,
    /// A text longer than it may be; the message says how long that is.
    TooLong,
    /// Something that must be unique is taken.
    Taken,
    /// The step does not lead anywhere from the state this is in.
    WrongState,
    /// It is live and has to be unpublished first.
    StillLive,
    /// It is not live.
    NotLive,
    /// It was published before, so that it cannot be deleted.
    WasPublished,
    /// Something that readers see names it, so that it cannot be deleted; the message says what.
    InUse,
    /// The idempotency key was used before, for something else.
    KeyReused,
    /// Email address and password do not belong together, or a refresh token no longer carries a session on.
    WrongCredentials,
    /// Too many attempts; the message says how long to wait, and the header Retry-After, too.
    Throttled,
    /// Somebody else than who wrote it has to agree first: the site wants four eyes on each text.
    FourEyes,
}
