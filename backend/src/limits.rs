//! How often somebody may try: per RUT, per address, per network, and per RUT with each of these (docs/security.md#abuse-and-enumeration).
//!
//! Each purpose counts on its own, so that tries with the key never bar the way by the serial. A RUT or NIE is counted in
//! its stored form, whichever way it was typed and whether or not it has an account.

mod attempt_kind;
mod calm;
mod flows;
mod letters;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::identifier::Identifier;
use domain::kind::Kind;
use sqlx::AnyConnection;

use crate::caller::Caller;
use crate::clock::{DAY, MINUTE, Millis};
use crate::secrets::Secrets;
use crate::store::attempts;
use crate::store::audit::Outcome;
use crate::store::{Result, Store, quota};

pub use attempt_kind::AttemptKind;
use letters::Counter;
pub use letters::Letters;

/// Most wrong keys of unknown browsers on one identifier that reach a hash in a day (UTC). The same again for provisional keys,
/// which only a browser that proved a document may try beyond that.
pub const KEYS_TRIED_PER_DAY: i64 = 100;

/// The period of lookups per address.
const LOOKUP_PERIOD: Millis = 10 * MINUTE;

/// The limits of one store.
#[derive(Clone)]
pub struct Limits {
    store: Store,
    secrets: Secrets,
    per_address: i64,
    left_out: Arc<LeftOut>,
}

/// Messages that this process left out, by the cap that stopped them.
#[derive(Default)]
struct LeftOut {
    recipient: AtomicU64,
    sender: AtomicU64,
    sms_budget: AtomicU64,
    /// The hour of the last alarm about the budget of SMS.
    alarm_hour: AtomicI64,
}

/// What one attempt was counted under, so that it can be uncounted.
pub struct Counted {
    counters: Vec<(String, String)>,
    /// Those whose wait letters stood in for, and what was taken of the letters that count in a period.
    passed: Vec<(String, String)>,
    next_at: Millis,
}

impl Counted {
    async fn take_back(&self, connection: &mut AnyConnection) -> Result<()> {
        for (purpose, subject) in &self.counters {
            attempts::uncount(connection, purpose, subject).await?;
        }
        for (purpose, subject) in &self.passed {
            attempts::uncount_past_wait(connection, purpose, subject).await?;
        }
        Ok(())
    }

    /// The wait that follows should this try fail, if there is one.
    #[must_use]
    pub fn wait_if_wrong(&self, now: Millis) -> Option<Wait> {
        (self.next_at > now).then_some(Wait::until(self.next_at))
    }
}

/// Too many tries: wait until this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    until: Millis,
    for_the_day: bool,
    letters: bool,
    of_identity: bool,
}

impl Wait {
    /// A wait that letters do not stand in for.
    fn until(until: Millis) -> Self {
        Self { until, for_the_day: false, letters: false, of_identity: false }
    }

    /// The keys that a day allows are used up.
    fn for_the_day(now: Millis) -> Self {
        Self { for_the_day: true, ..Self::until((now.div_euclid(DAY) + 1) * DAY) }
    }

    /// The same, where letters stand in for this wait but not for one of the counters that follow: then they are not asked for, since
    /// with them the try would only come to that wait.
    async fn or_longer(
        mut self,
        connection: &mut AnyConnection,
        purpose: AttemptKind,
        following: impl Iterator<Item = Counter>,
        now: Millis,
    ) -> Result<Self> {
        for Counter { subject, scope, pass, .. } in following {
            let name = format!("{}/{scope}", purpose.word());
            let free_at = attempts::free_at(connection, &name, &subject).await?;
            let passes = match pass {
                _ if free_at <= now => true,
                Some(pass) => pass.is_left(connection, &name).await?,
                None => false,
            };
            if !passes {
                (self.letters, self.until) = (false, self.until.max(free_at));
            }
        }
        Ok(self)
    }

    /// Whether it comes from tries on one identifier, not from all those of a network.
    #[must_use]
    pub fn is_of_identity(self) -> bool {
        self.of_identity
    }

    /// Whether an identifier has had as many wrong keys today as a day allows: a stronger proof is asked for in place of a wait.
    #[must_use]
    pub fn is_for_the_day(self) -> bool {
        self.for_the_day
    }

