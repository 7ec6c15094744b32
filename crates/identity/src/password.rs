//! Passwords: what a new one must be like, how it is kept, how a sign-in is checked.
//!
//! The rules are those of NIST SP 800-63B §3.1.1: length counts, composition does not (no "one digit, one
//! capital"), every character is allowed, nothing expires, and what is guessed first is refused. Passwords are
//! kept as Argon2id hashes with the parameters OWASP asks for ([`Cost::OWASP`]).
//!
//! [`Hasher`] works for tens of milliseconds and takes 19 MiB while it does: call it on a thread that may block,
//! and bound how many do so at once.
//!
//! ```
//! use courant_identity::password::{Cost, Hasher, Password};
//!
//! let hasher = Hasher::new(Cost::OWASP)?;
//! let hash = hasher.hash(&Password::parse("a grey heron by the canal", "ana@example.org")?)?;
//! assert!(hasher.verify("a grey heron by the canal", Some(&hash)));
//! assert!(!hasher.verify("a grey heron by the sea", Some(&hash)));
//! // An account that does not exist takes as long.
//! assert!(!hasher.verify("a grey heron by the canal", None));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod hash;
mod policy;

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub use hash::{Cost, HashError, Hasher, PasswordHash, PasswordHashError};

/// A new password that keeps the rules. It cannot be printed or copied, and is erased when dropped.
pub struct Password(Zeroizing<String>);

/// Why a text may not become a password. What it says can be shown to the person who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Less than [`Password::MIN_CHARS`].
    #[error("a password has at least {} characters", Password::MIN_CHARS)]
    TooShort,
    /// More than [`Password::MAX_BYTES`].
    #[error("a password has at most {} bytes", Password::MAX_BYTES)]
    TooLong,
    /// The email address, or a part of it.
    #[error("a password is not the email address or a part of it")]
    Email,
    /// One of the first that somebody would guess: one thing repeated, a row of the keyboard, "password1234".
    #[error("this password would be guessed at once")]
    Guessable,
}

impl Password {
    /// The fewest characters (Unicode scalar values).
    pub const MIN_CHARS: usize = 12;
    /// The most bytes, as UTF-8. Hashing takes longer for a longer text, so it ends somewhere.
    pub const MAX_BYTES: usize = 1024;

    /// Reads a new password for the account with this email address.
    ///
    /// The text is taken as it is, spaces included, but for its Unicode form: NFC (RFC 8265 §4.2.2), so that `й`
    /// is the same from every keyboard.
    ///
    /// # Errors
    /// [`PasswordError`] with the first rule the text breaks.
    pub fn parse(text: &str, email: &str) -> Result<Self, PasswordError> {
        let text = normal(text).ok_or(PasswordError::TooLong)?;
        if text.chars().count() < Self::MIN_CHARS {
            return Err(PasswordError::TooShort);
        }
        policy::check(&text, email)?;
        Ok(Self(text))
    }

    fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The form of a password that is hashed; none if it is too long to be one.
fn normal(text: &str) -> Option<Zeroizing<String>> {
    if text.len() > Password::MAX_BYTES {
        return None;
    }
    // NFC makes at most three bytes of one (UAX #15 §10): the buffer never moves, leaving a copy behind.
    let mut normal = Zeroizing::new(String::with_capacity(text.len() * 3));
    normal.extend(text.nfc());
    Some(normal)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> Option<PasswordError> {
        Password::parse(text, "anna.petrova@example.org").err()
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        assert_eq!(refused("жук в траве!"), None);
        assert_eq!(refused("жук в траве"), Some(PasswordError::TooShort));
        assert_eq!(refused(""), Some(PasswordError::TooShort));
        let long: String = "heron, canal and 7 boats; ".chars().cycle().take(1025).collect();
        assert_eq!(refused(&long), Some(PasswordError::TooLong));
        assert_eq!(refused(&"я".repeat(513)), Some(PasswordError::TooLong));
    }

    #[test]
    fn composition_is_free() {
        for text in
            ["heron by the canal", "HERONBYTHECANAL", "7 3 9 1 8 4 2 6 0", "🐦🌊🏙🌉🚲🛶🌧🎏🍂🌙⭐🪁", " heron by sea "]
        {
            assert_eq!(refused(text), None, "{text:?}");
        }
    }

    #[test]
    fn both_unicode_forms_are_one_password() {
        let composed = Password::parse("йод и ёж в море", "a@b.c").unwrap();
        let decomposed = Password::parse("и\u{306}од и е\u{308}ж в море", "a@b.c").unwrap();
        assert_eq!(composed.as_bytes(), decomposed.as_bytes());
    }

    #[test]
    fn nothing_of_it_is_printed() {
        let password = Password::parse("heron by the canal", "a@b.c").unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "\\PC{0,60}", email in "\\PC{0,40}") {
            let _ = Password::parse(&text, &email);
        }

        #[test]
        fn what_is_taken_is_within_the_bounds(text in prop::collection::vec(any::<char>(), 0..400)) {
            let text: String = text.into_iter().collect();
            if Password::parse(&text, "a@b.c").is_ok() {
                prop_assert!(text.len() <= Password::MAX_BYTES && text.chars().count() >= Password::MIN_CHARS);
            }
        }
    }
}
