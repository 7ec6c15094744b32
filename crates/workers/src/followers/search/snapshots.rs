//! Snapshots of the index in a folder or a bucket: what is there, and how a server starts from one.
//!
//! A snapshot is a list (`lists/…`) of files (`files/…`). Files are named by what is in them, and put there before the list; so a list that is
//! there is whole, and what two snapshots have in common is there once. The name of a list says of which version it is, and as of which
//! change of which history.

use std::{fmt, time::Duration};

use courant_domain::change::ChangeSeq;
use courant_outbound::{Storage, Stored};
use courant_persistence::Store;
use courant_search::{Incoming, Manifest};

use super::{Indexing, State, failed, micros_of};
use crate::{Result, WorkError};

/// Where lists are.
pub(super) const LISTS: &str = "lists";
/// Where files are.
pub(super) const FILES: &str = "files";
/// The most bytes that a list has.
const MOST: u64 = 16 * 1024 * 1024;
/// So many bytes are written at once.
const AT_ONCE: usize = 1024 * 1024;

/// Where snapshots of the index are, and how often there is a new one.
#[derive(Debug)]
pub struct Snapshots {
    pub(super) storage: Storage,
    pub(super) every: Duration,
}

/// What a list is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) seq: ChangeSeq,
    pub(super) micros: i64,
    pub(super) version: String,
}

impl Name {
    pub(super) fn parse(name: &str) -> Option<Self> {
        let mut parts = name.strip_suffix(".json")?.splitn(3, '-');
        let (seq, micros) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { seq, micros, version: parts.next()?.to_owned() })
    }

    pub(super) fn path(&self) -> String {
        format!("{LISTS}/{self}")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:020}-{}-{}.json", self.seq, self.micros, self.version)
    }
}

/// The lists that are there, the newest first.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Of this version, and of this history of this database.
    pub(super) ours: Vec<(Name, Stored)>,
    /// All else.
    pub(super) others: Vec<(Name, Stored)>,
}

impl Snapshots {
    /// Snapshots in this place, a new one so often if something has changed.
    #[must_use]
    pub const fn new(storage: Storage, every: Duration) -> Self {
        Self { storage, every }
    }

    pub(super) async fn lists(&self, store: &Store) -> Result<Lists> {
        let listed = self.storage.list(LISTS).await.map_err(|error| of_storage(&error))?;
        let mut named: Vec<(Name, Stored)> =
            listed.into_iter().filter_map(|stored| Some((Name::parse(&stored.name)?, stored))).collect();
        named.sort_by(|a, b| b.0.cmp(&a.0));
        let head = store.log_head().await?;
        let mut lists = Lists::default();
        for (name, stored) in named {
            let is_ours = name.version == Manifest::current()
                && (1..=head).contains(&name.seq)
                && micros_of(store, name.seq).await? == name.micros;
            let those = if is_ours { &mut lists.ours } else { &mut lists.others };
            those.push((name, stored));
        }
        Ok(lists)
    }

    pub(super) async fn list(&self, name: &Name) -> Result<Manifest> {
        let bytes = self.storage.get(&name.path(), MOST).await.map_err(|error| of_storage(&error))?;
        let manifest = Manifest::read(&bytes).map_err(|error| WorkError::Other(format!("{name}: {error}")))?;
        if (manifest.mark.seq, manifest.mark.micros) != (name.seq, name.micros) {
            return Err(WorkError::Other(format!("{name} is of another change than it is called by")));
        }
        Ok(manifest)
    }

    /// Has the files of an index come.
    async fn receive(&self, incoming: &mut Incoming) -> Result<()> {
        for file in incoming.manifest().files.clone() {
            let path = format!("{FILES}/{}", file.sha256);
            let mut reading = self.storage.read(&path).await.map_err(|error| of_storage(&error))?;
            let mut writing = incoming.file(&file).map_err(|error| failed(&error))?;
            loop {
                let mut portion = Vec::new();
                while portion.len() < AT_ONCE
                    && let Some(bytes) = reading.next().await.map_err(|error| of_storage(&error))?
                {
                    portion.extend_from_slice(&bytes);
                }
                let (length, is_last) = (portion.len() as u64, portion.len() < AT_ONCE);
                writing = apart(move || writing.write(&portion).map(|()| writing)).await?;
                incoming.took(length);
                if is_last {
                    break;
                }
            }
            apart(move || writing.finish()).await?;
        }
        Ok(())
    }
}

/// Does something where it holds nobody up.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, courant_search::SearchError> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| WorkError::Other(error.to_string()))?.map_err(|error| failed(&error))
}

pub(super) fn of_storage(error: &courant_outbound::StorageError) -> WorkError {
    WorkError::Other(format!("snapshots of the search index: {error}"))
}

impl Indexing {
    /// Starts from the newest snapshot that fits and is newer than this change. None where there is none: then the index is built, and the
    /// log says why.
    pub(super) async fn start_from_snapshot(&mut self, newer_than: ChangeSeq) -> Option<ChangeSeq> {
        let snapshots = self.snapshots.clone()?;
        let mut reasons: Vec<String> = Vec::new();
        let lists = snapshots.lists(&self.store).await;
        let lists = lists.inspect_err(|error| reasons.push(error.to_string())).unwrap_or_default();
        if lists.ours.is_empty() && !lists.others.is_empty() {
            reasons.push(
                "those that are there are of another version, another database or a later state of it".to_owned(),
            );
        }
        let mut taken = None;
        for (name, _) in lists.ours.into_iter().filter(|(name, _)| name.seq > newer_than) {
            match self.take(&snapshots, &name).await {
                Ok(seq) => {
                    tracing::info!(seq, storage = %snapshots.storage, "the search index starts from a snapshot");
                    taken = Some(seq);
                    break;
                }
                Err(error) => reasons.push(error.to_string()),
            }
        }
        if !reasons.is_empty() {
            let (storage, why) = (&snapshots.storage, reasons.join("; "));
            let instead = if taken.is_some() { "an older one is taken" } else { "the index is made without" };
            tracing::warn!(%storage, %why, instead, "a snapshot of the search index cannot be started from");
        }
        taken
    }

    async fn take(&mut self, snapshots: &Snapshots, name: &Name) -> Result<ChangeSeq> {
        let manifest = snapshots.list(name).await?;
        let mut incoming = self.work(move |indexer| indexer.receive(manifest)).await.map_err(|error| failed(&error))?;
        snapshots.receive(&mut incoming).await?;
        let mark = self.work(move |indexer| indexer.received(incoming)).await.map_err(|error| failed(&error))?;
        (self.state, self.failed, self.fallbacks) = (State::Open, 0, mark.fallbacks);
        Ok(mark.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_list_is_of() {
        let name = Name { seq: 12, micros: 1_700_000_000_000_000, version: "1.v1.1".to_owned() };
        assert_eq!(name.to_string(), "00000000000000000012-1700000000000000-1.v1.1.json");
        assert_eq!(Name::parse(&name.to_string()), Some(name));
        for other in ["", ".json", "1-2.json", "a-2-1.json", "1-b-1.json", "00000000000000000012-17-1.v1.1"] {
            assert_eq!(Name::parse(other), None, "{other}");
        }
    }
}
