//! How many flows one address may begin in an hour: each is a row, and whoever sends forms has proven nothing yet.

use super::Limits;
use crate::caller::Caller;
use crate::clock::{HOUR, Millis};
use crate::store::Result;
use crate::store::attempts::{self, BackoffPolicy};

/// How many flows for each try that is free of waits: a person who tries again begins a new one, and mobile networks have
/// thousands of people behind one address.
const FLOWS_PER_TRY: i64 = 4;

impl Limits {
    /// Counts a flow that begins. False when its address has begun as many as an hour allows.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count_flow(&self, caller: &Caller, now: Millis) -> Result<bool> {
        // A count of its own for each hour: many rows do not make the next hour longer.
        let hour = now.div_euclid(HOUR).to_string();
        let subject = self.subject("address", &[&caller.network(), &hour]);
        let policy = BackoffPolicy {
            free: self.per_address.saturating_mul(FLOWS_PER_TRY),
            first_wait: HOUR,
            doublings: 0,
            reset_after: 2 * HOUR,
        };
        let connection = &mut *self.store.connection().await?;
        Ok(attempts::count(connection, "flow/address", &subject, policy, now).await?.is_ok())
    }
}
