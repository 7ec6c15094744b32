//! The transport from outside: one behaviour per file, through the router, on a database of its own.

mod body_limit;
mod cors;
mod limits;
mod media_types;
mod methods;
mod pages;
mod request_errors;
mod request_id;
mod support;
