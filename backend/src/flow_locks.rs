//! One form of a flow at a time: the second of two clicks waits until the first is answered, and then finds what came of it.
//! It does not wait for ever, other instances on the same store do not wait, and a form that begins a flow has none to wait for;
//! for these the store's own checks hold (revision, spent captcha, renewed token).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

/// The flows of which a form is being processed, by the id of their token.
#[derive(Clone, Default)]
pub struct FlowLocks {
    flows: Arc<Mutex<Flows>>,
}

/// Longest wait: over twice as long as a registry may take, and short of the half minute after which the server gives up an
/// answer. So a user who clicks again while a registry hangs is answered in time, and repeated submissions cannot pile up.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

type Flows = HashMap<String, Arc<tokio::sync::Mutex<()>>>;

impl FlowLocks {
    /// Waits until no other form of this flow is being processed, at most [`LONGEST_WAIT`]. The lock is held until dropped.
    pub(crate) async fn acquire(&self, id: String) -> FlowLock {
        self.acquire_within(id, LONGEST_WAIT).await
    }

    async fn acquire_within(&self, id: String, longest: Duration) -> FlowLock {
        let flow = Arc::clone(self.flows().entry(id.clone()).or_default());
        // Made before the wait, so that also a request that is given up while it waits leaves nothing behind.
        let mut lock = FlowLock { flow_locks: self.clone(), id, held: None };
        lock.held = tokio::time::timeout(longest, flow.lock_owned()).await.ok();
        lock
    }

    fn flows(&self) -> MutexGuard<'_, Flows> {
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn of a form on its flow.
pub(crate) struct FlowLock {
    flow_locks: FlowLocks,
    id: String,
    held: Option<OwnedMutexGuard<()>>,
}

impl Drop for FlowLock {
    fn drop(&mut self) {
        self.held = None;
        let mut flows = self.flow_locks.flows();
        // Nobody waits for it: only the map has it, and it is cloned only under this lock.
        if flows.get(&self.id).is_some_and(|flow| Arc::strong_count(flow) == 1) {
            flows.remove(&self.id);
        }
    }
}

impl std::fmt::Debug for FlowLock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FlowLock(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let flow_locks = FlowLocks::default();
        let first = flow_locks.acquire("a".to_owned()).await;
        let second = flow_locks.acquire_within("a".to_owned(), Duration::from_millis(5)).await;
        assert!(first.held.is_some() && second.held.is_none());
        drop(first);
        let third = flow_locks.acquire("a".to_owned()).await;
        assert!(third.held.is_some());
        drop((second, third));
        assert!(flow_locks.flows().is_empty());
    }

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_nothing_stays_behind() {
        let flow_locks = FlowLocks::default();
        let first = flow_locks.acquire("a".to_owned()).await;
        let other = flow_locks.acquire("b".to_owned()).await;
        let second = tokio::spawn({
            let flow_locks = flow_locks.clone();
            async move { drop(flow_locks.acquire("a".to_owned()).await) }
        });
        let given_up =
            tokio::time::timeout(Duration::from_millis(5), flow_locks.acquire("a".to_owned())).await;
        assert!(given_up.is_err() && !second.is_finished());
        drop((first, other));
        second.await.unwrap();
        assert!(flow_locks.flows().is_empty());
    }
}
