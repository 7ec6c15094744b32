//! Doing what was scheduled when it is due.

use std::time::{Duration, Instant};

use courant_domain::clock::ScheduleClock;
use courant_persistence::{DueDone, Store};
use jiff::{SignedDuration, Timestamp};

use crate::{Periodic, Result};

/// The schedule, and the clock it goes by.
#[derive(Debug)]
pub struct Schedule {
    store: Store,
    started: Instant,
    clock: Option<ScheduleClock>,
    doubted: bool,
}

impl Schedule {
    /// Of this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, started: Instant::now(), clock: None, doubted: false }
    }

    /// Does what is due, and says how long it is to the next thing.
    ///
    /// # Errors
    /// When the database fails; what was done before stays done.
    pub async fn look(&mut self) -> courant_persistence::Result<Option<Duration>> {
        let next = self.store.newsroom().due_next().await?;
        let now = self.time(next.now);
        let Some(at) = next.at else { return Ok(None) };
        if at > now {
            return Ok(Duration::try_from(at.duration_since(now)).ok());
        }
        for (key, done) in self.store.newsroom().due_run(now).await? {
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
}

impl Periodic for Schedule {
    const NAME: &'static str = "schedule";
    /// Other nodes set times, too.
    const EVERY: Duration = Duration::from_millis(400);

    async fn run(&mut self) -> Result<Option<Duration>> {
        let next = self.look().await?;
        // At least some milliseconds, so that what cannot be done does not keep a processor busy.
        Ok(next.map(|next| next.clamp(Duration::from_millis(5), Self::EVERY)))
    }
}
