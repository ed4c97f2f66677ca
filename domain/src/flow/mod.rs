//! The flows as state machines over plain values.
//!
//! A state carries the proofs that earned it: the fields of a state are private, its constructors too, so the only
//! way to a state is the transition that checks its proof. What a transition needs from outside (was the answer
//! right, what did Registro Civil say) is a closed enum that `backend` fills
//! (docs/decisions/0009).

mod captcha;
pub mod change;
#[cfg(test)]
mod change_orders;
pub mod contact;
mod document;
pub mod key;
pub mod mail_check;
pub mod recovery;
pub mod registration;
pub mod request;
pub mod sign_in;
mod tax;
pub mod update;

use serde::{Deserialize, Serialize};

use crate::field::FieldError;
use crate::identifier::Identifier;
use crate::kind::Kind;

pub use captcha::{CaptchaVerdict, captcha_passed};
pub use document::{CivilAnswer, DocumentAnswer, DocumentRefused, ForeignAnswer, document_field};
pub use tax::{Representative, RepresentativeRefused, TaxAnswer};

/// The number of an account in the store. Random, so that it reveals neither age nor number of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccountId(pub i64);

/// The person or company of a flow: kind, RUT or NIE, and the account, if there is one.
///
/// A subject without an account goes through the same steps with decoys (docs/security.md#abuse-and-enumeration).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Kind of holder.
    pub kind: Kind,
    /// What was typed.
    pub identifier: Identifier,
    /// The account that it has.
    pub account: Option<AccountId>,
}

/// What the check of a secret found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the right one.
    Right,
    /// It is not.
    Wrong,
}

/// What a page has to say above its form, beyond the errors of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// Fifteen minutes went by; the flow starts again.
    Expired,
    /// Fifteen minutes went by; the form that came is filled in again, and may be sent again.
    ExpiredForm,
    /// Another tab began again with something else, and this page no longer counts.
    OtherTab,
    /// Registro Civil did not answer: nothing is lost, try later.
    RegistryDown,
    /// SII did not answer: nothing is lost, try later.
    TaxRegistryDown,
    /// The registry of foreign documents did not answer: nothing is lost, try later.
    ForeignRegistryDown,
    /// Too many tries; the wait in whole minutes, rounded up.
    Wait {
        /// Minutes until the next try counts.
        minutes: u32,
    },
    /// Too many tries with the answer: wait, or go on by the serial.
    WaitOrSerial {
        /// Minutes until the next try counts.
        minutes: u32,
    },
    /// The same for a persona migrante: wait, or go on by the number of the identity document.
    WaitOrDocument {
        /// Minutes until the next try counts.
        minutes: u32,
    },
    /// Too many tries that others have caused: the letters of a captcha, which the page asks for, stand in for the wait.
    WaitOrLetters {
        /// Minutes until the next try counts without letters.
        minutes: u32,
        /// Whose identifier was tried; none where so much came from the caller's network.
        of: Option<Kind>,
    },
    /// From the caller's address so many identities were looked up that no question is shown for now; the document is asked for.
    DocumentForNow {
        /// Minutes until the question is shown again.
        minutes: u32,
    },
    /// So many messages were caused from the caller's network in the last hour that a key by the answer is not sent.
    ManyMessages,
    /// As many wrong keys were typed for this identifier today as a day allows: a known browser or the document is needed.
    UseDocument,
    /// As many keys were sent to this account today as a day allows.
    DailyCap,
    /// Key or answer have set as many keys of this account as a day allows.
    KeysToday,
    /// A-MIN: what was missing is missing still.
    StillMissing,
    /// A new captcha was asked for; what is never sent back and is not kept must be typed again.
    NewCaptcha,
    /// Another RUT or NIE was typed than the one for which answer and key were kept: both must be typed again.
    OtherIdentity {
        /// Of which kind.
        of: Kind,
    },
    /// L-PAGE: another code was sent, and the one before counts no longer.
    NewCode,
    /// L-PAGE: no more codes are sent to that mailbox for now; the last one still counts.
    CodesToday,
    /// Too many people at once; try again in a minute.
    Busy,
    /// F-REQ: the company has as many open requests as it may.
    MostRequests,
    /// F-REQ: as many files of the company wait for a request as may.
    MostFiles,
    /// F-REQ: the form that is to be signed came back as it was handed out. Only an officer says whether a paper will do.
    Unsigned,
}

/// What to say on the page of a step: errors beside the fields, and at most one notice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// Errors, in the order of the form.
    pub errors: Vec<FieldError>,
    /// The notice, if there is one.
    pub notice: Option<Notice>,
}

impl Feedback {
    /// How many minutes pass before a try counts again, where its page has to say so and letters do not stand in for it.
    #[must_use]
    pub fn wait(&self) -> Option<u32> {
        match self.notice {
            Some(
                Notice::Wait { minutes }
                | Notice::WaitOrSerial { minutes }
                | Notice::WaitOrDocument { minutes },
            ) => Some(minutes),
            _ => None,
        }
    }
}

impl From<Vec<FieldError>> for Feedback {
    fn from(errors: Vec<FieldError>) -> Self {
        Self { errors, notice: None }
    }
}

impl From<FieldError> for Feedback {
    fn from(error: FieldError) -> Self {
        vec![error].into()
    }
}

impl From<Notice> for Feedback {
    fn from(notice: Notice) -> Self {
        Self { errors: Vec::new(), notice: Some(notice) }
    }
}

/// How each flow is tried with random orders of its steps: 100,000 of them, or as many as `PROPTEST_CASES` names.
#[cfg(test)]
pub(crate) fn orders() -> proptest::test_runner::Config {
    let named = proptest::test_runner::Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { named.cases } else { 100_000 };
    proptest::test_runner::Config { cases, ..named }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Field, Reason};

    #[test]
    fn a_page_says_what_was_found() {
        let error = FieldError::new(Field::Rut, Reason::Missing);
        let errors = Feedback { errors: vec![error], notice: None };
        assert_eq!(Feedback::from(error), errors);
        assert_eq!(Feedback::from(vec![error]), errors);
        let notice = Feedback { errors: Vec::new(), notice: Some(Notice::Expired) };
        assert_eq!(Feedback::from(Notice::Expired), notice);
    }
}
