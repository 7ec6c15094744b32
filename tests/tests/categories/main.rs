//! Categories: made, renamed, moved, merged and ordered.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod anything;
mod merging;
mod paths;
mod rules;
mod support;
