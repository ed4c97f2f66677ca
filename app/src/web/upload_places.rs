//! How many forms with a file are read at the same time, so that nobody holds the places of all others.

use backend::keyed_semaphore::{KeyedPermit, KeyedSemaphore};
use domain::flow::AccountId;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Most forms with a file, for companies that have shown their key, that are read at the same time.
const MAX: usize = 64;

/// Most of them for one company: two tabs, and one that hangs.
const MAX_PER_COMPANY: usize = 3;

/// Most of them from one network. One person can register many companies, with public data; not so many networks.
const MAX_PER_NETWORK: usize = 16;

/// The places in which these forms are read.
#[derive(Debug)]
pub(super) struct UploadPlaces {
    all: Semaphore,
    companies: KeyedSemaphore<AccountId>,
    networks: KeyedSemaphore<String>,
}

/// A place, which is free again when this is dropped.
#[derive(Debug)]
pub(super) struct UploadPlace<'a> {
    _company: KeyedPermit<AccountId>,
    _network: KeyedPermit<String>,
    _any: SemaphorePermit<'a>,
}

impl Default for UploadPlaces {
    fn default() -> Self {
        Self {
            all: Semaphore::new(MAX),
            companies: KeyedSemaphore::new(MAX_PER_COMPANY),
            networks: KeyedSemaphore::new(MAX_PER_NETWORK),
        }
    }
}

impl UploadPlaces {
    /// A place for a form of this company from this network (`Caller::prefix`); none when theirs, or all, are taken.
    pub(super) fn try_acquire(&self, company: AccountId, network: String) -> Option<UploadPlace<'_>> {
        Some(UploadPlace {
            _company: self.companies.try_acquire(company)?,
            _network: self.networks.try_acquire(network)?,
            _any: self.all.try_acquire().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many places these companies, each as often as it can, get from this network.
    fn taken<'a>(
        places: &'a UploadPlaces,
        companies: std::ops::Range<i64>,
        network: &str,
    ) -> Vec<UploadPlace<'a>> {
        companies
            .flat_map(|id| std::iter::from_fn(move || places.try_acquire(AccountId(id), network.to_owned())))
            .collect()
    }

    #[test]
    fn security_one_company_never_holds_all_places() {
        let places = UploadPlaces::default();
        let held = taken(&places, 1..2, "192.0.2.0/24");
        assert_eq!(held.len(), MAX_PER_COMPANY);
        assert!(places.try_acquire(AccountId(1), "198.51.100.0/24".to_owned()).is_none());
        assert!(places.try_acquire(AccountId(2), "192.0.2.0/24".to_owned()).is_some());
        drop(held);
        assert!(places.try_acquire(AccountId(1), "192.0.2.0/24".to_owned()).is_some());
    }

    #[test]
    fn security_many_companies_from_one_network_never_hold_all_places() {
        let places = UploadPlaces::default();
        let held = taken(&places, 1..100, "192.0.2.0/24");
        assert_eq!(held.len(), MAX_PER_NETWORK);
        assert!(places.try_acquire(AccountId(200), "198.51.100.0/24".to_owned()).is_some());
        drop(held);
        assert_eq!(taken(&places, 1..100, "192.0.2.0/24").len(), MAX_PER_NETWORK);
    }

    #[test]
    fn places_are_bounded_in_all() {
        let places = UploadPlaces::default();
        let networks: Vec<_> = (0..10).map(|number| format!("192.0.{number}.0/24")).collect();
        let held: Vec<_> =
            (1..).step_by(100).zip(&networks).flat_map(|(id, at)| taken(&places, id..id + 20, at)).collect();
        assert_eq!(held.len(), MAX);
    }
}
