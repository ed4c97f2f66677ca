//! How many unproven flows one network keeps: each is a row, and a caller who sends forms has proven nothing yet.

use super::Limits;
use crate::caller::Caller;
use crate::clock::{HOUR, Millis};
use crate::store::{Result, flows, quota};

/// How many flows for each try that is free of waits: a person who tries again begins a new one, and mobile networks have
/// thousands of people behind one address.
const FLOWS_PER_TRY: i64 = 4;
/// A /48 may hold the customers of a mobile operator, or one stranger: it gets this many times the share of an IPv4 address.
const IPV6_FACTOR: i64 = 4;

impl Limits {
    /// Counts a flow that begins, and returns the keyed hash of its network: an IPv4 address, or the /48 of an IPv6 one. Once the network
    /// has begun its share of this hour, the oldest of its flows that has proven no account is deleted for each new one: nobody is
    /// refused, and the rows without an account stay bounded.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count_flow(&self, caller: &Caller, now: Millis) -> Result<String> {
        let (network, share) = self.share_of_rows(caller);
        let hour = now.div_euclid(HOUR).to_string();
        let subject = self.subject("flows", &[&network, &hour]);
        let connection = &mut *self.store.connection().await?;
        if !quota::take(connection, "flow/network", &subject, share, now).await? {
            flows::end_oldest(connection, &network).await?;
        }
        Ok(network)
    }

    /// The keyed hash of the network of a caller, an IPv4 address or the /48 of an IPv6 one, and how many rows that nobody has proven
    /// anything for it may have.
    #[must_use]
    pub fn share_of_rows(&self, caller: &Caller) -> (String, i64) {
        let share = self.per_address.saturating_mul(FLOWS_PER_TRY);
        let (network, share) = match caller.is_ipv6() {
            true => (caller.prefix(), share.saturating_mul(IPV6_FACTOR)),
            false => (caller.network(), share),
        };
        (self.subject("flow network", &[&network]), share)
    }
}
