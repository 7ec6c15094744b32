//! What is around the handlers: who asks, from where, how much at once, and what every answer bears.

pub(crate) mod address;
pub(crate) mod auth;
pub(crate) mod compress;
pub(crate) mod etag;
pub(crate) mod flow;
pub(crate) mod harden;
pub(crate) mod refusal;
pub(crate) mod request_id;
pub(crate) mod request_log;
pub(crate) mod untrusted;
