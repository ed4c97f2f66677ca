//! How many flows one network may begin in an hour: each is a row, and a person who sends forms has proven nothing yet.

use super::Limits;
use crate::caller::Caller;
use crate::clock::{HOUR, Millis};
use crate::store::{Result, flows, quota};

/// How many flows for each try that is free of waits: a person who tries again begins a new one, and mobile networks have
/// thousands of people behind one address.
const FLOWS_PER_TRY: i64 = 4;
/// A /48 of IPv6 has thousands of addresses of one mobile operator, or all be those of one stranger.
const MORE_FOR_IPV6: i64 = 4;

impl Limits {
    /// Where a flow begins: an IPv4 address, or the /48 of an IPv6 one, as a keyed hash.
    #[must_use]
    pub fn network_of_flow(&self, caller: &Caller) -> String {
        let v6 = caller.is_ipv6();
        self.subject("flow network", &[&if v6 { caller.prefix() } else { caller.network() }])
    }

    /// Counts a flow that begins in a network. Of one that begins more than its share in an hour, each takes the place of the oldest that has
    /// proven nothing: nobody is refused, and the rows stay bounded.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count_flow(&self, caller: &Caller, network: &str, now: Millis) -> Result<()> {
        let hour = now.div_euclid(HOUR).to_string();
        let subject = self.subject("flows", &[network, &hour]);
        let share = self.per_address.saturating_mul(FLOWS_PER_TRY);
        let share = if caller.is_ipv6() { share.saturating_mul(MORE_FOR_IPV6) } else { share };
        let connection = &mut *self.store.connection().await?;
        if !quota::take(connection, "flow/network", &subject, share, now).await? {
            flows::end_oldest(connection, network).await?;
        }
        Ok(())
    }
}
