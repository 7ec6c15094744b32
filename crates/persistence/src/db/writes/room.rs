//! Whether there is room on the disk of an embedded database.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::ROOM;

/// Whether a file beside the database's cannot be written that is a little longer than the database's and its log: for want
/// of space, of quota, or because no file of this process may be so long.
pub(super) fn lacks(database: &Path) -> bool {
    let length = |suffix: &str| fs::metadata(beside(database, suffix)).map_or(0, |file| file.len());
    let file = beside(database, "-room");
    let written = write(&file, length("").max(length("-wal")));
    // Gone or not, the next one takes its place.
    drop(fs::remove_file(&file));
    match written {
        Ok(()) => false,
        Err(error) => {
            matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
        }
    }
}

/// Writes the end of a file that begins with a hole of this length.
fn write(file: &Path, hole: u64) -> io::Result<()> {
    let mut file = File::create(file)?;
    file.seek(SeekFrom::Start(hole))?;
    file.write_all(&vec![1; usize::try_from(ROOM).unwrap_or_default()])?;
    file.sync_all()
}

/// A file that belongs to the database's.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_a_try() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("courant.db");
        fs::write(&database, "rows").unwrap();
        assert!(!lacks(&database));
        assert!(!lacks(&folder.path().join("nowhere/courant.db")), "not there is not full");
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(left, ["courant.db"]);
    }
}
