//! Opaque tokens: random texts that say nothing, of which only a hash is kept.
//!
//! A token is its kind's prefix, 43 characters of randomness (32 bytes, base64url) and 6 of checksum (the CRC-32
//! of what is before it, base64url): 61 characters, which scanners for leaked secrets find as
//! `courant_(pat|ref)_[A-Za-z0-9_-]{49}`. The checksum refuses a token with a typo without asking the database;
//! it proves nothing else.
//!
//! The hash is plain SHA-256 of the whole text: 256 random bits cannot be guessed, so a slow hash or a salt would
//! add nothing, and the hash can be looked up by an index.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    base16,
    secret::{NoRandomness, Secret, random},
};

/// The characters that 32 bytes take.
const BODY: usize = 43;

/// What a token is for. A token of one kind is none of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `courant_pat_…`, which a machine shows as its bearer token.
    Api,
    /// `courant_ref_…`, which a session is carried on with.
    Refresh,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Api, Self::Refresh];

    /// What its tokens begin with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Api => "courant_pat_",
            Self::Refresh => "courant_ref_",
        }
    }

    /// The kind a text would be of, going by its prefix alone.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))
    }
}

/// Makes a token: the text for its owner, to be shown once, and the hash to keep.
///
/// # Errors
/// [`NoRandomness`] when the system has none.
pub fn generate(kind: Kind) -> Result<(Secret, TokenHash), NoRandomness> {
    let mut text = Zeroizing::new(String::with_capacity(64));
    text.push_str(kind.prefix());
    URL_SAFE_NO_PAD.encode_string(random::<32>()?.as_ref(), &mut text);
    let checksum = checksum(&text);
    text.push_str(&checksum);
    let hash = TokenHash::of_text(&text);
    Ok((Secret::new(text), hash))
}

fn checksum(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(crc32fast::hash(text.as_bytes()).to_be_bytes())
}

/// The SHA-256 of a token: what is stored and looked up. As text it is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token; none when the text is not a token of this kind, or has a typo.
    #[must_use]
    pub fn of(kind: Kind, text: &str) -> Option<Self> {
        let (body, check) = text.strip_prefix(kind.prefix())?.split_at_checked(BODY)?;
        URL_SAFE_NO_PAD.decode(body).ok()?;
        let checked = text.strip_suffix(check)?;
        (check == checksum(checked)).then(|| Self::of_text(text))
    }

    fn of_text(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Reads the 64 hexadecimal digits that `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        base16::read(text).map(Self)
    }

    /// The hash's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for TokenHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        base16::write(&self.0, f)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({self})")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash() {
        for kind in Kind::ALL {
            let (token, hash) = generate(kind).unwrap();
            let text = token.expose();
            assert_eq!(text.len(), 61);
            assert!(text[12..].bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
            assert_eq!(TokenHash::of(kind, text), Some(hash));
            assert_eq!(TokenHash::parse(&hash.to_string()), Some(hash));
            assert_eq!(TokenHash::from(*hash.as_bytes()), hash);
            assert_eq!(format!("{token:?}"), "Secret(…)");
        }
    }

    #[test]
    fn kinds_are_not_interchangeable() {
        let (token, _) = generate(Kind::Refresh).unwrap();
        assert_eq!(Kind::of(token.expose()), Some(Kind::Refresh));
        assert_eq!(TokenHash::of(Kind::Api, token.expose()), None);
        // Nor by another prefix: the checksum is of the prefix, too.
        let renamed = token.expose().replace("_ref_", "_pat_");
        assert_eq!(Kind::of(&renamed), Some(Kind::Api));
        assert_eq!(TokenHash::of(Kind::Api, &renamed), None);
    }

    #[test]
    fn a_token_made_earlier_is_still_one() {
        // Stored hashes depend on this form: it never changes.
        let token = "courant_pat_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let token = format!("{token}{}", checksum(token));
        assert_eq!(token, "courant_pat_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8nXgNbw");
        let hash = TokenHash::of(Kind::Api, &token).unwrap();
        assert_eq!(hash.to_string(), "b42c1699861866e22f009c496e29667544a578be382a3f4f1780b93f9cffdf78");
    }

    #[test]
    fn a_checksum_alone_makes_no_token() {
        for body in ["!".repeat(BODY), "A".repeat(BODY - 1), "A".repeat(BODY + 1), "_".repeat(BODY), "я".repeat(BODY)]
        {
            let text = format!("courant_pat_{body}");
            let text = format!("{text}{}", checksum(&text));
            assert_eq!(TokenHash::of(Kind::Api, &text), None, "{text}");
        }
    }

    #[test]
    fn no_two_tokens_are_alike() {
        let tokens: HashSet<_> = (0..1000).map(|_| generate(Kind::Api).unwrap().1).collect();
        assert_eq!(tokens.len(), 1000);
    }

    #[test]
    fn what_is_no_hash_in_hexadecimal_is_refused() {
        for text in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &"+f".repeat(32), &"я".repeat(32)] {
            assert_eq!(TokenHash::parse(text), None, "{text:?}");
        }
        assert_eq!(TokenHash::parse(&"Ff".repeat(32)), Some(TokenHash([255; 32])));
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "(courant_(pat|ref)_)?\\PC{0,60}") {
            for kind in Kind::ALL {
                prop_assert_eq!(TokenHash::of(kind, &text), None);
            }
            let _ = TokenHash::parse(&text);
        }

        #[test]
        fn a_typo_is_refused(at in 0usize..61, by in 1u8..128) {
            let (token, _) = generate(Kind::Api).unwrap();
            let mut bytes = token.expose().as_bytes().to_vec();
            bytes[at] ^= by;
            let text = String::from_utf8(bytes).unwrap();
            for kind in Kind::ALL {
                prop_assert_eq!(TokenHash::of(kind, &text), None);
            }
        }

        #[test]
        fn a_part_is_refused(length in 0usize..61) {
            let (token, _) = generate(Kind::Api).unwrap();
            prop_assert_eq!(TokenHash::of(Kind::Api, &token.expose()[..length]), None);
            prop_assert_eq!(TokenHash::of(Kind::Api, &token.expose()[length + 1..]), None);
            let twice = format!("{}{}", token.expose(), &token.expose()[..length]);
            prop_assert!(length == 0 || TokenHash::of(Kind::Api, &twice).is_none());
        }
    }
}
