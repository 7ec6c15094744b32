//! Following the change log: what a follower is, and the loop that moves it.

use std::{future::Future, time::Duration};

use courant_domain::change::{Change, ChangeSeq};
use courant_persistence::{Claim, Store};
use tokio::sync::watch;

use crate::{Result, node::Node, pace::Pace, status::Statuses};

/// Something that is derived from content. It can be built again from the database at any time, and applying a change twice does no
/// harm: after a crash, changes come again from the last one that is known to have been applied.
pub trait Follower: Send {
    /// Its name: in `/readyz`, in the log, and in the database for one that runs once for all servers.
    const NAME: &'static str;
    /// Where it runs.
    const RUNS: Runs;
    /// Whether others wait until it has taken a change in: caches elsewhere are told of it then. Not of what says itself how old it is.
    const IS_AWAITED: bool = true;

    /// The same name, or another one for each of several of a sort, which does not change while it runs.
    fn name(&self) -> &'static str {
        Self::NAME
    }

    /// Takes in changes, in the order of their numbers, none left out. They are taken in by this process: what it reads from the
    /// store is at least as new.
    ///
    /// # Errors
    /// When they could not be applied; the same changes come again.
    fn apply(&mut self, changes: &[Change]) -> impl Future<Output = Result<()>> + Send;

    /// Builds it from the database, whatever it was before, and says as of which change it is then. The next changes to apply are
    /// those after it.
    ///
    /// # Errors
    /// When it could not be built; it is tried again.
    fn rebuild(&mut self) -> impl Future<Output = Result<ChangeSeq>> + Send;

    /// Ends when what was built is lost, without any change: then it is built again. It may be dropped and called anew at any time.
    fn lost(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }
}

/// Where a follower runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// In each process, which builds its own at its start: caches, subscriptions, a search index.
    EachNode,
    /// In one process for all, which goes on where another one ended: what acts outside.
    OneNode,
}

/// How many changes are read at once.
const AT_ONCE: u64 = 1000;
/// How soon a server that does not have a follower of all looks whether it is free.
const CLAIM_EVERY: Duration = Duration::from_secs(2);

/// A follower under way.
pub(crate) struct Following<F> {
    pub(crate) follower: F,
    pub(crate) store: Store,
    /// The number up to which there are changes for it.
    pub(crate) head: watch::Receiver<ChangeSeq>,
    pub(crate) node: Node,
    pub(crate) statuses: Statuses,
}

/// What a follower has to do next.
enum Next {
    /// There is more.
    GoOn,
    /// Wait for the next change.
    Wait,
}

/// Why a follower goes on after a pause.
enum Paused {
    /// There may be more to apply.
    GoOn,
    /// What it had built is lost.
    Lost,
}

