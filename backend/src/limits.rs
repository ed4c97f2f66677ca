//! How often somebody may try: per RUT, per address, and per both (docs/security.md#abuse-and-enumeration).
//!
//! Each purpose counts on its own, so that tries with the key never bar the way by the serial. A RUT or NIE is counted in
//! its stored form, whichever way it was typed and whether or not it has an account.

mod flows;

use domain::identifier::Identifier;
use domain::kind::Kind;
use sqlx::AnyConnection;

use crate::caller::Caller;
use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND};
use crate::secrets::Secrets;
use crate::store::attempts::{self, BackoffPolicy};
use crate::store::{Result, Store};

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptKind {
    /// The key of an account.
    Key,
    /// A provisional key.
    Provisional,
    /// The answer to the secret question.
    Answer,
    /// The serial of a cédula, or the number of a foreign document.
    Document,
    /// The legal representative of a company.
    Representative,
    /// Date of birth and mail (V-UPD).
    BirthDate,
    /// A captcha.
    Captcha,
    /// A registration.
    Register,
    /// The sign-in of an officer: name and key.
    Officer,
    /// The code of an officer whose key was right.
    OfficerCode,
}

impl AttemptKind {
    fn word(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Provisional => "provisional",
            Self::Answer => "answer",
            Self::Document => "document",
            Self::Representative => "representative",
            Self::BirthDate => "birth-date",
            Self::Captcha => "captcha",
            Self::Register => "register",
            Self::Officer => "officer",
            Self::OfficerCode => "code-of-officer",
        }
    }

    /// Tries of one address on one RUT.
    fn pair(self) -> BackoffPolicy {
        if self == Self::Officer {
            // There are few officers, and `officers reset` helps an officer who is locked out.
            return BackoffPolicy { free: 5, first_wait: MINUTE, doublings: 6, reset_after: DAY };
        }
        let free = match self {
            Self::Answer => 3,
            Self::Captcha => 20,
            _ => 5,
        };
        BackoffPolicy { free, first_wait: MINUTE, doublings: 4, reset_after: HOUR }
    }

    /// Tries of everybody on one RUT. Its longest wait is short, so that a stranger cannot keep the owner out for long. None
    /// where nobody can guess: an officer's key has 95 bits, and a count over all addresses would only let strangers keep
    /// officers out.
    fn rut(self) -> Option<BackoffPolicy> {
        match self {
            Self::Officer => None,
            // Only the officer, or a thief of the key, gets here.
            Self::OfficerCode => {
                Some(BackoffPolicy { free: 5, first_wait: MINUTE, doublings: 4, reset_after: DAY })
            }
            _ => Some(BackoffPolicy { free: 20, first_wait: MINUTE, doublings: 3, reset_after: HOUR }),
        }
    }
}

/// The limits of one store.
#[derive(Clone)]
pub struct Limits {
    store: Store,
    secrets: Secrets,
    per_address: i64,
}

/// What one attempt was counted under, so that it can be uncounted.
pub struct Counted {
    counters: Vec<(String, String)>,
    next_at: Millis,
}

impl Counted {
    /// The wait that follows should this try fail, if there is one.
    #[must_use]
    pub fn wait_if_wrong(&self, now: Millis) -> Option<Wait> {
        (self.next_at > now).then_some(Wait { until: self.next_at })
    }
}

/// Too many tries: wait until this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    until: Millis,
}

impl Wait {
    /// The wait in whole minutes, rounded up, at least one.
    #[must_use]
    pub fn minutes(self, now: Millis) -> u32 {
        u32::try_from((self.until - now - 1).max(0).div_euclid(MINUTE) + 1).unwrap_or(u32::MAX)
    }
}

impl Limits {
    /// Limits kept in `store`; `per_address` tries from one address are free of waits.
    #[must_use]
    pub fn new(store: Store, secrets: Secrets, per_address: i64) -> Self {
        Self { store, secrets, per_address }
    }

