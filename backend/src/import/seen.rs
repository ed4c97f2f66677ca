//! Identifiers already read from the file.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use crate::store::import::Key;

/// Keeps a 64-bit hash of each, about 20 bytes of memory. Two of a million different rows collide once in thirty
/// million imports; then the second is refused as a duplicate, and the report shows it.
#[derive(Default)]
pub(super) struct Seen {
    /// A new random key for each run, so that nobody can craft a file whose rows collide.
    key: RandomState,
    hashes: HashSet<u64, BuildHasherDefault<AsIs>>,
}

impl Seen {
    /// Whether this identifier is new; remembers it.
    pub(super) fn is_new(&mut self, (kind, identifier): Key<'_>) -> bool {
        self.hashes.insert(self.key.hash_one((kind.slug(), identifier)))
    }
}

/// Uses the numbers as they are: they are hashes already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Only numbers are stored, but the trait requires this method.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kind::Kind;

    #[test]
    fn each_identifier_of_a_kind_is_new_once() {
        let mut seen = Seen::default();
        for number in 0..10_000 {
            assert!(seen.is_new((Kind::Natural, &number.to_string())));
        }
        assert!(seen.is_new((Kind::Migrante, "77")));
        assert!(!seen.is_new((Kind::Natural, "77")));
    }
}
