//! How often work that fails is tried again, and what is said of it.

use std::time::Duration;

use courant_persistence::StoreError;

use crate::WorkError;

/// How soon work is tried again that has failed once.
const SOON: Duration = Duration::from_millis(200);

/// Slows work down while it fails.
pub(crate) struct Pace {
    name: &'static str,
    at_worst: Duration,
    pause: Duration,
}

impl Pace {
    /// The longest pause, unless work says another one.
    pub(crate) const AT_WORST: Duration = Duration::from_secs(10);

    pub(crate) const fn new(name: &'static str, at_worst: Duration) -> Self {
        Self { name, at_worst, pause: Duration::ZERO }
    }

    pub(crate) fn went_well(&mut self) {
        if !self.pause.is_zero() {
            tracing::info!(worker = self.name, "works again");
            self.pause = Duration::ZERO;
        }
    }

    /// Says that it failed, and waits.
    pub(crate) async fn failed(&mut self, error: &WorkError) {
        self.pause = (self.pause * 2).clamp(SOON, self.at_worst);
        let again_in = match error {
            WorkError::AskedToWait { wait, .. } => self.pause.max(*wait),
            _ => self.pause,
        };
        let worker = self.name;
        let source = std::error::Error::source(error).map(ToString::to_string);
        match error {
            // The log says so already, and will when there is room again.
            WorkError::Store(StoreError::StorageFull) => tracing::debug!(worker, %error, ?again_in, "has to wait"),
            _ => tracing::warn!(worker, %error, source, ?again_in, "failed"),
        }
        tokio::time::sleep(again_in).await;
    }
}
