//! Argon2id (RFC 9106): making hashes, and checking candidates against them.

use std::fmt;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Password, normal};
use crate::secret::{NoRandomness, random};

/// What computing a hash costs, whoever computes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB (RFC 9106's *m*); at least 8 for each lane.
    pub memory: u32,
    /// Passes over the memory (*t*).
    pub passes: u32,
    /// Lanes that could be computed at once (*p*); here they are computed one after the other.
    pub lanes: u32,
}

impl Cost {
    /// What OWASP's Password Storage Cheat Sheet asks for: 19 MiB, two passes, one lane.
    pub const OWASP: Self = Self { memory: 19_456, passes: 2, lanes: 1 };
    /// The most that a stored hash may ask for, so that a row of the database cannot take the machine down.
    pub const MAX: Self = Self { memory: 1 << 20, passes: 64, lanes: 64 };

    fn params(self) -> Option<Params> {
        let allowed = self.memory <= Self::MAX.memory
            && self.passes <= Self::MAX.passes
            && self.lanes <= Self::MAX.lanes
            && u64::from(self.memory) >= 8 * u64::from(self.lanes);
        if !allowed {
            return None;
        }
        Params::new(self.memory, self.passes, self.lanes, Some(Params::DEFAULT_OUTPUT_LEN)).ok()
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self::OWASP
    }
}

/// A password's hash as it is stored: a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
///
/// `Debug` shows the parameters only: who has the hash can try passwords against it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    text: String,
    parsed: phc::PasswordHash,
    cost: Cost,
}

/// A stored text is not a hash that [`Hasher`] makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an argon2id hash as a PHC string, or one that costs too much to check")]
pub struct PasswordHashError;

impl PasswordHash {
    /// Reads what [`PasswordHash::as_str`] gave.
    ///
    /// # Errors
    /// [`PasswordHashError`] when it is another algorithm's, has no salt or hash, or asks for more than
    /// [`Cost::MAX`].
    pub fn parse(text: &str) -> Result<Self, PasswordHashError> {
        let parsed = phc::PasswordHash::new(text).map_err(|_| PasswordHashError)?;
        let params = Params::try_from(&parsed).map_err(|_| PasswordHashError)?;
        let cost = Cost { memory: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() };
        let ours = parsed.algorithm == Algorithm::Argon2id.ident()
            && parsed.version == Some(Version::V0x13.into())
            && parsed.salt.is_some_and(|salt| salt.len() >= 8)
            && parsed.hash.is_some_and(|hash| hash.len() >= 16)
            && cost.params().is_some();
        if ours { Ok(Self { text: text.to_owned(), parsed, cost }) } else { Err(PasswordHashError) }
    }

    /// The text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordHash({:?}, …)", self.cost)
    }
}

/// Why a password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Parameters that Argon2 does not have, or above [`Cost::MAX`].
    #[error("argon2 cannot be computed with these parameters")]
    Cost,
    /// The machine has not enough memory.
    #[error("argon2 failed, for want of memory")]
    Memory,
    /// No salt can be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Makes and checks hashes, all with one cost.
///
/// Nothing here is asynchronous or queued: each call computes on the thread it is made on.
#[derive(Debug)]
pub struct Hasher {
    argon2: Argon2<'static>,
    cost: Cost,
    /// The hash of a password nobody knows, for accounts that do not exist.
    nobody: PasswordHash,
}

impl Hasher {
    /// A hasher; making it computes one hash.
    ///
    /// # Errors
    /// [`HashError`] when the cost is not one of Argon2's, or the first hash fails.
    pub fn new(cost: Cost) -> Result<Self, HashError> {
        let params = cost.params().ok_or(HashError::Cost)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let unknown = URL_SAFE_NO_PAD.encode(random::<32>()?.as_ref());
        let nobody = compute(&argon2, unknown.as_bytes())?;
        Ok(Self { argon2, cost, nobody })
    }

    /// The hash of a new password, with a salt of its own.
    ///
    /// # Errors
    /// [`HashError`] when there is no memory or no randomness.
    pub fn hash(&self, password: &Password) -> Result<PasswordHash, HashError> {
        compute(&self.argon2, password.as_bytes())
    }

    /// Whether a candidate is the password behind a hash; `None` when there is no such account.
    ///
    /// It always computes one hash, with an unknown account too, so that the time an answer takes does not tell
    /// who has an account. (Hashes made with another cost take another time: see [`Hasher::needs_rehash`].)
    /// A candidate longer than [`Password::MAX_BYTES`] is refused at once, for every account alike.
    #[must_use]
    pub fn verify(&self, candidate: &str, hash: Option<&PasswordHash>) -> bool {
        let Some(candidate) = normal(candidate) else { return false };
        let against = hash.unwrap_or(&self.nobody);
        let matches = self.argon2.verify_password(candidate.as_bytes(), &against.parsed).is_ok();
        matches && hash.is_some()
    }

