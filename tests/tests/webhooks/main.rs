//! Webhooks: what is told to whom, in which order, how often, and what comes of receivers that misbehave.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod faults;
mod filters;
mod manage;
mod nodes;
mod order;
mod reach;
mod replay;
mod shown;
mod signatures;
mod support;
