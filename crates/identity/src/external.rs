//! Tokens of one OpenID Connect issuer that the site trusts: JWTs it signs with keys of which we have the public
//! half, as a JWK Set (RFC 7517). Nothing is fetched: whoever configures the site brings the set.
//!
//! What is taken, and why nothing else is (RFC 8725, JSON Web Token Best Current Practices):
//!
//! - RS256, ES256 and EdDSA, and each only with a key of its own type: the key decides, not the token's header. So
//!   there is no unsigned token, and no public key that passes for an HMAC secret.
//! - Keys of the configured set alone. A key or an address of one in the header (`jwk`, `jku`, `x5c`, `x5u`) is not
//!   looked at. A `kid` has to be in the set; without one, there has to be a single key of the token's algorithm.
//! - No header that must be understood (`crit`), and no `typ` but JWT and at+jwt (RFC 9068): an issuer signs
//!   other things with the same keys, logout tokens for one.
//! - `iss` and one of `aud` as configured, `exp` there and to come, `nbf` past if there; clocks may differ by
//!   [`LEEWAY`].
//!
//! ```
//! use courant_identity::external::{Config, Issuer};
//!
//! let issuer = Issuer::new(Config {
//!     issuer: "https://id.example.org/realms/news".to_owned(),
//!     audiences: vec!["courant".to_owned()],
//!     key_set: r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"2026",
//!         "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#.to_owned(),
//!     roles_claim: "realm_access.roles".to_owned(),
//!     roles: [("newsroom-editors".to_owned(), "EDITOR")].into(),
//! })?;
//! assert!(issuer.read("no.t.oken", jiff::Timestamp::now()).is_err());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod key_set;

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_domain::{
    account::MAX_NAME,
    text::{clean_name, is_unseen},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::bearer::Credential;
use key_set::KeySet;

/// How far the issuer's clock and ours may differ.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(30);

/// What is trusted, and what its roles mean here.
#[derive(Debug, Clone)]
pub struct Config<R = String> {
    /// The issuer, exactly as its tokens' `iss` spells it.
    pub issuer: String,
    /// Who the tokens may be for: one of their `aud` has to be one of these.
    pub audiences: Vec<String>,
    /// The issuer's JWK Set, as JSON.
    pub key_set: String,
    /// Where roles are: the name of a claim ([`DEFAULT_ROLES_CLAIM`]), or names with dots between them that lead
    /// into objects (`realm_access.roles`). It is a text, which is one role, or a list of texts.
    pub roles_claim: String,
    /// Which role each value of that claim stands for. Values that are not here mean nothing.
    pub roles: HashMap<String, R>,
}

/// The claim roles are read from if nothing else is said.
pub const DEFAULT_ROLES_CLAIM: &str = "roles";

/// Why an issuer cannot be trusted as configured. For whoever runs the site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No name, or ours.
    #[error("an issuer has a name, and not the name courant")]
    Issuer,
    /// Nobody that tokens could be for: then tokens for any other service would be taken.
    #[error("an issuer needs at least one audience, and none may be empty")]
    Audience,
    /// Not a JWK Set.
    #[error("not a JWK Set (RFC 7517): {0}")]
    KeySet(String),
    /// A set of public keys with a private one in it.
    #[error("the key set holds a private key, which is then no longer private")]
    PrivateKey,
    /// Two keys that a token could not tell apart.
    #[error("two keys of the set have one algorithm and the kid {0:?}")]
    SameKey(String),
    /// No key for RS256 (of 2048 to 4096 bits), ES256 or EdDSA (Ed25519) to check signatures with.
    #[error("the key set has no key for signatures with RS256, ES256 or EdDSA")]
    NoKey,
}

/// Why a token does not count. For the log: a client is told that it is refused, not why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExternalError {
    /// Longer than [`Credential::MAX_LEN`].
    #[error("the token is too long")]
    TooLong,
    /// Not a signed JWT.
    #[error("the token is malformed")]
    Malformed,
    /// None, HS256 or another that is not taken; or not that of the key the token names.
    #[error("the token's algorithm is not allowed")]
    Algorithm,
    /// It has `crit` headers, none of which is understood.
    #[error("the token has critical headers")]
    Critical,
    /// A JWT for something else than access.
    #[error("the token is of another type")]
    Type,
    /// Its key is not in the set, or cannot be told.
    #[error("the token's key is not known")]
    UnknownKey,
    /// Signed with another key, or changed afterwards.
    #[error("the token's signature is wrong")]
    BadSignature,
    /// From somebody else.
    #[error("the token is from another issuer")]
    Issuer,
    /// For somebody else.
    #[error("the token is for another audience")]
    Audience,
    /// A claim that has to be there, is not, or is not what it has to be.
    #[error("the token has no usable {0}")]
    Claim(&'static str),
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
}

