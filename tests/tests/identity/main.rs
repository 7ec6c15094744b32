//! Signing in, sessions, users, machines' tokens and an external issuer's, as clients meet them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desk;
mod external;
mod forged;
mod leaving;
mod places;
mod rotation;
mod secrets;
mod sessions;
mod still;
mod tokens;
mod users;
