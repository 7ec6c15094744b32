//! Restoring a dump into an embedded database that nobody has open: beside it, in a file of its own, which takes its place when all
//! of the dump is in it.
//!
//! At whatever moment it is killed, what stands in the database's place is the database of before or the one with all of the dump.

use std::{
    io::BufRead,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use jiff::Timestamp;

use super::{
    FileError, backup, beside,
    lock::Alone,
    place,
    restore::{blocking, swap},
};
use crate::{admin::dump::RestoreError, db::connect::Options, store::Store};

/// What the part is called, behind the name of the database.
pub(super) const UNFINISHED: &str = ".refilling";

/// A database that nobody has open, while a dump is restored beside it.
pub struct Refill {
    database: PathBuf,
    part: PathBuf,
    _alone: Alone,
}

impl Refill {
    /// Has a database alone. What somebody left behind who was killed is removed.
    ///
    /// # Errors
    /// [`FileError::InUse`] when somebody has it open.
    pub fn begin(database: &Path) -> Result<Self, FileError> {
        let alone = Alone::take(database)?;
        let part = beside(database, UNFINISHED);
        place::clear(&part)?;
        Ok(Self { database: database.to_owned(), part, _alone: alone })
    }

    /// Restores a dump, all of it or nothing, and says how many entries it had. Users, sessions and the audit log stay.
    /// `progress` is told how many bytes more are taken in, and says whether to go on.
    ///
    /// # Errors
    /// [`RestoreError`] when there are entries already, the dump cannot be read or does not hold together, it was to stop, or the
    /// database fails.
    pub async fn restore(
        &self,
        lines: Box<dyn BufRead + Send>,
        progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<usize, RestoreError> {
        let (database, part) = (self.database.clone(), self.part.clone());
        blocking(move || copy(&database, &part)).await?;
        let store = Store::open(&Options::sqlite(&self.part)).await?;
        let restored = store.admin().restore_in_portions(lines, progress).await;
        let closed = store.close().await;
        let entries = restored?;
        closed?;
        let (database, part) = (self.database.clone(), self.part.clone());
        blocking(move || {
            backup::finish(&part, &Arc::new(AtomicBool::new(false)))?;
            place::sync(&part)?;
            // What was there before had no entries, and all else of it is in the new one.
            match swap(&database, &part, Timestamp::now())? {
                Some(before) => place::clear(&before),
                None => Ok(()),
            }
        })
        .await?;
        Ok(entries)
    }
}

/// What is not in its place by now is a part.
impl Drop for Refill {
    fn drop(&mut self) {
        drop(place::clear(&self.part));
    }
}

/// Makes a copy of a database, which is small before a dump is in it, for whoever may read that.
fn copy(database: &Path, part: &Path) -> Result<(), FileError> {
    drop(place::make(part)?);
    backup::copy(database, part, &AtomicBool::new(false), |_, _| ())?;
    place::give_to_owner_of(part, database);
    let about = std::fs::metadata(database).map_err(|error| FileError::io("read", database, error))?;
    std::fs::set_permissions(part, about.permissions()).map_err(|error| FileError::io("write", part, error))
}
