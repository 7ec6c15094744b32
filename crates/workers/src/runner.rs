//! The one place where workers are started and stopped.

use courant_persistence::{Dialect, Store};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    Follower, Periodic, Runs, follower::Following, followers::ReferenceData, lead, node::Node, periodic_worker,
    status::Statuses,
};

/// All workers of a process. They end when this is dropped; [`Workers::stop`] also tells the other servers.
#[derive(Debug)]
pub struct Workers {
    store: Store,
    node: Node,
    statuses: Statuses,
    /// Whether other servers are to know that this one is alive.
    is_seen: bool,
    tasks: JoinSet<()>,
}

impl Workers {
    /// Starts with what all others need: the change log is watched, and reference data is taken in.
    #[must_use]
    pub fn start(store: Store, statuses: Statuses) -> Self {
        let mut workers = Self { node: Node::new(), statuses, is_seen: false, tasks: JoinSet::new(), store };
        let (head, log) = watch::channel(*workers.store.head().borrow());
        workers.statuses.follow(log.clone());
        workers.tasks.spawn(lead::lead(workers.store.clone(), head));
        workers.tasks.spawn(workers.following(ReferenceData::new(workers.store.clone()), log).run());
        if workers.store.dialect() == Dialect::Postgres {
            workers.show();
        }
        workers
    }

    /// Starts a follower. It is given changes once this process has taken them in.
    pub fn follow<F: Follower + 'static>(&mut self, follower: F) {
        if F::RUNS == Runs::OneNode {
            self.show();
        }
        let head = self.store.head();
        self.tasks.spawn(self.following(follower, head).run());
    }

    /// Starts work by the clock.
    pub fn every<P: Periodic + 'static>(&mut self, work: P) {
        self.tasks.spawn(periodic_worker::run(work, self.statuses.clone()));
    }

    /// Ends all of them, and leaves what ran for all servers to the others.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
        if self.is_seen
            && let Err(error) = self.store.node_gone(self.node.id()).await
        {
            tracing::warn!(%error, "others will find out by themselves that this server has stopped");
        }
    }

    /// Lets the other servers know that this one is alive.
    fn show(&mut self) {
        if !std::mem::replace(&mut self.is_seen, true) {
            self.tasks.spawn(self.node.clone().beat(self.store.clone(), self.statuses.clone()));
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
