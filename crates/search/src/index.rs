//! The index of one process: what is searched, and the one hand that writes it.

mod indexer;

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    num::NonZero,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
};

use serde::{Deserialize, Serialize};
use tantivy::{Executor, Index, IndexReader, Searcher, directory::Directory};

pub use self::indexer::Indexer;
use crate::{
    error::SearchError,
    facet::{Columns, Dimension, Facets},
    rank::Cursor,
    schema::Fields,
    search::{Kept, Readers},
};

/// How many states of the index are kept for those who turn pages.
const PAGED: usize = 16;

/// So many threads search what is large, at the most.
const SEARCHERS: usize = 4;

/// As of which change an index is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The number of the change.
    pub seq: i64,
    /// When it was written, in microseconds since 1970: tells one history from another. 0 where that is not known.
    pub micros: i64,
    /// By which languages and fallbacks readers get what it says they get, see [`fallbacks`]. 0 where that is not known.
    #[serde(default)]
    pub fallbacks: u64,
}

impl Mark {
    /// Whether it is of the same change of the same history.
    #[must_use]
    pub const fn is_of(&self, other: &Self) -> bool {
        self.seq == other.seq && self.micros == other.micros
    }
}

/// A number that tells languages with their fallbacks from others. Each is a locale and where its readers are sent, in order.
#[must_use]
pub fn fallbacks(chains: impl IntoIterator<Item = Vec<String>>) -> u64 {
    let all: Vec<String> = chains.into_iter().map(|chain| chain.join(">")).collect();
    // FNV-1a: it is written down, and the same in every version.
    let hash = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    all.join(" ").as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, hash).max(1)
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
    /// The threads that search what is large.
    pool: OnceLock<Executor>,
    pub(crate) kept: Kept,
    pub(crate) columns: Columns,
    pub(crate) readers: Readers,
}

#[derive(Default)]
struct State {
    serving: Option<Serving>,
    progress: Option<Progress>,
    /// The number of the last state. The first is one by chance.
    states: u32,
    /// States that somebody is turning the pages of.
    paged: VecDeque<Snapshot>,
    /// How many there are of each sort of all there is, in which state: for those who have not asked for anything yet.
    of_all: (u32, HashMap<OfAll, Facets>),
    /// Whether what was served turned out to be damaged, and nothing has taken its place yet.
    is_lost: bool,
}

/// Of what all is counted: the reader's locale, the fallbacks, and by what.
pub(crate) type OfAll = (String, u64, Vec<Dimension>);

struct Serving {
    index: Index,
    directory: Box<dyn Directory>,
    reader: IndexReader,
    path: Option<PathBuf>,
    mark: Mark,
    state: u32,
}

/// The index as it was at one moment.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) mark: Mark,
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
        Self::with(folder, Kept::new())
    }

    /// The same, but each search is done, though it was done before.
    #[must_use]
    pub fn keeping_nothing(folder: Option<&Path>) -> Self {
        Self::with(folder, Kept::nothing())
    }

    fn with(folder: Option<&Path>, kept: Kept) -> Self {
        let folder = folder.map(Path::to_owned);
        // Cursors name states, and may be given to another process, whose states are to be others.
        let [a, b, c, d, ..] = RandomState::new().build_hasher().finish().to_ne_bytes();
        let state = Mutex::new(State { states: u32::from_ne_bytes([a, b, c, d]), ..State::default() });
        let (fields, pool) = (Fields::new(), OnceLock::new());
        let (columns, readers) = (Columns::default(), Readers::default());
        Self { inner: Arc::new(Inner { fields, folder, state, pool, kept, columns, readers }) }
    }

    /// As of which change it is; none before it was built.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        self.state().serving.as_ref().map(|serving| serving.mark)
    }

    /// As of which change that state of it is which is searched for what comes after a place; none before it was built.
    #[must_use]
    pub fn seq(&self, after: Option<Cursor>) -> Option<i64> {
        self.snapshot(after.map(|after| after.state)).ok().map(|snapshot| snapshot.mark.seq)
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
                Ok(Snapshot { searcher: serving.reader.searcher(), mark: serving.mark, state: serving.state })
            }
            None => Err(SearchError::Rebuilding(state.progress)),
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

    /// How many there are of each sort of all there is in a state, if that was counted before.
    pub(crate) fn counted(&self, state: u32, of: &OfAll) -> Option<Facets> {
        let known = self.state();
        let (counted_in, counts) = &known.of_all;
        if *counted_in == state { counts.get(of).cloned() } else { None }
    }

    pub(crate) fn keep_counts(&self, state: u32, of: OfAll, counts: Facets) {
        let mut known = self.state();
        if known.of_all.0 != state {
            known.of_all = (state, HashMap::new());
        }
        known.of_all.1.insert(of, counts);
    }

    /// What is served, to carry its files elsewhere; none while another one is to take its place.
    pub(crate) fn carried(&self) -> Option<(Index, Box<dyn Directory>)> {
        let state = self.state();
        let serving = state.serving.as_ref().filter(|_| state.progress.is_none())?;
        Some((serving.index.clone(), serving.directory.clone()))
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        self.inner.folder.as_deref()
    }

    pub(crate) fn progresses(&self, progress: Option<Progress>) {
        self.state().progress = progress;
    }

    /// The threads that search what is large; they are there from the first time on.
    pub(crate) fn pool(&self) -> Result<&Executor, SearchError> {
        if let Some(pool) = self.inner.pool.get() {
            return Ok(pool);
        }
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(SEARCHERS);
        let pool = Executor::multi_thread(threads, "courant-search-")?;
        Ok(self.inner.pool.get_or_init(|| pool))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
