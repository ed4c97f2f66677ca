//! How the events of the audit came out.

use domain::flow::request::UploadPurpose;

/// How an event came out: a closed set of words, never a value that somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was done with a proof of identity.
    ByIdentity,
    /// A proof was right.
    Right,
    /// A proof was wrong.
    Wrong,
    /// The key of the account.
    Key,
    /// A valid provisional key.
    Provisional,
    /// A provisional key that has expired.
    Expired,
    /// A provisional key that was used or replaced.
    Spent,
    /// Registro Civil: the valid document of this person.
    Valid,
    /// Registro Civil: no longer valid.
    NotValid,
    /// Registro Civil: blocked.
    Blocked,
    /// Registro Civil: no such RUN and serial.
    NoSuchData,
    /// A registry did not answer.
    TechnicalFailure,
    /// SII: the person represents the company.
    Represents,
    /// SII: the person does not represent the company.
    DoesNot,
    /// SII: no such company.
    NoSuchCompany,
    /// Sent to the contact data on file.
    ToRegisteredContact,
    /// Sent to contact data that was typed.
    ToNewContact,
    /// Not sent: as many keys as a day allows were sent.
    DailyCap,
    /// A message was left out: the recipient has as many of its kind as a day allows.
    RecipientCap,
    /// A message was left out: the caller's network has caused as many as an hour allows.
    SenderCap,
    /// An SMS was left out: the budget of this hour is spent.
    SmsBudget,
    /// The form equals what is on file.
    NothingChanged,
    /// Refused: a request, or the registration of an existing account.
    Refused,
    /// A request was granted.
    Granted,
    /// The account of a facilitator was made by the grant.
    NewAccount,
    /// The facilitator of the grant already had an account.
    ExistingAccount,
    /// Not granted: the account is not the one that the officer saw.
    AccountChanged,
    /// Not decided: this officer may only read.
    ReadOnly,
    /// Not decided: another officer was faster.
    DecidedBefore,
    /// A request was filed. Earlier versions wrote this; now it is `Done`.
    Filed,
    /// A request was shown.
    Seen,
    /// The “Declaración Jurada” was opened.
    Declaration,
    /// The identity document was opened.
    Document,
    /// Sign-in: no officer has this name.
    Unknown,
    /// Sign-in: the officer is disabled; or the command that disables one.
    Disabled,
    /// Sign-in: wrong key.
    WrongKey,
    /// Sign-in: wrong code.
    WrongCode,
    /// Sign-in: the code was used before.
    CodeSpent,
    /// The officer signed out.
    SignedOut,
    /// An officer was added.
    Added,
    /// An officer was added who may only read.
    AddedReadOnly,
    /// An officer got a new key and a new second factor.
    Reset,
    /// A sign-in by a session, for which nobody was asked.
    Silently,
    /// A system got a further secret.
    NewSecret,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 45] = [
        Self::Done,
        Self::ByIdentity,
        Self::Right,
        Self::Wrong,
        Self::Key,
        Self::Provisional,
        Self::Expired,
        Self::Spent,
        Self::Valid,
        Self::NotValid,
        Self::Blocked,
        Self::NoSuchData,
        Self::TechnicalFailure,
        Self::Represents,
        Self::DoesNot,
        Self::NoSuchCompany,
        Self::ToRegisteredContact,
        Self::ToNewContact,
        Self::DailyCap,
        Self::RecipientCap,
        Self::SenderCap,
        Self::SmsBudget,
        Self::NothingChanged,
        Self::Refused,
        Self::Granted,
        Self::NewAccount,
        Self::ExistingAccount,
        Self::AccountChanged,
        Self::ReadOnly,
        Self::DecidedBefore,
        Self::Filed,
        Self::Seen,
        Self::Declaration,
        Self::Document,
        Self::Unknown,
        Self::Disabled,
        Self::WrongKey,
        Self::WrongCode,
        Self::CodeSpent,
        Self::SignedOut,
        Self::Added,
        Self::AddedReadOnly,
        Self::Reset,
        Self::Silently,
        Self::NewSecret,
    ];

    /// The word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::ByIdentity => "by-identity",
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Key => "key",
            Self::Provisional => "provisional",
            Self::Expired => "expired",
            Self::Spent => "spent",
            Self::Valid => "valid",
            Self::NotValid => "not-valid",
            Self::Blocked => "blocked",
            Self::NoSuchData => "no-such-data",
            Self::TechnicalFailure => "technical-failure",
            Self::Represents => "represents",
            Self::DoesNot => "does-not",
            Self::NoSuchCompany => "no-such-company",
            Self::ToRegisteredContact => "to-registered-contact",
            Self::ToNewContact => "to-new-contact",
            Self::DailyCap => "daily-cap",
            Self::RecipientCap => "recipient-cap",
            Self::SenderCap => "sender-cap",
            Self::SmsBudget => "sms-budget",
            Self::NothingChanged => "nothing-changed",
            Self::Refused => "refused",
            Self::Granted => "granted",
            Self::NewAccount => "new-account",
            Self::ExistingAccount => "existing-account",
            Self::AccountChanged => "account-changed",
            Self::ReadOnly => "read-only",
            Self::DecidedBefore => "decided-before",
            Self::Filed => "filed",
            Self::Seen => "seen",
            Self::Declaration => "declaracion",
            Self::Document => "documento",
            Self::Unknown => "unknown",
            Self::Disabled => "disabled",
            Self::WrongKey => "wrong-key",
            Self::WrongCode => "wrong-code",
            Self::CodeSpent => "code-spent",
            Self::SignedOut => "signed-out",
            Self::Added => "added",
            Self::AddedReadOnly => "added-read-only",
            Self::Reset => "reset",
            Self::Silently => "silently",
            Self::NewSecret => "new-secret",
        }
    }

    /// The outcome of a stored word; none for a word that this version does not write.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

impl From<UploadPurpose> for Outcome {
    fn from(purpose: UploadPurpose) -> Self {
        match purpose {
            UploadPurpose::Declaration => Self::Declaration,
            UploadPurpose::Document => Self::Document,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_word_is_read_back() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.word()), Some(outcome));
        }
        assert_eq!(Outcome::parse("of-an-older-version"), None);
        for purpose in UploadPurpose::ALL {
            assert_eq!(Outcome::from(purpose).word(), purpose.id());
        }
    }
}
