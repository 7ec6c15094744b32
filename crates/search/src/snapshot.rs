//! An index as it is carried from one place to another: the files of one commit, and a list of them with what each has to be.
//!
//! What comes from elsewhere is checked three times: its list is held against what may be in one, each file against the list, and then the
//! whole as what is found in a folder at a start. Even so, whoever puts something wrong there on purpose shows nobody anything that is not
//! live: hits are read from the database.

use std::{
    collections::BTreeSet,
    fmt, fs,
    io::Write,
    ops::Range,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tantivy::{
    HasLen, Index, IndexMeta, IndexReader, ReloadPolicy,
    directory::{Directory, RamDirectory, TerminatingWrite, WritePtr},
};

use crate::{
    error::SearchError,
    files::Files,
    folder::Folder,
    index::{Indexer, Mark, Progress, SearchIndex},
    schema::version,
};

/// The version of what a list says. One of another version is not read.
const FORMAT: u32 = 1;
/// The most files that an index is made of.
const MOST_FILES: usize = 10_000;
/// So much of a file is read at once.
const AT_ONCE: u64 = 1024 * 1024;
/// The file that says what an index is made of, which comes last.
const META: &str = "meta.json";
/// The file in which tantivy keeps what it may remove.
const MANAGED: &str = ".managed.json";

/// What a carried index is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this list.
    pub format: u32,
    /// The version of its fields and analysis.
    pub version: String,
    /// As of which change it is.
    pub mark: Mark,
    /// How many texts are in it.
    pub texts: u64,
    /// Its files.
    pub files: Vec<CarriedFile>,
    /// tantivy's own list, as it was written.
    pub meta: String,
}

/// A file of a carried index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedFile {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    /// The version that this program reads and writes: of the list, of the fields and of the analysis.
    #[must_use]
    pub fn current() -> String {
        format!("{FORMAT}.{}", version())
    }

    /// Reads one: a line of JSON, and a line with its SHA-256.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] when it is none, of another version, or has in it what no index has.
    pub fn read(bytes: &[u8]) -> Result<Self, SearchError> {
        let wrong = |what: String| SearchError::Damaged(what);
        let end = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or_default();
        let (json, checksum) = bytes.split_at(end);
        if checksum.get(1..) != Some(digits(Sha256::new_with_prefix(json)).as_bytes()) {
            return Err(wrong("it is not what was written".to_owned()));
        }
        let manifest: Self = serde_json::from_slice(json).map_err(|error| wrong(error.to_string()))?;
        if manifest.format != FORMAT || manifest.version != version() {
            return Err(wrong(format!("it is of version {}.{}", manifest.format, manifest.version)));
        }
        if manifest.files.len() > MOST_FILES {
            return Err(wrong("it has too many files".to_owned()));
        }
        let mut names = BTreeSet::new();
        for file in &manifest.files {
            if !is_name(&file.name) || !names.insert(&file.name) {
                return Err(wrong(format!("{:?} is no file of an index", file.name)));
            }
            if file.sha256.len() != 64 || !file.sha256.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(wrong(format!("{} has no checksum", file.name)));
            }
        }
        Ok(manifest)
    }

    /// As it is kept.
    ///
    /// # Errors
    /// None that there is a reason for.
    pub fn write(&self) -> Result<Vec<u8>, SearchError> {
        let mut json = serde_json::to_vec(self).map_err(|error| SearchError::Other(error.to_string()))?;
        let checksum = digits(Sha256::new_with_prefix(&json));
        json.push(b'\n');
        json.extend(checksum.into_bytes());
        Ok(json)
    }

    /// How many bytes its files have.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.files.iter().fold(0, |all, file| all.saturating_add(file.length))
    }
}

/// Names as tantivy makes them: an id, and what is in it. None that leads elsewhere.
fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    (1..=100).contains(&name.len()) && !name.starts_with('.') && name != META && name.chars().all(is_letter)
}

