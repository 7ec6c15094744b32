//! The index of the search: each server has its own, in a folder of its own, and keeps it as new as the change log.
//!
//! It is given what [`Live`] reads and nothing else, so that no draft comes into it. What is found is read from the database, and what was
//! taken back is left out by those who search; so it may lag without telling anything that is not live.

mod snapshots;
mod write;

use std::{sync::Arc, time::Duration};

use courant_domain::{
    change::{Change, ChangeCursor, ChangeKey, ChangeSeq},
    id::EntryId,
    site::Site,
};
use courant_persistence::{
    Live, Reference, Store,
    publication::{Parts, Publication},
};
use courant_search::{Document, Indexer, Mark, SearchError, SearchIndex};
use uuid::Uuid;

pub use self::snapshots::Snapshots;
pub(crate) use self::write::WriteSnapshots;
use crate::{Follower, Result, Runs, WorkError};

/// How many entries are read at once while an index is built.
const AT_ONCE: u32 = 500;
/// How long it rests after each commit: what is published meanwhile is in the next one. A commit costs the same for one change as for many.
const PAUSE: Duration = Duration::from_millis(100);
/// How often it is looked whether those who search have found the index damaged.
const LOOK: Duration = Duration::from_secs(1);
/// How often the same changes are tried on what is in the folder, before it is built anew.
const TRIES: u32 = 3;
/// Whoever is so many changes behind looks for a snapshot, which is sooner there than they are taken in.
const FAR_BEHIND: ChangeSeq = 20_000;

/// Keeps the index of the search.
#[derive(Debug)]
pub struct Indexing {
    store: Store,
    live: Live,
    index: SearchIndex,
    /// None while it is at work; if it does not come back, another one takes its place.
    indexer: Option<Indexer>,
    state: State,
    /// How often it has failed since it last took something in.
    failed: u32,
    /// What it starts from when there is nothing to go on from.
    snapshots: Option<Arc<Snapshots>>,
    /// By which fallbacks readers get what the index says they get.
    fallbacks: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is known of what the folder holds.
    Unknown,
    /// It goes on from what is there.
    Open,
    /// What is there cannot be gone on from.
    Stale,
}

impl Indexing {
    /// Of this index.
    #[must_use]
    pub fn new(store: Store, index: SearchIndex) -> Self {
        let (live, indexer) = (store.live(), Some(Indexer::new(index.clone())));
        Self { store, live, indexer, index, state: State::Unknown, failed: 0, snapshots: None, fallbacks: 0 }
    }

    /// Starts from one of these snapshots where there is nothing to go on from.
    #[must_use]
    pub fn with_snapshots(mut self, snapshots: Option<Arc<Snapshots>>) -> Self {
        self.snapshots = snapshots;
        self
    }

    /// Does something where it holds nobody up.
    async fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Indexer) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let mut indexer = self.indexer.take().unwrap_or_else(|| Indexer::new(self.index.clone()));
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&mut indexer);
            (indexer, done)
        });
        match done.await {
            Ok((indexer, done)) => {
                self.indexer = Some(indexer);
                done
            }
            // What reads a damaged file may panic.
            Err(error) => Err(SearchError::Damaged(error.to_string())),
        }
    }

    /// Goes on with what is in the folder, if it is of this history.
    async fn resume(&mut self) -> Result<Option<ChangeSeq>> {
        let Some(mark) = self.work(Indexer::resume).await.map_err(|error| failed(&error))? else { return Ok(None) };
        let is_ours = self.store.log_head().await? >= mark.seq && self.mark(mark.seq).await?.is_of(&mark);
        self.fallbacks = mark.fallbacks;
        self.state = if is_ours { State::Open } else { State::Stale };
        if !is_ours {
            tracing::warn!(mark.seq, "the search index is of another database, or of a later state of it");
        }
        Ok(is_ours.then_some(mark.seq))
    }

    /// The mark of a change by its number.
    async fn mark(&self, seq: ChangeSeq) -> Result<Mark> {
        Ok(Mark { seq, micros: micros_of(&self.store, seq).await?, fallbacks: self.fallbacks })
    }

    /// Builds a new index of all that is live.
    async fn build(&mut self) -> Result<ChangeSeq> {
        self.state = State::Stale;
        self.store.refresh().await?;
        let reference = self.store.reference();
        self.fallbacks = fallbacks_of(&reference.site);
        let mark = self.mark(reference.seq).await?;
        drop(reference);
        let total = self.live.editions_count().await?;
        tracing::info!(total, "builds the search index");
        self.work(move |indexer| indexer.begin(total)).await.map_err(|error| failed(&error))?;
        let mut after = None;
        loop {
            let entries = self.live.entries_after(after, AT_ONCE).await?;
            let Some(last) = entries.last() else { break };
            after = Some(*last);
            let documents = self.documents(&entries).await?;
            self.work(move |indexer| indexer.add(&documents)).await.map_err(|error| failed(&error))?;
        }
        self.work(move |indexer| indexer.finish(mark)).await.map_err(|error| failed(&error))?;
        (self.state, self.failed) = (State::Open, 0);
        tracing::info!(total, mark.seq, "the search index is built");
        Ok(mark.seq)
    }

    /// What is indexed of these entries, as it is now.
    async fn documents(&self, entries: &[EntryId]) -> Result<Vec<Document>> {
        const PARTS: Parts = Parts::SUMMARY
            .union(Parts::DECREE)
            .union(Parts::DETAILS)
            .union(Parts::TEXT)
            .union(Parts::CATEGORY)
            .union(Parts::TITLE)
            .union(Parts::PUBLISHED_AT);
        let found = self.live.publications_of_entries(entries, PARTS).await?;
        let reference = self.store.reference();
        let mut documents = Vec::with_capacity(found.len());
        for editions in found.values() {
            let live: Vec<_> = editions.iter().map(|edition| edition.locale).collect();
            let readers: Vec<_> = reference.site.resolve(&live).collect();
            for edition in editions {
                let readers = readers.iter().filter(|(_, gets)| *gets == edition.locale);
                let readers = readers.map(|(reader, _)| reader.to_string()).collect();
                documents.extend(document(edition, readers, &reference));
            }
        }
        Ok(documents)
    }

    /// Takes in what has become of these entries.
    async fn update(&mut self, entries: Vec<EntryId>, mark: Mark) -> Result<()> {
        let documents = self.documents(&entries).await?;
        let entries: Vec<Uuid> = entries.into_iter().map(EntryId::uuid).collect();
        let done = self.work(move |indexer| indexer.apply(&entries, &documents, mark)).await;
        if let Err(error) = &done {
            // What the disk or another process stands against is no better with another index.
            let is_of_index = !matches!(error, SearchError::StorageFull | SearchError::InUse | SearchError::Io(_));
            self.failed += u32::from(is_of_index);
            // What was written in part is no part of any commit; it is begun anew from the last one, unless that does not help.
            self.state = if self.failed < TRIES { State::Unknown } else { State::Stale };
            if let Some(indexer) = &mut self.indexer {
                indexer.close();
            }
        }
        done.map_err(|error| failed(&error))?;
        self.failed = 0;
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }
}

