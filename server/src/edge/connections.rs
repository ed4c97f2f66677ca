//! The open connections. When there are too many, the one that has waited longest for its client is closed.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use backend::caller::Caller;
use tokio::sync::Notify;

use super::activity::Activity;

/// The open connections, at most `max` in all and `per_address` of each address.
pub(super) struct Connections {
    max: usize,
    per_address: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    last: u64,
    entries: HashMap<u64, Entry>,
}

struct Entry {
    /// What counts as one address; none for a trusted proxy, which has the connections of all its clients.
    network: Option<String>,
    activity: Arc<Activity>,
    evict: Arc<Notify>,
}

/// An open connection, counted until this is dropped.
pub(super) struct OpenConnection {
    number: u64,
    activity: Arc<Activity>,
    evict: Arc<Notify>,
    open: Arc<Mutex<Open>>,
}

impl Connections {
    pub(super) fn new(max: usize, per_address: usize) -> Self {
        Self { max, per_address, open: Arc::default() }
    }

    /// Counts a connection from this address. Where there are too many, in all or of this address, one that waits for its
    /// client is closed; none when there is no such connection.
    pub(super) fn open(&self, address: IpAddr, proxy: bool) -> Option<OpenConnection> {
        let network = (!proxy).then(|| Caller { address: Some(address), ..Caller::default() }.network());
        let open = &mut *lock(&self.open);
        if network.is_some() && !open.make_room(self.per_address, |entry| entry.network == network) {
            return None;
        }
        if !open.make_room(self.max, |_| true) {
            return None;
        }
        open.last += 1;
        let (number, activity, evict) = (open.last, Arc::<Activity>::default(), Arc::<Notify>::default());
        let entry = Entry { network, activity: Arc::clone(&activity), evict: Arc::clone(&evict) };
        open.entries.insert(number, entry);
        Some(OpenConnection { number, activity, evict, open: Arc::clone(&self.open) })
    }
}

impl Open {
    /// Makes room for one more of the connections that `counted` selects. Returns whether there is room.
    fn make_room(&mut self, max: usize, counted: impl Fn(&Entry) -> bool) -> bool {
        let counted = || self.entries.iter().filter(|(_, entry)| counted(entry));
        if counted().count() < max {
            return true;
        }
        let waiting =
            counted().filter_map(|(number, entry)| Some((entry.activity.waiting_since()?, *number)));
        let Some((_, longest)) = waiting.min() else { return false };
        if let Some(entry) = self.entries.remove(&longest) {
            entry.evict.notify_one();
        }
        true
    }
}

impl OpenConnection {
    /// Returns when the connection has to be closed to make room.
    pub(super) async fn evicted(&self) {
        self.evict.notified().await;
    }

    pub(super) fn activity(&self) -> Arc<Activity> {
        Arc::clone(&self.activity)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        lock(&self.open).entries.remove(&self.number);
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(connections: &Connections, address: &str, proxy: bool) -> Option<OpenConnection> {
        connections.open(address.parse().unwrap(), proxy)
    }

    fn is_open(connections: &Connections, connection: &OpenConnection) -> bool {
        lock(&connections.open).entries.contains_key(&connection.number)
    }

    #[test]
    fn security_an_address_has_few_connections_and_a_proxy_any_number() {
        let connections = Connections::new(100, 2);
        let first = open(&connections, "203.0.113.1", false).unwrap();
        let second = open(&connections, "203.0.113.1", false).unwrap();
        let third = open(&connections, "203.0.113.1", false).unwrap();
        assert!(!is_open(&connections, &first), "it made room");
        let answering = [second.activity().answering(), third.activity().answering()];
        assert!(open(&connections, "203.0.113.1", false).is_none(), "both have a request under way");
        assert!(open(&connections, "203.0.113.2", false).is_some());
        let of_proxy: Vec<_> = (0..50).filter_map(|_| open(&connections, "203.0.113.1", true)).collect();
        assert_eq!(of_proxy.len(), 50);
        drop(answering);
        let of_line: Vec<_> =
            (1..9).filter_map(|n| open(&connections, &format!("2001:db8::{n}"), false)).collect();
        assert_eq!(
            of_line.iter().filter(|one| is_open(&connections, one)).count(),
            2,
            "a /64 is one address"
        );
    }

    #[test]
    fn security_the_connection_that_waits_longest_for_its_client_makes_room() {
        let connections = Connections::new(4, 100);
        let taken: Vec<_> =
            (1..=4).map(|n| open(&connections, &format!("203.0.113.{n}"), n == 3).unwrap()).collect();
        let _answering: Vec<_> = taken.iter().map(|one| one.activity().answering()).collect();
        assert!(open(&connections, "203.0.113.9", false).is_none());
        // A half-sent request, and an answer that is not read, are the client's to finish.
        taken[2].activity().set_unread(true);
        taken[1].activity().set_received(false);
        let new = [open(&connections, "203.0.113.9", false), open(&connections, "203.0.113.9", false)];
        let states: Vec<_> = taken.iter().map(|one| is_open(&connections, one)).collect();
        assert_eq!((states, new.iter().flatten().count()), (vec![true, false, false, true], 2));
        drop((new, taken));
        assert!(lock(&connections.open).entries.is_empty());
    }
}
