//! Who uses an embedded database.
//!
//! Every process that has it open shares a lock on a file beside it; who puts another file in its place has that lock alone. It is
//! a file of its own, which stays where it is: a lock on the database itself would go with the file that is replaced, and
//! closing such a file would let go of SQLite's own locks. The system frees the lock when a process ends, however it ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
    thread::sleep,
    time::Duration,
};

use jiff::Timestamp;

use super::{FileError, beside};
use crate::error::{Result, StoreError};

/// The lock of a process that has a database open.
#[derive(Debug)]
pub(crate) struct InUse {
    file: Option<File>,
    alone_at: Option<Timestamp>,
}

/// How often, and after how long, it is tried again to share a database that somebody has alone: whoever opens it has it alone for a moment.
const AGAIN: (u32, Duration) = (25, Duration::from_millis(20));

/// The lock of a process that has a database alone.
#[derive(Debug)]
pub(super) struct Alone(#[expect(dead_code, reason = "held, so that nobody else opens the database")] File);

impl InUse {
    /// Says that this process uses the database in this file.
    pub(crate) fn share(database: &Path) -> Result<Self> {
        let file = open(database).map_err(|error| {
            StoreError::Unreachable(format!("{} cannot be opened: {error}", beside(database, ".lock").display()))
        })?;
        // Who has it alone knows that whoever had it before is gone, however they ended.
        let alone_at = file.try_lock().is_ok().then(Timestamp::now);
        if alone_at.is_some() && file.unlock().is_err() {
            tracing::debug!("a lock on the database cannot be let go of");
        }
        let mut shared = file.try_lock_shared();
        let (times, pause) = AGAIN;
        for _ in 0..times {
            if matches!(shared, Err(TryLockError::WouldBlock)) {
                sleep(pause);
                shared = file.try_lock_shared();
            }
        }
        match shared {
            Ok(()) => Ok(Self { file: Some(file), alone_at }),
            Err(TryLockError::WouldBlock) => {
                let message = "another file is being put in the database's place: try again when `courant restore`, or \
                               `courant import` of a dump, has ended";
                Err(StoreError::Invalid(message.to_owned()))
            }
            // Not every file system has locks; SQLite's own are still there, and `restore` refuses to work without.
            Err(TryLockError::Error(error)) => {
                tracing::debug!(%error, "the database's folder knows no locks");
                Ok(Self { file: None, alone_at: None })
            }
        }
    }

    /// Whether nobody can have the database alone meanwhile: not every file system has locks.
    pub(super) const fn is_held(&self) -> bool {
        self.file.is_some()
    }

    /// When nobody else had the database open, if that is known: when this process opened it.
    pub(super) const fn alone_at(&self) -> Option<Timestamp> {
        self.alone_at
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
        assert!(first.alone_at().is_some(), "nobody had it open");
        assert!(second.alone_at().is_none(), "the first one has");
        assert!(Alone::is_in_use(&file));
        drop(first);
        assert!(matches!(Alone::take(&file), Err(FileError::InUse(_))));
        drop(second);
        let alone = Alone::take(&file).unwrap();
        assert!(
            matches!(InUse::share(&file), Err(StoreError::Invalid(message)) if message.contains("courant restore"))
        );
        drop(alone);
        assert!(InUse::share(&file).unwrap().alone_at().is_some());
    }

    #[test]
    fn whoever_opens_a_database_keeps_nobody_else_from_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("courant.db");
        std::thread::scope(|threads| {
            for _ in 0..8 {
                threads.spawn(|| (0..100).for_each(|_| drop(InUse::share(&file).unwrap())));
            }
        });
    }
}
