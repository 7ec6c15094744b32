//! Who somebody is, as far as it can be told without a database: passwords, opaque tokens, signed tokens,
//! tokens of an external issuer, and how often a sign-in may be tried.
//!
//! | module | what it is for |
//! |---|---|
//! | [`password`] | a new password's rules, its hash (Argon2id), the check of a sign-in |
//! | [`opaque`] | API tokens and refresh tokens: random texts of which only a hash is kept |
//! | [`signed`] | access tokens and preview tokens: short-lived JWTs of our own, signed with the server's secret |
//! | [`external`] | JWTs of an OpenID Connect issuer, checked against its public keys |
//! | [`reader`] | who has read something on a day, as a number under a salt of that day |
//! | [`server_secret`] | the 32 bytes that the keys of our own tokens come from |
//! | [`throttle`] | limits on sign-ins, per account and per address |
//! | [`webhook`] | the keys of webhooks' endpoints, their signatures, and checking these |
//! | [`bearer`] | which of these a credential is, before any is checked |
//!
//! *Invariant*: nothing in this crate does I/O, except that it takes random bytes from the system. It knows no
//! database, no HTTP and no environment, and reads no clock but [`throttle`]'s: the time is passed in.
//!
//! *Invariant*: no secret is printed. What holds one writes `…` for it in `Debug`, has no `Display`, and
//! overwrites its memory when it is dropped.

mod base16;
pub mod bearer;
pub mod external;
pub mod opaque;
pub mod password;
pub mod reader;
mod secret;
pub mod server_secret;
pub mod signed;
pub mod throttle;
pub mod webhook;

pub use secret::{NoRandomness, Secret};
