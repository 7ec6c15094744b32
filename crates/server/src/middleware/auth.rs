//! Who sends a request: bearer tokens (RFC 6750) in the `Authorization` header, and nowhere else.
//!
//! *Invariant*: a request with a token that does not hold is not run, as nobody's either: whoever sends one means to
//! be somebody.

use std::{net::IpAddr, sync::Arc};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use courant_gateway::{
    Bearer, Caller, Denied, Identity,
    error::{Error, ErrorCode},
};
use courant_persistence::{Store, StoreError};

use super::{address, refusal::Refusal, request_id::RequestId};
use crate::{
    graphql::{accept::Media, response},
    reads::Here,
    state::TrustedProxies,
    subscription::Token,
};

/// Why it cannot be told who sends a request.
pub(crate) enum Unknown {
    /// What they show does not hold.
    Refused(Refusal),
    /// The database could not be asked.
    Failed(StoreError),
}

/// What finds out who sends a request.
pub(crate) struct Authentication {
    pub(crate) identity: Arc<Identity>,
    pub(crate) store: Store,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) public_url: Option<Arc<str>>,
    pub(crate) here: Here,
}

impl Authentication {
    /// The address a request comes from.
    pub(crate) fn address(&self, parts: &Parts) -> Option<IpAddr> {
        address::of(&parts.headers, &parts.extensions, &self.trusted_proxies)
    }

    /// The sender of a request. Without the header it is nobody, and nothing is asked of the database.
    pub(crate) async fn authenticate(&self, parts: &Parts, id: &RequestId) -> Result<Caller, Unknown> {
        let address = self.address(parts);
        let public_url = self.public_url.clone();
        let program = parts.headers.get(header::USER_AGENT).map(|program| program.as_bytes().into());
        let is_reading = self.here.is_reading(parts);
        let request_id = id.to_string();
        let nobody = Caller { address, program, is_reading, public_url, request_id, ..Caller::default() };
        let Some(token) = bearer(&parts.headers).map_err(Unknown::Refused)? else { return Ok(nobody) };
        // Aside: most requests have no token, and would carry the room for what looks it up through every layer.
        Box::pin(self.again(token, &nobody)).await
    }

    /// Who a token makes, by now, of somebody who has sent it from where this caller is.
    pub(crate) async fn again(&self, token: &str, caller: &Caller) -> Result<Caller, Unknown> {
        let address = caller.address;
        match self.identity.bearer(&self.store, token, address).await {
            Ok(bearer) => {
                let Bearer { viewer, session, shown } = bearer;
                Ok(Caller { viewer: Some(viewer), session, shown: Some(shown), ..caller.clone() })
            }
            Err(Denied::Token(reason)) => {
                tracing::info!(reason, address = address.map(tracing::field::display), "a bearer token was refused");
                Err(Unknown::Refused(invalid_token()))
            }
            Err(Denied::Store(error)) => Err(Unknown::Failed(error)),
        }
    }
}

impl Unknown {
    /// What a request is answered with.
    pub(crate) fn respond(self, media: Media, id: &RequestId) -> Response {
        match self {
            Self::Refused(refusal) => response::refused(refusal, media, id),
            Self::Failed(error) => match Refusal::outage(Error::of_store(&error)) {
                Some(refusal) => response::refused(refusal, media, id),
                None => response::internal(media, id),
            },
        }
    }

    /// What an operation is refused with that has no response of its own.
    pub(crate) fn refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Failed(error) => Refusal::of_store(&error),
        }
    }
}

/// The token of a request that was read already, to be asked of it again.
pub(crate) fn token(headers: &HeaderMap) -> Token {
    bearer(headers).ok().flatten().map(Into::into)
}

/// The token of a request, if it has one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(credentials) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(invalid_token());
    }
    // What is not ASCII is no scheme that we know, and no token (RFC 9110 §11.4).
    let credentials = credentials.to_str().unwrap_or_default().trim();
    let (scheme, token) = credentials.split_once(' ').unwrap_or((credentials, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        let message = "the only credentials taken here are bearer tokens: Authorization: Bearer …";
        return Err(challenge("Bearer", message));
    }
    Ok(Some(token.trim_start()))
}

/// The refusal of a token, the same whatever is wrong with it (RFC 6750 §3.1).
fn invalid_token() -> Refusal {
    let message = "the bearer token does not hold: it is malformed, has expired, or was revoked";
    challenge("Bearer error=\"invalid_token\"", message)
}

fn challenge(challenge: &'static str, message: &str) -> Refusal {
    Refusal::http(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, message)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Result<Option<String>, String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let challenge = |refusal: Refusal| refusal.header.unwrap().1.to_str().unwrap().to_owned();
        bearer(&headers).map(|token| token.map(str::to_owned)).map_err(challenge)
    }

    #[test]
    fn the_scheme_is_read_in_any_case() {
        assert_eq!(read(&[]), Ok(None));
        for value in ["Bearer abc", "bearer abc", "BEARER   abc", "Bearer abc "] {
            assert_eq!(read(&[value]), Ok(Some("abc".to_owned())), "{value}");
        }
        // Nothing is a token, too, which does not hold.
        assert_eq!(read(&["Bearer"]), Ok(Some(String::new())));
    }

    #[test]
    fn another_scheme_is_not_passed_over() {
        for value in ["Basic YTpi", "abc", "", "Bearerabc", "Bearer\u{a0}abc"] {
            assert_eq!(read(&[value]), Err("Bearer".to_owned()), "{value}");
        }
        assert_eq!(read(&["Bearer a", "Bearer b"]), Err("Bearer error=\"invalid_token\"".to_owned()));
    }
}
