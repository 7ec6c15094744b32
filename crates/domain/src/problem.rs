//! What the person who asked for a change can mend.

use serde::{Deserialize, Serialize};

/// What kind of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProblemCode {
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
    /// Too many attempts; the message says how long to wait.
    Throttled,
    /// Somebody else than who wrote it has to agree first: the site wants four eyes on each text.
    FourEyes,
}

impl ProblemCode {
    /// All codes.
    pub const ALL: [Self; 15] = [
        Self::NotFound,
        Self::Conflict,
        Self::Required,
        Self::Invalid,
        Self::TooLong,
        Self::Taken,
        Self::WrongState,
        Self::StillLive,
        Self::NotLive,
        Self::WasPublished,
        Self::InUse,
        Self::KeyReused,
        Self::WrongCredentials,
        Self::Throttled,
        Self::FourEyes,
    ];
}

/// Why a change was not made, for whoever can mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The kind.
    pub code: ProblemCode,
    /// Where in the input, from the outside in; empty when it is no field's.
    pub field: Vec<String>,
    /// In words.
    pub message: String,
}

impl Problem {
    /// A problem of a field, given as a path with dots: `content.slug`. The empty path means the whole input.
    #[must_use]
    pub fn new(code: ProblemCode, field: &str, message: impl Into<String>) -> Self {
        let field = field.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { code, field, message: message.into() }
    }
}
