//! The transport from outside: one behaviour per file, through the router, on a database of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]

mod body_limit;
mod cors;
mod front;
mod headers;
mod limits;
mod media_types;
mod methods;
mod pages;
mod persisted;
mod request_errors;
mod request_id;
mod support;
