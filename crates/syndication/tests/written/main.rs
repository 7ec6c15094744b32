//! What is written, whatever the texts are.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod formats;
mod fuzzed;
mod support;
