//! Answers that are kept, held against a server that keeps none: whatever is changed, in whatever order, on whichever server.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chance;
mod changes;
mod mirror;
mod questions;
mod rules;
mod walk;
