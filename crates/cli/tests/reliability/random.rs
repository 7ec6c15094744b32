//! Chance that can be had again.

use std::{collections::hash_map::RandomState, hash::BuildHasher};

/// Steele, Lea and Flood's SplitMix64: small, and good enough to choose what to try.
pub(crate) struct Random(u64);

impl Random {
    /// From `COURANT_TEST_SEED` when it is set, to run what failed again; from chance otherwise. Says which.
    #[expect(clippy::disallowed_methods, reason = "a setting of this test's own")]
    pub(crate) fn new(what: &str) -> Self {
        let seed = std::env::var("COURANT_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed: u64 = seed.unwrap_or_else(|| RandomState::new().hash_one(what));
        println!("{what}: COURANT_TEST_SEED={seed}");
        Self(seed)
    }

    /// Another one, for somebody else.
    pub(crate) fn split(&mut self) -> Self {
        Self(self.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }
}
