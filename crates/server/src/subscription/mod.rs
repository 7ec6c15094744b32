//! Subscriptions: what happens, to those who want to know it, whatever it comes to them by.
//!
//! A follower of the change log puts what it is given into a journal; a group of subscribers who ask for the same with the same rights
//! follows that, executes the operation once for each change that concerns it, and puts the same bytes into each member's mailbox. What
//! carries them to the client (`graphql/websocket`, `graphql/sse`, `graphql/multipart`) takes from there as fast as the client does.
//!
//! *Invariants*: each change that concerns a subscriber comes once and in order, or one message says that what there is has to be read
//! anew. Nobody waits for a subscriber who is slow. Everything is executed with the subscriber's own rights, as they are then.
//!
//! | part | does |
//! |---|---|
//! | `journal` | the last entries of a log, for all in this process |
//! | `followers` | put entries into the journals |
//! | `group` | executes once for many |
//! | `mailbox` | what waits for one |
//! | `live` | one subscription, from where it resumes |

mod followers;
mod group;
mod journal;
mod live;
mod mailbox;

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicUsize},
};

use courant_domain::{
    audit::AuditRecord,
    change::{Change, ChangeCursor},
};
use courant_gateway::Topic;
use courant_persistence::{Store, StoreError};
use tokio::sync::Semaphore;

pub(crate) use self::{
    followers::{AuditWatch, ChangesFollower},
    group::Token,
    live::{Step, Subscription},
    mailbox::{Ending, Message},
};
use self::{
    group::{Group, Key},
    journal::Journal,
};

/// How much may be subscribed to at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribing {
    /// Subscriptions of all clients. 100,000.
    pub all: usize,
    /// Operations under way on one connection, subscriptions among them. 100.
    pub per_connection: usize,
    /// Different subscriptions of one address, or one /64 network of IPv6: each is executed by itself. 250.
    pub different_per_client: usize,
    /// The web origins whose pages may open a WebSocket; all, where there are none. Any may.
    pub origins: Vec<String>,
}

impl Default for Subscribing {
    fn default() -> Self {
        Self { all: 100_000, per_connection: 100, different_per_client: 250, origins: Vec::new() }
    }
}

/// How many events are executed at once: requests go on beside them.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(1, |processors| (processors.get() / 2).max(1))
}

/// All subscriptions of a server.
pub(crate) struct Subscriptions {
    pub(crate) settings: Subscribing,
    changes: Journal<Change>,
    audit: Journal<AuditRecord>,
    groups: Mutex<Groups>,
    places: Semaphore,
    count: Arc<AtomicUsize>,
    /// Held by whoever looks where the audit log ends.
    looking: tokio::sync::Mutex<()>,
}

impl Subscriptions {
    /// Of a server that has taken in what there is in the store.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn open(store: &Store, settings: Subscribing) -> Result<Self, StoreError> {
        Ok(Self {
            settings,
            changes: Journal::new(followers::head(store).await?),
            audit: Journal::new(ChangeCursor::BEGINNING),
            groups: Mutex::default(),
            places: Semaphore::new(at_once()),
            count: Arc::default(),
            looking: tokio::sync::Mutex::default(),
        })
    }

    /// Has the audit log followed from where it ends now, if nobody has followed it until now.
    async fn look_at_audit(&self, store: &Store) -> Result<(), StoreError> {
        let _looking = self.looking.lock().await;
        if !self.is_audit_followed() {
            let last = store.newsroom().audit_last().await?;
            self.audit
                .start_over(last.map_or(ChangeCursor::BEGINNING, |record| ChangeCursor::at(record.seq, record.at)));
        }
        Ok(())
    }

    /// Whether anybody follows the audit log.
    fn is_audit_followed(&self) -> bool {
        self.lock().by_key.keys().any(|key| matches!(key.topic, Topic::Audit(_)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Groups> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets a group that has come to its end.
    fn forget(&self, group: &Arc<Group>) {
        self.lock().remove(group);
    }
}

/// All groups, and how many of them each client has begun.
#[derive(Default)]
struct Groups {
    by_key: HashMap<Key, Arc<Group>>,
    of: HashMap<Option<IpAddr>, usize>,
}

impl Groups {
    fn find(&self, key: &Key) -> Option<Arc<Group>> {
        self.by_key.get(key).cloned()
    }

    /// Adds one, if its client has not as many as it may.
    fn insert(&mut self, group: &Arc<Group>, most: usize) -> bool {
        let count = self.of.entry(group.network()).or_default();
        if *count >= most {
            return false;
        }
        *count += 1;
        if let Some(over) = self.by_key.insert(group.key.clone(), Arc::clone(group)) {
            self.uncount(&over);
        }
        true
    }

    fn remove(&mut self, group: &Arc<Group>) {
        if self.by_key.get(&group.key).is_some_and(|known| Arc::ptr_eq(known, group)) {
            self.by_key.remove(&group.key);
            self.uncount(group);
        }
    }

    fn uncount(&mut self, group: &Group) {
        let network = group.network();
        if let Some(count) = self.of.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                self.of.remove(&network);
            }
        }
    }
}
