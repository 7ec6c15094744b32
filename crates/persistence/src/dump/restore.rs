//! Restoring a dump: in one transaction, so that one that turns out to be broken leaves nothing behind.

use courant_domain::{redirect::Redirect, site::Site};

use crate::{entries, error::Result, patience::LONG, redirect, reference_put::{self, ReferenceData}, site, store::Store, transaction::Transaction, dump::EntryRecord};

/// A dump on its way in. Nobody sees anything of it before [`Restoration::finish`].
pub struct Restoration<'a> {
    store: &'a Store,
    tx: Transaction,
}

impl Store {
    /// Begins to restore a dump. Whoever else writes waits until it is finished or abandoned.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restore(&self) -> Result<Restoration<'_>> {
        let tx = Transaction::begin(self).await?;
        tx.takes(LONG, LONG).await?;
        Ok(Restoration { store: self, tx })
    }
}

impl Restoration<'_> {
    /// Sets the site's name and languages.
    ///
    /// # Errors
    /// As for [`Store::site_put`].
    pub async fn site(&mut self, site: &Site) -> Result<()> {
        site::put_in_tx(&mut self.tx, site).await
    }

    /// Writes reference data.
    ///
    /// # Errors
    /// As for [`Store::reference_put`].
    pub async fn reference(&mut self, data: &ReferenceData) -> Result<()> {
        reference_put::put_in_tx(&mut self.tx, data).await
    }

    /// Makes entries.
    ///
    /// # Errors
    /// As for [`Store::entries_create`].
    pub async fn entries(&mut self, records: &[EntryRecord]) -> Result<()> {
        entries::create_in_tx(&mut self.tx, records).await
    }

    /// Puts redirects back.
    ///
    /// # Errors
    /// As for [`Store::redirects_restore`].
    pub async fn redirects(&mut self, redirects: Vec<Redirect>) -> Result<()> {
        redirect::restore_in_tx(&mut self.tx, redirects).await
    }

    /// Makes it all count.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn finish(self) -> Result<()> {
        self.tx.commit(self.store).await
    }

    /// Leaves everything as it was before.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then, either.
    pub async fn abandon(self) -> Result<()> {
        self.tx.rollback().await
    }
}
