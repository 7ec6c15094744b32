//! How long the database may work for one request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The time that the database may work for one request: all of its statements are on one clock, which stands while they wait for
/// their turn. Cheap to clone; clones are of the same request.
#[derive(Debug, Clone)]
pub struct Budget {
    limit: Duration,
    /// In microseconds.
    spent: Arc<AtomicU64>,
}

impl Budget {
    /// So much time, none of which is spent.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self { limit, spent: Arc::default() }
    }

    /// What is left of it.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(Duration::from_micros(self.spent.load(Ordering::Relaxed)))
    }

    /// How much there was.
    pub(crate) const fn limit(&self) -> Duration {
        self.limit
    }

    /// The time until what this gives is dropped is spent.
    pub(crate) fn spending(&self) -> Spending<'_> {
        Spending { budget: self, since: Instant::now() }
    }
}

/// A statement under way.
pub(crate) struct Spending<'a> {
    budget: &'a Budget,
    since: Instant,
}

impl Drop for Spending<'_> {
    fn drop(&mut self) {
        let spent = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.budget.spent.fetch_add(spent, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_statement_has_spent_the_next_one_has_not() {
        let budget = Budget::new(Duration::from_secs(60));
        let same = budget.clone();
        let since = Instant::now();
        {
            let _spending = budget.spending();
            while since.elapsed() < Duration::from_micros(50) {}
        }
        assert!(same.left() <= Duration::from_secs(60).saturating_sub(Duration::from_micros(50)));
        assert_eq!(Budget::new(Duration::ZERO).left(), Duration::ZERO);
    }
}
