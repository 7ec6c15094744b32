//! Restoring a dump: in one transaction, so that one that turns out to be broken leaves nothing behind; or, into a database that
//! nobody sees before all of it is there, in portions, so that the write-ahead log stays short.

use std::{io::BufRead, ops::ControlFlow};

use courant_domain::{redirect::Redirect, site::Site};
use tokio::sync::mpsc;

use super::{
    error::RestoreError,
    read::{Batch, Records, read},
    reads,
    record::EntryRecord,
    webhook,
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

/// So many bytes of a dump are written in one transaction where that may be.
const PORTION: u64 = 8 * 1024 * 1024;

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
        self.restore_lines(lines, None, progress).await
    }

    /// The same into a database that nobody sees yet. What is in it when this fails is a part of the dump, and it is to be
    /// thrown away.
    pub(crate) async fn restore_in_portions(
        &self,
        lines: Box<dyn BufRead + Send>,
        progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<usize, RestoreError> {
        self.restore_lines(lines, Some(PORTION), progress).await
    }

    async fn restore_lines(
        &self,
        lines: Box<dyn BufRead + Send>,
        portion: Option<u64>,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<usize, RestoreError> {
        if !self.store.is_empty().await? {
            return Err(RestoreError::NotEmpty);
        }
        // Lines are read and parsed on a thread of their own, a little ahead of what is written.
        let (batches, mut incoming) = mpsc::channel(2);
        let reader = tokio::task::spawn_blocking(move || {
            if let Err(error) = read(lines, &batches) {
                drop(batches.blocking_send(Err(error)));
            }
        });
        let mut restoration = self.restore().await?;
        let (mut entries, mut written) = (0, 0);
        while let Some(batch) = incoming.recv().await {
            let bytes = match restoration.put(batch, &mut entries).await {
                Ok(bytes) if progress(bytes).is_continue() => bytes,
                stopped => {
                    let abandoned = restoration.abandon().await;
                    // On a full disk this fails, too; what failed first is what is to be known.
                    if let Err(error) = &abandoned {
                        tracing::debug!(%error, "cannot roll back");
                    }
                    return Err(match stopped {
                        Err(error) => error,
                        Ok(_) => abandoned.err().map_or(RestoreError::Stopped, RestoreError::Store),
                    });
                }
            };
            written += bytes;
            if portion.is_some_and(|portion| written >= portion) {
                written = 0;
                restoration.finish().await?;
                self.store.checkpoint().await?;
                restoration = self.restore().await?;
            }
        }
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
    /// Writes a batch, counts its entries, and says how many bytes it had.
    async fn put(&mut self, batch: Result<Batch, RestoreError>, entries: &mut usize) -> Result<u64, RestoreError> {
        let Batch { lines, bytes, records } = batch?;
        let put = match records {
            Records::Site(site) => self.site(&site).await,
            Records::Reference(reference) => self.reference(&reference).await,
            Records::Redirects(redirects) => self.redirects(redirects).await,
            Records::Reads(records) => reads::restore_in_tx(&self.tx, &records).await,
            Records::Webhooks(webhooks) => webhook::restore_in_tx(&self.tx, &webhooks).await,
            Records::Entries(records) => {
                *entries += records.len();
                self.entries(&records).await
            }
        };
        put.map_err(|source| RestoreError::Records { lines, source })?;
        Ok(bytes)
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
