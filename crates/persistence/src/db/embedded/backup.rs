//! Backups of an embedded database, also while it is written to.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use super::{Contents, FileError, InUse, beside, open, place, whole};

/// How many pages are copied between two looks at whether to go on.
const PAGES: i32 = 512;
/// How long somebody who has locked all of the database is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// So many steps of SQLite's machine are between two looks at whether to go on.
const STEPS: i32 = 100_000;

/// Writes a database as it is now into a new file, which appears when it is complete, on the disk, and seen to be whole. What
/// is written to the database meanwhile is not in it. `progress` is told how many pages of how many are copied; `stop` ends it.
///
/// It blocks for as long as that takes.
///
/// # Errors
/// [`FileError`]; nothing is left behind then.
pub fn backup(
    database: &Path,
    to: &Path,
    stop: &Arc<AtomicBool>,
    progress: impl FnMut(u64, u64),
) -> Result<Contents, FileError> {
    if place::exists(to) {
        return Err(FileError::Exists(to.to_owned()));
    }
    let _used = InUse::share(database)?;
    let part = beside(to, &format!(".{}.part", std::process::id()));
    place::clear(&part)?;
    drop(place::make(&part)?);
    let written = copy(database, &part, stop, progress).and_then(|()| {
        let contents = finish(&part, stop)?;
        place::sync(&part)?;
        place::name(&part, to)?;
        place::sync_folder_of(to)?;
        Ok(contents)
    });
    if written.is_err() {
        // What went wrong is the error to tell; a part left behind is not.
        drop(place::clear(&part));
    }
    written
}

/// Copies all pages as of one moment.
pub(super) fn copy(
    database: &Path,
    part: &Path,
    stop: &AtomicBool,
    mut progress: impl FnMut(u64, u64),
) -> Result<(), FileError> {
    let of_source = FileError::sqlite(database);
    let source = open(database).map_err(&of_source)?;
    source.busy_timeout(PATIENCE).map_err(&of_source)?;
    // A read that lasts as long as the copying: without it, each commit of another process would make the copying begin anew, and
    // beside a busy server it would never end. Writers are not kept from anything.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").map_err(&of_source)?;

    let of_part = FileError::sqlite(part);
    let mut copy = open(part).map_err(&of_part)?;
    // All of it reaches the disk at the end, before it gets its name.
    copy.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF").map_err(&of_part)?;
    let backup = Backup::new(&source, &mut copy).map_err(&of_part)?;
    let mut waiting = Instant::now();
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(FileError::Stopped);
        }
        match backup.step(PAGES).map_err(|error| of_step(error, database, part))? {
            StepResult::Done => return Ok(()),
            StepResult::More => {
                let now = backup.progress();
                let pages = |count: i32| u64::try_from(count).unwrap_or_default();
                progress(pages(now.pagecount - now.remaining), pages(now.pagecount));
                waiting = Instant::now();
            }
            _ if waiting.elapsed() > PATIENCE => return Err(FileError::InUse(database.to_owned())),
            _ => thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// What went wrong with a portion: it is the database that is broken, and the copy that cannot be written.
fn of_step(error: rusqlite::Error, database: &Path, part: &Path) -> FileError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            FileError::sqlite(database)(error)
        }
        _ => FileError::sqlite(part)(error),
    }
}

/// Makes a copy one file that needs no other beside it, and sees that it is whole.
pub(super) fn finish(part: &Path, stop: &Arc<AtomicBool>) -> Result<Contents, FileError> {
    let sqlite = FileError::sqlite(part);
    let copy = open(part).map_err(&sqlite)?;
    settle(&copy).map_err(&sqlite)?;
    let stop = Arc::clone(stop);
    copy.progress_handler(STEPS, Some(move || stop.load(Ordering::Relaxed))).map_err(&sqlite)?;
    whole::check(&copy, part)
}

/// Brings what stands beside a file into it, so that the file is all there is. That fails when somebody else has it open.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    let mode: String = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode == "delete" { Ok(()) } else { Err(busy()) }
}

/// The error of a file that others use.
fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}
