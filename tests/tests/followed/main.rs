//! Feeds, sitemaps, and who is told of them: as followers and search engines meet them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod canonical;
mod departed;
mod extent;
mod feeds;
mod flip;
mod given;
mod pings;
mod sitemaps;
mod support;
