//! What a server does by itself, beside answering requests.
//!
//! Everything that is derived from content and kept is a [`Follower`] of the change log: one file in `followers`. Everything that is
//! done because time passes is a [`Periodic`]: one file in `periodic`. Messages to webhooks are sent by `webhooks`. [`Workers`] starts, wakes, slows down, stops and reports
//! all of them; none of them does so for itself.

mod follower;
pub mod followers;
mod for_all;
mod lead;
mod node;
mod pace;
pub mod periodic;
mod periodic_worker;
mod retry_after;
mod runner;
mod status;
pub mod webhooks;

pub use self::{
    follower::{Follower, Runs},
    periodic_worker::Periodic,
    runner::Workers,
    status::{FollowerStatus, PeriodicStatus, Statuses},
};

/// Why work was not done this time. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] courant_persistence::StoreError),
    /// Something else did.
    #[error("{0}")]
    Other(String),
    /// Somebody outside asked to be left alone for so long.
    #[error("{said}")]
    AskedToWait {
        /// Who, and what was answered.
        said: String,
        /// How long it is to the next try.
        wait: std::time::Duration,
    },
}

/// The result of work.
pub type Result<T, E = WorkError> = std::result::Result<T, E>;
