//! Restoring a dump: in one transaction, so that one that turns out to be broken leaves nothing behind.

use std::{io::BufRead, ops::ControlFlow};

use courant_domain::{redirect::Redirect, site::Site};
use tokio::sync::mpsc;

use super::{
    error::RestoreError,
    read::{Batch, Records, read},
    record::EntryRecord,
};
use crate::{
    admin::{Admin, create_in_tx},
    db::{patience::LONG, transaction::Transaction},
    error::{Result, corrupt},
    live::redirect,
    newsroom::{
        reference_put::{self, ReferenceData},
        site,
    },
    store::Store,
};

impl Admin {
    /// Restores a dump into a database without entries, all of it or nothing, and says how many entries it had.
    /// `progress` is told how many bytes more are taken in, and says whether to go on.
    ///
    /// # Errors
    /// [`RestoreError`] when there are entries already, the dump cannot be read or does not hold together, it was to
    /// stop, or the database fails.
    pub async fn restore_dump(
        &self,
        lines: Box<dyn BufRead + Send>,
        progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<usize, RestoreError> {
        if !self.store.is_empty().await? {
            return Err(RestoreError::NotEmpty);
        }
        // Lines are read and parsed on a thread of their own, a little ahead of what is written.
        let (batches, incoming) = mpsc::channel(2);
        let reader = tokio::task::spawn_blocking(move || {
            if let Err(error) = read(lines, &batches) {
                drop(batches.blocking_send(Err(error)));
            }
        });
        let mut restoration = self.restore().await?;
        let entries = match restoration.take(incoming, progress).await {
            Ok(entries) => entries,
            Err(error) => {
                restoration.abandon().await?;
                return Err(error);
            }
        };
        reader.await.map_err(corrupt)?;
        restoration.finish().await?;
        Ok(entries)
    }

    /// Begins to restore a dump. Whoever else writes waits until it is finished or abandoned.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restore(&self) -> Result<Restoration> {
        let tx = Transaction::begin(&self.store).await?;
        tx.takes(LONG, LONG).await?;
        Ok(Restoration { store: self.store.clone(), tx })
    }
}

/// A dump on its way in. Nobody sees anything of it before [`Restoration::finish`].
pub struct Restoration {
    store: Store,
    tx: Transaction,
}

impl Restoration {
    /// Writes all batches, and says how many entries they had.
    async fn take(
        &mut self,
        mut incoming: mpsc::Receiver<Result<Batch, RestoreError>>,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<usize, RestoreError> {
        let mut entries = 0;
        while let Some(batch) = incoming.recv().await {
            let Batch { lines, bytes, records } = batch?;
            let put = match records {
                Records::Site(site) => self.site(&site).await,
                Records::Reference(reference) => self.reference(&reference).await,
                Records::Redirects(redirects) => self.redirects(redirects).await,
                Records::Entries(records) => {
                    entries += records.len();
                    self.entries(&records).await
                }
            };
            put.map_err(|source| RestoreError::Records { lines, source })?;
            if progress(bytes).is_break() {
                return Err(RestoreError::Stopped);
            }
        }
        Ok(entries)
    }

    async fn site(&mut self, site: &Site) -> Result<()> {
        site::put_in_tx(&mut self.tx, site).await
    }

    async fn reference(&mut self, data: &ReferenceData) -> Result<()> {
        reference_put::put_in_tx(&mut self.tx, data).await
    }

    async fn entries(&mut self, records: &[EntryRecord]) -> Result<()> {
        create_in_tx(&mut self.tx, records).await
    }

    async fn redirects(&mut self, redirects: Vec<Redirect>) -> Result<()> {
        redirect::restore_in_tx(&mut self.tx, redirects).await
    }

    /// Makes it all count.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn finish(self) -> Result<()> {
        self.tx.commit(&self.store).await
    }

    /// Leaves everything as it was before.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then, either.
    pub async fn abandon(self) -> Result<()> {
        self.tx.rollback().await
    }
}
