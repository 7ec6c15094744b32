//! The file of an embedded database as a whole: who uses it, what is still in its write-ahead log, whether it is whole,
//! backups of it, and putting one in its place.
//!
//! *Invariant*: every process of ours that has a database open holds its lock (`lock.rs`). Whoever has that lock alone may
//! put another file in the database's place, and nobody else ever does.

mod backup;
mod checkpoint;
mod error;
mod lock;
mod place;
mod restore;
mod whole;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags};

pub use self::{
    backup::backup,
    error::FileError,
    restore::{Restored, restore, restore_cleared},
    whole::Contents,
};
use self::{checkpoint::Checkpointer, lock::InUse};
pub(crate) use self::{checkpoint::behind, whole::integrity};
use crate::error::{Result, StoreError, corrupt};

/// What a process that has an embedded database open keeps beside its connections.
pub(crate) struct Embedded {
    checkpointer: Checkpointer,
    /// None once it is closed.
    used: Mutex<Option<InUse>>,
}

impl Embedded {
    /// Of the database in this file, which nobody may be putting another one in the place of.
    pub(crate) fn share(file: &Path) -> Result<Arc<Self>> {
        let used = Mutex::new(Some(InUse::share(file)?));
        Ok(Arc::new(Self { checkpointer: Checkpointer::new(file), used }))
    }

    /// Brings what is in the write-ahead log into the file; with `cut`, the log is shortened to nothing if nobody uses it.
    pub(crate) async fn checkpoint(self: &Arc<Self>, cut: bool) -> Result<()> {
        let this = Arc::clone(self);
        let reached = tokio::task::spawn_blocking(move || this.checkpointer.run(cut)).await.map_err(corrupt)?;
        let reached = reached.map_err(|error| StoreError::Unreachable(error.to_string()))?;
        tracing::trace!(?reached, "checkpoint");
        Ok(())
    }

    /// Brings the log into the file for the last time. The last connection that is closed after this takes the log away.
    pub(crate) async fn settle(self: &Arc<Self>) {
        if let Err(error) = self.checkpoint(true).await {
            tracing::warn!(%error, "what is in the write-ahead log stays there");
        }
        self.checkpointer.close();
    }

    /// Says that this process uses the database no longer.
    pub(crate) fn release(&self) {
        drop(self.used.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// The file beside another one whose name is longer by this.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// What SQLite keeps beside a file.
const OF_SQLITE: [&str; 3] = ["-wal", "-journal", "-shm"];

/// Opens a database that is there; where it is write-protected, for reading alone.
pub(crate) fn open(file: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

#[cfg(test)]
mod tests;
