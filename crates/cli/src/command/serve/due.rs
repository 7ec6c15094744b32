//! Doing what was scheduled when it is due.

use std::time::{Duration, Instant};

use courant_domain::clock::ScheduleClock;
use courant_persistence::{DueDone, Result, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

/// How often the schedule is looked at: other nodes set times, too.
const EVERY: Duration = Duration::from_millis(400);
const AT_WORST: Duration = Duration::from_secs(10);
/// How often what is of no use any more is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(3600);

/// The schedule, and the clock it goes by.
pub(super) struct Schedule {
    started: Instant,
    clock: Option<ScheduleClock>,
    doubted: bool,
}

impl Schedule {
    pub(super) fn new() -> Self {
        Self { started: Instant::now(), clock: None, doubted: false }
    }

    /// Does what is due, and says how long it is to the next thing.
    pub(super) async fn look(&mut self, store: &Store) -> Result<Option<Duration>> {
        let next = store.due_next().await?;
        let now = self.time(next.now);
        let Some(at) = next.at else { return Ok(None) };
        if at > now {
            return Ok(Duration::try_from(at.duration_since(now)).ok());
        }
        for (key, done) in store.due_run(now).await? {
            let (entry, locale) = (key.entry, key.locale);
            match done {
                DueDone::Published => tracing::info!(%entry, %locale, "went live as scheduled"),
                DueDone::Unpublished => tracing::info!(%entry, %locale, "ended as scheduled"),
                DueDone::Refused(reason) => tracing::warn!(%entry, %locale, reason, "could not be done as scheduled"),
                DueDone::Nothing => {}
            }
        }
        Ok(Some(Duration::ZERO))
    }

    fn time(&mut self, wall: Timestamp) -> Timestamp {
        let steady = SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        let clock = self.clock.get_or_insert_with(|| ScheduleClock::new(wall, steady));
        let (now, doubted) = clock.read(wall, steady);
        if doubted && !self.doubted {
            tracing::warn!(%wall, %now, "the clock has leapt ahead; scheduled times wait until it has lasted a minute");
        }
        self.doubted = doubted;
        now
    }

    /// Looks at the schedule until it is aborted. While the database fails it is asked less and less often.
    pub(super) async fn run(mut self, store: Store) {
        let mut pause = EVERY;
        let mut forgotten = Instant::now();
        loop {
            match self.look(&store).await {
                // At least some milliseconds, so that what cannot be done does not keep a processor busy.
                Ok(next) => pause = next.unwrap_or(EVERY).clamp(Duration::from_millis(5), EVERY),
                Err(error) => {
                    pause = (pause * 2).clamp(EVERY, AT_WORST);
                    let source = std::error::Error::source(&error).map(ToString::to_string);
                    match error {
                        // It is in the log that nothing can be written, and will be when it can again.
                        StoreError::StorageFull => tracing::debug!(again_in = ?pause, "what is due has to wait"),
                        _ => tracing::warn!(%error, source, again_in = ?pause, "cannot look at the schedule"),
                    }
                }
            }
            if forgotten.elapsed() > FORGET_EVERY {
                forgotten = Instant::now();
                forget(&store).await;
            }
            tokio::time::sleep(pause).await;
        }
    }
}

/// Forgets old idempotency keys, and sessions and preview links that are over.
async fn forget(store: &Store) {
    if let Err(error) = store.keys_forget().await {
        tracing::warn!(%error, "cannot forget old idempotency keys");
    }
    if let Err(error) = store.sessions_forget().await {
        tracing::warn!(%error, "cannot forget old sessions");
    }
    if let Err(error) = store.previews_forget().await {
        tracing::warn!(%error, "cannot forget old preview links");
    }
}
