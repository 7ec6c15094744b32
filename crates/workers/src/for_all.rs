//! Work that one server does for all.

use std::{future::Future, time::Duration};

use courant_persistence::{Claim, Store};

use crate::{
    Result,
    node::{Lease, Node},
    pace::Pace,
    status::Statuses,
};

/// Work that is done by one server for all of them, in turns. Another one takes over when it dies.
pub(crate) trait ForAll: Send {
    /// Its name: in `/readyz`, in the log, and in the database.
    const NAME: &'static str;
    /// How long it pauses between turns, if nothing wakes it.
    const EVERY: Duration;
    /// How long it pauses at the longest while it fails.
    const AT_WORST: Duration = Pace::AT_WORST;

    /// Does what there is to do now.
    ///
    /// # Errors
    /// When it could not be done; it is tried again, less and less often.
    fn turn(&mut self, claim: &Claim, lease: &Lease) -> impl Future<Output = Result<()>> + Send;

    /// Waits until there may be something to do.
    fn woken(&mut self) -> impl Future<Output = ()> + Send;

    /// Ends what is under way: another server does it now.
    fn released(&mut self);
}

/// How soon a server that does not do it looks whether it is free.
const CLAIM_EVERY: Duration = Duration::from_secs(2);

pub(crate) async fn run<W: ForAll>(mut work: W, store: Store, node: Node, statuses: Statuses) {
    let mut pace = Pace::new(W::NAME, Pace::AT_WORST);
    loop {
        node.seen().await;
        match store.follower_claim(W::NAME, node.id()).await {
            Ok(Some(claim)) => {
                tracing::info!(worker = W::NAME, "is done here for all servers");
                turns(&mut work, &store, &node, &statuses, &claim).await;
                work.released();
                tracing::warn!(worker = W::NAME, "is done by another server now");
            }
            Ok(None) => {
                statuses.of_periodic(W::NAME, false);
                pace.went_well();
                tokio::time::sleep(CLAIM_EVERY).await;
            }
            Err(error) => {
                statuses.of_periodic(W::NAME, true);
                pace.failed(&error.into()).await;
            }
        }
    }
}

/// Does it until somebody else has the claim.
async fn turns<W: ForAll>(work: &mut W, store: &Store, node: &Node, statuses: &Statuses, claim: &Claim) {
    let mut pace = Pace::new(W::NAME, W::AT_WORST);
    let lease = node.lease();
    loop {
        // A server that has not been able to say that it is alive is thought dead.
        node.seen().await;
        let done = match store.follower_holds(W::NAME, claim).await {
            Ok(true) => work.turn(claim, &lease).await,
            Ok(false) => return,
            Err(error) => Err(error.into()),
        };
        statuses.of_periodic(W::NAME, done.is_err());
        match done {
            Ok(()) => {
                pace.went_well();
                tokio::select! {
                    () = work.woken() => {}
                    () = tokio::time::sleep(W::EVERY) => {}
                }
            }
            Err(error) => pace.failed(&error).await,
        }
    }
}
