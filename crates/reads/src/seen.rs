//! Who has read what today.

use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, Hasher},
    sync::{Mutex, PoisonError},
};

use courant_identity::reader::Print;

/// Prints of a day, in two generations. When the newer one is full it becomes the older one, whose prints are forgotten: of a reader
/// who comes again after so many others, the read counts again. So memory is bounded, and no new reader is taken for one who was there.
pub(crate) struct Seen {
    parts: Box<[Mutex<Part>]>,
    /// How many prints a generation of a part has.
    full: usize,
}

#[derive(Default)]
struct Part {
    day: i32,
    newer: Generation,
    older: Generation,
}

type Generation = HashSet<Print, BuildHasherDefault<OfPrint>>;

/// Prints are as good as random, and nobody can choose one: they are their own hash.
#[derive(Default)]
struct OfPrint(u64);

impl Hasher for OfPrint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, print: u64) {
        self.0 = print;
    }
}

/// Parts are locked one by one.
const PARTS: usize = 16;
/// What a place of a table takes: the print, and a byte.
const PLACE: usize = size_of::<Print>() + 1;

impl Seen {
    /// One that takes so many bytes at the most.
    pub(crate) fn new(bytes: usize) -> Self {
        // A table has a power of two of places, of which it fills seven in eight.
        let places = (bytes / PARTS / 2 / PLACE).max(16);
        let places = 1 << places.ilog2();
        Self { parts: (0..PARTS).map(|_| Mutex::default()).collect(), full: places / 8 * 7 }
    }

    /// How many prints are remembered at the least before one is forgotten.
    pub(crate) const fn remembers(&self) -> u64 {
        (self.full * PARTS) as u64
    }

    /// Takes in a print of a day; whether it is new. Those of earlier days are forgotten.
    pub(crate) fn is_new(&self, day: i32, print: Print) -> bool {
        let at = usize::try_from(print >> 32).unwrap_or(0) % PARTS;
        let Some(part) = self.parts.get(at) else { return false };
        // What is in it is whole at any time.
        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
        if part.day < day {
            *part = Part { day, ..Part::default() };
        }
        if part.older.contains(&print) || part.newer.contains(&print) {
            return false;
        }
        if part.newer.len() >= self.full {
            part.older = std::mem::take(&mut part.newer);
        }
        part.newer.insert(print);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers as good as random.
    fn print(number: u64) -> Print {
        let mixed = (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
    }

    #[test]
    fn a_print_is_new_once_a_day() {
        let seen = Seen::new(1 << 20);
        assert!(seen.is_new(1, 7));
        assert!(!seen.is_new(1, 7));
        assert!(seen.is_new(2, 7));
        assert!(!seen.is_new(2, 7));
        // A clock that is set back by a moment brings nothing back.
        assert!(!seen.is_new(1, 7));
    }

    #[test]
    fn the_oldest_are_forgotten_where_there_are_too_many() {
        let seen = Seen::new(1 << 18);
        let full = seen.remembers();
        assert!((full as usize) * 2 * PLACE <= 1 << 18, "{full}");
        for number in 0..full * 4 {
            assert!(seen.is_new(1, print(number)), "nobody new is taken for another: {number}");
        }
        let last = full * 4 - full / 2..full * 4;
        assert!(last.clone().all(|number| !seen.is_new(1, print(number))), "the last are remembered");
        let first = (0..full / 2).filter(|number| seen.is_new(1, print(*number))).count();
        assert_eq!(first as u64, full / 2, "the first are forgotten");
        let held: usize =
            seen.parts.iter().map(|part| part.lock().unwrap()).map(|p| p.newer.len() + p.older.len()).sum();
        assert!(held as u64 <= full * 2, "{held}");
    }
}
