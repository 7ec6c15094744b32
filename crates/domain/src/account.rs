//! Users who sign in, and machines' tokens.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::{ActorId, Grant, Viewer},
    id::{ApiTokenId, UserId},
};

/// The longest name of a user or a token, in characters.
pub const MAX_NAME: usize = 200;

/// An email address, as it is compared: trimmed and in lower case.
///
/// Only its form is looked at: something before and behind one `@`, no spaces, at most 254 bytes (RFC 5321
/// §4.5.3.1). Whether mail arrives is for whoever sends it to find out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is no email address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an email address")]
pub struct EmailError;

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// [`EmailError`] when it has not the form of one.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control());
        let fits = text.len() <= 254 && plain(local) && plain(domain) && !local.contains('@');
        if fits { Ok(Self(text)) } else { Err(EmailError) }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Self, EmailError> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody who signs in with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// What they sign in with; unique.
    pub email: Email,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub grants: Vec<Grant>,
    /// When they were made.
    pub created_at: Timestamp,
    /// Since when they cannot sign in, if so.
    pub disabled_at: Option<Timestamp>,
}

impl User {
    /// The user as somebody who has shown who they are.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        Viewer { actor: ActorId::user(self.id), name: self.name.clone(), grants: self.grants.clone() }
    }
}

/// A machine's token; the token itself is not kept, only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// The token's id.
    pub id: ApiTokenId,
    /// What it is for, in words.
    pub name: String,
    /// What it may do.
    pub grants: Vec<Grant>,
    /// Who made it.
    pub created_by: ActorId,
    /// The user who answers for it: who made it, or to whom it was passed. It never has more than they have now. None
    /// where no user does: it was made on the server, or by somebody whom an external issuer vouches for.
    pub owner: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_lower_case() {
        assert_eq!(Email::parse(" Ana@Example.ORG ").unwrap().as_str(), "ana@example.org");
        for text in ["", "ana", "@example.org", "ana@", "a b@example.org", "a@b@c", "a\n@b.c"] {
            assert_eq!(Email::parse(text), Err(EmailError), "{text:?}");
        }
        assert!(Email::parse(&format!("{}@example.org", "a".repeat(250))).is_err());
    }
}
