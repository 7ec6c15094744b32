//! The commands, one file each.

pub(crate) mod backup;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod migrate;
pub(crate) mod restore;
pub(crate) mod schema;
pub(crate) mod secret;
pub(crate) mod seed;
pub(crate) mod serve;
pub(crate) mod site;
pub(crate) mod user;
pub(crate) mod verify;
pub(crate) mod webhook;
