//! What a bearer token (RFC 6750) is, before anything of it is checked.

use std::fmt;

use crate::{
    opaque::{Kind, TokenHash},
    signed::{ACCESS, PREVIEW},
};

/// A credential, sorted by its looks. Nothing is proven yet. `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// An API token without a typo: its hash, to be looked up.
    ApiToken(TokenHash),
    /// An access token of ours, for [`crate::signed::Keys::access_read`].
    AccessToken(&'a str),
    /// A preview token of ours, for [`crate::signed::Keys::preview_read`].
    PreviewToken(&'a str),
    /// Another JWT, which an external issuer may have signed.
    External(&'a str),
}

/// Why a text is no credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// Longer than [`Credential::MAX_LEN`].
    #[error("the bearer token is too long")]
    TooLong,
    /// An API token that was not copied whole, or changed.
    #[error("the API token is incomplete or has a typo")]
    Mistyped,
    /// A refresh token, which gets new access tokens and is no bearer token itself.
    #[error("a refresh token is not a bearer token")]
    RefreshToken,
    /// Nothing of the above, and not a JWT.
    #[error("the bearer token is of no known kind")]
    Unknown,
}

impl<'a> Credential<'a> {
    /// The longest credential there is, in bytes.
    pub const MAX_LEN: usize = 8 * 1024;

    /// Sorts a bearer token: the text behind `Bearer `.
    ///
    /// Ours are known by their header, which is always the same and which no external issuer's can be: it names
    /// HS256, and external tokens are never signed with a shared secret.
    ///
    /// # Errors
    /// [`CredentialError`] when it is no credential at all.
    pub fn parse(text: &'a str) -> Result<Self, CredentialError> {
        if text.len() > Self::MAX_LEN {
            return Err(CredentialError::TooLong);
        }
        match Kind::of(text) {
            Some(Kind::Api) => TokenHash::of(Kind::Api, text).map(Self::ApiToken).ok_or(CredentialError::Mistyped),
            Some(Kind::Refresh) => Err(CredentialError::RefreshToken),
            None if !looks_like_jwt(text) => Err(CredentialError::Unknown),
            None if ACCESS.heads(text) => Ok(Self::AccessToken(text)),
            None if PREVIEW.heads(text) => Ok(Self::PreviewToken(text)),
            None => Ok(Self::External(text)),
        }
    }
}

/// Three parts of base64url (RFC 7515 §3.1), none empty: one without a signature is no credential.
fn looks_like_jwt(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.split('.').count() == 3 && text.split('.').all(part)
}

impl fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiToken(_) => "ApiToken(…)",
            Self::AccessToken(_) => "AccessToken(…)",
            Self::PreviewToken(_) => "PreviewToken(…)",
            Self::External(_) => "External(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        opaque::generate,
        server_secret::ServerSecret,
        signed::{Access, Keys, Preview},
    };

    /// `{"alg":"RS256"}` and `{"iss":"https://id.example"}`, with a signature that is none.
    const OF_OTHERS: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUifQ.c2ln";

    #[test]
    fn each_kind_is_told_by_its_looks() {
        let (api, hash) = generate(Kind::Api).unwrap();
        assert_eq!(Credential::parse(api.expose()), Ok(Credential::ApiToken(hash)));

        let keys = Keys::new(&ServerSecret::generate().unwrap());
        let (issued_at, expires_at) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let access = Access { user: Uuid::nil().into(), session: Uuid::nil().into(), issued_at, expires_at };
        let access = keys.access_issue(&access);
        assert_eq!(Credential::parse(access.expose()), Ok(Credential::AccessToken(access.expose())));

        let (entry, locale) = (Uuid::nil().into(), courant_domain::locale::Locale::ENGLISH);
        let link = Uuid::nil().into();
        let preview = Preview { link, entry, locale, revision: 1, by: String::new().into(), issued_at, expires_at };
        let preview = keys.preview_issue(&preview);
        assert_eq!(Credential::parse(preview.expose()), Ok(Credential::PreviewToken(preview.expose())));

        assert_eq!(Credential::parse(OF_OTHERS), Ok(Credential::External(OF_OTHERS)));
    }

    #[test]
    fn what_is_no_credential_says_why() {
        let (api, _) = generate(Kind::Api).unwrap();
        let (refresh, _) = generate(Kind::Refresh).unwrap();
        let long = format!("{OF_OTHERS}{}", "A".repeat(Credential::MAX_LEN));
        for (text, error) in [
            (&api.expose()[..60], CredentialError::Mistyped),
            (refresh.expose(), CredentialError::RefreshToken),
            (&long, CredentialError::TooLong),
            ("", CredentialError::Unknown),
            ("secret", CredentialError::Unknown),
            ("..", CredentialError::Unknown),
            ("a.b.", CredentialError::Unknown),
            ("a.b.c.d", CredentialError::Unknown),
            ("a.b.c ", CredentialError::Unknown),
        ] {
            assert_eq!(Credential::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn no_credential_is_printed() {
        assert_eq!(format!("{:?}", Credential::parse(OF_OTHERS)), "Ok(External(…))");
    }

    proptest! {
        #[test]
        fn sorting_never_panics(text in "(courant_(pat|ref)_)?\\PC{0,60}(\\.\\PC{0,20}){0,3}") {
            let _ = Credential::parse(&text);
        }
    }
}
