//! What goes with an article, by the lists that a follower of the change log makes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod following;
mod judged;
mod kept;
mod live;
mod ranking;
mod support;
