//! What a database must keep: whatever Courant does keeps it, and whatever breaks it is found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod broken;
mod cases;
mod kept;
mod support;
