//! What time it is for all nodes on one database.
//!
//! PostgreSQL has a clock of its own, and everything that is kept goes by it. What is compared with that without a statement (when
//! a session ends, which day it is) goes by a copy: the time of a statement that the store asks anyway, carried on by a clock of
//! ours that nobody sets. An embedded database has no other clock than that of its one process.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use jiff::{SignedDuration, Timestamp};

pub(crate) struct Clock {
    began: Instant,
    /// What the database's clock said when `began` was, in microseconds.
    origin: Mutex<Option<i64>>,
    off_by: SignedDuration,
}

impl Clock {
    /// A clock that has not seen the database's yet.
    pub(crate) fn new(off_by: SignedDuration) -> Self {
        Self { began: Instant::now(), origin: Mutex::new(None), off_by }
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        let origin = *self.origin.lock().unwrap_or_else(PoisonError::into_inner);
        let known =
            origin.and_then(|origin| Timestamp::from_microsecond(origin + micros(self.began, Instant::now())).ok());
        known.unwrap_or_else(|| self.own())
    }

    /// What our own clock says.
    fn own(&self) -> Timestamp {
        self.shown(Timestamp::now())
    }

    /// What our own clock showed at a time, in whole microseconds, as everything is kept.
    pub(crate) fn shown(&self, at: Timestamp) -> Timestamp {
        let at = at.checked_add(self.off_by).unwrap_or(at);
        Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
    }

    /// Takes in what the database's clock said in a statement that was sent at a time and is answered now. It was read in between,
    /// which bounds how far the copy can be off; within these bounds it is left alone.
    pub(crate) fn seen(&self, database: Timestamp, sent: Instant) {
        let latest = database.as_microsecond() - micros(self.began, sent);
        let earliest = database.as_microsecond() - micros(self.began, Instant::now());
        let mut origin = self.origin.lock().unwrap_or_else(PoisonError::into_inner);
        // Never ahead of the database's, where there is a choice: what ends by it does not end early.
        *origin = Some(origin.map_or(earliest, |known| known.clamp(earliest, latest)));
    }
}

fn micros(since: Instant, at: Instant) -> i64 {
    i64::try_from(at.saturating_duration_since(since).as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    #[test]
    fn a_clock_that_is_off_follows_the_databases() {
        let right = Clock::new(SignedDuration::ZERO).now().as_microsecond();
        let right = Timestamp::from_microsecond(right).unwrap();
        let clock = Clock::new(HOUR);
        assert!(clock.now() >= right + HOUR, "until it has seen the other one");
        clock.seen(right, Instant::now());
        let soon = Clock::new(SignedDuration::ZERO).now();
        let copied = clock.now();
        assert!(right <= copied && copied <= soon + SignedDuration::from_secs(60), "{right} {copied} {soon}");
        // The database's was set, and set back.
        for leap in [HOUR, -HOUR] {
            clock.seen(right + leap, Instant::now());
            let off = clock.now().duration_since(right + leap);
            assert!(!off.is_negative() && off < SignedDuration::from_secs(60), "{off}");
        }
    }

    #[test]
    fn a_slow_answer_moves_nothing_that_was_known_better() {
        let clock = Clock::new(SignedDuration::ZERO);
        let began = clock.began;
        clock.seen(Timestamp::UNIX_EPOCH, began);
        let known = *clock.origin.lock().unwrap();
        // Read at some time between the two.
        clock.seen(Timestamp::UNIX_EPOCH, began);
        assert_eq!(*clock.origin.lock().unwrap(), known);
    }
}
