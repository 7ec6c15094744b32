//! Pseudo-random numbers that are the same everywhere, for the same seed.

/// SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and good enough for made-up articles.
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The numbers of one place of one seed.
    pub(super) fn new(seed: u64, place: u64) -> Self {
        let mut random = Self(seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        Self(random.next())
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub(super) const fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(super) const fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of them; there is at least one.
    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let index = self.below(all.len() as u64);
        all[usize::try_from(index).unwrap_or_default()]
    }

    /// `least` to `most` different ones.
    pub(super) fn some_of<T: Copy + PartialEq>(&mut self, all: &[T], least: usize, most: usize) -> Vec<T> {
        let count = least + usize::try_from(self.below((most - least + 1) as u64)).unwrap_or_default();
        let mut some = Vec::with_capacity(count);
        while some.len() < count.min(all.len()) {
            let one = self.one_of(all);
            if !some.contains(&one) {
                some.push(one);
            }
        }
        some
    }

    /// Puts them in another order.
    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            let other = self.below(last as u64 + 1);
            all.swap(last, usize::try_from(other).unwrap_or_default());
        }
    }
}
