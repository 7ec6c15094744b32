//! GraphQL over HTTP: from a request to its answer.

pub(crate) mod accept;
mod body;
pub(crate) mod handler;
mod json_in;
mod params;
pub(crate) mod response;