    /// Whether a hash was made with another cost than this hasher's: hash the password anew while it is known,
    /// after a sign-in that succeeded.
    #[must_use]
    pub fn needs_rehash(&self, hash: &PasswordHash) -> bool {
        hash.cost != self.cost
    }
}

fn compute(argon2: &Argon2<'_>, password: &[u8]) -> Result<PasswordHash, HashError> {
    let salt = random::<16>()?;
    let parsed: phc::PasswordHash =
        argon2.hash_password_with_salt(password, salt.as_ref()).map_err(|_| HashError::Memory)?;
    PasswordHash::parse(&parsed.to_string()).map_err(|_| HashError::Cost)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Not a cost for anything but tests.
    const CHEAP: Cost = Cost { memory: 8, passes: 1, lanes: 1 };

    fn password(text: &str) -> Password {
        Password::parse(text, "ana@example.org").unwrap()
    }

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let hasher = Hasher::new(CHEAP).unwrap();
        let hash = hasher.hash(&password("йод и ёж в море")).unwrap();
        assert!(hasher.verify("йод и ёж в море", Some(&hash)));
        assert!(hasher.verify("и\u{306}од и е\u{308}ж в море", Some(&hash)));
        for candidate in ["", "йод и ёж в мор", "йод и ёж в море ", &"x".repeat(5000)] {
            assert!(!hasher.verify(candidate, Some(&hash)), "{candidate:?}");
        }
    }

    #[test]
    fn an_account_that_does_not_exist_costs_the_same_and_never_signs_in() {
        let hasher = Hasher::new(Cost::OWASP).unwrap();
        let hash = hasher.hash(&password("heron by the canal")).unwrap();
        let shape = |hash: &PasswordHash| (hash.cost, hash.parsed.salt.map(|it| it.len()), hash.text.len());
        assert_eq!(shape(&hasher.nobody), shape(&hash));
        assert!(!hasher.verify("heron by the canal", None));

        // Even whoever knew the password behind it would not get in.
        let argon2 = hasher.argon2.clone();
        let hasher = Hasher { nobody: compute(&argon2, b"known").unwrap(), ..hasher };
        assert!(hasher.verify("known", Some(&hasher.nobody)));
        assert!(!hasher.verify("known", None));
    }

    #[test]
    fn hashes_are_salted_phc_strings_with_the_parameters_asked_for() {
        let hasher = Hasher::new(Cost::OWASP).unwrap();
        let [first, second] = [(); 2].map(|()| hasher.hash(&password("heron by the canal")).unwrap());
        assert!(first.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", first.as_str());
        assert_ne!(first.as_str(), second.as_str());
        assert_eq!(PasswordHash::parse(first.as_str()).unwrap(), first);
        assert!(!format!("{first:?} {hasher:?}").contains(first.as_str().rsplit('$').next().unwrap()));
    }

    #[test]
    fn a_hash_of_the_reference_implementation_is_understood() {
        // RFC 9106's reference code: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 24 -e
        let text = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let hash = PasswordHash::parse(text).unwrap();
        let hasher = Hasher::new(CHEAP).unwrap();
        assert!(hasher.verify("password", Some(&hash)));
        assert!(!hasher.verify("Password", Some(&hash)));
        assert!(hasher.needs_rehash(&hash));
        assert!(!hasher.needs_rehash(&hasher.nobody));
    }

    #[test]
    fn what_is_no_hash_of_ours_or_too_dear_is_refused() {
        let tail = "c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        for head in [
            "$argon2i$v=19$m=65536,t=2,p=1",
            "$argon2id$v=16$m=65536,t=2,p=1",
            "$argon2id$m=65536,t=2,p=1",
            "$argon2id$v=19$m=4194304,t=2,p=1",
            "$argon2id$v=19$m=65536,t=4000000000,p=1",
            "$argon2id$v=19$m=8,t=1,p=64",
            "$2b$12",
            "",
        ] {
            assert!(PasswordHash::parse(&format!("{head}${tail}")).is_err(), "{head}");
        }
        assert!(PasswordHash::parse("$argon2id$v=19$m=65536,t=2,p=1").is_err());
        assert!(PasswordHash::parse("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ").is_err());
        for cost in [Cost { memory: 0, ..CHEAP }, Cost { passes: 0, ..CHEAP }, Cost { lanes: 0, ..CHEAP }] {
            assert_eq!(Hasher::new(cost).unwrap_err(), HashError::Cost);
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "(\\$argon2id\\$v=19\\$m=[0-9]{1,12},t=[0-9]{1,12},p=[0-9]{1,12})?\\PC{0,60}") {
            let _ = PasswordHash::parse(&text);
        }
    }
}