impl<F: Follower> Following<F> {
    fn name(&self) -> &'static str {
        self.follower.name()
    }

    pub(crate) async fn run(mut self) {
        let mut pace = Pace::new(self.name(), Pace::AT_WORST);
        match F::RUNS {
            Runs::EachNode => self.follow(&mut pace).await,
            Runs::OneNode => loop {
                if let Some(claim) = self.claim(&mut pace).await {
                    self.follow_for_all(&mut pace, claim).await;
                }
            },
        }
    }

    async fn follow(&mut self, pace: &mut Pace) {
        let mut at = None;
        // To build it may take long.
        self.report(at, false);
        loop {
            let step = self.step(at).await.map(|(seq, next)| {
                at = Some(seq);
                next
            });
            self.report(at, step.is_err());
            if let Paused::Lost = self.pause(pace, step).await {
                at = None;
            }
        }
    }

    /// Follows until somebody else has the claim.
    async fn follow_for_all(&mut self, pace: &mut Pace, mut claim: Claim) {
        tracing::info!(follower = self.name(), seq = claim.seq, "follows the change log for all servers");
        self.report(claim.seq, false);
        loop {
            // A server that has not been able to say that it is alive is thought dead.
            self.node.seen().await;
            let step = match self.step_for_all(&mut claim).await {
                Ok(Some(next)) => Ok(next),
                Ok(None) => {
                    tracing::warn!(follower = self.name(), "another server follows the change log for all now");
                    return;
                }
                Err(error) => Err(error),
            };
            self.report(claim.seq, step.is_err());
            self.pause(pace, step).await;
        }
    }

    /// Takes a step and moves the cursor, as long as the claim holds. It is looked at before, too: a server that was frozen for a
    /// while would apply again, after newer changes, what its successor has applied.
    async fn step_for_all(&mut self, claim: &mut Claim) -> Result<Option<Next>> {
        if !self.store.follower_holds(self.name(), claim).await? {
            return Ok(None);
        }
        let (seq, next) = self.step(claim.seq).await?;
        if claim.seq != Some(seq) && !self.store.follower_moved(self.name(), claim, seq).await? {
            return Ok(None);
        }
        Ok(Some(next))
    }

    /// Takes it over, if nobody else has it; otherwise notes how far it is, and waits.
    async fn claim(&mut self, pace: &mut Pace) -> Option<Claim> {
        self.node.seen().await;
        let claimed = self.store.follower_claim(self.name(), self.node.id()).await;
        match claimed {
            Ok(Some(claim)) => return Some(claim),
            Ok(None) => {
                if let Ok(seq) = self.store.follower_seq(self.name()).await {
                    self.report(seq, false);
                }
                pace.went_well();
                tokio::time::sleep(CLAIM_EVERY).await;
            }
            Err(error) => pace.failed(&error.into()).await,
        }
        None
    }

    /// Applies what there is after a change, or builds all of it. Says as of which change it is now.
    async fn step(&mut self, at: Option<ChangeSeq>) -> Result<(ChangeSeq, Next)> {
        let head = *self.head.borrow_and_update();
        let Some(at) = at else {
            return Ok((self.follower.rebuild().await?, Next::GoOn));
        };
        if at > head && self.store.log_head().await? < at {
            tracing::warn!(
                follower = self.name(),
                at,
                "the change log went back: this is another database, or an older state of it"
            );
            return Ok((self.follower.rebuild().await?, Next::GoOn));
        }
        // Ahead of what this process has taken in, it waits for that.
        if at >= head {
            return Ok((at, Next::Wait));
        }
        let mut changes = self.store.changes(at, AT_ONCE).await?;
        changes.retain(|change| change.seq <= head);
        let (Some(first), Some(last)) = (changes.first(), changes.last().map(|change| change.seq)) else {
            return Ok((at, Next::Wait));
        };
        if first.seq != at + 1 {
            tracing::warn!(follower = self.name(), after = at, first = first.seq, "changes are missing from the log");
            return Ok((self.follower.rebuild().await?, Next::GoOn));
        }
        self.follower.apply(&changes).await?;
        Ok((last, if last < head { Next::GoOn } else { Next::Wait }))
    }

    async fn pause(&mut self, pace: &mut Pace, step: Result<Next>) -> Paused {
        match step {
            Ok(next) => {
                pace.went_well();
                if matches!(next, Next::Wait) {
                    tokio::select! {
                        changed = self.head.changed() => if changed.is_err() {
                            // Whoever moves the head has ended, and so will this.
                            std::future::pending::<()>().await;
                        },
                        () = self.follower.lost() => return Paused::Lost,
                    }
                }
            }
            Err(error) => pace.failed(&error).await,
        }
        Paused::GoOn
    }

    fn report(&self, seq: Option<ChangeSeq>, failing: bool) {
        self.statuses.of_follower(self.name(), F::RUNS == Runs::EachNode && F::IS_AWAITED, seq, failing);
    }
}

#[cfg(test)]
mod tests {
    use courant_persistence::{Options, migrate};

    use super::*;

    /// Counts how often it is built.
    struct Built(usize);

    impl Follower for Built {
        const NAME: &'static str = "built";
        const RUNS: Runs = Runs::OneNode;

        async fn apply(&mut self, _changes: &[Change]) -> Result<()> {
            Ok(())
        }

        async fn rebuild(&mut self) -> Result<ChangeSeq> {
            self.0 += 1;
            Ok(1)
        }
    }

    #[tokio::test]
    async fn who_is_ahead_of_this_process_waits_and_who_is_ahead_of_the_log_is_built_anew() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::sqlite(&folder.path().join("courant.db"));
        migrate(&options).await.unwrap();
        let store = Store::open(&options).await.unwrap();
        for number in 0..3 {
            store.newsroom().redirect_put(&format!("/en/articles/{number}"), None).await.unwrap();
        }
        let log_head = store.log_head().await.unwrap();
        // This process knows of the first change alone.
        let (_sender, head) = watch::channel(1);
        let statuses = Statuses::default();
        let mut following = Following { follower: Built(0), store, head, node: Node::new(), statuses };
        assert!(matches!(following.step(Some(log_head)).await, Ok((seq, Next::Wait)) if seq == log_head));
        assert_eq!(following.follower.0, 0);
        assert!(matches!(following.step(Some(log_head + 1)).await, Ok((1, Next::GoOn))));
        assert_eq!(following.follower.0, 1);
    }
}
