//! What happens, told to those who have subscribed: over WebSockets, Server-Sent Events and multipart answers, on both databases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod editorial;
mod events;
mod protocol;
mod resuming;
mod rights;
mod streams;
mod support;
