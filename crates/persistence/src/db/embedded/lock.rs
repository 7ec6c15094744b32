//! Who uses an embedded database.
//!
//! Every process that has it open shares a lock on a file beside it; who puts another file in its place has that lock alone. It is
//! a file of its own, which stays where it is: a lock on the database itself would go with the file that is replaced, and
//! closing such a file would let go of SQLite's own locks. The system frees the lock when a process ends, however it ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
};

use super::{FileError, beside};
use crate::error::{Result, StoreError};

/// The lock of a process that has a database open.
#[derive(Debug)]
pub(crate) struct InUse(Option<File>);

/// The lock of a process that has a database alone.
#[derive(Debug)]
pub(super) struct Alone(#[expect(dead_code, reason = "held, so that nobody else opens the database")] File);

impl InUse {
    /// Says that this process uses the database in this file.
    pub(crate) fn share(database: &Path) -> Result<Self> {
        let file = open(database).map_err(|error| {
            StoreError::Unreachable(format!("{} cannot be opened: {error}", beside(database, ".lock").display()))
        })?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::WouldBlock) => {
                let message = "another file is being put in the database's place: try again when `courant restore`, or \
                               `courant import` of a dump, has ended";
                Err(StoreError::Invalid(message.to_owned()))
            }
            // Not every file system has locks; SQLite's own are still there, and `restore` refuses to work without.
            Err(TryLockError::Error(error)) => {
                tracing::debug!(%error, "the database's folder knows no locks");
                Ok(Self(None))
            }
        }
    }
}

impl InUse {
    /// Whether nobody can have the database alone meanwhile: not every file system has locks.
    pub(super) const fn is_held(&self) -> bool {
        self.0.is_some()
    }
}

impl Alone {
    /// Has the database in this file alone.
    pub(super) fn take(database: &Path) -> Result<Self, FileError> {
        let lock = beside(database, ".lock");
        let file = open(database).map_err(|error| FileError::io("open", &lock, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(FileError::InUse(database.to_owned())),
            Err(TryLockError::Error(error)) => Err(FileError::io("lock", &lock, error)),
        }
    }

    /// Whether a process of ours has the database in this file open.
    pub(super) fn is_in_use(database: &Path) -> bool {
        // Reading is enough to ask, and makes nothing.
        let Ok(file) = File::open(beside(database, ".lock")) else { return false };
        matches!(file.try_lock(), Err(TryLockError::WouldBlock))
    }
}

fn open(database: &Path) -> io::Result<File> {
    let path = beside(database, ".lock");
    let mut create = OpenOptions::new();
    create.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut create, 0o600);
    match create.open(&path) {
        Ok(file) => {
            // What root makes, the service has to be able to open.
            super::place::give_to_owner_of(&path, database);
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => File::open(&path),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_use_a_database_and_one_has_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("courant.db");
        assert!(!Alone::is_in_use(&file));
        let (first, second) = (InUse::share(&file).unwrap(), InUse::share(&file).unwrap());
        assert!(Alone::is_in_use(&file));
        drop(first);
        assert!(matches!(Alone::take(&file), Err(FileError::InUse(_))));
        drop(second);
        let alone = Alone::take(&file).unwrap();
        assert!(
            matches!(InUse::share(&file), Err(StoreError::Invalid(message)) if message.contains("courant restore"))
        );
        drop(alone);
        InUse::share(&file).unwrap();
    }
}
