//! What is live: the tables that readers' statements touch.
//!
//! *Invariant*: [`Live`] reads them and nothing else, so that whoever holds it alone cannot come by a draft. What changes them
//! (`publish`, `redirect`) is called within a transaction of the newsroom's.

mod followed;
pub mod publication;
pub(crate) mod publish;
pub(crate) mod read;
pub(crate) mod reads;
pub(crate) mod redirect;
pub(crate) mod scope;

pub use self::followed::FeedName;
use crate::store::Store;

/// What readers may read.
#[derive(Debug, Clone)]
pub struct Live {
    store: Store,
}

impl Store {
    /// What readers may read.
    #[must_use]
    pub fn live(&self) -> Live {
        Live { store: self.clone() }
    }
}
