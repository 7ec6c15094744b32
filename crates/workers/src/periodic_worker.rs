//! Work by the clock.

use std::{future::Future, time::Duration};

use crate::{Result, pace::Pace, status::Statuses};

/// Work that is done because time passes.
pub trait Periodic: Send {
    /// Its name: in `/readyz` and in the log.
    const NAME: &'static str;
    /// How long it pauses when it does not say otherwise.
    const EVERY: Duration;
    /// How long it pauses at the longest while it fails.
    const AT_WORST: Duration = Pace::AT_WORST;

    /// Does what there is to do, and says when it wants to be run again, if not after [`Periodic::EVERY`].
    ///
    /// # Errors
    /// When it could not be done; it is tried again, less and less often.
    fn run(&mut self) -> impl Future<Output = Result<Option<Duration>>> + Send;
}

pub(crate) async fn run<P: Periodic>(mut work: P, statuses: Statuses) {
    let mut pace = Pace::new(P::NAME, P::AT_WORST);
    loop {
        let done = work.run().await;
        statuses.of_periodic(P::NAME, done.is_err());
        match done {
            Ok(next) => {
                pace.went_well();
                tokio::time::sleep(next.unwrap_or(P::EVERY)).await;
            }
            Err(error) => pace.failed(&error).await,
        }
    }
}
