//! Keys in the flows: the verdict on the key that was typed, and the new key that is set.

use serde::{Deserialize, Serialize};

use super::AccountId;
use crate::clave::NewKey;
use crate::field::{Field, FieldError, Reason, checked};
use crate::identifier::Identifier;
use crate::kind::Kind;
use crate::text::composed;

/// What the check of RUT or NIE and key found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyVerdict {
    /// The key of this account.
    Key(AccountId),
    /// A provisional key that may still be used.
    Provisional(AccountId, ProvisionalId),
    /// Correct, but expired.
    Expired,
    /// Correct, but already used, or replaced by a newer one.
    Spent,
    /// Neither, or no such account.
    Wrong,
}

/// The number of a provisional key in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionalId(pub i64);

/// Why a key does not prove anything. `Expired` and `Spent` are shown only after a correct key.
pub(crate) fn refused(kind: Kind, verdict: &KeyVerdict) -> FieldError {
    let reason = match (verdict, kind) {
        (KeyVerdict::Expired, Kind::Facilitador) => Reason::ExpiredAskCompany,
        (KeyVerdict::Spent, Kind::Facilitador) => Reason::SpentAskCompany,
        (KeyVerdict::Expired, _) => Reason::Expired,
        (KeyVerdict::Spent, _) => Reason::Spent,
        (KeyVerdict::Provisional(..), _) => Reason::OnlyToChange,
        (KeyVerdict::Key(_) | KeyVerdict::Wrong, kind) => wrong(kind),
    };
    FieldError::new(Field::CurrentKey, reason)
}

/// That key and identifier do not belong together; for a company the message does not say whether key, RUT or representative is wrong.
#[must_use]
pub fn wrong(kind: Kind) -> Reason {
    match kind {
        Kind::Natural => Reason::Wrong,
        Kind::Migrante => Reason::WrongForNie,
        Kind::Juridica => Reason::WrongForCompany,
        Kind::Facilitador => Reason::WrongForDocument,
    }
}

/// The same where only the key itself counts: what is said does not speak of provisional ones.
#[must_use]
pub fn only_the_key(error: FieldError) -> FieldError {
    let reason = match (error.field, error.reason) {
        (Field::CurrentKey, Reason::Wrong) => Reason::NotTheKey,
        (Field::CurrentKey, Reason::WrongForNie) => Reason::NotTheKeyOfNie,
        (_, reason) => reason,
    };
    FieldError { reason, ..error }
}

/// Whether a key, typed twice, may be set as it is: then it is kept while the rest of the form is corrected.
#[must_use]
pub fn is_new_key(key: &str, again: &str, owner: Option<&Identifier>, names: &str) -> bool {
    new_key(key, again, owner, names, &mut Vec::new()).is_some()
}

/// Reads a new key typed twice.
pub(super) fn new_key(
    key: &str,
    again: &str,
    owner: Option<&Identifier>,
    names: &str,
    errors: &mut Vec<FieldError>,
) -> Option<NewKey> {
    let key_read = checked(Field::NewKey, NewKey::parse(key, owner, names), errors);
    if again.is_empty() {
        errors.push(FieldError::new(Field::NewKeyAgain, Reason::Missing));
        return None;
    }
    if composed(key) != composed(again) {
        errors.push(FieldError::new(Field::NewKeyAgain, Reason::Mismatch));
        return None;
    }
    key_read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_typed_again_is_the_same_in_every_way_that_unicode_writes_it() {
        let read = |again: &str| {
            let mut errors = Vec::new();
            new_key("ñandú7xq", again, None, "", &mut errors).map(|key| key.expose().to_owned()).ok_or(errors)
        };
        assert_eq!(read("n\u{303}andu\u{301}7xq").as_deref(), Ok("ñandú7xq"));
        assert_eq!(read("nandú7xq"), Err(vec![FieldError::new(Field::NewKeyAgain, Reason::Mismatch)]));
    }
}
