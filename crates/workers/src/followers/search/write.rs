//! Writing snapshots of the index, by one server for all.

use std::{
    collections::HashSet,
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use courant_domain::change::ChangeSeq;
use courant_persistence::{Claim, Store};
use courant_search::{SearchIndex, Source};
use jiff::Timestamp;

use super::snapshots::{FILES, LISTS, Lists, Name, Snapshots, apart, of_storage};
use crate::{Result, WorkError, for_all::ForAll, node::Lease};

/// So many snapshots are kept: the last one, and one for those who are just reading it or find the last one damaged.
const KEPT: usize = 2;
/// What no list names is removed when it is so much older than the newest thing there: another server may be about to name it.
const SPARED: i64 = 3600;
/// What other versions of the program have left is removed when it is so much older.
const FORGOTTEN: i64 = 30 * 24 * 3600;

impl Snapshots {
    /// Writes one of the index as of its last commit, unless there is one as new as that, and removes old ones. Says as of which change it
    /// is, if it was written. What goes on too long is ended when `goes_on` says no.
    ///
    /// # Errors
    /// When the index cannot be read, or nothing can be put there; what was there is there still.
    pub async fn write(
        &self,
        store: &Store,
        index: &SearchIndex,
        goes_on: impl Fn() -> bool,
    ) -> Result<Option<ChangeSeq>> {
        let lists = self.lists(store).await?;
        self.write_after(&lists, store, index, goes_on).await
    }

    async fn write_after(
        &self,
        lists: &Lists,
        store: &Store,
        index: &SearchIndex,
        goes_on: impl Fn() -> bool,
    ) -> Result<Option<ChangeSeq>> {
        let index = index.clone();
        let Some(source) = apart(move || index.source()).await? else { return Ok(None) };
        let mark = source.mark();
        // Without a time it cannot be told from one of another database; without a change there is nothing in it.
        let is_newest = lists.ours.first().is_some_and(|(name, _)| name.seq >= mark.seq);
        if mark.micros == 0 || is_newest {
            return Ok(None);
        }
        let source = Arc::new(source);
        let manifest = apart({
            let source = source.clone();
            move || source.manifest()
        });
        let manifest = manifest.await?;
        let there = self.storage.list(FILES).await.map_err(|error| of_storage(&error))?;
        let there: HashSet<String> = there.into_iter().map(|stored| stored.name).collect();
        let length = manifest.length();
        for file in manifest.files.iter().filter(|file| !there.contains(&file.sha256)) {
            if !goes_on() {
                return Ok(None);
            }
            let read = |range| part(source.clone(), file.name.clone(), range);
            let put = self.storage.put_by(&format!("{FILES}/{}", file.sha256), file.length, read).await;
            put.map_err(|error| of_storage(&error))?;
        }
        if !goes_on() {
            return Ok(None);
        }
        let name = Name { seq: mark.seq, micros: mark.micros, version: courant_search::Manifest::current() };
        let bytes = manifest.write().map_err(|error| WorkError::Other(error.to_string()))?;
        self.storage.put(&name.path(), bytes.into()).await.map_err(|error| of_storage(&error))?;
        tracing::info!(mark.seq, texts = manifest.texts, length, storage = %self.storage, "a snapshot of the search index is written");
        self.prune(store).await?;
        Ok(Some(mark.seq))
    }

    /// Removes what is not needed any more: lists first, so that none is there without its files.
    async fn prune(&self, store: &Store) -> Result<()> {
        let Lists { ours, others } = self.lists(store).await?;
        let newest = ours.iter().chain(&others).map(|(_, stored)| stored.at).max().unwrap_or_default();
        let current = courant_search::Manifest::current();
        // Of this version, but of another database or of a state that is no more.
        let (of_others, of_versions): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|(name, _)| name.version == current);
        let (mut kept, mut old) = (Vec::new(), Vec::new());
        for lists in [ours, of_others] {
            for (at, (name, _)) in lists.into_iter().enumerate() {
                if at < KEPT { kept.push(name) } else { old.push(name) }
            }
        }
        let mut are_all_known = true;
        for (name, stored) in of_versions {
            // What they name, this version cannot read: so nothing is removed but what is old.
            if stored.at < newest - FORGOTTEN { old.push(name) } else { are_all_known = false }
        }
        for name in old {
            self.storage.delete(&format!("{LISTS}/{name}")).await.map_err(|error| of_storage(&error))?;
        }
        let mut named = HashSet::new();
        for name in kept {
            match self.list(&name).await {
                Ok(manifest) => named.extend(manifest.files.into_iter().map(|file| file.sha256)),
                Err(error) => {
                    tracing::debug!(%error, "nothing is removed beside a list that cannot be read");
                    return Ok(());
                }
            }
        }
        let spared = if are_all_known { SPARED } else { FORGOTTEN };
        for stored in self.storage.list(FILES).await.map_err(|error| of_storage(&error))? {
            if !named.contains(&stored.name) && stored.at < newest - spared {
                let path = format!("{FILES}/{}", stored.name);
                self.storage.delete(&path).await.map_err(|error| of_storage(&error))?;
            }
        }
        Ok(())
    }
}

/// A part of a file, read where that holds nobody up.
async fn part(source: Arc<Source>, name: String, range: std::ops::Range<u64>) -> io::Result<Bytes> {
    let read = tokio::task::spawn_blocking(move || source.read(&name, range));
    let read = read.await.map_err(io::Error::other)?;
    read.map(Bytes::from).map_err(io::Error::other)
}

/// Writes snapshots as time passes.
#[derive(Debug)]
pub(crate) struct WriteSnapshots {
    store: Store,
    index: SearchIndex,
    snapshots: Arc<Snapshots>,
    /// Not before.
    next: Instant,
}

impl WriteSnapshots {
    pub(crate) fn new(store: Store, index: SearchIndex, snapshots: Arc<Snapshots>) -> Self {
        Self { store, index, snapshots, next: Instant::now() }
    }
}

impl ForAll for WriteSnapshots {
    const NAME: &'static str = "search snapshots";
    const EVERY: Duration = Duration::from_secs(1);
    // Servers do without, and a bucket that is away is told of now and then.
    const AT_WORST: Duration = Duration::from_secs(600);

    async fn turn(&mut self, _claim: &Claim, lease: &Lease) -> Result<()> {
        // Nothing is asked before there is something to write.
        if Instant::now() < self.next || self.index.mark().is_none() || self.index.progress().is_some() {
            return Ok(());
        }
        let (snapshots, every) = (self.snapshots.clone(), self.snapshots.every);
        let lists = snapshots.lists(&self.store).await?;
        let now = Timestamp::now().as_second();
        let age = lists.ours.first().map(|(_, stored)| Duration::from_secs(stored.at.abs_diff(now)));
        if let Some(left) = age.and_then(|age| every.checked_sub(age)) {
            self.next = Instant::now() + left;
            return Ok(());
        }
        snapshots.write_after(&lists, &self.store, &self.index, || lease.holds()).await?;
        self.next = Instant::now() + every;
        Ok(())
    }

    async fn woken(&mut self) {
        std::future::pending::<()>().await;
    }

    fn released(&mut self) {
        self.next = Instant::now();
    }
}
