//! What is done to a database as a whole: dumps, restoring them, checking that everything agrees.

pub mod dump;
mod entries;
mod rederive;
mod redirects;
mod refold;
mod restored;
pub(crate) mod verify;

pub(crate) use self::entries::create_in_tx;
use crate::store::Store;

/// What is done to a database as a whole.
#[derive(Debug, Clone)]
pub struct Admin {
    store: Store,
}

impl Store {
    /// What is done to a database as a whole.
    #[must_use]
    pub fn admin(&self) -> Admin {
        Admin { store: self.clone() }
    }
}
