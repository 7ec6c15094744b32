//! Short-lived tokens of our own, which any node can check without asking the database: JWTs (RFC 7519) signed
//! with HMAC-SHA256 (`HS256`, RFC 7518 §3.2).
//!
//! There are two: *access tokens*, which a session gives out for some minutes, and *preview tokens*, which show one
//! revision to whoever has the link. Neither can be taken for the other, three times over: each has its own key,
//! derived from the [`ServerSecret`] by HKDF-SHA256 (RFC 5869); its own `typ` (RFC 8725 §3.11); and its own `aud`.
//!
//! What attacks on JWTs live on is not there: a token's header is not interpreted but compared with the only one
//! there is, so there is no algorithm to choose and no key to point to (RFC 8725 §2.1). An access token has the
//! `typ` of RFC 9068, but not its `client_id` and `jti`: who issues it is who reads it.
//!
//! Times are passed in and kept in whole seconds. A token ends on the second it says; that it was issued up to
//! [`CLOCK_SKEW`] later than the reader's clock says now is forgiven, as no two nodes' clocks agree.

mod key;

use std::fmt;

use courant_domain::{
    access::ActorId,
    id::{EntryId, PreviewId, SessionId, UserId},
    locale::Locale,
    revision::RevisionNumber,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{secret::Secret, server_secret::ServerSecret};
use key::{Digest, Key, Purpose};

/// How far another node's clock may be ahead.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(5);

/// The `iss` of every token of ours.
pub(crate) const ISSUER: &str = "courant";

pub(crate) static ACCESS: Purpose = Purpose {
    header: r#"{"alg":"HS256","typ":"at+jwt"}"#,
    audience: "courant:access",
    info: "courant:access HS256 v1",
};

pub(crate) static PREVIEW: Purpose = Purpose {
    header: r#"{"alg":"HS256","typ":"courant-preview+jwt"}"#,
    audience: "courant:preview",
    info: "courant:preview HS256 v1",
};

/// Why a token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of the expected form.
    #[error("the token is malformed")]
    Malformed,
    /// Signed with another key, or changed afterwards.
    #[error("the token's signature is wrong")]
    BadSignature,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// A token of ours, but for something else.
    #[error("the token is for another purpose")]
    WrongPurpose,
}

/// What an access token says: who is signed in, in which session, until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// The user (`sub`).
    pub user: UserId,
    /// The session (`sid`).
    pub session: SessionId,
    /// When it was issued (`iat`), to the second.
    pub issued_at: Timestamp,
    /// When it ends (`exp`), to the second.
    pub expires_at: Timestamp,
}

/// What a preview token says: which link it is, which revision it shows, who gave it out, until when. Whether the link
/// still holds is for the database to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The link (`jti`).
    pub link: PreviewId,
    /// The entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Which revision.
    pub revision: RevisionNumber,
    /// Who gave it out.
    pub by: ActorId,
    /// When it was issued (`iat`), to the second.
    pub issued_at: Timestamp,
    /// When it ends (`exp`), to the second.
    pub expires_at: Timestamp,
}

/// The keys that sign and check tokens. `Debug` does not show them.
pub struct Keys {
    access: Key,
    preview: Key,
    digest: Digest,
}

impl Keys {
    /// The keys of a server.
    #[must_use]
    pub fn new(secret: &ServerSecret) -> Self {
        Self::rotated(secret, &[])
    }

    /// The keys of a server whose secret was changed: tokens are signed with `secret`, and those that were signed
    /// with a previous one are taken until they expire.
    #[must_use]
    pub fn rotated(secret: &ServerSecret, previous: &[ServerSecret]) -> Self {
        Self {
            access: Key::derive(&ACCESS, secret, previous),
            preview: Key::derive(&PREVIEW, secret, previous),
            digest: Digest::derive(secret),
        }
    }

    /// Stands for a text that must not be kept, to tell later whether another is the same (HMAC-SHA256).
    #[must_use]
    pub fn digest(&self, text: &str) -> String {
        self.digest.of(text)
    }

    /// An access token.
    #[must_use]
    pub fn access_issue(&self, access: &Access) -> Secret {
        self.access.sign(&AccessClaims {
            iss: ISSUER.to_owned(),
            aud: ACCESS.audience.to_owned(),
            sub: access.user,
            sid: access.session,
            iat: access.issued_at.as_second(),
            exp: access.expires_at.as_second(),
        })
    }

    /// Checks an access token.
    ///
    /// # Errors
    /// [`TokenError`] with the first thing that is wrong with it.
    pub fn access_read(&self, token: &str, now: Timestamp) -> Result<Access, TokenError> {
        let AccessClaims { iss, aud, sub, sid, iat, exp } = self.access.open(token)?;
        ACCESS.check(&iss, &aud)?;
        let (issued_at, expires_at) = check_times(iat, exp, now)?;
        Ok(Access { user: sub, session: sid, issued_at, expires_at })
    }

    /// A preview token.
    #[must_use]
    pub fn preview_issue(&self, preview: &Preview) -> Secret {
        self.preview.sign(&PreviewClaims {
            iss: ISSUER.to_owned(),
            aud: PREVIEW.audience.to_owned(),
            jti: preview.link,
            entry: preview.entry,
            locale: preview.locale,
            revision: preview.revision,
            by: preview.by.clone(),
            iat: preview.issued_at.as_second(),
            exp: preview.expires_at.as_second(),
        })
    }

    /// Checks a preview token.
    ///
    /// # Errors
    /// [`TokenError`] with the first thing that is wrong with it.
    pub fn preview_read(&self, token: &str, now: Timestamp) -> Result<Preview, TokenError> {
        let PreviewClaims { iss, aud, jti, entry, locale, revision, by, iat, exp } = self.preview.open(token)?;
        PREVIEW.check(&iss, &aud)?;
        let (issued_at, expires_at) = check_times(iat, exp, now)?;
        Ok(Preview { link: jti, entry, locale, revision, by, issued_at, expires_at })
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

#[derive(Serialize, Deserialize)]
struct AccessClaims {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

#[derive(Serialize, Deserialize)]
struct PreviewClaims {
    iss: String,
    aud: String,
    jti: PreviewId,
    entry: EntryId,
    locale: Locale,
    revision: RevisionNumber,
    by: ActorId,
    iat: i64,
    exp: i64,
}

fn check_times(iat: i64, exp: i64, now: Timestamp) -> Result<(Timestamp, Timestamp), TokenError> {
    let second = |second| Timestamp::from_second(second).map_err(|_| TokenError::Malformed);
    let (issued_at, expires_at) = (second(iat)?, second(exp)?);
    if now >= expires_at {
        return Err(TokenError::Expired);
    }
    if issued_at.duration_since(now) > CLOCK_SKEW {
        return Err(TokenError::NotYetValid);
    }
    Ok((issued_at, expires_at))
}

#[cfg(test)]
mod tests;
