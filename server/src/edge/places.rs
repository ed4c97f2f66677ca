//! Who has a connection now. When there are too many, the one that has been idle longest makes room.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use backend::caller::Caller;
use tokio::sync::Notify;

use super::wire::Busy;

/// The connections that are open.
#[derive(Clone)]
pub(super) struct Seats {
    most: usize,
    per_address: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    last: u64,
    connections: HashMap<u64, Arc<Entry>>,
}

/// A connection.
struct Entry {
    /// What counts as one address; none for a trusted proxy, which has the connections of everybody.
    network: Option<String>,
    busy: Arc<Busy>,
    close: Arc<Notify>,
}

/// The place of one connection, free again when this is dropped.
pub(super) struct Seat {
    number: u64,
    entry: Arc<Entry>,
    open: Arc<Mutex<Open>>,
}

impl Seats {
    pub(super) fn new(most: usize, per_address: usize) -> Self {
        Self { most, per_address, open: Arc::default() }
    }

    /// A place for a connection of this address. Where there is none, the idle connection of longest standing is closed: one
    /// of the same address when that has too many. None when all of them are busy.
    pub(super) fn take(&self, address: IpAddr, proxy: bool) -> Option<Seat> {
        let caller = Caller { address: Some(address), request_id: String::new() };
        let network = (!proxy).then(|| caller.network());
        let open = &mut *lock(&self.open);
        if network.is_some() {
            let same = |entry: &Entry| entry.network == network;
            if open.connections.values().filter(|entry| same(entry)).count() >= self.per_address
                && !open.close_idle(same)
            {
                return None;
            }
        }
        if open.connections.len() >= self.most && !open.close_idle(|_| true) {
            return None;
        }
        open.last += 1;
        let (number, busy) = (open.last, Arc::new(Busy::default()));
        let entry = Arc::new(Entry { network, busy, close: Arc::new(Notify::new()) });
        open.connections.insert(number, Arc::clone(&entry));
        Some(Seat { number, entry, open: Arc::clone(&self.open) })
    }
}

impl Open {
    /// Closes the connection that has been idle longest among these.
    fn close_idle(&mut self, among: impl Fn(&Entry) -> bool) -> bool {
        let idle = self.connections.iter().filter(|(_, entry)| among(entry));
        let longest = idle.filter_map(|(number, entry)| Some((entry.busy.idle_since()?, *number))).min();
        let Some((_, number)) = longest else { return false };
        if let Some(entry) = self.connections.remove(&number) {
            entry.close.notify_one();
        }
        true
    }
}

impl Seat {
    /// Notified when the connection has to make room.
    pub(super) fn closed(&self) -> Arc<Notify> {
        Arc::clone(&self.entry.close)
    }

    /// Whether a request is under way on it.
    pub(super) fn busy(&self) -> Arc<Busy> {
        Arc::clone(&self.entry.busy)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.open).connections.remove(&self.number);
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn security_an_address_makes_room_for_itself_and_a_proxy_for_nobody() {
        let seats = Seats::new(100, 2);
        let first = seats.take(address("203.0.113.1"), false).unwrap();
        let second = seats.take(address("203.0.113.1"), false).unwrap();
        let third = seats.take(address("203.0.113.1"), false);
        assert!(third.is_some(), "the first made room");
        assert_eq!(lock(&seats.open).connections.len(), 2);
        assert!(!lock(&seats.open).connections.contains_key(&first.number));
        let (_one, _two) = (second.busy().begin(), third.as_ref().unwrap().busy().begin());
        assert!(seats.take(address("203.0.113.1"), false).is_none(), "both are busy");
        assert!(seats.take(address("203.0.113.2"), false).is_some());
        let of_proxy: Vec<_> = (0..50).filter_map(|_| seats.take(address("203.0.113.1"), true)).collect();
        assert_eq!(of_proxy.len(), 50, "a proxy has the connections of everybody");
        // The addresses of one IPv6 line are one.
        let line: Vec<_> = (1..9).map(|n| seats.take(address(&format!("2001:db8::{n}")), false)).collect();
        assert_eq!(
            line.iter()
                .flatten()
                .filter(|seat| lock(&seats.open).connections.contains_key(&seat.number))
                .count(),
            2
        );
    }

    #[test]
    fn security_when_all_places_are_taken_the_longest_idle_one_is_closed() {
        let seats = Seats::new(3, 100);
        let taken: Vec<_> =
            (1..=3).map(|n| seats.take(address(&format!("203.0.113.{n}")), n == 3).unwrap()).collect();
        let busy = taken[0].busy().begin();
        let new = seats.take(address("203.0.113.9"), false).unwrap();
        assert!(!lock(&seats.open).connections.contains_key(&taken[1].number));
        drop((new, taken));
        drop(busy);
        assert!(lock(&seats.open).connections.is_empty());
    }
}