    /// Whether the letters of a captcha stand in for this wait: others have caused it.
    #[must_use]
    pub fn takes_letters(self) -> bool {
        self.letters
    }

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
        Self { store, secrets, per_address, left_out: Arc::default() }
    }

    /// Counts a message that a cap stopped.
    pub(crate) fn note_left_out(&self, cap: Outcome) {
        let counter = match cap {
            Outcome::SenderCap => &self.left_out.sender,
            Outcome::SmsBudget => &self.left_out.sms_budget,
            _ => &self.left_out.recipient,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether this process has not said yet, in this hour, that the budget of SMS is spent.
    pub(crate) fn is_first_alarm_of_hour(&self, hour: Millis) -> bool {
        self.left_out.alarm_hour.swap(hour, Ordering::Relaxed) != hour
    }

    /// How many messages this process left out, by the cap that stopped them.
    #[must_use]
    pub fn left_out(&self) -> [(&'static str, u64); 3] {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        [
            ("recipient", read(&self.left_out.recipient)),
            ("sender", read(&self.left_out.sender)),
            ("sms-budget", read(&self.left_out.sms_budget)),
        ]
    }

    /// Counts one try before it is checked, under whom it is about; a document under its holder. Right letters stand in for a wait
    /// that others have caused, so many times in a period.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count(
        &self,
        purpose: AttemptKind,
        who: Option<(Kind, &Identifier)>,
        (caller, letters): (&Caller, Letters),
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        let kind = who.map(|(kind, _)| kind);
        // A RUT may be a person's and a company's: what one proves is no success of the other. A document is its holder's.
        let who = who.map(|(kind, who)| match purpose {
            AttemptKind::Document => who.plain(),
            _ => format!("{} {}", kind.slug(), who.plain()),
        });
        self.count_name((purpose, kind), who.as_deref(), (caller, letters), now).await
    }

    /// Counts one try from a browser that is known to the account: under this browser only, so that nothing that strangers do makes
    /// the owner wait. `browser` is the hash of its token.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count_known(
        &self,
        purpose: AttemptKind,
        (kind, who): (Kind, &Identifier),
        browser: &str,
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        let subject = self.subject("known", &[kind.slug(), &who.plain(), browser]);
        let counter = Counter::new(subject, "known", purpose.pair());
        let counted = self.count_all(purpose, vec![counter], Letters::None, now).await?;
        match counted {
            // A document or a key makes ever new browsers known.
            Ok(counted) if purpose == AttemptKind::Provisional => {
                let all_known = format!("known {} {}", kind.slug(), who.plain());
                self.take_of_day(purpose, &all_known, counted, now).await
            }
            counted => Ok(counted),
        }
    }

    /// Counts one lookup of an identifier, per address: right or wrong, known or not, it is never uncounted.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count_lookup(&self, caller: &Caller, now: Millis) -> Result<std::result::Result<(), Wait>> {
        let period = now.div_euclid(LOOKUP_PERIOD);
        let subject = self.subject("lookup", &[&caller.network(), &period.to_string()]);
        let purpose = format!("{}/address", AttemptKind::Lookup.word());
        let connection = &mut *self.store.connection().await?;
        let free = quota::take(connection, &purpose, &subject, self.per_address, now).await?;
        Ok(if free { Ok(()) } else { Err(Wait::until((period + 1) * LOOKUP_PERIOD)) })
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
        self.count_name((AttemptKind::Officer, None), Some(name), (caller, Letters::None), now).await
    }

    /// Counts one code of an officer whose key was right, before it is checked: by name, from all addresses.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn count_code(&self, name: &str, now: Millis) -> Result<std::result::Result<Counted, Wait>> {
        let purpose = AttemptKind::OfficerCode;
        let counter = purpose.rut().map(|policy| Counter::new(self.subject("rut", &[name]), "rut", policy));
        self.count_all(purpose, counter.into_iter().collect(), Letters::None, now).await
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
        (purpose, kind): (AttemptKind, Option<Kind>),
        who: Option<&str>,
        (caller, letters): (&Caller, Letters),
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        let network = caller.network();
        let mut counters = Vec::with_capacity(6);
        if let Some(who) = who {
            let mut pair = self.subject("pair", &[who, &network]);
            if purpose == AttemptKind::Officer {
                pair.insert_str(0, &self.of_name(who));
            }
            // This wait is the caller's own: nothing stands in for it.
            counters.push(Counter::new(pair, "pair", purpose.pair()));
            counters.extend(purpose.rut().map(|policy| {
                Counter::new(self.subject("rut", &[who]), "rut", policy)
                    .passed(self.pass_of_identity(who, caller, now))
            }));
            counters.extend(purpose.wide().map(|policy| {
                let counter = Counter::new(self.subject("wide", &[who, &caller.prefix()]), "wide", policy);
                counter.passed(self.pass_of_network(who, caller, now))
            }));
        }
        let address = self.subject("address", &[&network]);
        let address = Counter::new(address, "address", purpose.address(self.per_address));
        counters.push(address.passed(self.pass_of_address(&network, now)));
        if purpose.takes_letters() {
            counters.extend(self.networks(purpose, caller, now));
        }
        match (self.count_all(purpose, counters, letters, now).await?, who) {
            (Ok(counted), Some(who)) if purpose.is_capped_by_day(kind) => {
                self.take_of_day(purpose, who, counted, now).await
            }
            (Err(wait), Some(who)) if wait.letters && purpose.is_capped_by_day(kind) => {
                let (purpose, subject) = self.of_day(purpose, who, now);
                let taken = quota::taken(&mut *self.store.connection().await?, &purpose, &subject).await?;
                // With letters the try would only come to the end of the day.
                Ok(Err(if taken < KEYS_TRIED_PER_DAY { wait } else { Wait::for_the_day(now) }))
            }
            (counted, _) => Ok(counted),
        }
    }

    async fn count_all(
        &self,
        purpose: AttemptKind,
        counters: Vec<Counter>,
        letters: Letters,
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        let connection = &mut *self.store.connection().await?;
        let mut counted = Counted { counters: Vec::with_capacity(6), passed: Vec::new(), next_at: now };
        let mut counters = counters.into_iter();
        while let Some(Counter { subject, scope, policy, pass }) = counters.next() {
            let name = format!("{}/{scope}", purpose.word());
            let until = match attempts::count(connection, &name, &subject, policy, now).await? {
                Ok(next_at) => {
                    counted.next_at = counted.next_at.max(next_at);
                    counted.counters.push((name, subject));
                    continue;
                }
                Err(until) => until,
            };
            let pass = pass.filter(|_| purpose.takes_letters());
            let taken = match (&pass, letters) {
                (Some(pass), Letters::Right) => pass.take(connection, &name, now).await?,
                _ => None,
            };
            if let Some(taken) = taken {
                attempts::count_past_wait(connection, &name, &subject, now).await?;
                counted.passed.extend(taken.into_iter().chain([(name, subject)]));
                continue;
            }
            // A try that must wait is no try: it counts in none of the counters.
            counted.take_back(connection).await?;
            let letters = match pass {
                Some(pass) => pass.is_left(connection, &name).await?,
                None => false,
            };
            let of_identity = scope == "rut" || (scope == "wide" && purpose != AttemptKind::Document);
            let mut wait = Wait { letters, of_identity, ..Wait::until(until) };
            if letters {
                wait = wait.or_longer(connection, purpose, counters, now).await?;
            }
            return Ok(Err(wait));
        }
        Ok(Ok(counted))
    }

    /// Under what the keys of a day are counted for an identifier.
    fn of_day(&self, purpose: AttemptKind, who: &str, now: Millis) -> (String, String) {
        let today = now.div_euclid(DAY).to_string();
        (format!("{}/day", purpose.word()), self.subject("day", &[who, &today]))
    }

    /// Takes one of the keys that a day allows for an identifier. Last of the counters, so that a try that must wait takes none.
    async fn take_of_day(
        &self,
        purpose: AttemptKind,
        who: &str,
        mut counted: Counted,
        now: Millis,
    ) -> Result<std::result::Result<Counted, Wait>> {
        let (purpose, subject) = self.of_day(purpose, who, now);
        let mut connection = self.store.connection().await?;
        if quota::take(&mut connection, &purpose, &subject, KEYS_TRIED_PER_DAY, now).await? {
            counted.counters.push((purpose, subject));
            return Ok(Ok(counted));
        }
        drop(connection);
        self.uncount(counted).await?;
        Ok(Err(Wait::for_the_day(now)))
    }

    /// Uncounts an attempt that failed for a reason that is ours: a registry was down, the queue was full.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn uncount(&self, counted: Counted) -> Result<()> {
        counted.take_back(&mut *self.store.connection().await?).await
    }

    /// After a success: the RUT starts again at none; address, networks and day get their one try back. Where letters stood in for a
    /// wait, that wait stays, or who has one account could end the waits of all others.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn succeeded(&self, counted: Counted) -> Result<()> {
        let connection = &mut *self.store.connection().await?;
        for (purpose, subject) in &counted.counters {
            if purpose.ends_with("/pair")
                || purpose.ends_with("/rut")
                || purpose.ends_with("/wide")
                || purpose.ends_with("/known")
            {
                attempts::forget(connection, purpose, subject).await?;
            } else {
                attempts::uncount(connection, purpose, subject).await?;
            }
        }
        for (purpose, subject) in &counted.passed {
            attempts::uncount_past_wait(connection, purpose, subject).await?;
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
