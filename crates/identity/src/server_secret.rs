//! The one secret a server has; every key is derived from it.

use std::{collections::HashSet, fmt};

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD},
};
use zeroize::Zeroizing;

use crate::{
    base16,
    secret::{NoRandomness, Secret, random},
};

/// 32 random bytes, the same on every node of a site. Whoever has them can sign in as anybody.
#[derive(Clone)]
pub struct ServerSecret(Zeroizing<[u8; 32]>);

/// Why a text is not a server's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServerSecretError {
    /// Not 32 bytes in hexadecimal or base64.
    #[error("not 32 bytes as 64 hexadecimal digits or as base64")]
    Form,
    /// Bytes that nobody's dice gave: all zero, say.
    #[error("these 32 bytes are not random")]
    NotRandom,
}

impl ServerSecret {
    /// A new secret.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system has none.
    pub fn generate() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// Reads a secret: 64 hexadecimal digits (`openssl rand -hex 32`) or base64 in either alphabet, padded or not
    /// (`openssl rand -base64 32`). White space around it is not part of it.
    ///
    /// # Errors
    /// [`ServerSecretError`] when it is something else, or a placeholder.
    pub fn parse(text: &str) -> Result<Self, ServerSecretError> {
        const BASE64: GeneralPurpose = GeneralPurpose::new(
            &base64::alphabet::URL_SAFE,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        let text = text.trim();
        let bytes = if let Some(bytes) = base16::read(text) {
            Zeroizing::new(bytes)
        } else {
            let text = Zeroizing::new(text.replace('+', "-").replace('/', "_"));
            let decoded = Zeroizing::new(BASE64.decode(text.as_bytes()).map_err(|_| ServerSecretError::Form)?);
            Zeroizing::new(decoded.as_slice().try_into().map_err(|_| ServerSecretError::Form)?)
        };
        // 32 random bytes hold 30 different ones; less than 16 is less likely than guessing a key of 80 bits.
        if bytes.iter().collect::<HashSet<_>>().len() < 16 {
            return Err(ServerSecretError::NotRandom);
        }
        Ok(Self(bytes))
    }

    /// The secret as text (base64url), for [`ServerSecret::parse`].
    #[must_use]
    pub fn to_text(&self) -> Secret {
        Secret::new(Zeroizing::new(URL_SAFE_NO_PAD.encode(self.as_bytes())))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for ServerSecret {
    fn from(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_is_read_in_the_usual_spellings() {
        let bytes = std::array::from_fn(|at| u8::try_from(at * 8 + 3).unwrap());
        let secret = ServerSecret::from(bytes);
        for text in [
            secret.to_text().expose(),
            "030b131b232b333b434b535b636b737b838b939ba3abb3bbc3cbd3dbe3ebf3fb\n",
            "030B131B232B333B434B535B636B737B838B939BA3ABB3BBC3CBD3DBE3EBF3FB",
            "AwsTGyMrMztDS1NbY2tze4OLk5ujq7O7w8vT2+Pr8/s=",
            " AwsTGyMrMztDS1NbY2tze4OLk5ujq7O7w8vT2-Pr8_s",
        ] {
            assert_eq!(ServerSecret::parse(text).unwrap().as_bytes(), &bytes, "{text:?}");
        }
        assert_eq!(format!("{secret:?}"), "ServerSecret(…)");
        let [first, second] = [(); 2].map(|()| ServerSecret::generate().unwrap());
        assert_ne!(first.as_bytes(), second.as_bytes());
    }

    #[test]
    fn placeholders_are_refused() {
        for text in ["0".repeat(64), "deadbeef".repeat(8), "A".repeat(43)] {
            assert_eq!(ServerSecret::parse(&text).unwrap_err(), ServerSecretError::NotRandom, "{text}");
        }
        for text in ["", "secret", "AwsTGyMrMztDS1NbY2tze4OLk5ujq7O7w8vT2+Pr8w=="] {
            assert_eq!(ServerSecret::parse(text).unwrap_err(), ServerSecretError::Form, "{text}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "\\PC{0,80}") {
            let _ = ServerSecret::parse(&text);
        }

        #[test]
        fn what_is_generated_is_read_back(_ in 0..32u8) {
            let secret = ServerSecret::generate().unwrap();
            let read = ServerSecret::parse(secret.to_text().expose()).unwrap();
            prop_assert_eq!(read.as_bytes(), secret.as_bytes());
        }
    }
}
