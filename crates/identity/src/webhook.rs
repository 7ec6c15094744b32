//! Signatures of messages to webhooks, as Standard Webhooks 1.0 says: HMAC-SHA256 (`v1`) and Ed25519 (`v1a`) over
//! `id.timestamp.body`.
//!
//! An endpoint's keys are derived (RFC 5869) from one secret that all nodes on a database share, the endpoint's id and the number of
//! the pair: nothing that is secret of an endpoint is kept, and a new pair is another number.

mod verify;

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

pub use self::verify::{KeyError, Refused, VerifyingKey};
use crate::{secret::Secret, server_secret::ServerSecret};

/// What a secret that is shared with an endpoint begins with.
const SHARED: &str = "whsec_";
/// What a public key begins with.
const PUBLIC: &str = "whpk_";

/// One pair of an endpoint's keys.
pub struct EndpointKeys {
    shared: Zeroizing<[u8; 32]>,
    signing: SigningKey,
}

impl EndpointKeys {
    /// The keys of an endpoint with this number.
    #[must_use]
    pub fn derive(secret: &ServerSecret, endpoint: Uuid, generation: u32) -> Self {
        let of = |purpose: &str| {
            let mut key = Zeroizing::new([0; 32]);
            let info = format!("courant:webhook {purpose} {endpoint} {generation} v1");
            #[expect(clippy::expect_used, reason = "32 bytes are always less than HKDF's limit of 8160")]
            Hkdf::<Sha256>::new(None, secret.as_bytes())
                .expand(info.as_bytes(), key.as_mut())
                .expect("a key of 32 bytes can be derived");
            key
        };
        Self { shared: of("HMAC-SHA256"), signing: SigningKey::from_bytes(&of("Ed25519")) }
    }

    /// What the endpoint checks `v1` with: `whsec_…`, for whoever runs it alone.
    #[must_use]
    pub fn shared_secret(&self) -> Secret {
        let mut text = Zeroizing::new(SHARED.to_owned());
        STANDARD.encode_string(self.shared.as_ref(), &mut text);
        Secret::new(text)
    }

    /// What anybody can check `v1a` with: `whpk_…`.
    #[must_use]
    pub fn public_key(&self) -> String {
        format!("{PUBLIC}{}", STANDARD.encode(self.signing.verifying_key().as_bytes()))
    }

    /// The signatures of a message, for the header `webhook-signature`: both, with a space between them.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let message = signed(id, timestamp, body);
        let shared = mac(self.shared.as_ref(), &message).finalize().into_bytes();
        let own = self.signing.sign(&message);
        format!("v1,{} v1a,{}", STANDARD.encode(shared), STANDARD.encode(own.to_bytes()))
    }
}

impl std::fmt::Debug for EndpointKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EndpointKeys(…)")
    }
}

fn signed(id: &str, timestamp: i64, body: &[u8]) -> Vec<u8> {
    let mut message = format!("{id}.{timestamp}.").into_bytes();
    message.extend_from_slice(body);
    message
}

fn mac(key: &[u8], message: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_standard() {
        // Computed with another implementation of both.
        let secret = ServerSecret::from(std::array::from_fn(|at| u8::try_from(at).unwrap()));
        let keys = EndpointKeys::derive(&secret, Uuid::from_u128(7), 1);
        assert_eq!(format!("{keys:?}"), "EndpointKeys(…)");
        let header = keys.sign("msg_1", 1_674_087_231, b"{}");
        for key in [keys.shared_secret().expose().to_owned(), keys.public_key()] {
            let key = VerifyingKey::parse(&key).unwrap();
            key.verify("msg_1", "1674087231", &header, b"{}", 1_674_087_231).unwrap();
        }
        let mac = mac(b"key", b"The quick brown fox jumps over the lazy dog").finalize().into_bytes();
        assert_eq!(STANDARD.encode(mac), "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=");
    }

    #[test]
    fn each_endpoint_and_each_number_has_keys_of_its_own() {
        let secret = ServerSecret::generate().unwrap();
        let mut seen = std::collections::HashSet::new();
        for endpoint in [1, 2] {
            for generation in [1, 2] {
                let keys = EndpointKeys::derive(&secret, Uuid::from_u128(endpoint), generation);
                assert!(seen.insert(keys.shared_secret().expose().to_owned()));
                assert!(seen.insert(keys.public_key()));
            }
        }
        let other = EndpointKeys::derive(&ServerSecret::generate().unwrap(), Uuid::from_u128(1), 1);
        assert!(seen.insert(other.public_key()));
    }
}
