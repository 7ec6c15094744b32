//! Telling of the days that come: acts that come into force or end by them are in the change log at the site's midnight.

use std::time::{Duration, Instant};

use courant_domain::clock::ScheduleClock;
use courant_persistence::Store;
use jiff::{SignedDuration, civil::Date};

use crate::{Periodic, Result};

/// The site's days, and the clock they go by.
#[derive(Debug)]
pub struct Days {
    store: Store,
    started: Instant,
    clock: Option<ScheduleClock>,
    /// The last day that is known to be told.
    told: Option<Date>,
}

impl Days {
    /// Of this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, started: Instant::now(), clock: None, told: None }
    }

    /// Has the day told that it is, if it is not yet, and says how long it lasts. Asks nothing of the database but once a day.
    ///
    /// # Errors
    /// When the database fails; nothing is told then.
    pub async fn look(&mut self) -> courant_persistence::Result<Option<Duration>> {
        let steady = SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        let wall = self.store.now();
        let clock = self.clock.get_or_insert_with(|| ScheduleClock::new(wall, steady));
        // A clock that has leapt ahead is not believed at once, as with what is scheduled.
        let (now, _) = clock.read(wall, steady);
        let (today, left) = self.store.newsroom().day(now);
        if self.told != Some(today) {
            let told = self.store.newsroom().days_tell(now).await?;
            if told.changes > 0 {
                tracing::info!(day = %told.until, changes = told.changes, "acts have come into force or have ended by their day");
            }
            // Where another node is a little ahead, this one looks again until it is as far.
            self.told = Some(told.until).filter(|until| *until == today);
        }
        Ok(left)
    }
}

impl Periodic for Days {
    const NAME: &'static str = "days";
    /// The site can be moved to another time zone.
    const EVERY: Duration = Duration::from_secs(1);

    async fn run(&mut self) -> Result<Option<Duration>> {
        let left = self.look().await?;
        // A little later, so that it is not still yesterday by a rounding.
        Ok(left.map(|left| (left + Duration::from_millis(5)).min(Self::EVERY)))
    }
}