/// When a change was written, in microseconds since 1970; 0 where the log does not have it.
async fn micros_of(store: &Store, seq: ChangeSeq) -> Result<i64> {
    let change = store.changes(seq - 1, 1).await?.into_iter().find(|change| change.seq == seq);
    Ok(change.map_or(0, |change| ChangeCursor::of(&change).micros))
}

/// By which fallbacks readers of a site get what they get.
fn fallbacks_of(site: &Site) -> u64 {
    let chains = site.locales.iter().map(|locale| site.chain(locale.tag).map(|locale| locale.to_string()).collect());
    courant_search::fallbacks(chains)
}

/// An edition as it is indexed.
fn document(edition: &Publication, readers: Vec<String>, reference: &Reference) -> Option<Document> {
    let published = edition.published_at?;
    let details = edition.details.as_deref();
    let body = edition.body.as_deref().and_then(|body| body.text.clone());
    let day = reference.site.time_zone.day(published);
    let signed = edition.decree.as_ref().map(|decree| decree.signed_on.year());
    Some(Document {
        entry: edition.entry.uuid(),
        locale: edition.locale.to_string(),
        readers,
        kind: edition.kind.as_str().to_owned(),
        category: edition.category?.uuid(),
        tags: details.map(|details| details.tags.iter().map(|tag| tag.uuid()).collect()).unwrap_or_default(),
        signatory: details.and_then(|details| Some(details.signatory.as_ref()?.person.uuid())),
        year: signed.unwrap_or_else(|| day.year()),
        published: published.as_microsecond(),
        number: edition.decree.as_ref().map(|decree| decree.number.clone()),
        title: edition.title.clone().unwrap_or_default(),
        summary: edition.summary.clone(),
        text: body.unwrap_or_default(),
    })
}

fn failed(error: &SearchError) -> WorkError {
    WorkError::Other(format!("search: {error}"))
}

impl Follower for Indexing {
    const NAME: &'static str = "search";
    const RUNS: Runs = Runs::EachNode;
    // Answers of searches are kept nowhere.
    const IS_AWAITED: bool = false;

    async fn apply(&mut self, changes: &[Change]) -> Result<()> {
        let Some(last) = changes.last() else { return Ok(()) };
        if self.index.is_lost() {
            self.state = State::Unknown;
        }
        let is_of_site = changes.iter().any(|change| change.key == ChangeKey::Site);
        if self.state == State::Unknown {
            self.resume().await?;
        }
        // Other languages, or other fallbacks: who gets what is different everywhere.
        if is_of_site || self.state != State::Open {
            self.build().await?;
            return Ok(());
        }
        let cursor = ChangeCursor::of(last);
        let mark = Mark { seq: cursor.seq, micros: cursor.micros, fallbacks: self.fallbacks };
        let mut entries: Vec<EntryId> = changes
            .iter()
            .filter_map(|change| match change.key {
                ChangeKey::Edition { entry, .. } => Some(entry),
                _ => None,
            })
            .collect();
        entries.sort_unstable();
        entries.dedup();
        if entries.is_empty() {
            return self
                .work(move |indexer| {
                    indexer.passed(mark);
                    Ok(())
                })
                .await
                .map_err(|error| failed(&error));
        }
        self.update(entries, mark).await
    }

    async fn lost(&self) {
        while !self.index.is_lost() {
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn rebuild(&mut self) -> Result<ChangeSeq> {
        if self.index.is_lost() {
            self.state = State::Unknown;
        }
        if self.state == State::Unknown {
            let resumed = self.resume().await?;
            let behind = self.store.log_head().await? - resumed.unwrap_or_default();
            let newer_than = resumed.map_or(0, |seq| seq + FAR_BEHIND);
            if (resumed.is_none() || behind > FAR_BEHIND)
                && let Some(seq) = self.start_from_snapshot(newer_than).await
            {
                return Ok(seq);
            }
            if let Some(seq) = resumed {
                return Ok(seq);
            }
        }
        self.build().await
    }
}
