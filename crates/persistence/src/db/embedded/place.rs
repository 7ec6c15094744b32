//! Files and folders: what SQLite leaves to us.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

use super::{FileError, OF_SQLITE, beside};

/// Makes a new file for its owner alone.
pub(super) fn make(file: &Path) -> Result<File, FileError> {
    let mut create = OpenOptions::new();
    create.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut create, 0o600);
    create.open(file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists(file.to_owned()),
        _ => FileError::io("write", file, error),
    })
}

/// Whether there is something of this name, be it a link that leads nowhere.
pub(super) fn exists(file: &Path) -> bool {
    fs::symlink_metadata(file).is_ok()
}

/// Has all of a file reach the disk.
pub(super) fn sync(file: &Path) -> Result<(), FileError> {
    File::open(file).and_then(|file| file.sync_all()).map_err(|error| FileError::io("write", file, error))
}

/// Has the names in a file's folder reach the disk.
pub(super) fn sync_folder_of(file: &Path) -> Result<(), FileError> {
    // Elsewhere folders cannot be opened, and names are written with the files.
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = folder_of(file);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| FileError::io("write", folder, error))
}

/// The folder a file is in.
pub(super) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Gives a finished file its name, unless something else has it by now.
pub(super) fn name(part: &Path, file: &Path) -> Result<(), FileError> {
    match fs::hard_link(part, file) {
        Ok(()) => fs::remove_file(part).map_err(|error| FileError::io("remove", part, error)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(FileError::Exists(file.to_owned())),
        // A file system without such links.
        Err(_) if exists(file) => Err(FileError::Exists(file.to_owned())),
        Err(_) => fs::rename(part, file).map_err(|error| FileError::io("write", file, error)),
    }
}

/// Removes a file that was not finished, with all that SQLite put beside it.
pub(super) fn clear(part: &Path) -> Result<(), FileError> {
    remove(part)?;
    OF_SQLITE.iter().try_for_each(|suffix| remove(&beside(part, suffix)))?;
    remove(&beside(part, ".lock"))
}

/// Removes a file if it is there.
pub(super) fn remove(file: &Path) -> Result<(), FileError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::io("remove", file, error)),
        _ => Ok(()),
    }
}

/// Gives a file that root has made to whom another one belongs, or its folder where that is not there. Others cannot give files
/// away, and need not.
pub(super) fn give_to_owner_of(file: &Path, other: &Path) {
    #[cfg(unix)]
    if let Ok(owner) = fs::metadata(other).or_else(|_| fs::metadata(folder_of(other))) {
        use std::os::unix::fs::MetadataExt;
        drop(std::os::unix::fs::chown(file, Some(owner.uid()), Some(owner.gid())));
    }
}
