//! One form of a flow at a time: the second of two clicks waits until the first is answered, and then finds what came of it.
//! It does not wait for ever, other instances on the same store do not wait, and a form that begins a flow has none to wait for;
//! for these the store's own checks hold (revision, spent captcha, renewed token).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

/// The flows that a form is carried out on now, by the id of their token.
#[derive(Clone, Default)]
pub struct Turns {
    flows: Arc<Mutex<Flows>>,
}

/// Longest wait: over twice as long as a registry may take, and short of the half minute after which the server gives up an
/// answer. So whoever clicks on while a registry hangs is answered in time, and forms sent without end do not gather.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

type Flows = HashMap<String, Arc<tokio::sync::Mutex<()>>>;

impl Turns {
    /// Waits until no other form of this flow is carried out, or until [`LONGEST_WAIT`] is over. The turn ends when it is dropped.
    pub(crate) async fn take(&self, id: String) -> Turn {
        self.take_within(id, LONGEST_WAIT).await
    }

    async fn take_within(&self, id: String, longest: Duration) -> Turn {
        let flow = Arc::clone(self.flows().entry(id.clone()).or_default());
        // Made before the wait, so that also a request that is given up while it waits leaves nothing behind.
        let mut turn = Turn { turns: self.clone(), id, held: None };
        turn.held = tokio::time::timeout(longest, flow.lock_owned()).await.ok();
        turn
    }

    fn flows(&self) -> MutexGuard<'_, Flows> {
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn of a form on its flow.
pub(crate) struct Turn {
    turns: Turns,
    id: String,
    held: Option<OwnedMutexGuard<()>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.held = None;
        let mut flows = self.turns.flows();
        // Nobody waits for it: only the map has it, and it is cloned only under this lock.
        if flows.get(&self.id).is_some_and(|flow| Arc::strong_count(flow) == 1) {
            flows.remove(&self.id);
        }
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Turn(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let turns = Turns::default();
        let first = turns.take("a".to_owned()).await;
        let second = turns.take_within("a".to_owned(), Duration::from_millis(5)).await;
        assert!(first.held.is_some() && second.held.is_none());
        drop(first);
        let third = turns.take("a".to_owned()).await;
        assert!(third.held.is_some());
        drop((second, third));
        assert!(turns.flows().is_empty());
    }

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_nothing_stays_behind() {
        let turns = Turns::default();
        let first = turns.take("a".to_owned()).await;
        let other = turns.take("b".to_owned()).await;
        let second = tokio::spawn({
            let turns = turns.clone();
            async move { drop(turns.take("a".to_owned()).await) }
        });
        let given_up = tokio::time::timeout(Duration::from_millis(5), turns.take("a".to_owned())).await;
        assert!(given_up.is_err() && !second.is_finished());
        drop((first, other));
        second.await.unwrap();
        assert!(turns.flows().is_empty());
    }
}
