//! Who has read something, as a number that does not tell who it was.
//!
//! A *print* is made of the reader's network address, of the program they read with and of what they read, by HMAC-SHA256 under a
//! random salt that all nodes share for a day and then delete. While there is the salt, a print can be compared with the one that a
//! guess makes; without it, it says nothing. What one reader reads cannot be told to be of one reader, as what is read goes into it.

use std::{fmt, net::IpAddr};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    secret::{NoRandomness, Secret},
    server_secret::{ServerSecret, ServerSecretError},
};

/// What prints of a day are made with.
#[derive(Clone)]
pub struct ReaderSalt {
    salt: ServerSecret,
    mac: Hmac<Sha256>,
}

/// A reader who has read something, to be told from others on the same day.
pub type Print = u64;

impl ReaderSalt {
    fn of(salt: ServerSecret) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mac = Hmac::new_from_slice(salt.as_bytes()).expect("a key of any length");
        Self { salt, mac }
    }

    /// A new one, which nobody can guess.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system has none.
    pub fn generate() -> Result<Self, NoRandomness> {
        ServerSecret::generate().map(Self::of)
    }

    /// Reads one that was written by [`ReaderSalt::to_text`].
    ///
    /// # Errors
    /// [`ServerSecretError`] when it is something else.
    pub fn parse(text: &str) -> Result<Self, ServerSecretError> {
        ServerSecret::parse(text).map(Self::of)
    }

    /// The salt as text, for the other nodes.
    #[must_use]
    pub fn to_text(&self) -> Secret {
        self.salt.to_text()
    }

    /// The print of whoever is at this address, reads with this program, and reads this.
    #[must_use]
    pub fn print(&self, address: IpAddr, program: &[u8], read: &[u8]) -> Print {
        let mut mac = self.mac.clone();
        match address.to_canonical() {
            IpAddr::V4(address) => mac.update(&address.octets()),
            IpAddr::V6(address) => mac.update(&address.octets()),
        }
        // Each part says how long it is, so that none can be taken for a piece of another.
        mac.update(&(read.len() as u64).to_be_bytes());
        mac.update(read);
        mac.update(program);
        let bytes = mac.finalize().into_bytes();
        bytes.iter().take(8).fold(0, |print, byte| print << 8 | u64::from(*byte))
    }
}

impl fmt::Debug for ReaderSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReaderSalt(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_is_of_all_that_it_is_made_of() {
        let salt = ReaderSalt::generate().unwrap();
        let again = ReaderSalt::parse(salt.to_text().expose()).unwrap();
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|address| address.parse().unwrap());
        let print = salt.print(one, b"a browser", b"a story");
        assert_eq!(again.print(one, b"a browser", b"a story"), print, "another node's is the same");
        assert_eq!(salt.print("::ffff:192.0.2.1".parse().unwrap(), b"a browser", b"a story"), print);
        for different in [
            salt.print(other, b"a browser", b"a story"),
            salt.print(one, b"browser", b"a story"),
            salt.print(one, b"a browser", b"a storya "),
            salt.print(one, b"browser", b"a storya "),
            ReaderSalt::generate().unwrap().print(one, b"a browser", b"a story"),
        ] {
            assert_ne!(different, print);
        }
        assert_eq!(format!("{salt:?}"), "ReaderSalt(…)");
    }
}
