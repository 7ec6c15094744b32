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
mod refill;
mod restore;
mod whole;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags};

pub use self::{
    backup::backup,
    error::FileError,
    refill::Refill,
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
    alone_at: Option<Timestamp>,
}

impl Embedded {
    /// Of the database in this file, which nobody may be putting another one in the place of.
    pub(crate) fn share(file: &Path) -> Result<Arc<Self>> {
        let used = InUse::share(file)?;
        // Nobody puts another file in its place while it is shared, so that what was to take its place never will.
        if used.is_held() {
            clear_left_over(file);
        }
        let alone_at = used.alone_at();
        let used = Mutex::new(Some(used));
        Ok(Arc::new(Self { checkpointer: Checkpointer::new(file), used, alone_at }))
    }

    /// When nobody else had the database open, if that is known: when this process opened it. Whoever had it before is gone.
    pub(crate) const fn alone_at(&self) -> Option<Timestamp> {
        self.alone_at
    }

    /// Brings what is in the write-ahead log into the file; with `cut`, the log is shortened to nothing if nobody uses it.
    pub(crate) async fn checkpoint(self: &Arc<Self>, cut: bool) -> Result<()> {
        let this = Arc::clone(self);
        let reached = tokio::task::spawn_blocking(move || this.checkpointer.run(cut)).await.map_err(corrupt)?;
        let reached = reached.map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::StorageFull,
            _ => StoreError::Unreachable(error.to_string()),
        })?;
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

/// Removes what somebody left beside a database who was killed while it was to be replaced, and says so.
fn clear_left_over(database: &Path) {
    for suffix in UNFINISHED {
        let part = beside(database, suffix);
        let all = || OF_SQLITE.iter().map(|suffix| beside(&part, suffix)).chain([part.clone()]);
        if !all().any(|file| place::exists(&file)) {
            continue;
        }
        let file = part.display();
        match place::clear(&part) {
            Ok(()) => {
                tracing::warn!(%file, "removed what a killed restoration left behind; the database is as it was before");
            }
            Err(error) => {
                tracing::warn!(%file, %error, "what a killed restoration left behind cannot be removed");
            }
        }
    }
}

/// What is in the place of a database that is not finished, beside the one it is to replace: of a dump, and of a backup.
const UNFINISHED: [&str; 2] = [refill::UNFINISHED, restore::UNFINISHED];

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
