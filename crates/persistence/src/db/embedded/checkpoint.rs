//! Bringing what is in the write-ahead log into the database's file, beside what reads and writes.
//!
//! Left to itself, SQLite does that as part of the commit that makes the log 8 MB long: until then nothing is in the file, and then a
//! writer waits for it. Here it is done on a connection and a thread of its own, in the way that waits for nobody
//! (`PASSIVE`): what a long read still needs stays in the log until a later turn.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

use super::{beside, open};

/// A log longer than this is cut when all of it is in the file, in bytes. SQLite writes over a shorter one from its beginning.
const LONG: u64 = 16 << 20;

/// The connection that checkpoints go through, which is opened for the first one.
pub(crate) struct Checkpointer {
    file: PathBuf,
    connection: Mutex<Option<Connection>>,
}

/// How far a checkpoint came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reached {
    /// Pages in the log.
    pub(crate) pages: i64,
    /// How many of them are in the file, too.
    pub(crate) done: i64,
}

impl Checkpointer {
    pub(crate) fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), connection: Mutex::new(None) }
    }

    /// Brings into the file what nobody's reading stands against, without waiting for anybody. `cut` shortens the log to
    /// nothing if all of it is in the file and nobody uses it; a long one is cut anyway.
    pub(crate) fn run(&self, cut: bool) -> rusqlite::Result<Reached> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *connection {
            Some(connection) => connection,
            none => none.insert(connect(&self.file)?),
        };
        let reached = checkpoint(connection, "PASSIVE")?;
        let length = fs::metadata(beside(&self.file, "-wal")).map_or(0, |wal| wal.len());
        if reached.pages == reached.done && length > 0 && (cut || length > LONG) {
            // Readers and writers who are in the log just now are not waited for: the next turn comes.
            return checkpoint(connection, "TRUNCATE");
        }
        Ok(reached)
    }

    /// Closes the connection, so that another one is the last and takes the log away.
    pub(crate) fn close(&self) {
        drop(self.connection.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// How many pages a database's log has that its file has not; asking changes nothing.
pub(crate) fn behind(file: &Path) -> rusqlite::Result<u64> {
    let reached = checkpoint(&connect(file)?, "NOOP")?;
    Ok(u64::try_from(reached.pages - reached.done).unwrap_or_default())
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = open(file)?;
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}

fn checkpoint(connection: &Connection, how: &str) -> rusqlite::Result<Reached> {
    let sql = format!("PRAGMA wal_checkpoint({how})");
    // The first number says whether somebody was in the way, which is seen from the others, too.
    connection.query_row(&sql, [], |row| Ok(Reached { pages: row.get(1)?, done: row.get(2)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> (tempfile::TempDir, PathBuf, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("courant.db");
        let writer = Connection::open(&file).unwrap();
        writer
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE a (b text)")
            .unwrap();
        (folder, file, writer)
    }

    /// How many rows a copy of the file alone has.
    fn in_a_copy(file: &Path) -> i64 {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        fs::copy(file, &copy).unwrap();
        let copy = Connection::open(&copy).unwrap();
        copy.query_row("SELECT count(*) FROM a", [], |row| row.get(0)).unwrap_or(-1)
    }

    #[test]
    fn the_file_alone_holds_what_was_written() {
        let (_folder, file, writer) = written();
        writer.execute("INSERT INTO a VALUES ('x')", []).unwrap();
        assert_eq!(in_a_copy(&file), -1, "all of it is in the log");
        assert!(behind(&file).unwrap() > 0);
        let checkpointer = Checkpointer::new(&file);
        let reached = checkpointer.run(false).unwrap();
        assert_eq!((reached.pages, in_a_copy(&file), behind(&file).unwrap()), (reached.done, 1, 0));
        checkpointer.run(true).unwrap();
        assert_eq!(fs::metadata(beside(&file, "-wal")).unwrap().len(), 0);
    }

    #[test]
    fn a_long_read_is_not_waited_for_and_loses_nothing() {
        let (_folder, file, writer) = written();
        writer.execute("INSERT INTO a VALUES ('x')", []).unwrap();
        let reader = Connection::open(&file).unwrap();
        reader.execute_batch("BEGIN").unwrap();
        let count = || reader.query_row::<i64, _, _>("SELECT count(*) FROM a", [], |row| row.get(0)).unwrap();
        assert_eq!(count(), 1);
        writer.execute("INSERT INTO a VALUES ('y')", []).unwrap();
        let checkpointer = Checkpointer::new(&file);
        let reached = checkpointer.run(true).unwrap();
        assert!(reached.done < reached.pages, "{reached:?}: what came after the read began stays in the log");
        assert_eq!(count(), 1);
        reader.execute_batch("COMMIT").unwrap();
        let reached = checkpointer.run(false).unwrap();
        assert_eq!((reached.done, in_a_copy(&file)), (reached.pages, 2));
    }
}
