//! The letters of a captcha (or work, where the page offers it) in place of a wait that others have caused: tries of everybody on one
//! identifier, and tries of a network or an address. The wait of one address on one identifier is the caller's own, and stays.
//!
//! No limit relies on letters alone: a network that was trained on our pictures reads most of them. So letters stand in for a fixed
//! number of waits in a period, after which the waits are as without them; a day's wrong keys are counted as ever; and each try is
//! counted before it is checked. Only the networks beyond an address are bound by nothing else: customers of a mobile operator, who
//! share them, are asked for letters, and never made to wait.

use sqlx::AnyConnection;

use super::{AttemptKind, Limits};
use crate::caller::Caller;
use crate::clock::{DAY, HOUR, Millis};
use crate::store::attempts::{self, BackoffPolicy};
use crate::store::{Result, quota};

/// Most waits for one identifier, in a day and of one purpose, that letters stand in for.
const PER_IDENTITY: i64 = 100;
/// Most of these from one wide network (/24, IPv6 /48).
const PER_IDENTITY_AND_NETWORK: i64 = 20;
/// How many times as many tries as an address a /56 has.
const CUSTOMER_FACTOR: i64 = 2;
/// How many times as many a /24 or an IPv6 /48 has.
const NETWORK_FACTOR: i64 = 4;

/// What a try brings in place of a wait that others have caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Letters {
    /// Nothing.
    #[default]
    None,
    /// The right letters of a captcha, or work in their place.
    Right,
}

/// A counter that a try goes up in.
pub(super) struct Counter {
    pub(super) subject: String,
    pub(super) scope: &'static str,
    pub(super) policy: BackoffPolicy,
    /// How letters stand in for its wait; none where they do not.
    pub(super) pass: Option<Pass>,
}

impl Counter {
    /// A counter whose wait letters do not stand in for.
    pub(super) fn new(subject: String, scope: &'static str, policy: BackoffPolicy) -> Self {
        Self { subject, scope, policy, pass: None }
    }

    /// The same, with a wait that letters stand in for.
    pub(super) fn passed(self, pass: Pass) -> Self {
        Self { pass: Some(pass), ..self }
    }
}

/// How often letters stand in for a wait: while every one of these amounts lasts, or always. The subject of an amount names its period.
pub(super) enum Pass {
    Times(Vec<(String, i64)>),
    Always,
}

impl Pass {
    /// Takes one of every amount, and gives what must be given back after a success; none, and nothing is taken, when one of them is
    /// used up. `counter` is the counter that waits.
    pub(super) async fn take(
        &self,
        connection: &mut AnyConnection,
        counter: &str,
        now: Millis,
    ) -> Result<Option<Vec<(String, String)>>> {
        let Self::Times(amounts) = self else { return Ok(Some(Vec::new())) };
        let purpose = purpose(counter);
        let mut taken: Vec<(String, String)> = Vec::with_capacity(amounts.len());
        for (subject, most) in amounts {
            if !quota::take(connection, &purpose, subject, *most, now).await? {
                for (purpose, subject) in &taken {
                    attempts::uncount_past_wait(connection, purpose, subject).await?;
                }
                return Ok(None);
            }
            taken.push((purpose.clone(), subject.clone()));
        }
        Ok(Some(taken))
    }

    /// Whether there is one of every amount to take.
    pub(super) async fn is_left(&self, connection: &mut AnyConnection, counter: &str) -> Result<bool> {
        let Self::Times(amounts) = self else { return Ok(true) };
        for (subject, most) in amounts {
            if quota::taken(connection, &purpose(counter), subject).await? >= *most {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn purpose(counter: &str) -> String {
    format!("{counter}-letters")
}

impl Limits {
    /// Of an identifier, in a day: so many in all, and few from one wide network.
    pub(super) fn pass_of_identity(&self, who: &str, caller: &Caller, now: Millis) -> Pass {
        let day = now.div_euclid(DAY).to_string();
        let of_network = self.subject("pass network", &[who, &caller.prefix(), &day]);
        let of_identity = self.subject("pass identity", &[who, &day]);
        Pass::Times(vec![(of_network, PER_IDENTITY_AND_NETWORK), (of_identity, PER_IDENTITY)])
    }

    /// Of a wide network on one identifier, in a day.
    pub(super) fn pass_of_network(&self, who: &str, caller: &Caller, now: Millis) -> Pass {
        let day = now.div_euclid(DAY).to_string();
        let subject = self.subject("pass network", &[who, &caller.prefix(), &day]);
        Pass::Times(vec![(subject, PER_IDENTITY_AND_NETWORK)])
    }

    pub(super) fn pass_of_address(&self, network: &str, now: Millis) -> Pass {
        let hour = now.div_euclid(HOUR).to_string();
        Pass::Times(vec![(self.subject("pass address", &[network, &hour]), self.per_address)])
    }

    /// The networks around an address: beyond their tries of an hour on whatever identifier, letters are asked for, and nobody waits.
    /// By the hour, because a network that many people share is never without a try for long.
    pub(super) fn networks(&self, purpose: AttemptKind, caller: &Caller, now: Millis) -> Vec<Counter> {
        let hour = now.div_euclid(HOUR).to_string();
        let free = |factor| self.per_address.saturating_mul(factor);
        let counter = |scope: &'static str, network: String, factor| {
            let subject = self.subject(scope, &[&network, &hour]);
            Counter::new(subject, scope, purpose.address(free(factor))).passed(Pass::Always)
        };
        let customer = caller.is_ipv6().then(|| counter("customer", caller.customer(), CUSTOMER_FACTOR));
        customer.into_iter().chain([counter("network", caller.prefix(), NETWORK_FACTOR)]).collect()
    }
}