/// The files of the index as of its last commit. They stay for as long as this is held, whatever is merged meanwhile.
pub struct Source {
    mark: Mark,
    texts: u64,
    files: Vec<(String, u64)>,
    meta: String,
    directory: Box<dyn Directory>,
    _held: IndexMeta,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("mark", &self.mark).field("files", &self.files.len()).finish_non_exhaustive()
    }
}

impl SearchIndex {
    /// The files of what is served, to carry them elsewhere. None while there is nothing, or while a new one is built.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn source(&self) -> Result<Option<Source>, SearchError> {
        let Some((index, directory)) = self.carried() else { return Ok(None) };
        let meta = index.load_metas()?;
        let Some(payload) = &meta.payload else { return Ok(None) };
        let mark = serde_json::from_str(payload).map_err(|error| SearchError::Damaged(error.to_string()))?;
        let texts = meta.segments.iter().map(|segment| u64::from(segment.num_docs())).sum();
        let mut files = Vec::new();
        for path in meta.list_segment_files() {
            let name = path.to_string_lossy().into_owned();
            // What is written beside the texts until they are is no part of a commit.
            if !name.ends_with(".temp") && directory.exists(&path).map_err(|error| other(&error))? {
                let length = directory.open_read(&path).map_err(|error| other(&error))?.len() as u64;
                files.push((name, length));
            }
        }
        files.sort();
        let written = serde_json::to_string(&meta).map_err(|error| SearchError::Other(error.to_string()))?;
        Ok(Some(Source { mark, texts, files, meta: written, directory, _held: meta }))
    }
}

fn other(error: &dyn std::error::Error) -> SearchError {
    SearchError::Other(error.to_string())
}

impl Source {
    /// As of which change it is.
    #[must_use]
    pub const fn mark(&self) -> Mark {
        self.mark
    }

    /// A part of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, name: &str, range: Range<u64>) -> Result<Vec<u8>, SearchError> {
        let file = self.directory.open_read(Path::new(name)).map_err(|error| other(&error))?;
        let end = usize::try_from(range.end).unwrap_or(usize::MAX).min(file.len());
        let start = usize::try_from(range.start).unwrap_or(usize::MAX).min(end);
        Ok(file.slice(start..end).read_bytes()?.to_vec())
    }

    /// Reads all of it, and says what it is made of.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn manifest(&self) -> Result<Manifest, SearchError> {
        let mut files = Vec::with_capacity(self.files.len());
        for (name, length) in &self.files {
            let mut hasher = Sha256::new();
            let mut from = 0;
            while from < *length {
                let to = (*length).min(from + AT_ONCE);
                hasher.update(self.read(name, from..to)?);
                from = to;
            }
            files.push(CarriedFile { name: name.clone(), length: *length, sha256: digits(hasher) });
        }
        let (format, version) = (FORMAT, version());
        Ok(Manifest { format, version, mark: self.mark, texts: self.texts, files, meta: self.meta.clone() })
    }
}

fn digits(hasher: Sha256) -> String {
    hasher.finalize().iter().fold(String::with_capacity(64), |digits, byte| digits + &format!("{byte:02x}"))
}

/// An index that comes from elsewhere, file by file.
pub struct Incoming {
    manifest: Manifest,
    directory: Box<dyn Directory>,
    /// Where it is put together; none in memory.
    folder: Option<(Folder, PathBuf)>,
    index: SearchIndex,
    received: u64,
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("mark", &self.manifest.mark).finish_non_exhaustive()
    }
}

/// A file that comes in.
pub struct IncomingFile {
    file: CarriedFile,
    to: WritePtr,
    hasher: Sha256,
    length: u64,
}

