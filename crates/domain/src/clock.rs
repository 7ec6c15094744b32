//! A clock for schedules: wall time that does not believe in sudden leaps.
//!
//! A wall clock can be set while the service runs. If it is set back, nothing that has gone live goes live again,
//! for what is done is no longer scheduled. If it leaps ahead, what is due much later would go live early: so a
//! leap is only believed once the clock has held it for a while (a machine that was asleep, a correction).

use jiff::{SignedDuration, Timestamp};

/// Turns readings of a wall clock and of a steady one into the time that schedules go by.
#[derive(Debug, Clone, Copy)]
pub struct ScheduleClock {
    /// A pair of readings that is believed: what the wall clock said, and what the steady one.
    wall: Timestamp,
    steady: SignedDuration,
    /// When, on the steady clock, the wall clock was first seen to have leapt.
    leapt: Option<SignedDuration>,
}

impl ScheduleClock {
    /// How far the wall clock may be ahead of the steady one and still be believed at once.
    pub const TOLERANCE: SignedDuration = SignedDuration::from_secs(2);
    /// How long a leap has to last to be believed.
    pub const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

    /// A clock that believes these first readings. `steady` is any time that only ever goes forward, evenly.
    #[must_use]
    pub const fn new(wall: Timestamp, steady: SignedDuration) -> Self {
        Self { wall, steady, leapt: None }
    }

    /// The time schedules go by, and whether the wall clock is not believed just now. Never later than the wall
    /// clock.
    pub fn read(&mut self, wall: Timestamp, steady: SignedDuration) -> (Timestamp, bool) {
        let expected = self.wall.checked_add(steady - self.steady).unwrap_or(wall);
        let ahead = wall.duration_since(expected);
        if ahead <= Self::TOLERANCE {
            (self.wall, self.steady, self.leapt) = (wall, steady, None);
            return (wall, false);
        }
        let since = *self.leapt.get_or_insert(steady);
        if steady - since >= Self::PATIENCE {
            (self.wall, self.steady, self.leapt) = (wall, steady, None);
            return (wall, false);
        }
        (expected, true)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_600_000_000 + second).unwrap()
    }

    fn secs(seconds: i64) -> SignedDuration {
        SignedDuration::from_secs(seconds)
    }

    #[test]
    fn a_leap_ahead_is_believed_when_it_lasts() {
        let mut clock = ScheduleClock::new(at(0), secs(0));
        assert_eq!(clock.read(at(10), secs(10)), (at(10), false));
        assert_eq!(clock.read(at(3611), secs(11)), (at(11), true));
        // Set right again: nothing happened.
        assert_eq!(clock.read(at(12), secs(12)), (at(12), false));
        assert_eq!(clock.read(at(3613), secs(13)), (at(13), true));
        assert_eq!(clock.read(at(3672), secs(72)), (at(72), true));
        assert_eq!(clock.read(at(3673), secs(73)), (at(3673), false));
    }

    #[test]
    fn a_step_back_is_believed_at_once() {
        let mut clock = ScheduleClock::new(at(0), secs(0));
        assert_eq!(clock.read(at(-3600), secs(1)), (at(-3600), false));
        assert_eq!(clock.read(at(-3599), secs(2)), (at(-3599), false));
    }

    proptest! {
        #[test]
        fn it_is_never_ahead_of_the_wall_clock(steps in prop::collection::vec((-4000i64..4000, 0i64..30), 1..60)) {
            let (mut wall, mut steady) = (0, 0);
            let mut clock = ScheduleClock::new(at(0), secs(0));
            for (leap, pass) in steps {
                steady += pass;
                wall += pass + if leap % 5 == 0 { leap } else { 0 };
                let (time, doubted) = clock.read(at(wall), secs(steady));
                prop_assert!(time <= at(wall));
                prop_assert!(doubted || time == at(wall));
            }
        }
    }
}
