//! The log of changes as those outside follow it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cursors;
mod days;
mod desk;
mod filters;
mod ndjson;
mod tombstones;
