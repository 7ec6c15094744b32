//! The index of one process: what is searched, and the one hand that writes it.

use std::{
    collections::VecDeque,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, Term};
use uuid::Uuid;

use crate::{
    error::SearchError,
    files::Files,
    folder::Folder,
    rank::Cursor,
    schema::{Document, Fields},
};

/// How much memory the writer fills before it writes a segment, in bytes.
const WRITER_MEMORY: usize = 40_000_000;
/// How many states of the index are kept for those who turn pages.
const PAGED: usize = 16;

/// As of which change an index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The number of the change.
    pub seq: i64,
    /// When it was written, in microseconds since 1970: tells one history from another. 0 where that is not known.
    pub micros: i64,
}

/// How far the building of an index has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many editions are in it.
    pub done: u64,
    /// How many there are, as counted when it began.
    pub total: u64,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.done, self.total)
    }
}

/// What is searched. Cheap to clone.
#[derive(Clone)]
pub struct SearchIndex {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) fields: Fields,
    /// None in memory.
    folder: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    serving: Option<Serving>,
    progress: Option<Progress>,
    /// How many states there were.
    states: u32,
    /// States that somebody is turning the pages of.
    paged: VecDeque<Snapshot>,
    /// Whether what was served turned out to be damaged, and nothing has taken its place yet.
    is_lost: bool,
}

struct Serving {
    reader: IndexReader,
    path: Option<PathBuf>,
    mark: Mark,
    state: u32,
}

/// The index as it was at one moment.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) seq: i64,
    pub(crate) state: u32,
}

impl fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchIndex").field("folder", &self.inner.folder).field("mark", &self.mark()).finish()
    }
}

impl SearchIndex {
    /// In a folder, or in memory. Nothing is read yet: see [`Indexer::resume`].
    #[must_use]
    pub fn new(folder: Option<&Path>) -> Self {
        let folder = folder.map(Path::to_owned);
        Self { inner: Arc::new(Inner { fields: Fields::new(), folder, state: Mutex::default() }) }
    }

