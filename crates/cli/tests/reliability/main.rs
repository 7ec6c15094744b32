//! The real program, killed while it writes, restarted, run twice at once; and several editors at a time.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod away;
#[path = "../common/mod.rs"]
mod common;
mod desk;
#[cfg(target_os = "linux")]
mod disk;
mod drill;
mod due;
mod editor;
#[cfg(target_os = "linux")]
mod full;
#[cfg(target_os = "linux")]
mod index;
mod kill;
mod mirror;
mod race;
mod random;
mod reads;
mod related;
mod searching;
mod server;
mod snapshots;
mod webhooks;
