//! How much is counted of one source within a span of time.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;

/// Counters of as many sources as there are places. Sources that have the same place by chance share what may be counted, so that the
/// memory it takes is the same whoever comes: eight bytes a place.
pub(crate) struct Quota {
    /// In each the number of the span it is of, and how many there were in it.
    places: Box<[AtomicU64]>,
    hasher: RandomState,
    seconds: i64,
    most: u32,
}

const PLACES: usize = 1 << 16;

impl Quota {
    /// So many within so many seconds.
    pub(crate) fn new(most: u32, seconds: i64) -> Self {
        let places = (0..PLACES).map(|_| AtomicU64::new(0)).collect();
        Self { places, hasher: RandomState::new(), seconds, most }
    }

    /// Takes one of a source's, if it has not had them all.
    pub(crate) fn take(&self, source: impl Hash, now: Timestamp) -> bool {
        // Nobody can tell who else has a place.
        let place = usize::try_from(self.hasher.hash_one(source) % PLACES as u64).unwrap_or(0);
        let Some(place) = self.places.get(place) else { return false };
        // Of the number of the span the last 32 bits do: it comes again after a century.
        let span = (now.as_second().div_euclid(self.seconds) as u64) << 32;
        let next = |known: u64| {
            let taken = if known >> 32 << 32 == span { known as u32 } else { 0 };
            (taken < self.most).then(|| span | u64::from(taken + 1))
        };
        place.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_so_many_in_a_span() {
        let quota = Quota::new(3, 60);
        let at = |second| Timestamp::from_second(second).unwrap();
        let takes = |second| (0..5).filter(|_| quota.take("a", at(second))).count();
        assert_eq!(takes(6_000), 3);
        assert_eq!(takes(6_059), 0);
        assert_eq!(takes(6_060), 3);
        // By all chance another place.
        let others = (0..100).filter(|source| quota.take(source, at(6_061))).count();
        assert!(others > 90, "{others}");
    }
}
