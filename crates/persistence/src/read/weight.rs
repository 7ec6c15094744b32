//! What is known of a statement before it is run.

use std::time::Duration;

use super::stream::{Key, Shape, Stream};
use crate::budget::Budget;

/// How long a statement may take, as far as its form tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// An index answers it: it is tried among the quick ones.
    Light,
    /// It reads much, or past much: it begins among the slow ones.
    Heavy,
    /// No index answers it, so that it may read past all there is. It gets a part of the request's time alone: of a small site that is
    /// enough, and of a large one it is said soon that it is not.
    Unindexed,
}

/// Of the request's time, what no index answers gets this part.
const PART: u32 = 5;
/// More lists than this are not counted among the quick ones.
const COUNTED: usize = 4;

impl Weight {
    /// How long a statement may take; none when no time is left for it.
    pub(crate) fn allowance(self, budget: &Budget) -> Option<Duration> {
        let left = budget.left();
        let allowed = match self {
            Self::Light | Self::Heavy => left,
            Self::Unindexed => left.min(budget.limit() / PART),
        };
        (allowed > Duration::ZERO).then_some(allowed)
    }

    /// That of a statement for the rows of these streams. `apart` is up to how many of them are scanned each in its own way.
    pub(super) fn of_lists(shapes: &[(Shape, Vec<Stream>)], apart: usize) -> Self {
        let of = |(shape, streams): &(Shape, Vec<Stream>)| {
            let most = streams.iter().map(|stream| stream.probes.len()).max().unwrap_or(0);
            if shape.key == Key::Timeline {
                // Of most entries the edition is in their readers' language, so that it leaves few out.
                let of_editions = !shape.condition.is_empty() || shape.number.is_some();
                return if most > 1 || of_editions { Self::Heavy } else { Self::Light };
            }
            let all_that_are = streams.iter().all(|stream| stream.span.is_none());
            if most > 0 || (streams.len() > apart && !all_that_are) {
                Self::Unindexed
            } else if shape.has_conditions() {
                Self::Heavy
            } else {
                Self::Light
            }
        };
        shapes.iter().map(of).max().unwrap_or(Self::Light)
    }

    /// That of a statement that counts lists of this shape.
    pub(super) fn of_counts(shape: &Shape, groups: &[Vec<Stream>]) -> Self {
        let with_probes = groups.iter().flatten().any(|stream| !stream.probes.is_empty());
        if with_probes || shape.has_conditions() || groups.len() > COUNTED { Self::Heavy } else { Self::Light }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_index_answers_gets_a_part_of_the_time() {
        let budget = Budget::new(Duration::from_secs(1));
        assert_eq!(Weight::Heavy.allowance(&budget), Some(Duration::from_secs(1)));
        assert_eq!(Weight::Unindexed.allowance(&budget), Some(Duration::from_millis(200)));
        assert_eq!(Weight::Light.allowance(&Budget::new(Duration::ZERO)), None);
    }
}