impl fmt::Debug for IncomingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingFile").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Indexer {
    /// Begins to take an index in. What is served stays until [`Self::received`].
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn receive(&mut self, manifest: Manifest) -> Result<Incoming, SearchError> {
        self.close();
        let index = self.index().clone();
        let (directory, folder): (Box<dyn Directory>, _) = match index.folder() {
            Some(root) => {
                let folder = Folder::open(root)?;
                let path = folder.make_incoming()?;
                (Box::new(Files::open(&path)?), Some((folder, path)))
            }
            None => (Box::new(RamDirectory::create()), None),
        };
        index.progresses(Some(Progress { done: 0, total: manifest.texts }));
        Ok(Incoming { manifest, directory, folder, index, received: 0 })
    }

    /// Serves what was received, in the place of what was there.
    ///
    /// # Errors
    /// When it is not what its list says: then nothing has changed.
    pub fn received(&mut self, incoming: Incoming) -> Result<Mark, SearchError> {
        let manifest = &incoming.manifest;
        // The list of what may be removed is of these files: of others, none would ever be.
        let mut managed: Vec<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
        managed.push(META);
        let managed = serde_json::to_vec(&managed).map_err(|error| SearchError::Other(error.to_string()))?;
        incoming.directory.atomic_write(Path::new(MANAGED), &managed)?;
        incoming.directory.atomic_write(Path::new(META), manifest.meta.as_bytes())?;
        incoming.directory.sync_directory()?;
        let is_wanted = |mark: Mark| match mark == manifest.mark {
            true => Ok(()),
            false => Err(SearchError::Damaged("it is as of another change than it says".to_owned())),
        };
        let index = Index::open(incoming.directory.clone())?;
        let mark = self.whole(&index)?.ok_or_else(|| SearchError::Damaged("it is not whole".to_owned()))?;
        is_wanted(mark)?;
        // Opens each file: one that is missing is found before it takes the place of what was there.
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        drop((reader, index));
        let (directory, path) = match &incoming.folder {
            Some((folder, path)) => {
                let path = folder.take_in(path)?;
                (Box::new(Files::open(&path)?) as Box<dyn Directory>, Some(path))
            }
            None => (incoming.directory.clone(), None),
        };
        self.serve_anew(directory, path, mark)?;
        drop(incoming);
        Ok(mark)
    }
}

impl Incoming {
    /// What it is made of.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn file(&self, file: &CarriedFile) -> Result<IncomingFile, SearchError> {
        let to = self.directory.open_write(Path::new(&file.name)).map_err(tantivy::TantivyError::from)?;
        Ok(IncomingFile { file: file.clone(), to, hasher: Sha256::new(), length: 0 })
    }

    /// Says how far it has come.
    pub fn took(&mut self, bytes: u64) {
        self.received = self.received.saturating_add(bytes);
        let (texts, length) = (self.manifest.texts, self.manifest.length().max(1));
        let done = u128::from(texts) * u128::from(self.received.min(length)) / u128::from(length);
        let done = u64::try_from(done).unwrap_or(texts);
        self.index.progresses(Some(Progress { done, total: texts }));
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.index.progresses(None);
        // What was taken in is not there any more.
        if let Some((_, path)) = &self.folder
            && let Err(error) = fs::remove_dir_all(path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %path.display(), "cannot remove what was received in part");
        }
    }
}

impl IncomingFile {
    /// Takes more of it.
    ///
    /// # Errors
    /// When it is longer than it should be, or cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), SearchError> {
        self.length += bytes.len() as u64;
        if self.length > self.file.length {
            return Err(SearchError::Damaged(format!("{} is longer than it should be", self.file.name)));
        }
        self.hasher.update(bytes);
        Ok(self.to.write_all(bytes)?)
    }

    /// Its end.
    ///
    /// # Errors
    /// When it is not what it should be.
    pub fn finish(self) -> Result<(), SearchError> {
        if self.length != self.file.length || digits(self.hasher) != self.file.sha256 {
            return Err(SearchError::Damaged(format!("{} is not what was put there", self.file.name)));
        }
        Ok(self.to.terminate()?)
    }
}
