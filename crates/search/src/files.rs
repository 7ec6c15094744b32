//! The files of an index as they are read: not mapped into memory, because a mapped file that somebody cuts short ends the whole process
//! (`SIGBUS`), and what cannot be searched must not take the pages with it.
//!
//! What tantivy reads whole and needs all the time, the words of a segment and its columns, is read once for all who have the segment open; the
//! rest comes from the system's cache of files.

use std::{
    collections::HashMap,
    fs::File,
    io,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tantivy::{
    HasLen,
    directory::{
        Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

/// The folder of an index. It is written as tantivy does it, and read from files.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    inner: MmapDirectory,
    root: PathBuf,
    open: Arc<Mutex<HashMap<PathBuf, Weak<Opened>>>>,
}

impl Files {
    pub(crate) fn open(root: &Path) -> tantivy::Result<Self> {
        Ok(Self { inner: MmapDirectory::open(root)?, root: root.to_owned(), open: Arc::default() })
    }
}

impl Directory for Files {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = open.get(path).and_then(Weak::upgrade) {
            return Ok(opened);
        }
        let opened = match Opened::open(&self.root.join(path)) {
            Ok(opened) => Arc::new(opened),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
            }
            Err(error) => return Err(OpenReadError::wrap_io_error(error, path.to_owned())),
        };
        open.retain(|_, opened| opened.strong_count() > 0);
        open.insert(path.to_owned(), Arc::downgrade(&opened));
        Ok(opened)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.inner.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, watch_callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(watch_callback)
    }
}

/// A file that is read.
struct Opened {
    file: File,
    len: usize,
    /// What was read of it, if that is kept.
    kept: Option<Mutex<HashMap<Range<usize>, OwnedBytes>>>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("file", &self.file).field("len", &self.len).finish_non_exhaustive()
    }
}

impl Opened {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        let is_kept = path.extension().is_some_and(|is| is == "term" || is == "fast");
        Ok(Self { file, len, kept: is_kept.then(Mutex::default) })
    }

    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        read_exact_at(&self.file, &mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (bytes, at) = (&mut bytes[read..], at + read as u64);
    }
    Ok(())
}

impl HasLen for Opened {
    fn len(&self) -> usize {
        self.len
    }
}

impl FileHandle for Opened {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let Some(kept) = &self.kept else { return self.read(range) };
        if let Some(bytes) = kept.lock().unwrap_or_else(PoisonError::into_inner).get(&range) {
            return Ok(bytes.clone());
        }
        let bytes = self.read(range.clone())?;
        kept.lock().unwrap_or_else(PoisonError::into_inner).insert(range, bytes.clone());
        Ok(bytes)
    }
}
