//! Change of a key: N-CHG, and the same of the other kinds. The current key or a provisional one is the proof; then the new key is set.

use serde::{Deserialize, Serialize};

use super::captcha::{CaptchaVerdict, captcha_passed};
use super::key::{KeyVerdict, ProvisionalId, new_key, refused};
use super::{AccountId, Representative};
use crate::clave::NewKey;
use crate::field::FieldError;
use crate::identifier::Identifier;
use crate::kind::Kind;
use crate::needs::Datum;

/// The state of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// “Validar Datos”: RUT or NIE, and current key.
    Identify,
    /// A-MIN: the key was right, and the account lacks what this flow needs.
    #[serde(rename = "missing")]
    MissingData(StoppedChange),
    /// “Cambiar CS”: the new key, twice.
    NewKey(Proven),
    /// “Éxito”.
    Done {
        /// Whether an SMS goes out as well as the mail.
        by_sms: bool,
        /// Whether the secret question was deleted, because a document earned the key.
        #[serde(default)]
        question_deleted: bool,
    },
}

/// The caller has shown a key of this account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    account: AccountId,
    identifier: Identifier,
    provisional: Option<ProvisionalId>,
    /// Of a company: the name that SII gave with its representative.
    #[serde(default)]
    company_name: Option<String>,
    /// Whether no captcha is asked for: this browser passed the one of the recovery that sent the provisional key.
    #[serde(default)]
    captcha_passed: bool,
    /// Whether the key was typed at a sign-in, for which a provisional one is not enough.
    #[serde(default)]
    at_sign_in: bool,
}

/// The caller has shown the key, and the account lacks data. A provisional key never stops here: it was sent to an
/// address, so there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppedChange {
    proven: Proven,
    missing: Vec<Datum>,
}

impl StoppedChange {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.proven.account
    }

    /// Its RUT or NIE.
    #[must_use]
    pub fn identifier(&self) -> &Identifier {
        &self.proven.identifier
    }

    /// What it lacks.
    #[must_use]
    pub fn data(&self) -> &[Datum] {
        &self.missing
    }

    /// Resumes the flow where it stopped; `missing` is what the account lacks now.
    #[must_use]
    pub fn resume(self, missing: Vec<Datum>) -> Change {
        self.proven.with(missing)
    }
}

impl Change {
    /// From identifier and key to the new key, or to what is missing first. A company also brings the proof that SII names
    /// its representative (J-CHG); of others it is not asked.
    ///
    /// # Errors
    /// Why the key does not prove anything.
    pub fn identify(
        kind: Kind,
        identifier: Identifier,
        representative: Option<&Representative>,
        verdict: &KeyVerdict,
        missing: Vec<Datum>,
    ) -> Result<Self, FieldError> {
        let named = representative.is_some_and(|named| identifier == Identifier::Rut(named.company()));
        if kind == Kind::Juridica && !named {
            return Err(refused(kind, &KeyVerdict::Wrong));
        }
        let (account, provisional) = match *verdict {
            KeyVerdict::Key(account) => (account, None),
            KeyVerdict::Provisional(account, id) => (account, Some(id)),
            _ => return Err(refused(kind, verdict)),
        };
        let company_name = representative.and_then(Representative::company_name).map(str::to_owned);
        let (captcha_passed, at_sign_in) = (false, false);
        let proven = Proven { account, identifier, provisional, company_name, captcha_passed, at_sign_in };
        Ok(if provisional.is_some() { Self::NewKey(proven) } else { proven.with(missing) })
    }

    /// The same after a recovery that this browser went through to its end: with its provisional key no second captcha is asked for.
    #[must_use]
    pub fn after_recovery(self) -> Self {
        match self {
            Self::NewKey(proven) if proven.provisional.is_some() => {
                Self::NewKey(Proven { captcha_passed: true, ..proven })
            }
            other => other,
        }
    }

    /// The same, begun by a provisional key that was typed at a sign-in.
    #[must_use]
    pub fn after_sign_in(self) -> Self {
        match self {
            Self::NewKey(proven) => Self::NewKey(Proven { at_sign_in: true, ..proven }),
            other => other,
        }
    }

    /// Whether it is the new key that a sign-in waits for.
    #[must_use]
    pub fn is_for_sign_in(&self) -> bool {
        matches!(self, Self::NewKey(proven) if proven.at_sign_in)
    }
}

impl Proven {
    fn with(self, missing: Vec<Datum>) -> Change {
        if missing.is_empty() {
            Change::NewKey(self)
        } else {
            Change::MissingData(StoppedChange { proven: self, missing })
        }
    }

    /// The account whose key will be set.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// RUT, NIE or document of the account.
    #[must_use]
    pub fn identifier(&self) -> &Identifier {
        &self.identifier
    }

    /// Reads the new key; `names` are those of the owner, if known.
    ///
    /// # Errors
    /// Each field that is missing or wrong.
    pub fn new_key(&self, key: &str, again: &str, names: &str) -> Result<NewKey, Vec<FieldError>> {
        let mut errors = Vec::new();
        new_key(key, again, Some(&self.identifier), names, &mut errors).ok_or(errors)
    }

