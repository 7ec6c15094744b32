//! Caches between the server and its readers are told of each change: a real Varnish, and one that only writes down what it is told.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod node;
mod reach;
mod scribe;
mod telling;
mod varnish;
mod what_is_kept;
