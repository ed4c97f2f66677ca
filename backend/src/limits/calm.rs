//! Whether all is calm at an address and about an identity, so that a proof of work may stand in for the letters of a captcha
//! (docs/decisions/0015-captcha.md). It also stands in, as they do, for a wait that others
//! have caused (`super::letters`).
//!
//! Forms that pass by work are counted, right or wrong: per address and per network (/24, IPv6 /48) in ten minutes, per identity in an
//! hour. Nothing here starts again at none after a success: whether letters are asked for would then tell that the owner of an
//! identity came by, which only one with an account has. A page offers work while half of each amount is left, so that hardly
//! anybody who was told that no letters are needed is asked for them after all.

use crate::caller::Caller;
use crate::clock::{HOUR, MINUTE, Millis};
use crate::store::{Result, attempts, quota};

use super::{AttemptKind, Limits};

/// The period of forms per address and network.
const PERIOD: Millis = 10 * MINUTE;
/// Most forms about one identity that pass by work in an hour, from everywhere.
const PER_IDENTITY: i64 = 6;
/// What failed at an address makes it restless: in these purposes every try but the right ones stays counted.
const FAILED: [AttemptKind; 7] = [
    AttemptKind::Key,
    AttemptKind::Provisional,
    AttemptKind::Answer,
    AttemptKind::Document,
    AttemptKind::Representative,
    AttemptKind::BirthDate,
    AttemptKind::Captcha,
];

/// One of the amounts that work is bounded by.
struct Amount {
    purpose: &'static str,
    subject: String,
    most: i64,
}

impl Limits {
    /// Whether a page may offer work in place of letters. Only reads.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn is_calm(&self, caller: &Caller, about: Option<&str>, now: Millis) -> Result<bool> {
        if self.failed_lately(caller, now).await? * 2 >= self.most_failed() {
            return Ok(false);
        }
        let connection = &mut *self.store.connection().await?;
        for Amount { purpose, subject, most } in self.amounts(caller, about, now) {
            if quota::taken(connection, purpose, &subject).await? * 2 >= most {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Counts a form that brings work in place of letters. False when it must bring the letters.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn take_work(&self, caller: &Caller, about: Option<&str>, now: Millis) -> Result<bool> {
        if self.failed_lately(caller, now).await? >= self.most_failed() {
            return Ok(false);
        }
        let connection = &mut *self.store.connection().await?;
        for Amount { purpose, subject, most } in self.amounts(caller, about, now) {
            if !quota::take(connection, purpose, &subject, most, now).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn amounts(&self, caller: &Caller, about: Option<&str>, now: Millis) -> Vec<Amount> {
        let (period, hour) = (now.div_euclid(PERIOD).to_string(), now.div_euclid(HOUR).to_string());
        let address = self.subject("work address", &[&caller.network(), &period]);
        let network = self.subject("work network", &[&caller.prefix(), &period]);
        let mut amounts = vec![
            Amount { purpose: "work/address", subject: address, most: self.per_address / 5 },
            Amount { purpose: "work/network", subject: network, most: self.per_address },
        ];
        amounts.extend(about.map(|about| Amount {
            purpose: "work/identity",
            subject: self.subject("work identity", &[about, &hour]),
            most: PER_IDENTITY,
        }));
        amounts
    }

    /// How many tries of ten minutes must have failed at an address, at least, for it to be restless.
    fn most_failed(&self) -> i64 {
        self.per_address / 10
    }

    /// The tries at an address that failed in the last ten minutes, or are being checked.
    async fn failed_lately(&self, caller: &Caller, now: Millis) -> Result<i64> {
        let subject = self.subject("address", &[&caller.network()]);
        let purposes = FAILED.map(|purpose| format!("{}/address", purpose.word()));
        attempts::counted_since(&mut *self.store.connection().await?, &purposes, &subject, now - PERIOD).await
    }
}