    /// As of which change it is; none before it was built.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        self.state().serving.as_ref().map(|serving| serving.mark)
    }

    /// As of which change that state of it is which is searched for what comes after a place; none before it was built.
    #[must_use]
    pub fn seq(&self, after: Option<Cursor>) -> Option<i64> {
        self.snapshot(after.map(|after| after.state)).ok().map(|snapshot| snapshot.seq)
    }

    /// How far the building of a new one has come, while there is one.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.state().progress
    }

    /// Stops to serve what turned out to be damaged; whoever writes the index is to [`Indexer::resume`] or to build it anew.
    pub fn lose(&self) {
        let mut state = self.state();
        state.is_lost = state.is_lost || state.serving.take().is_some();
        state.paged.clear();
    }

    /// Whether what was served turned out to be damaged, and nothing has taken its place yet.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.state().is_lost
    }

    /// How many editions are in it.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.state().serving.as_ref().map_or(0, |serving| serving.reader.searcher().num_docs())
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The index as it is now, or as it was when a page was made.
    pub(crate) fn snapshot(&self, of: Option<u32>) -> Result<Snapshot, SearchError> {
        let state = self.state();
        if let Some(paged) = of.and_then(|of| state.paged.iter().find(|paged| paged.state == of)) {
            return Ok(paged.clone());
        }
        match &state.serving {
            Some(serving) => {
                Ok(Snapshot { searcher: serving.reader.searcher(), seq: serving.mark.seq, state: serving.state })
            }
            None => Err(SearchError::Rebuilding(state.progress.unwrap_or_default())),
        }
    }

    /// Keeps a state for whoever turns the page.
    pub(crate) fn keep(&self, snapshot: Snapshot) {
        let mut state = self.state();
        if state.paged.iter().all(|paged| paged.state != snapshot.state) {
            state.paged.push_back(snapshot);
            if state.paged.len() > PAGED {
                state.paged.pop_front();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one hand that writes an index.
pub struct Indexer {
    index: SearchIndex,
    open: Option<Open>,
}

/// An index that is written.
struct Open {
    index: Index,
    writer: IndexWriter,
    reader: IndexReader,
    path: Option<PathBuf>,
}

impl fmt::Debug for Indexer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Indexer").field("index", &self.index).finish_non_exhaustive()
    }
}

impl Indexer {
    /// Of an index. There is one of each.
    #[must_use]
    pub const fn new(index: SearchIndex) -> Self {
        Self { index, open: None }
    }

    /// The index.
    #[must_use]
    pub const fn index(&self) -> &SearchIndex {
        &self.index
    }

    /// Goes on with what is in the folder, and serves it; says as of which change it is. None when there is nothing, or nothing that this
    /// version can read: damaged ones are set aside.
    ///
    /// # Errors
    /// When the folder is another process's, or cannot be read.
    pub fn resume(&mut self) -> Result<Option<Mark>, SearchError> {
        self.open = None;
        let Some(root) = &self.index.inner.folder else { return Ok(None) };
        let folder = Folder::open(root)?;
        for path in folder.indexes()? {
            match self.resume_at(&path) {
                Ok(Some(mark)) => {
                    folder.keep_only(&path);
                    return Ok(Some(mark));
                }
                // Its building was cut short.
                Ok(None) => {}
                Err(SearchError::Damaged(what)) => {
                    tracing::warn!(path = %path.display(), what, "an index is damaged, is set aside and built anew");
                    folder.set_aside(&path)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn resume_at(&mut self, path: &Path) -> Result<Option<Mark>, SearchError> {
        let index = Index::open(Files::open(path)?)?;
        if index.schema() != self.index.inner.fields.schema {
            return Err(SearchError::Damaged("it has other fields".to_owned()));
        }
        let Some(payload) = index.load_metas()?.payload else { return Ok(None) };
        let mark = serde_json::from_str(&payload).map_err(|error| SearchError::Damaged(error.to_string()))?;
        // Reads all of it once: what is cut short or overwritten would give wrong hits.
        let wrong = index.validate_checksum()?;
        if let Some(file) = wrong.iter().next() {
            return Err(SearchError::Damaged(format!("{} is not what was written", file.display())));
        }
        self.open = Some(Open::new(index, Some(path.to_owned()))?);
        self.serve(mark);
        Ok(Some(mark))
    }

    /// Begins a new index, which is to have so many editions. What was there serves until [`Self::finish`].
    ///
    /// # Errors
    /// When the folder is another process's, or cannot be written.
    pub fn begin(&mut self, total: u64) -> Result<(), SearchError> {
        self.open = None;
        let fields = &self.index.inner.fields;
        let (index, path) = match &self.index.inner.folder {
            Some(root) => {
                let folder = Folder::open(root)?;
                // Of one that could not be finished nothing is of use.
                let serving = self.index.state().serving.as_ref().and_then(|serving| serving.path.clone());
                if let Some(serving) = serving {
                    folder.keep_only(&serving);
                }
                let path = folder.make()?;
                let index = Index::create(Files::open(&path)?, fields.schema.clone(), IndexSettings::default())?;
                (index, Some(path))
            }
            None => (Index::create_in_ram(fields.schema.clone()), None),
        };
        self.open = Some(Open::new(index, path)?);
        self.index.state().progress = Some(Progress { done: 0, total });
        Ok(())
    }

    /// Puts editions into the index; none of their entries is in it.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&mut self, editions: &[Document]) -> Result<(), SearchError> {
        let inner = self.index.inner.clone();
        let open = self.opened()?;
        for edition in editions {
            open.writer.add_document(inner.fields.document(edition))?;
        }
        if let Some(progress) = &mut self.index.state().progress {
            progress.done += editions.len() as u64;
        }
        Ok(())
    }

    /// Serves the new index, in the place of the one before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(&mut self, mark: Mark) -> Result<(), SearchError> {
        let open = self.opened()?;
        open.commit(mark)?;
        let path = open.path.clone();
        self.serve(mark);
        let mut state = self.index.state();
        state.progress = None;
        state.paged.clear();
        drop(state);
        if let (Some(root), Some(path)) = (&self.index.inner.folder, path) {
            Folder::open(root)?.keep_only(&path);
        }
        Ok(())
    }

    /// Takes all editions of these entries out, puts these in, and serves it as of this change.
    ///
    /// # Errors
    /// When it cannot be written: then nothing has changed, and the same may be asked again, after [`Self::resume`].
    pub fn apply(&mut self, entries: &[Uuid], editions: &[Document], mark: Mark) -> Result<(), SearchError> {
        let inner = self.index.inner.clone();
        let open = self.opened()?;
        for entry in entries {
            open.writer.delete_term(Term::from_field_text(inner.fields.entry, &entry.simple().to_string()));
        }
        for edition in editions {
            open.writer.add_document(inner.fields.document(edition))?;
        }
        open.commit(mark)?;
        self.serve(mark);
        Ok(())
    }

    /// Nothing that is searched has changed up to this change: no commit for that, which a restart would only do again.
    pub fn passed(&mut self, mark: Mark) {
        if let Some(serving) = &mut self.index.state().serving {
            serving.mark = mark;
        }
    }

    /// Lets go of the folder, and what is under way in it.
    pub fn close(&mut self) {
        self.open = None;
    }

    fn opened(&mut self) -> Result<&mut Open, SearchError> {
        self.open.as_mut().ok_or_else(|| SearchError::Other("no index is open".to_owned()))
    }

    fn serve(&self, mark: Mark) {
        if let Some(open) = &self.open {
            let mut state = self.index.state();
            state.states = state.states.wrapping_add(1);
            state.is_lost = false;
            let (reader, path) = (open.reader.clone(), open.path.clone());
            state.serving = Some(Serving { reader, path, mark, state: state.states });
        }
    }
}

impl Open {
    fn new(index: Index, path: Option<PathBuf>) -> Result<Self, SearchError> {
        let writer = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        // Its first stamp would be the last commit's, again: a merge takes what that stands for to be done already where that commit has removed
        // something, and goes past it, so that it is done nowhere (tantivy 0.27, `advance_deletes`).
        writer.run([])?;
        // A writer that was killed has left files of a commit that never was; the same names are given to the next one's.
        writer.garbage_collect_files().wait()?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, writer, reader, path })
    }

    fn commit(&mut self, mark: Mark) -> Result<(), SearchError> {
        let payload = serde_json::to_string(&mark).map_err(|error| SearchError::Other(error.to_string()))?;
        let committed = self.writer.prepare_commit().and_then(|mut prepared| {
            prepared.set_payload(&payload);
            prepared.commit()
        });
        // The writer's own error says only that a thread of its has ended; the folder says why.
        if let Err(error) = committed {
            self.index.load_metas()?;
            return Err(error.into());
        }
        self.reader.reload()?;
        Ok(())
    }
}
