//! Signing with HMAC-SHA256, a key for each purpose.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::{ACCESS, ISSUER, PREVIEW, TokenError};
use crate::{secret::Secret, server_secret::ServerSecret};

/// The longest token that is looked at, in bytes. Ours are far shorter.
const MAX_LEN: usize = 4096;

/// What a token of ours is for.
pub(crate) struct Purpose {
    /// Its whole header (RFC 7515 §4), before it is encoded.
    pub(super) header: &'static str,
    /// Its `aud`.
    pub(super) audience: &'static str,
    /// What sets its key apart (RFC 5869 §3.2). A change here ends all tokens that are out.
    pub(super) info: &'static str,
}

impl Purpose {
    /// Whether a token begins with this purpose's header.
    pub(crate) fn heads(&self, token: &str) -> bool {
        token.split_once('.').is_some_and(|(header, _)| header == URL_SAFE_NO_PAD.encode(self.header))
    }

    pub(super) fn check(&self, issuer: &str, audience: &str) -> Result<(), TokenError> {
        if issuer == ISSUER && audience == self.audience { Ok(()) } else { Err(TokenError::WrongPurpose) }
    }
}

/// The key of one purpose.
pub(super) struct Key {
    purpose: &'static Purpose,
    signing: Hmac<Sha256>,
    /// Those of the secrets before this one, which only check.
    previous: Vec<Hmac<Sha256>>,
}

/// The key of digests, which are nobody's token.
pub(super) struct Digest(Hmac<Sha256>);

impl Digest {
    pub(super) fn derive(secret: &ServerSecret) -> Self {
        Self(derive(secret, "courant:digest HMAC-SHA256 v1"))
    }

    pub(super) fn of(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.0.clone().chain_update(text).finalize().into_bytes())
    }
}

impl Key {
    pub(super) fn derive(purpose: &'static Purpose, secret: &ServerSecret, previous: &[ServerSecret]) -> Self {
        let mac = |secret| derive(secret, purpose.info);
        Self { purpose, signing: mac(secret), previous: previous.iter().map(mac).collect() }
    }

    /// A token that says `claims`, in JWS compact serialisation (RFC 7515 §7.1).
    pub(super) fn sign(&self, claims: &impl Serialize) -> Secret {
        #[expect(
            clippy::expect_used,
            reason = "the claims are structs of texts and numbers, which JSON can always say"
        )]
        let claims = serde_json::to_string(claims).expect("claims can be written as JSON");
        let mut token = Zeroizing::new(String::with_capacity(1024));
        URL_SAFE_NO_PAD.encode_string(self.purpose.header, &mut token);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.mac(&token);
        token.push('.');
        token.push_str(&signature);
        Secret::new(token)
    }

    pub(super) fn mac(&self, message: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.signing.clone().chain_update(message).finalize().into_bytes())
    }

    /// What a token says, if it was signed with this key. Nothing of it is interpreted before that is known.
    pub(super) fn open<Claims: DeserializeOwned>(&self, token: &str) -> Result<Claims, TokenError> {
        if token.len() > MAX_LEN {
            return Err(TokenError::Malformed);
        }
        if !self.purpose.heads(token) {
            let other = ACCESS.heads(token) || PREVIEW.heads(token);
            return Err(if other { TokenError::WrongPurpose } else { TokenError::Malformed });
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (_, claims) = message.split_once('.').ok_or(TokenError::Malformed)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Malformed)?;
        let mut keys = std::iter::once(&self.signing).chain(&self.previous);
        if !keys.any(|key| key.clone().chain_update(message).verify_slice(&signature).is_ok()) {
            return Err(TokenError::BadSignature);
        }
        let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| TokenError::Malformed)?;
        serde_json::from_slice(&claims).map_err(|_| TokenError::Malformed)
    }
}

/// A key that only `info` and whoever has the secret lead to, as long as SHA-256's block, which HMAC takes as it is.
fn derive(secret: &ServerSecret, info: &str) -> Hmac<Sha256> {
    let mut key = hmac::digest::Key::<Hmac<Sha256>>::default();
    #[expect(clippy::expect_used, reason = "64 bytes are always less than HKDF's limit of 8160")]
    Hkdf::<Sha256>::new(None, secret.as_bytes())
        .expand(info.as_bytes(), &mut key)
        .expect("a key of 64 bytes can be derived");
    let mac = Hmac::new(&key);
    key.as_mut_slice().zeroize();
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_standard() {
        // RFC 7515 A.1: header, claims, key and signature.
        let header = "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}";
        let claims = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9\
            .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
            .dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        static PURPOSE: Purpose =
            Purpose { header: "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", audience: "", info: "" };
        assert_eq!(PURPOSE.header, header);
        let signing = Hmac::new_from_slice(&URL_SAFE_NO_PAD.decode(key).unwrap()).unwrap();
        let key = Key { purpose: &PURPOSE, signing, previous: Vec::new() };
        let read: serde_json::Value = key.open(token).unwrap();
        assert_eq!(read, serde_json::from_str::<serde_json::Value>(claims).unwrap());
        let again = key.sign(&read);
        assert_eq!(key.open::<serde_json::Value>(again.expose()), Ok(read));
    }

    #[test]
    fn keys_are_derived_as_the_standard_says() {
        // Computed with another implementation of RFC 5869; if it changes, every token that is out ends.
        let secret = ServerSecret::from(std::array::from_fn(|at| u8::try_from(at).unwrap()));
        let mac = derive(&secret, ACCESS.info).chain_update("message").finalize().into_bytes();
        assert_eq!(URL_SAFE_NO_PAD.encode(mac), "z2tPQW3V-q9jV0pGe8DaYXOYSwu2kav0y9rQ4OPyW_k");
    }
}
