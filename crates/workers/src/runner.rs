//! The one place where workers are started and stopped.

use std::sync::Arc;

use courant_persistence::Store;
use courant_search::SearchIndex;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    Follower, Periodic,
    follower::Following,
    followers::{ReferenceData, Snapshots, WriteSnapshots},
    for_all, lead,
    node::Node,
    periodic_worker,
    status::Statuses,
    webhooks::Sender,
};

/// All workers of a process. They end when this is dropped; [`Workers::stop`] also tells the other servers.
#[derive(Debug)]
pub struct Workers {
    store: Store,
    node: Node,
    statuses: Statuses,
    tasks: JoinSet<()>,
}

impl Workers {
    /// Starts with what all others need: the change log is watched, reference data is taken in, and it is said that this server is
    /// there, and how far it is.
    #[must_use]
    pub fn start(store: Store, statuses: Statuses) -> Self {
        let mut workers = Self { node: Node::new(), statuses, tasks: JoinSet::new(), store };
        let (head, log) = watch::channel(*workers.store.head().borrow());
        workers.statuses.follow(log.clone());
        workers.tasks.spawn(lead::lead(workers.store.clone(), head));
        workers.tasks.spawn(workers.following(ReferenceData::new(workers.store.clone()), log).run());
        workers.tasks.spawn(workers.node.clone().beat(workers.store.clone(), workers.statuses.clone()));
        workers
    }

    /// Starts a follower. It is given changes once this process has taken them in.
    pub fn follow<F: Follower + 'static>(&mut self, follower: F) {
        let head = self.store.head();
        self.tasks.spawn(self.following(follower, head).run());
    }

    /// Starts work by the clock.
    pub fn every<P: Periodic + 'static>(&mut self, work: P) {
        self.tasks.spawn(periodic_worker::run(work, self.statuses.clone()));
    }

    /// Starts to send messages to webhooks, on one server at a time.
    pub fn send(&mut self, sender: Sender) {
        let (store, node, statuses) = (self.store.clone(), self.node.clone(), self.statuses.clone());
        self.tasks.spawn(for_all::run(sender, store, node, statuses));
    }

    /// Starts to put snapshots of the search index where other servers find them, on one server at a time.
    pub fn snapshot(&mut self, index: SearchIndex, snapshots: Arc<Snapshots>) {
        let (store, node, statuses) = (self.store.clone(), self.node.clone(), self.statuses.clone());
        let writing = WriteSnapshots::new(store.clone(), index, snapshots);
        self.tasks.spawn(for_all::run(writing, store, node, statuses));
    }

    /// Ends all of them, and leaves what ran for all servers to the others.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
        if let Err(error) = self.store.node_gone(self.node.id()).await {
            tracing::warn!(%error, "others will find out by themselves that this server has stopped");
        }
    }

    fn following<F: Follower>(&self, follower: F, head: watch::Receiver<i64>) -> Following<F> {
        Following {
            follower,
            store: self.store.clone(),
            head,
            node: self.node.clone(),
            statuses: self.statuses.clone(),
        }
    }
}
