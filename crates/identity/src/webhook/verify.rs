//! Checking signatures, as a receiver does.

use base64::{
    Engine,
    engine::{
        DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig,
        general_purpose::{STANDARD, STANDARD_NO_PAD},
    },
};
use ed25519_dalek::{Signature, Verifier};
use hmac::Mac;
use zeroize::Zeroizing;

use super::{PUBLIC, SHARED, mac, signed};

/// How far a receiver's clock may be off, in seconds.
const TOLERANCE: i64 = 5 * 60;

/// What signatures are checked with.
pub enum VerifyingKey {
    /// A shared secret, for `v1`.
    Shared(Zeroizing<Vec<u8>>),
    /// A public key, for `v1a`.
    Public(Box<ed25519_dalek::VerifyingKey>),
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It begins with neither.
    #[error("a key begins with whsec_ or whpk_")]
    Prefix,
    /// What follows is no key.
    #[error("what follows {0} is no key in base64")]
    Bytes(&'static str),
}

/// Why a message does not count as Courant's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The time is no number of seconds.
    #[error("webhook-timestamp is no number of seconds")]
    Timestamp,
    /// It was sent more than five minutes ago, or comes from the future: somebody may have recorded it, or a clock is wrong.
    #[error("webhook-timestamp is {0} seconds off this clock, and may be 300")]
    Time(i64),
    /// No signature is by this key.
    #[error("none of the signatures fits this key and what came")]
    Signature,
}

impl VerifyingKey {
    /// Reads `whsec_…` or `whpk_…`.
    ///
    /// # Errors
    /// [`KeyError`] when it is neither.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
            &base64::alphabet::STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        let text = text.trim();
        if let Some(secret) = text.strip_prefix(SHARED) {
            let bytes = ANY_PADDING.decode(secret).map_err(|_| KeyError::Bytes(SHARED))?;
            return if bytes.is_empty() {
                Err(KeyError::Bytes(SHARED))
            } else {
                Ok(Self::Shared(Zeroizing::new(bytes)))
            };
        }
        let key = text.strip_prefix(PUBLIC).ok_or(KeyError::Prefix)?;
        let bytes = ANY_PADDING.decode(key).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let key = bytes.and_then(|bytes| ed25519_dalek::VerifyingKey::from_bytes(&bytes).ok());
        key.map(|key| Self::Public(Box::new(key))).ok_or(KeyError::Bytes(PUBLIC))
    }

    /// Sees that a message was signed by whoever has the other half of this key, and lately. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`Refused`] when it was not.
    pub fn verify(&self, id: &str, timestamp: &str, signatures: &str, body: &[u8], now: i64) -> Result<(), Refused> {
        let timestamp: i64 = timestamp.trim().parse().map_err(|_| Refused::Timestamp)?;
        let off = now.saturating_sub(timestamp);
        if off.saturating_abs() > TOLERANCE {
            return Err(Refused::Time(off));
        }
        let message = signed(id, timestamp, body);
        let fits = |signature: &str| {
            let Some((version, text)) = signature.split_once(',') else { return false };
            let Ok(bytes) = STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)) else { return false };
            match (self, version) {
                (Self::Shared(secret), "v1") => mac(secret, &message).verify_slice(&bytes).is_ok(),
                (Self::Public(key), "v1a") => {
                    Signature::from_slice(&bytes).is_ok_and(|signature| key.verify(&message, &signature).is_ok())
                }
                _ => false,
            }
        };
        if signatures.split_ascii_whitespace().any(fits) { Ok(()) } else { Err(Refused::Signature) }
    }
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VerifyingKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{server_secret::ServerSecret, webhook::EndpointKeys};

    #[test]
    fn what_was_changed_recorded_or_signed_by_another_is_refused() {
        let secret = ServerSecret::generate().unwrap();
        let [ours, others] = [1, 2].map(|id| EndpointKeys::derive(&secret, Uuid::from_u128(id), 1));
        let header = ours.sign("msg_1", 1000, b"body");
        let both = format!("{} {header}", others.sign("msg_1", 1000, b"body"));
        let keys = [VerifyingKey::parse(ours.shared_secret().expose()), VerifyingKey::parse(&ours.public_key())];
        for key in keys.map(Result::unwrap) {
            let check = |id: &str, at: &str, header: &str, body: &[u8], now| key.verify(id, at, header, body, now);
            assert_eq!(check("msg_1", "1000", &header, b"body", 1300), Ok(()));
            assert_eq!(check("msg_1", "1000", &both, b"body", 700), Ok(()), "one of several is enough");
            assert_eq!(check("msg_1", "1000", &header, b"body", 1301), Err(Refused::Time(301)));
            assert_eq!(check("msg_1", "1000", &header, b"body", 699), Err(Refused::Time(-301)));
            assert_eq!(check("msg_1", "soon", &header, b"body", 1000), Err(Refused::Timestamp));
            assert_eq!(check("msg_2", "1000", &header, b"body", 1000), Err(Refused::Signature));
            assert_eq!(check("msg_1", "1001", &header, b"body", 1000), Err(Refused::Signature));
            assert_eq!(check("msg_1", "1000", &header, b"bodies", 1000), Err(Refused::Signature));
            for other in ["", "v1,", "v1", "v2,AAAA", &others.sign("msg_1", 1000, b"body")] {
                assert_eq!(check("msg_1", "1000", other, b"body", 1000), Err(Refused::Signature), "{other}");
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert_eq!(VerifyingKey::parse("secret").unwrap_err(), KeyError::Prefix);
        for text in ["whsec_", "whsec_!", "whpk_", "whpk_AAAA"] {
            assert!(matches!(VerifyingKey::parse(text), Err(KeyError::Bytes(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn checking_never_panics(id in "\\PC{0,20}", at in "\\PC{0,20}", header in "(v1a?,)?\\PC{0,100}") {
            let keys = EndpointKeys::derive(&ServerSecret::generate().unwrap(), Uuid::nil(), 1);
            for key in [keys.public_key(), keys.shared_secret().expose().to_owned()] {
                prop_assert!(VerifyingKey::parse(&key).unwrap().verify(&id, &at, &header, b"", 0).is_err());
            }
        }
    }
}