/// What a token says that can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External<R = String> {
    /// Who vouches for it: the configured issuer.
    pub issuer: String,
    /// Who it is about (`sub`): with the issuer, the one thing to know somebody by. So it is taken as it is or not at
    /// all: at most 255 characters (OpenID Connect Core §2), all of which can be seen.
    pub subject: String,
    /// What they are called (`name`), to be shown: made a name as users have, without what cannot be seen.
    pub name: Option<String>,
    /// Their address (`email`), unless the issuer says that it is not verified, in the same way. To be shown: issuers
    /// differ in who may set it, so nobody is to be recognised by it.
    pub email: Option<String>,
    /// Their roles, each once, in the token's order.
    pub roles: Vec<R>,
    /// When the token ends (`exp`).
    pub expires_at: Timestamp,
}

/// An issuer whose tokens are taken.
#[derive(Debug, Clone)]
pub struct Issuer<R = String> {
    issuer: String,
    audiences: Vec<String>,
    keys: KeySet,
    roles_claim: String,
    roles: HashMap<String, R>,
}

impl<R: Clone + PartialEq> Issuer<R> {
    /// An issuer as configured. Keys of the set that are for other algorithms or for encryption are passed over
    /// (RFC 7517 §5).
    ///
    /// # Errors
    /// [`ConfigError`] when it could not be trusted safely, or never.
    pub fn new(config: Config<R>) -> Result<Self, ConfigError> {
        let Config { issuer, audiences, key_set, roles_claim, roles } = config;
        if issuer.is_empty() || issuer == crate::signed::ISSUER {
            return Err(ConfigError::Issuer);
        }
        if audiences.is_empty() || audiences.iter().any(String::is_empty) {
            return Err(ConfigError::Audience);
        }
        let keys = KeySet::parse(&key_set)?;
        Ok(Self { issuer, audiences, keys, roles_claim, roles })
    }

    /// Checks a token.
    ///
    /// # Errors
    /// [`ExternalError`] with the first thing that is wrong with it.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<External<R>, ExternalError> {
        if token.len() > Credential::MAX_LEN {
            return Err(ExternalError::TooLong);
        }
        let claims = self.keys.verify(token)?;
        let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| ExternalError::Malformed)?;
        let claims: Map<String, Value> = serde_json::from_slice(&claims).map_err(|_| ExternalError::Malformed)?;
        let text = |name| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());

        if text("iss") != Some(self.issuer.as_str()) {
            return Err(ExternalError::Issuer);
        }
        if !texts(claims.get("aud")).any(|audience| self.audiences.iter().any(|ours| ours == audience)) {
            return Err(ExternalError::Audience);
        }
        let expires_at = date(&claims, "exp")?.ok_or(ExternalError::Claim("exp"))?;
        if now.duration_since(expires_at) >= LEEWAY {
            return Err(ExternalError::Expired);
        }
        if date(&claims, "nbf")?.is_some_and(|from| from.duration_since(now) > LEEWAY) {
            return Err(ExternalError::NotYetValid);
        }
        let subject = text("sub").filter(|sub| is_subject(sub)).ok_or(ExternalError::Claim("sub"))?;
        let name = |claim| text(claim).and_then(|text| clean_name(text, MAX_NAME));
        let unverified = claims.get("email_verified").is_some_and(|it| it == false || it == "false");
        Ok(External {
            issuer: self.issuer.clone(),
            subject: subject.to_owned(),
            name: name("name"),
            email: name("email").filter(|_| !unverified),
            roles: self.roles(&claims),
            expires_at,
        })
    }

    fn roles(&self, claims: &Map<String, Value>) -> Vec<R> {
        // Names of claims may hold dots themselves: https://example.org/roles.
        let claim = claims.get(&self.roles_claim).or_else(|| {
            let mut names = self.roles_claim.split('.');
            let first = claims.get(names.next()?)?;
            names.try_fold(first, |value, name| value.as_object()?.get(name))
        });
        let mut roles = Vec::new();
        for role in texts(claim).filter_map(|value| self.roles.get(value)) {
            if !roles.contains(role) {
                roles.push(role.clone());
            }
        }
        roles
    }
}

/// Whether somebody can be known by this for good, in every log and list: two that look alike are two people.
fn is_subject(text: &str) -> bool {
    let is_blank = text.trim() != text;
    !text.is_empty() && !is_blank && text.chars().count() <= 255 && !text.contains(is_unseen)
}

/// The texts of a claim that is a text or a list of them.
fn texts(claim: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, many) = match claim {
        Some(Value::Array(many)) => (None, many.as_slice()),
        one => (one, [].as_slice()),
    };
    one.into_iter().chain(many).filter_map(Value::as_str)
}

/// A NumericDate (RFC 7519 §2): seconds, which may have a fraction.
fn date(claims: &Map<String, Value>, name: &'static str) -> Result<Option<Timestamp>, ExternalError> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_f64().ok_or(ExternalError::Claim(name))?;
    let since = SignedDuration::try_from_secs_f64(seconds).map_err(|_| ExternalError::Claim(name))?;
    Timestamp::from_duration(since).map(Some).map_err(|_| ExternalError::Claim(name))
}

#[cfg(test)]
mod tests;
