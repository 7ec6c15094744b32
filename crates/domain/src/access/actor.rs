//! The names of those who do things.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{ApiTokenId, UserId};

/// Who did something, as revisions, the audit log and tokens name them: `user:<uuid>`, `token:<uuid>`,
/// `oidc:<issuer>#<subject>`, or a word for the program itself (`import`, `courant`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActorId(String);

impl ActorId {
    /// The program itself, run by whoever owns the machine.
    #[must_use]
    pub fn program() -> Self {
        Self("courant".to_owned())
    }

    /// Somebody who signs in with a password.
    #[must_use]
    pub fn user(id: UserId) -> Self {
        Self(format!("user:{id}"))
    }

    /// A machine.
    #[must_use]
    pub fn token(id: ApiTokenId) -> Self {
        Self(format!("token:{id}"))
    }

    /// Somebody whom an external issuer vouches for.
    #[must_use]
    pub fn external(issuer: &str, subject: &str) -> Self {
        Self(format!("oidc:{issuer}#{subject}"))
    }

    /// The user behind the name, if it is one.
    #[must_use]
    pub fn as_user(&self) -> Option<UserId> {
        Some(uuid::Uuid::parse_str(self.0.strip_prefix("user:")?).ok()?.into())
    }

    /// The machine's token behind the name, if it is one.
    #[must_use]
    pub fn as_token(&self) -> Option<ApiTokenId> {
        Some(uuid::Uuid::parse_str(self.0.strip_prefix("token:")?).ok()?.into())
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ActorId {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
