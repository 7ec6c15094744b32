//! Putting a backup in the place of an embedded database.
//!
//! At whatever moment it is killed, what stands in the database's place is the old database or the new one, each with its own
//! write-ahead log or without one, and never with the other's.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use courant_domain::access::Viewer;
use jiff::Timestamp;
use tokio::task::spawn_blocking;

use super::{Contents, FileError, OF_SQLITE, backup, beside, lock::Alone, open, place};
use crate::{
    command::{Command, WriteError},
    db::{connect::Options, migrate},
    error::{StoreError, corrupt},
    store::Store,
};

/// What came of putting a backup in its place.
#[derive(Debug)]
pub struct Restored {
    /// What is in the database now.
    pub contents: Contents,
    /// Where the database is that stood there before.
    pub kept: Option<PathBuf>,
    /// How many sessions were going on in the backup; they are ended.
    pub sessions: u64,
}

/// Puts a backup in the place of a database, which nobody may have open. One that is there is kept beside it, if `force` is
/// given. An older version's backup is brought up to date. Whoever was signed in when it was made has to sign in again.
///
/// # Errors
/// [`FileError`]; the database is as it was then.
pub async fn restore(database: &Path, file: &Path, force: bool) -> Result<Restored, FileError> {
    let alone = Alone::take(database)?;
    if place::exists(database) && !force {
        return Err(FileError::Exists(database.to_owned()));
    }
    let part = part(database);
    let prepared = prepare(database, file, &part).await;
    // From here on nothing waits, so that whoever gives up waiting for this has the old database or the new one.
    let swapped = prepared.and_then(|(contents, sessions)| {
        let kept = swap(database, &part, Timestamp::now())?;
        Ok(Restored { contents, kept, sessions })
    });
    if swapped.is_err() {
        drop(place::clear(&part));
    }
    drop(alone);
    swapped
}

/// Removes what [`restore`] leaves behind when nobody waits for it any more.
pub fn restore_cleared(database: &Path) {
    drop(place::clear(&part(database)));
}

/// What the part is called, behind the name of the database.
pub(super) const UNFINISHED: &str = ".restoring";

/// Where a backup becomes the database that is to be. There is one at a time, so one name will do, and what was left by
/// somebody who was killed is found again.
fn part(database: &Path) -> PathBuf {
    beside(database, UNFINISHED)
}

/// Makes a copy of the backup beside the database, whole and of this version, and says what is in it.
async fn prepare(database: &Path, file: &Path, part: &Path) -> Result<(Contents, u64), FileError> {
    let (from, to, model) = (file.to_owned(), part.to_owned(), database.to_owned());
    blocking(move || take(&from, &to, &model)).await?;
    let options = Options::sqlite(part);
    migrate::migrate(&options).await?;
    let store = Store::open(&options).await?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sessions = store.admin().backup_restored(Command::of(&Viewer::program()), &name).await;
    store.close().await?;
    let sessions = sessions.map_err(|error| match error {
        WriteError::Store(error) => error,
        refused => StoreError::Invalid(refused.to_string()),
    })?;
    let part = part.to_owned();
    let contents = blocking(move || {
        let contents = backup::finish(&part, &Arc::new(AtomicBool::new(false)))?;
        place::sync(&part)?;
        Ok(contents)
    });
    Ok((contents.await?, sessions))
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    spawn_blocking(work).await.map_err(corrupt)?
}

/// Copies a backup. The one that is given is only read: nothing is opened by SQLite that could write beside it.
fn take(file: &Path, part: &Path, database: &Path) -> Result<(), FileError> {
    if Alone::is_in_use(file) {
        return Err(FileError::InUse(file.to_owned()));
    }
    place::clear(part)?;
    let mut source = fs::File::open(file).map_err(|error| FileError::io("read", file, error))?;
    let mut copy = place::make(part)?;
    copy_bytes(&mut source, file, &mut copy, part)?;
    // A copy of a database that was not closed comes with a log, which holds a part of it.
    for suffix in &OF_SQLITE[..2] {
        let (from, to) = (beside(file, suffix), beside(part, suffix));
        match fs::File::open(&from) {
            Ok(mut source) => copy_bytes(&mut source, &from, &mut place::make(&to)?, &to)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(FileError::io("read", &from, error)),
        }
    }
    place::give_to_owner_of(part, database);
    if let Ok(replaced) = fs::metadata(database) {
        fs::set_permissions(part, replaced.permissions()).map_err(|error| FileError::io("write", part, error))?;
    }
    let named = |error| match error {
        FileError::Broken(_, what) => FileError::Broken(file.to_owned(), what),
        FileError::Foreign(_, what) => FileError::Foreign(file.to_owned(), what),
        other => other,
    };
    backup::finish(part, &Arc::new(AtomicBool::new(false))).map(drop).map_err(named)
}

fn copy_bytes(from: &mut fs::File, source: &Path, to: &mut fs::File, copy: &Path) -> Result<(), FileError> {
    match io::copy(from, to) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Err(FileError::io("read", source, error)),
        Err(error) => Err(FileError::io("write", copy, error)),
    }
}

/// Puts the new file in the place of the old one, which is kept, with its log if it has one that is not to be separated from it.
pub(super) fn swap(database: &Path, part: &Path, now: Timestamp) -> Result<Option<PathBuf>, FileError> {
    let kept = beside(database, &format!(".before-{}", now.strftime("%Y%m%dT%H%M%S%3fZ")));
    let there = place::exists(database);
    // SQLite's own lock, against other programs, until the new file is in its place. With it the old database's log goes into its file.
    let held = if there { hold(database)? } else { None };
    if there {
        keep(database, &kept)?;
    }
    // What still stands beside it belongs to a file that SQLite cannot read, or to none: it goes aside before the new file comes, which it must
    // never be taken for a part of. The file it belongs to is kept already.
    for suffix in OF_SQLITE {
        let stale = beside(database, suffix);
        if place::exists(&stale) {
            fs::rename(&stale, beside(&kept, suffix)).map_err(|error| FileError::io("rename", &stale, error))?;
        }
    }
    place::sync_folder_of(database)?;
    fs::rename(part, database).map_err(|error| FileError::io("rename", part, error))?;
    place::sync_folder_of(database)?;
    drop(held);
    drop(place::clear(part));
    Ok(there.then_some(kept))
}

/// Has a database alone, with nothing left beside its file; none when SQLite cannot read it.
fn hold(database: &Path) -> Result<Option<rusqlite::Connection>, FileError> {
    let held = open(database).and_then(|connection| {
        backup::settle(&connection)?;
        // Whoever opens it between the two makes this fail.
        connection.execute_batch("BEGIN EXCLUSIVE")?;
        Ok(connection)
    });
    match held.map_err(FileError::sqlite(database)) {
        Ok(connection) => Ok(Some(connection)),
        Err(FileError::Foreign(..) | FileError::Broken(..)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives a file a second name, or makes a copy where files have one name only.
fn keep(database: &Path, kept: &Path) -> Result<(), FileError> {
    if fs::hard_link(database, kept).is_ok() {
        return Ok(());
    }
    let copied = fs::copy(database, kept).map_err(|error| FileError::io("write", kept, error));
    copied.and_then(|_| place::sync(kept)).inspect_err(|_| drop(fs::remove_file(kept)))
}
