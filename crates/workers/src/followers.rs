//! Followers of the change log, a file each.

pub mod purge;
mod reference_data;
mod webhooks;

pub use self::{
    purge::{Purge, PurgeAgain, Purging},
    reference_data::ReferenceData,
    webhooks::TellWebhooks,
};
