//! The one hand that writes an index.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use tantivy::{
    Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Term,
    directory::{Directory, RamDirectory},
    indexer::IndexWriterOptions,
};
use uuid::Uuid;

use super::{Mark, Progress, SearchIndex, Serving};
use crate::{error::SearchError, files::Files, folder::Folder, schema::Document, tokens};

/// How much memory the threads that write fill in all before they write segments, in bytes.
const WRITER_MEMORY: usize = 50_000_000;
/// How many threads write a whole index; what changes is written by one.
const BUILDERS: usize = 2;

/// The one hand that writes an index.
pub struct Indexer {
    index: SearchIndex,
    open: Option<Open>,
}

/// An index that is written.
struct Open {
    index: Index,
    directory: Box<dyn Directory>,
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
        let directory: Box<dyn Directory> = Box::new(Files::open(path)?);
        let index = Index::open(directory.clone())?;
        let Some(mark) = self.whole(&index)? else { return Ok(None) };
        self.open = Some(Open::new(index, directory, Some(path.to_owned()), 1)?);
        self.serve(mark);
        Ok(Some(mark))
    }

    /// As of which change an index is that is whole; none when its building was cut short.
    pub(crate) fn whole(&self, index: &Index) -> Result<Option<Mark>, SearchError> {
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
        Ok(Some(mark))
    }

    /// Serves an index that has been put into the folder whole.
    pub(crate) fn serve_anew(
        &mut self,
        directory: Box<dyn Directory>,
        path: Option<PathBuf>,
        mark: Mark,
    ) -> Result<(), SearchError> {
        self.open = Some(Open::new(Index::open(directory.clone())?, directory, path.clone(), 1)?);
        self.serve_new(mark, path)
    }

    /// Begins a new index, which is to have so many editions. What was there serves until [`Self::finish`].
    ///
    /// # Errors
    /// When the folder is another process's, or cannot be written.
    pub fn begin(&mut self, total: u64) -> Result<(), SearchError> {
        self.open = None;
        let fields = &self.index.inner.fields;
        let settings = IndexSettings::default();
        let (directory, path): (Box<dyn Directory>, _) = match &self.index.inner.folder {
            Some(root) => {
                let folder = Folder::open(root)?;
                // Of one that could not be finished nothing is of use.
                let serving = self.index.state().serving.as_ref().and_then(|serving| serving.path.clone());
                if let Some(serving) = serving {
                    folder.keep_only(&serving);
                }
                let path = folder.make()?;
                (Box::new(Files::open(&path)?), Some(path))
            }
            None => (Box::new(RamDirectory::create()), None),
        };
        let index = Index::create(directory.clone(), fields.schema.clone(), settings)?;
        self.open = Some(Open::new(index, directory, path, BUILDERS)?);
        self.index.progresses(Some(Progress { done: 0, total }));
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
        let mut open = self.open.take().ok_or_else(none_open)?;
        open.commit(mark)?;
        let Open { index, directory, writer, path, .. } = open;
        // There is one writer at a time.
        drop(writer);
        self.open = Some(Open::new(index, directory, path.clone(), 1)?);
        self.serve_new(mark, path)
    }

    /// Serves what is open in the place of what was there, of which nothing is kept.
    fn serve_new(&self, mark: Mark, path: Option<PathBuf>) -> Result<(), SearchError> {
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
        self.open.as_mut().ok_or_else(none_open)
    }

    fn serve(&self, mark: Mark) {
        if let Some(open) = &self.open {
            self.index.inner.columns.follow(&open.reader.searcher());
            self.index.inner.readers.follow(&open.reader.searcher());
            let mut state = self.index.state();
            state.states = state.states.wrapping_add(1);
            state.is_lost = false;
            state.serving = Some(Serving {
                index: open.index.clone(),
                directory: open.directory.clone(),
                reader: open.reader.clone(),
                path: open.path.clone(),
                mark,
                state: state.states,
            });
        }
    }
}

fn none_open() -> SearchError {
    SearchError::Other("no index is open".to_owned())
}

impl Open {
    fn new(
        index: Index,
        directory: Box<dyn Directory>,
        path: Option<PathBuf>,
        threads: usize,
    ) -> Result<Self, SearchError> {
        tokens::register(&index);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(WRITER_MEMORY / threads)
            .num_merge_threads(1)
            .build();
        let writer = index.writer_with_options(options)?;
        // Its first stamp would be the last commit's, again: a merge takes what that stands for to be done already where that commit has removed
        // something, and goes past it, so that it is done nowhere (tantivy 0.27, `advance_deletes`).
        writer.run([])?;
        // A writer that was killed has left files of a commit that never was; the same names are given to the next one's.
        writer.garbage_collect_files().wait()?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, directory, writer, reader, path })
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
