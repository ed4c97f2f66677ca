//! Recovery of a key: N-REC-1, N-REC-2, N-REC-3 and their end; the same for migrants (M-REC) and companies (J-REC).
//!
//! ```text
//! Rut ──┬─ a question on file ──▶ Question ── right answer ─────────────────┐
//!       │                            │ “No recuerdo…”                         ▼
//!       └─ none on file ─────────▶ Serial ── valid document ──▶ Mail ─SI──▶ Captcha ──▶ KeySent
//!                                    │                           └NO▶ Contact ─┘
//!                                    └─ valid document, no account ──▶ NoAccount
//! ```
//!
//! A company comes to the serial by its legal representative, who is asked for in between and whom SII must name
//! ([`AskRepresentative`]).
//!
//! An account without a mail address stops after a right answer ([`StoppedRecovery`], A-MIN): it continues once there is an address,
//! or by the serial, which allows new contact data.

mod destination;
mod representative;
mod sent;

use serde::{Deserialize, Serialize};

use super::{AccountId, DocumentAnswer, DocumentRefused, Subject, Verdict};
use crate::field::{Field, FieldError, Reason};
use crate::identifier::Identifier;
use crate::kind::Kind;
use crate::question::SecretQuestion;
use crate::rut::Rut;

pub use destination::{ChooseMail, Destination, Grant, MaskedContact, Proof, Ready};
pub use representative::AskRepresentative;
pub use sent::{KeyOnScreen, KeySent};

/// The state of a recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recovery {
    /// RUT or NIE is asked for.
    Identify,
    /// The secret question is asked.
    Question(AskQuestion),
    /// The identity document is asked for: serial of the cédula, or number of a foreign document.
    Document(AskDocument),
    /// “Rut Representante Legal” of a company is asked for.
    Representative(AskRepresentative),
    /// A-MIN: the answer was right, and there is no address to send a key to.
    #[serde(rename = "missing")]
    MissingData(StoppedRecovery),
    /// “El email es correcto?”
    Mail(ChooseMail),
    /// New mail and mobile are typed (“Email Actual”, “Celular Actual”).
    Contact(ChooseMail),
    /// All is proven; the captcha is left.
    Captcha(Ready),
    /// The provisional key is on its way.
    Sent(KeySent),
    /// A person with a valid document has no account. Shown only after that proof.
    NoAccount,
}

/// What is known of an account when its RUT or NIE is typed, or what is pretended of one that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountSummary {
    /// The account, if there is one.
    pub account: Option<AccountId>,
    /// Its secret question, or the decoy of this RUT or NIE.
    pub question: Option<SecretQuestion>,
}

impl Recovery {
    /// The first transition: from a RUT or NIE to the question on file, or to the document.
    #[must_use]
    pub fn start(kind: Kind, identifier: Identifier, on_file: AccountSummary) -> Self {
        let subject = Subject { kind, identifier, account: on_file.account };
        match on_file.question {
            Some(question) => Self::Question(AskQuestion { subject, question }),
            None => subject.by_document(None),
        }
    }

    /// The account whose recovery this is, once it is proven to be.
    #[must_use]
    pub fn proven_account(&self) -> Option<AccountId> {
        match self {
            Self::Mail(state) | Self::Contact(state) => Some(state.account),
            Self::Captcha(ready) => Some(ready.account),
            Self::MissingData(missing) => Some(missing.account),
            _ => None,
        }
    }
}

impl Subject {
    /// The way by the identity document: a person's own, or that of the representative of a company, who is asked for first.
    fn by_document(self, question: Option<SecretQuestion>) -> Recovery {
        match self.kind {
            // No page leads a foreign facilitator here: the company asks again (F-REQ).
            Kind::Natural | Kind::Migrante | Kind::Facilitador => {
                Recovery::Document(AskDocument { subject: self, question, representative: None })
            }
            Kind::Juridica => Recovery::Representative(AskRepresentative { subject: self, question }),
        }
    }
}

/// The secret question is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskQuestion {
    subject: Subject,
    question: SecretQuestion,
}

impl AskQuestion {
    /// Whose key is being recovered.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The question: on file, or the decoy of this RUT.
    #[must_use]
    pub fn question(&self) -> SecretQuestion {
        self.question
    }

    /// N-REC-3: an answer was checked. Without an account no answer is right. `on_file` is the registered contact data;
    /// without a mail address the flow stops (A-MIN).
    ///
    /// # Errors
    /// The answer is wrong.
    pub fn answer(self, verdict: Verdict, on_file: MaskedContact) -> Result<Recovery, FieldError> {
        match (verdict, self.subject.account) {
            (Verdict::Right, Some(account)) => {
                Ok(StoppedRecovery { account, subject: self.subject, question: self.question }
                    .resume(on_file))
            }
            _ => Err(FieldError::new(Field::Answer, Reason::Wrong)),
        }
    }

    /// N-REC-2: “No recuerdo la respuesta a mi pregunta secreta”.
    #[must_use]
    pub fn forgotten(self) -> Recovery {
        self.subject.by_document(Some(self.question))
    }
}

/// A right answer, and no address on file. An answer alone does not allow new contact data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppedRecovery {
    account: AccountId,
    subject: Subject,
    question: SecretQuestion,
}

impl StoppedRecovery {
    /// The account that lacks something.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Resumes where the flow stopped, once there is an address in the registered contact data.
    #[must_use]
    pub fn resume(self, on_file: MaskedContact) -> Recovery {
        if on_file.mail.is_none() {
            return Recovery::MissingData(self);
        }
        let (proof, destination) = (Proof::Answer, Destination::Registered);
        Recovery::Captcha(Ready { account: self.account, proof, destination, on_file })
    }

    /// Continues by the identity document, which earns new contact data.
    #[must_use]
    pub fn by_document(self) -> Recovery {
        self.subject.by_document(Some(self.question))
    }
}

/// The identity document is asked for: of a RUT the serial of the cédula, of a NIE the number of the registered document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskDocument {
    subject: Subject,
    question: Option<SecretQuestion>,
    /// Of a company: whose cédula it is.
    representative: Option<Rut>,
}

impl AskDocument {
    /// Whose key is being recovered.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether a question was asked before, so that the person may go back and answer it after all.
    #[must_use]
    pub fn remembered(&self) -> Option<AskQuestion> {
        self.question.map(|question| AskQuestion { subject: self.subject.clone(), question })
    }

    /// Whose document it is: the person's own, or that of the representative.
    #[must_use]
    pub fn holder(&self) -> Identifier {
        self.representative.map_or_else(|| self.subject.identifier.clone(), Identifier::Rut)
    }

    /// The representative of a company.
    #[must_use]
    pub fn representative(&self) -> Option<Rut> {
        self.representative
    }

    /// N-REC-1, M-REC-1, J-REC-1: the document was checked. `on_file` is the registered contact data; without a
    /// mail address new contact data is asked for at once.
    ///
    /// # Errors
    /// [`DocumentRefused`].
    pub fn document(
        &self,
        answer: &DocumentAnswer,
        on_file: MaskedContact,
    ) -> Result<Recovery, DocumentRefused> {
        answer.proves()?;
        Ok(match self.subject.account {
            Some(account) => ChooseMail { account, on_file }.ask(),
            None => Recovery::NoAccount,
        })
    }
}

#[cfg(test)]
#[path = "recovery_tests.rs"]
mod tests;
