//! Chance that comes out the same again from the same number (Marsaglia's xorshift).

pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below another.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 16).unwrap() % end.max(1)
    }

    /// Whether something happens that happens so often of a hundred times.
    pub(crate) fn happens(&mut self, of_a_hundred: usize) -> bool {
        self.below(100) < of_a_hundred
    }

    /// One of these.
    pub(crate) fn one<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// Some of these, each once, in their order.
    pub(crate) fn some<T: Clone>(&mut self, all: &[T], most: usize) -> Vec<T> {
        let wanted = self.below(most + 1);
        let mut taken: Vec<usize> = (0..wanted).map(|_| self.below(all.len())).collect();
        taken.sort_unstable();
        taken.dedup();
        taken.into_iter().filter_map(|at| all.get(at).cloned()).collect()
    }
}