    /// The right to set the key where no captcha is asked for; none where one is.
    #[must_use]
    pub fn without_captcha(&self) -> Option<SetKey> {
        self.captcha_passed.then(|| self.right())
    }

    /// The captcha was checked.
    ///
    /// # Errors
    /// It was wrong or stale.
    pub fn captcha(&self, verdict: CaptchaVerdict) -> Result<SetKey, FieldError> {
        captcha_passed(verdict)?;
        Ok(self.right())
    }

    fn right(&self) -> SetKey {
        let company_name = self.company_name.clone();
        SetKey { account: self.account, provisional: self.provisional, company_name }
    }
}

/// The right to set a key once: only [`Proven::captcha`] and [`Proven::without_captcha`] give it. A provisional key is spent with it.
#[derive(Debug)]
pub struct SetKey {
    account: AccountId,
    provisional: Option<ProvisionalId>,
    company_name: Option<String>,
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

    /// The name that SII gave a company.
    #[must_use]
    pub fn company_name(&self) -> Option<&str> {
        self.company_name.as_deref()
    }

    /// The end of the flow, once the key is set.
    #[must_use]
    pub fn done(self, by_sms: bool, question_deleted: bool) -> Change {
        Change::Done { by_sms, question_deleted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Reason;
    use crate::flow::TaxAnswer;
    use crate::rut::Rut;

    fn rut() -> Identifier {
        Rut::parse("11111111-1").unwrap().into()
    }

    #[test]
    fn n_chg_only_a_valid_key_reaches_the_new_key() {
        let account = AccountId(1);
        let reason = |verdict| {
            Change::identify(Kind::Natural, rut(), None, &verdict, Vec::new()).map_err(|e| e.reason)
        };
        assert!(matches!(reason(KeyVerdict::Key(account)), Ok(Change::NewKey(_))));
        assert!(matches!(reason(KeyVerdict::Provisional(account, ProvisionalId(2))), Ok(Change::NewKey(_))));
        assert_eq!(reason(KeyVerdict::Expired), Err(Reason::Expired));
        assert_eq!(reason(KeyVerdict::Spent), Err(Reason::Spent));
        assert_eq!(reason(KeyVerdict::Wrong), Err(Reason::Wrong));
    }

    #[test]
    fn j_chg_a_company_also_needs_a_representative_named_by_sii() {
        let company = Rut::parse("76192083-9").unwrap();
        let key = KeyVerdict::Key(AccountId(1));
        let reason = |representative: Option<&Representative>| {
            let who = company.into();
            Change::identify(Kind::Juridica, who, representative, &key, Vec::new()).map_err(|e| e.reason)
        };
        let of = |company| {
            let named = TaxAnswer::Represents { company_name: None };
            named.names(company, Rut::parse("11111111-1").unwrap()).unwrap()
        };
        assert!(matches!(reason(Some(&of(company))), Ok(Change::NewKey(_))));
        assert_eq!(reason(None), Err(Reason::WrongForCompany));
        let named = TaxAnswer::Represents { company_name: Some("Quillay Inventada SpA".to_owned()) };
        let named = named.names(company, Rut::parse("11111111-1").unwrap()).unwrap();
        let Ok(Change::NewKey(proven)) = reason(Some(&named)) else { panic!("refused") };
        let right = proven.captcha(CaptchaVerdict::Right).unwrap();
        assert_eq!(right.company_name(), Some("Quillay Inventada SpA"), "as SII writes it");
        let other = of(Rut::parse("12345678-5").unwrap());
        assert_eq!(reason(Some(&other)), Err(Reason::WrongForCompany), "of another company");
    }

    #[test]
    fn a_min_missing_data_stops_a_key_and_not_a_provisional_key() {
        let lacking = || vec![Datum::Email];
        let stopped =
            Change::identify(Kind::Natural, rut(), None, &KeyVerdict::Key(AccountId(1)), lacking()).unwrap();
        let Change::MissingData(missing) = stopped else { panic!("went on") };
        assert_eq!((missing.account(), missing.data()), (AccountId(1), lacking().as_slice()));
        assert!(matches!(missing.clone().resume(lacking()), Change::MissingData(_)));
        assert!(matches!(missing.resume(Vec::new()), Change::NewKey(_)));
        let verdict = KeyVerdict::Provisional(AccountId(1), ProvisionalId(2));
        assert!(matches!(
            Change::identify(Kind::Natural, rut(), None, &verdict, lacking()),
            Ok(Change::NewKey(_))
        ));
    }

    #[test]
    fn n_chg_setting_a_key_needs_the_captcha_and_spends_the_provisional_key() {
        let verdict = KeyVerdict::Provisional(AccountId(1), ProvisionalId(2));
        let Ok(Change::NewKey(proven)) = Change::identify(Kind::Natural, rut(), None, &verdict, Vec::new())
        else {
            panic!("refused")
        };
        assert!(proven.captcha(CaptchaVerdict::Wrong).is_err());
        assert!(proven.captcha(CaptchaVerdict::Stale).is_err());
        let right = proven.captcha(CaptchaVerdict::Right).unwrap();
        assert_eq!((right.account(), right.provisional()), (AccountId(1), Some(ProvisionalId(2))));
        assert!(proven.new_key("x11111111", "x11111111", "").is_err(), "contains the RUT");
    }
}
