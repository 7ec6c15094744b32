//! How the workers fare, for monitoring.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use courant_domain::change::ChangeSeq;
use serde::Serialize;
use tokio::sync::watch;

/// How all workers of this process fare. Cheap to clone; asks nothing of the database.
#[derive(Debug, Clone, Default)]
pub struct Statuses {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The last number in the change log that this process has seen there.
    head: Mutex<Option<watch::Receiver<ChangeSeq>>>,
    workers: Mutex<Workers>,
    /// What all followers of this server have taken in that others wait for.
    taken_in: watch::Sender<ChangeSeq>,
}

#[derive(Debug, Default)]
struct Workers {
    followers: BTreeMap<&'static str, Entry>,
    periodic: BTreeMap<&'static str, bool>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Whether others wait for it.
    is_awaited: bool,
    seq: Option<ChangeSeq>,
    failing: bool,
}

/// How a follower fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FollowerStatus {
    /// Its name.
    pub name: &'static str,
    /// The last change that it has applied; none before it was built.
    pub seq: Option<ChangeSeq>,
    /// How many changes it has not applied yet; all of them before it was built.
    pub lag: ChangeSeq,
    /// Whether its last try failed.
    pub failing: bool,
}

/// How work by the clock fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PeriodicStatus {
    /// Its name.
    pub name: &'static str,
    /// Whether its last try failed.
    pub failing: bool,
}

impl Statuses {
    /// All followers, by name.
    #[must_use]
    pub fn followers(&self) -> Vec<FollowerStatus> {
        let head = lock(&self.inner.head).as_ref().map_or(0, |head| *head.borrow());
        let status = |(name, entry): (&&'static str, &Entry)| FollowerStatus {
            name,
            seq: entry.seq,
            // It may be ahead: it takes in what this process writes, before the log is looked at again.
            lag: (head - entry.seq.unwrap_or_default()).max(0),
            failing: entry.failing,
        };
        lock(&self.inner.workers).followers.iter().map(status).collect()
    }

    /// All work by the clock, by name.
    #[must_use]
    pub fn periodic(&self) -> Vec<PeriodicStatus> {
        let workers = lock(&self.inner.workers);
        workers.periodic.iter().map(|(name, failing)| PeriodicStatus { name, failing: *failing }).collect()
    }

    /// What all followers of this server have taken in.
    pub(crate) fn taken_in(&self) -> watch::Receiver<ChangeSeq> {
        self.inner.taken_in.subscribe()
    }

    pub(crate) fn follow(&self, head: watch::Receiver<ChangeSeq>) {
        *lock(&self.inner.head) = Some(head);
    }

    pub(crate) fn of_follower(&self, name: &'static str, is_awaited: bool, seq: Option<ChangeSeq>, failing: bool) {
        let mut workers = lock(&self.inner.workers);
        workers.followers.insert(name, Entry { is_awaited, seq, failing });
        let own = workers.followers.values().filter(|entry| entry.is_awaited);
        let all = own.map(|entry| entry.seq.unwrap_or_default()).min().unwrap_or_default();
        // Within the lock, so that it is the last of them that stays.
        self.inner.taken_in.send_if_modified(|taken_in| std::mem::replace(taken_in, all) != all);
    }

    pub(crate) fn of_periodic(&self, name: &'static str, failing: bool) {
        lock(&self.inner.workers).periodic.insert(name, failing);
    }
}

/// Nothing that can panic runs while one of these is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
