//! How long a statement may take, as far as is known before it is run.

use std::time::Duration;

use super::budget::Budget;

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
