//! Change of a key: N-CHG. The current key or a provisional one proves who is there; then the new key is set.

use serde::{Deserialize, Serialize};

use super::{AccountId, CaptchaVerdict};
use crate::clave::NewKey;
use crate::field::{Field, FieldError, Reason};
use crate::rut::Rut;

/// Where a change stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// “Validar Datos”: RUT and current key.
    Identify,
    /// “Cambiar CS”: the new key, twice.
    NewKey(Proven),
    /// “Éxito”.
    Done {
        /// Whether an SMS goes out as well as the mail.
        by_sms: bool,
    },
}

/// What the check of RUT and key found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyVerdict {
    /// The key of this account.
    Key(AccountId),
    /// A provisional key that may still be used.
    Provisional(AccountId, ProvisionalId),
    /// Right, but its time is over.
    Expired,
    /// Right, but used, or replaced by a newer one.
    Spent,
    /// Neither, or no such account.
    Wrong,
}

/// The number of a provisional key in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionalId(pub i64);

/// Who is there has shown a key of this account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    account: AccountId,
    rut: Rut,
    provisional: Option<ProvisionalId>,
}

impl Change {
    /// From RUT and key to the new key.
    ///
    /// # Errors
    /// Why the key does not prove anything. `Expired` and `Spent` are told only to whoever typed a key that was right.
    pub fn identify(rut: Rut, verdict: &KeyVerdict) -> Result<Self, FieldError> {
        let refused = |reason| Err(FieldError::new(Field::CurrentKey, reason));
        match *verdict {
            KeyVerdict::Key(account) => Ok(Self::NewKey(Proven { account, rut, provisional: None })),
            KeyVerdict::Provisional(account, id) => {
                Ok(Self::NewKey(Proven { account, rut, provisional: Some(id) }))
            }
            KeyVerdict::Expired => refused(Reason::Expired),
            KeyVerdict::Spent => refused(Reason::Spent),
            KeyVerdict::Wrong => refused(Reason::Wrong),
        }
    }
}

impl Proven {
    /// The account whose key will be set.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Reads the new key; `names` are those of the owner, if known.
    ///
    /// # Errors
    /// Each field that is missing or wrong.
    pub fn new_key(&self, key: &str, again: &str, names: &str) -> Result<NewKey, Vec<FieldError>> {
        let mut errors = Vec::new();
        super::registration::new_key(key, again, Some(self.rut), names, &mut errors).ok_or(errors)
    }

    /// The captcha was checked.
    ///
    /// # Errors
    /// It was wrong or stale.
    pub fn captcha(&self, verdict: CaptchaVerdict) -> Result<SetKey, FieldError> {
        super::registration::captcha_passed(verdict)?;
        Ok(SetKey { account: self.account, provisional: self.provisional })
    }
}

/// The right to set a key once: only [`Proven::captcha`] gives it. A provisional key is spent with it.
#[derive(Debug)]
pub struct SetKey {
    account: AccountId,
    provisional: Option<ProvisionalId>,
}

impl SetKey {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The provisional key that proved it, to be spent in the same transaction.
    #[must_use]
    pub fn provisional(&self) -> Option<ProvisionalId> {
        self.provisional
    }

    /// The end of the flow, once the key is set.
    #[must_use]
    pub fn done(self, by_sms: bool) -> Change {
        Change::Done { by_sms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_chg_only_a_key_that_counts_leads_on() {
        let rut = Rut::parse("11111111-1").unwrap();
        let account = AccountId(1);
        let reason = |verdict| Change::identify(rut, &verdict).map_err(|e| e.reason);
        assert!(matches!(reason(KeyVerdict::Key(account)), Ok(Change::NewKey(_))));
        assert!(matches!(reason(KeyVerdict::Provisional(account, ProvisionalId(2))), Ok(Change::NewKey(_))));
        assert_eq!(reason(KeyVerdict::Expired), Err(Reason::Expired));
        assert_eq!(reason(KeyVerdict::Spent), Err(Reason::Spent));
        assert_eq!(reason(KeyVerdict::Wrong), Err(Reason::Wrong));
    }

    #[test]
    fn n_chg_the_right_to_set_a_key_comes_with_the_captcha_and_the_provisional_key() {
        let rut = Rut::parse("11111111-1").unwrap();
        let verdict = KeyVerdict::Provisional(AccountId(1), ProvisionalId(2));
        let Ok(Change::NewKey(proven)) = Change::identify(rut, &verdict) else { panic!("refused") };
        assert!(proven.captcha(CaptchaVerdict::Wrong).is_err());
        assert!(proven.captcha(CaptchaVerdict::Stale).is_err());
        let right = proven.captcha(CaptchaVerdict::Right).unwrap();
        assert_eq!((right.account(), right.provisional()), (AccountId(1), Some(ProvisionalId(2))));
        assert!(proven.new_key("x11111111", "x11111111", "").is_err(), "contains the RUT");
    }
}
