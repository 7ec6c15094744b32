//! The folder of an index: which index in it is the one to go on with.
//!
//! Each index is a folder of its own, named by the version of fields and analysis and by a number: `v1.1-7`. One that is built anew has
//! the next number, so that the one before serves until the new one is whole; an index is whole once a commit of it says as of
//! which change it is. What is damaged is renamed, and kept until the next damage; of other versions nothing is touched.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{error::SearchError, schema::version};

/// Where what was damaged is put.
const DAMAGED: &str = "damaged";
/// Where one is put together that comes from elsewhere.
const INCOMING: &str = "incoming";

/// A folder of indexes.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Of this path, which is made if it is not there.
    pub(crate) fn open(root: &Path) -> Result<Self, SearchError> {
        fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned() })
    }

    /// The indexes of this version, the latest first.
    pub(crate) fn indexes(&self) -> Result<Vec<PathBuf>, SearchError> {
        let mut numbers = self.numbers()?;
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        Ok(numbers.into_iter().map(|number| self.path(number)).collect())
    }

    /// A new one, empty.
    pub(crate) fn make(&self) -> Result<PathBuf, SearchError> {
        fs::create_dir_all(&self.root)?;
        let next = self.numbers()?.into_iter().max().unwrap_or(0) + 1;
        let path = self.path(next);
        fs::create_dir(&path)?;
        Ok(path)
    }

    /// An empty folder in which one is put together that comes from elsewhere.
    pub(crate) fn make_incoming(&self) -> Result<PathBuf, SearchError> {
        let path = self.root.join(INCOMING);
        remove(&path)?;
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Makes what was put together there the latest index.
    pub(crate) fn take_in(&self, incoming: &Path) -> Result<PathBuf, SearchError> {
        let path = self.make()?;
        // The name is kept free by an empty folder, which this replaces.
        fs::rename(incoming, &path)?;
        // Not every system opens folders.
        if let Ok(root) = fs::File::open(&self.root) {
            root.sync_all()?;
        }
        Ok(path)
    }

    /// Puts a damaged one aside, in the place of the one before.
    pub(crate) fn set_aside(&self, path: &Path) -> Result<(), SearchError> {
        let aside = self.root.join(DAMAGED);
        remove(&aside)?;
        match fs::rename(path, &aside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => Ok(other?),
        }
    }

    /// Removes all of this version but one. What cannot be removed now is removed the next time.
    pub(crate) fn keep_only(&self, path: &Path) {
        for other in self.indexes().unwrap_or_default() {
            if other != path
                && let Err(error) = remove(&other)
            {
                tracing::warn!(%error, path = %other.display(), "cannot remove an old index");
            }
        }
    }

    fn path(&self, number: u64) -> PathBuf {
        self.root.join(format!("{}-{number}", version()))
    }

    fn numbers(&self) -> Result<Vec<u64>, SearchError> {
        let version = version();
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let name = entry?.file_name();
            let number: Option<u64> =
                name.to_str().and_then(|name| name.strip_prefix(&version)?.strip_prefix('-')?.parse().ok());
            numbers.extend(number);
        }
        Ok(numbers)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
