//! When a message that did not get through is tried again.

use jiff::{SignedDuration, Timestamp};

/// How long it is to the second try, to the third, and so on; the last one is the pause between all later ones.
const PAUSES: [SignedDuration; 6] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
];

/// For how long a message is tried again, counted from the first try.
pub const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// How long an endpoint can ask to be left alone.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// An endpoint that asks for less than this is not asked more often for it.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_mins(1);

/// When a message is tried again of which `tries` have failed, the first one at `first` and the last one now; never when it is given
/// up. `asked` is how long the endpoint asks to be left alone (`Retry-After`); `chance` is a number from 0 to 1 that spreads the tries
/// of many messages.
#[must_use]
pub fn next_attempt(
    tries: u32,
    first: Timestamp,
    now: Timestamp,
    asked: Option<SignedDuration>,
    chance: f64,
) -> Option<Timestamp> {
    let at = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    let pause = PAUSES[at];
    let pause = match asked {
        Some(asked) => asked.clamp(pause.min(SHORTEST_WAIT), LONGEST_WAIT),
        None => pause.mul_f64(1.0 + 0.1 * chance.clamp(0.0, 1.0)),
    };
    let next = now.checked_add(pause).ok()?;
    (next.duration_since(first) <= GIVEN_UP_AFTER).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Timestamp = Timestamp::UNIX_EPOCH;

    fn tries(chance: f64) -> Vec<Timestamp> {
        let mut at = vec![FIRST];
        while let Some(next) = next_attempt(u32::try_from(at.len()).unwrap(), FIRST, *at.last().unwrap(), None, chance)
        {
            at.push(next);
        }
        at
    }

    #[test]
    fn a_message_is_tried_again_for_three_days() {
        let minutes: Vec<i64> = tries(0.0).iter().map(|at| at.as_second() / 60).collect();
        assert_eq!(minutes, [0, 0, 5, 35, 155, 455, 1055, 1655, 2255, 2855, 3455, 4055]);
        let later = tries(1.0);
        assert!(later.last().unwrap().duration_since(FIRST) > SignedDuration::from_hours(62));
        assert!(later.iter().zip(tries(0.0)).skip(1).all(|(late, early)| *late > early));
    }

    #[test]
    fn what_the_endpoint_asks_for_is_done_within_bounds() {
        let wait = |tries, asked| {
            next_attempt(tries, FIRST, FIRST, Some(SignedDuration::from_secs(asked)), 1.0).unwrap().as_second()
        };
        assert_eq!(wait(1, 30), 30);
        assert_eq!(wait(1, 0), 5, "not sooner than without");
        assert_eq!(wait(6, 120), 120, "sooner, where the next try is far away");
        assert_eq!(wait(6, -5), 60);
        assert_eq!(wait(1, i64::MAX), 24 * 3600);
        let late = FIRST + SignedDuration::from_hours(60);
        assert_eq!(next_attempt(4, FIRST, late, Some(SignedDuration::from_hours(23)), 0.0), None);
    }
}
