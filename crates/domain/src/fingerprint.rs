//! Numbers that stand for lists in their cursors, so that a cursor of one list is not taken for another's.

use std::hash::{Hash, Hasher};

/// The number of what tells a list from others: the same on every node.
#[must_use]
pub fn fingerprint(list: &impl Hash) -> u32 {
    let mut hasher = Fnv::default();
    list.hash(&mut hasher);
    hasher.0
}

/// FNV-1a in 32 bits: the same on every node, which the standard library's hasher does not promise.
struct Fnv(u32);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x811c_9dc5)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }

    fn finish(&self) -> u64 {
        u64::from(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fnv_1a() {
        // One of the test vectors of its authors.
        let mut hasher = Fnv::default();
        hasher.write(b"foobar");
        assert_eq!(hasher.0, 0xbf9c_f968);
    }
}