    /// Counts one try before it is checked, under whom it is about; a document under its holder.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count(
        &self,
        purpose: AttemptKind,
        who: Option<(Kind, &Identifier)>,
        caller: &Caller,
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        // A RUT may be a person's and a company's: what one proves is no success of the other. A document is its holder's.
        let who = who.map(|(kind, who)| match purpose {
            AttemptKind::Document => who.plain(),
            _ => format!("{} {}", kind.slug(), who.plain()),
        });
        self.count_name(purpose, who.as_deref(), caller, now).await
    }

    /// Counts one try with the key of an officer before it is checked: by name and address, and by address.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count_officer(
        &self,
        name: &str,
        caller: &Caller,
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        self.count_name(AttemptKind::Officer, Some(name), caller, now).await
    }

    /// Counts one code of an officer whose key was right, before it is checked: by name, from all addresses.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count_code(&self, name: &str, now: Millis) -> Result<std::result::Result<Counted, Wait>> {
        let purpose = AttemptKind::OfficerCode;
        let counter = purpose.rut().map(|policy| (self.subject("rut", &[name]), "rut", policy));
        self.count_all(purpose, counter.into_iter().collect(), now).await
    }

    /// Clears the failed attempts on the name of an officer, from all addresses.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn forget_officer(&self, connection: &mut AnyConnection, name: &str) -> Result<()> {
        let (pair, all) = (AttemptKind::Officer.word(), AttemptKind::OfficerCode.word());
        attempts::forget_beginning(connection, &format!("{pair}/pair"), &self.of_name(name)).await?;
        attempts::forget(connection, &format!("{all}/rut"), &self.subject("rut", &[name])).await
    }

    async fn count_name(
        &self,
        purpose: AttemptKind,
        who: Option<&str>,
        caller: &Caller,
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        let network = caller.network();
        let mut counters = Vec::with_capacity(3);
        if let Some(who) = who {
            let mut pair = self.subject("pair", &[who, &network]);
            if purpose == AttemptKind::Officer {
                pair.insert_str(0, &self.of_name(who));
            }
            counters.push((pair, "pair", purpose.pair()));
            counters.extend(purpose.rut().map(|policy| (self.subject("rut", &[who]), "rut", policy)));
        }
        let address = BackoffPolicy {
            free: self.per_address,
            first_wait: 30 * SECOND,
            doublings: 5,
            reset_after: 10 * MINUTE,
        };
        counters.push((self.subject("address", &[&network]), "address", address));
        self.count_all(purpose, counters, now).await
    }

    async fn count_all(
        &self,
        purpose: AttemptKind,
        counters: Vec<(String, &'static str, BackoffPolicy)>,
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        let connection = &mut *self.store.connection().await?;
        let mut counted = Counted { counters: Vec::with_capacity(3), next_at: now };
        for (subject, scope, policy) in counters {
            let purpose = format!("{}/{scope}", purpose.word());
            match attempts::count(connection, &purpose, &subject, policy, now).await? {
                Ok(next_at) => {
                    counted.next_at = counted.next_at.max(next_at);
                    counted.counters.push((purpose, subject));
                }
                Err(until) => {
                    // A try that must wait is no try: it counts in none of the counters.
                    for (purpose, subject) in &counted.counters {
                        attempts::uncount(connection, purpose, subject).await?;
                    }
                    return Ok(Err(Wait { until }));
                }
            }
        }
        Ok(Ok(counted))
    }

    /// Uncounts an attempt that failed for a reason that is ours: a registry was down, the queue was full.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn uncount(&self, counted: Counted) -> Result<()> {
        let connection = &mut *self.store.connection().await?;
        for (purpose, subject) in &counted.counters {
            attempts::uncount(connection, purpose, subject).await?;
        }
        Ok(())
    }

    /// After a success: the RUT starts again at none; the address gets its one try back.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn succeeded(&self, counted: Counted) -> Result<()> {
        let connection = &mut *self.store.connection().await?;
        for (purpose, subject) in &counted.counters {
            if purpose.ends_with("/address") {
                attempts::uncount(connection, purpose, subject).await?;
            } else {
                attempts::forget(connection, purpose, subject).await?;
            }
        }
        Ok(())
    }

    /// How the subject of a pair begins that is of this officer, so that all of theirs can be found.
    fn of_name(&self, name: &str) -> String {
        format!("{} ", self.subject("officer", &[name]))
    }

    fn subject(&self, scope: &str, parts: &[&str]) -> String {
        self.secrets.mac_text(&format!("attempt {scope}"), parts)
    }
}
