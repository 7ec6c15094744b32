//! Redirects as they were dumped.

use courant_domain::redirect::Redirect;

use super::Admin;
use crate::{db::transaction::Transaction, error::Result, live::redirect::restore_in_tx};

impl Admin {
    /// Puts redirects back exactly as they were dumped.
    ///
    /// # Errors
    /// When a path is there already, or the database fails; nothing is changed then.
    pub async fn redirects_restore(&self, redirects: Vec<Redirect>) -> Result<()> {
        let mut tx = Transaction::begin(&self.store).await?;
        restore_in_tx(&mut tx, redirects).await?;
        tx.commit(&self.store).await
    }
}
