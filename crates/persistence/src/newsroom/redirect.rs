//! Redirects that are put by hand.

use super::Newsroom;
use crate::{db::transaction::Transaction, error::Result, live::redirect::put_in_tx};

impl Newsroom {
    /// Makes a path lead elsewhere, or say that it is gone.
    ///
    /// # Errors
    /// When the path is none of the site's, leads to itself, or the database fails; nothing is changed then.
    pub async fn redirect_put(&self, path: &str, target: Option<&str>) -> Result<()> {
        let mut tx = Transaction::begin(&self.store).await?;
        put_in_tx(&mut tx, path, target.into(), None).await?;
        tx.commit(&self.store).await
    }
}
