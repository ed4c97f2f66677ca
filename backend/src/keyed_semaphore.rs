//! Bounds how many things of one key run at once: requests of an address, uploads of a company.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Taken<K> = Arc<Mutex<HashMap<K, usize>>>;

/// A semaphore for each key, all of the same size.
#[derive(Debug)]
pub struct KeyedSemaphore<K> {
    size: usize,
    taken: Taken<K>,
}

/// A permit of a key, returned when this is dropped.
#[derive(Debug)]
pub struct KeyedPermit<K: Eq + Hash> {
    key: K,
    taken: Taken<K>,
}

impl<K: Eq + Hash + Clone> KeyedSemaphore<K> {
    /// `size` permits for each key.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { size, taken: Arc::default() }
    }

    /// Takes a permit of this key; none when all are taken.
    #[must_use]
    pub fn try_acquire(&self, key: K) -> Option<KeyedPermit<K>> {
        let mut taken = lock(&self.taken);
        let count = taken.get(&key).copied().unwrap_or_default();
        if count >= self.size {
            return None;
        }
        taken.insert(key.clone(), count + 1);
        Some(KeyedPermit { key, taken: Arc::clone(&self.taken) })
    }
}

impl<K: Eq + Hash> Drop for KeyedPermit<K> {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        match taken.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            // A key without permits in use takes no memory.
            _ => drop(taken.remove(&self.key)),
        }
    }
}

fn lock<K>(taken: &Mutex<HashMap<K, usize>>) -> MutexGuard<'_, HashMap<K, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_permits_and_dropping_returns_them() {
        let semaphore = KeyedSemaphore::new(2);
        let first = semaphore.try_acquire("a").unwrap();
        let second = semaphore.try_acquire("a").unwrap();
        assert!(semaphore.try_acquire("a").is_none());
        let other = semaphore.try_acquire("b").unwrap();
        drop(first);
        let third = semaphore.try_acquire("a").unwrap();
        assert!(semaphore.try_acquire("a").is_none());
        drop((second, third, other));
        assert!(semaphore.taken.lock().unwrap().is_empty());
    }
}
