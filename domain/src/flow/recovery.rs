//! Recovery of a key: N-REC-1, N-REC-2, N-REC-3 and their end.
//!
//! ```text
//! Rut ──┬─ a question on file ──▶ Question ── right answer ─────────────────┐
//!       │                            │ “No recuerdo…”                         ▼
//!       └─ none on file ─────────▶ Serial ── valid document ──▶ Mail ─SI──▶ Captcha ──▶ Sent
//!                                    │                           └NO▶ Contact ─┘
//!                                    └─ valid document, no account ──▶ NoAccount
//! ```

use serde::{Deserialize, Serialize};

use super::{AccountId, CaptchaVerdict, CivilAnswer, Subject, Verdict};
use crate::email::Email;
use crate::field::{Field, FieldError, Reason, checked};
use crate::phone::Mobile;
use crate::question::SecretQuestion;
use crate::rut::Rut;

/// Where a recovery stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recovery {
    /// The RUT is asked for.
    Rut,
    /// The secret question is asked.
    Question(AskQuestion),
    /// The document serial is asked for.
    Serial(AskSerial),
    /// “El email es correcto?”
    Mail(ChooseMail),
    /// “Email Actual”, “Celular Actual”.
    Contact(ChooseMail),
    /// All is proven; the captcha is left.
    Captcha(Ready),
    /// The provisional key is on its way.
    Sent(Sent),
    /// A person with a valid document has no account. Told only after that proof.
    NoAccount,
}

/// What is known of an account when its RUT is typed, or what is pretended of one that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnFile {
    /// The account, if there is one.
    pub account: Option<AccountId>,
    /// Its secret question, or the decoy of this RUT.
    pub question: Option<SecretQuestion>,
}

impl Recovery {
    /// The first transition: from a RUT to the question on file, or to the serial.
    #[must_use]
    pub fn start(rut: Rut, on_file: OnFile) -> Self {
        let subject = Subject { rut, account: on_file.account };
        match on_file.question {
            Some(question) => Self::Question(AskQuestion { subject, question }),
            None => Self::Serial(AskSerial { subject, question: None }),
        }
    }

    /// The account whose recovery this is, once it is proven to be.
    #[must_use]
    pub fn proven_account(&self) -> Option<AccountId> {
        match self {
            Self::Mail(state) | Self::Contact(state) => Some(state.account),
            Self::Captcha(ready) => Some(ready.account),
            _ => None,
        }
    }
}

/// The secret question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskQuestion {
    subject: Subject,
    question: SecretQuestion,
}

impl AskQuestion {
    /// The RUT that is being recovered.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The question: on file, or the decoy of this RUT.
    #[must_use]
    pub fn question(&self) -> SecretQuestion {
        self.question
    }

    /// N-REC-3: an answer was checked. Without an account no answer is right. `mail` is the registered address, masked.
    ///
    /// # Errors
    /// The answer is wrong.
    pub fn answer(self, verdict: Verdict, mail: Option<String>) -> Result<Recovery, FieldError> {
        match (verdict, self.subject.account) {
            (Verdict::Right, Some(account)) => Ok(Recovery::Captcha(Ready {
                account,
                proof: Proof::Answer,
                destination: Destination::Registered,
                mail,
            })),
            _ => Err(FieldError::new(Field::Answer, Reason::Wrong)),
        }
    }

    /// N-REC-2: “No recuerdo la respuesta a mi pregunta secreta”.
    #[must_use]
    pub fn forgotten(self) -> Recovery {
        Recovery::Serial(AskSerial { subject: self.subject, question: Some(self.question) })
    }
}

/// The document serial is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskSerial {
    subject: Subject,
    question: Option<SecretQuestion>,
}

/// Why a serial does not lead on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SerialRefused {
    /// It is not the valid document of this RUN, or the document is blocked.
    Field(FieldError),
    /// The registry could not say. It does not count as a try.
    RegistryDown,
}

impl AskSerial {
    /// The RUT that is being recovered.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// Whether a question was asked before, so that the person may go back and answer it after all.
    #[must_use]
    pub fn remembered(self) -> Option<AskQuestion> {
        self.question.map(|question| AskQuestion { subject: self.subject, question })
    }

    /// N-REC-1: Registro Civil answered. `mail` is the registered address, masked; without one the contact data
    /// is asked for at once.
    ///
    /// # Errors
    /// [`SerialRefused`].
    pub fn serial(self, answer: &CivilAnswer, mail: Option<String>) -> Result<Recovery, SerialRefused> {
        let wrong = |reason| Err(SerialRefused::Field(FieldError::new(Field::Serial, reason)));
        match (answer, self.subject.account) {
            (CivilAnswer::Valid { .. }, Some(account)) => {
                let state = ChooseMail { account, mail };
                Ok(if state.mail.is_some() { Recovery::Mail(state) } else { Recovery::Contact(state) })
            }
            (CivilAnswer::Valid { .. }, None) => Ok(Recovery::NoAccount),
            (CivilAnswer::NotValid | CivilAnswer::NoSuchData, _) => wrong(Reason::Wrong),
            (CivilAnswer::Blocked, _) => wrong(Reason::Blocked),
            (CivilAnswer::TechnicalFailure, _) => Err(SerialRefused::RegistryDown),
        }
    }
}

/// The document was right: where shall the key go?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseMail {
    account: AccountId,
    mail: Option<String>,
}

impl ChooseMail {
    /// The registered address, masked; none when the account has none.
    #[must_use]
    pub fn masked(&self) -> Option<&str> {
        self.mail.as_deref()
    }

    /// “SI”: to the registered address. Without one there is nothing to confirm, and the contact data is asked for.
    #[must_use]
    pub fn confirmed(self) -> Recovery {
        if self.mail.is_none() {
            return Recovery::Contact(self);
        }
        self.ready(Destination::Registered)
    }

    /// “NO”: other contact data is asked for.
    #[must_use]
    pub fn denied(self) -> Recovery {
        Recovery::Contact(self)
    }

    /// “Email Actual” and “Celular Actual” were given.
    #[must_use]
    pub fn contact(self, contact: NewContact) -> Recovery {
        self.ready(Destination::New(contact))
    }

    fn ready(self, destination: Destination) -> Recovery {
        Recovery::Captcha(Ready { account: self.account, proof: Proof::Serial, destination, mail: self.mail })
    }
}

/// Contact data given during recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// “Email Actual”.
    pub email: Email,
    /// “Celular Actual”.
    pub mobile: Mobile,
}

impl NewContact {
    /// Reads both fields.
    ///
    /// # Errors
    /// Each field that is missing or wrong.
    pub fn parse(email: &str, mobile: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let email = checked(Field::Email, Email::parse(email), &mut errors);
        let mobile = checked(Field::Mobile, Mobile::parse(mobile), &mut errors);
        match (email, mobile) {
            (Some(email), Some(mobile)) => Ok(Self { email, mobile }),
            _ => Err(errors),
        }
    }
}

/// How a person proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// By the answer to the secret question.
    Answer,
    /// By the serial of the cédula.
    Serial,
}

/// Where the provisional key goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Destination {
    /// The contact data on file.
    Registered,
    /// New contact data; the old is told too. Only a serial earns it.
    New(NewContact),
}

/// All is proven; the captcha is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    account: AccountId,
    proof: Proof,
    destination: Destination,
    mail: Option<String>,
}

impl Ready {
    /// Where the key will go.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The registered address, masked; none when the account has none.
    #[must_use]
    pub fn masked(&self) -> Option<&str> {
        self.mail.as_deref()
    }

    /// Back to the choice of the address, for whoever proved it by the serial.
    #[must_use]
    pub fn choose_again(&self) -> Option<ChooseMail> {
        (self.proof == Proof::Serial).then(|| ChooseMail { account: self.account, mail: self.mail.clone() })
    }

    /// The captcha was checked.
    ///
    /// # Errors
    /// It was wrong or stale; a new one must be drawn.
    pub fn captcha(&self, verdict: CaptchaVerdict) -> Result<Grant, FieldError> {
        super::registration::captcha_passed(verdict)?;
        Ok(Grant { account: self.account, proof: self.proof, destination: self.destination.clone() })
    }
}

/// The right to one provisional key. It cannot be stored, copied or read from anywhere: only [`Ready::captcha`]
/// gives it, and sending spends it.
#[derive(Debug)]
pub struct Grant {
    account: AccountId,
    proof: Proof,
    destination: Destination,
}

impl Grant {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// What earned it.
    #[must_use]
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// Where the key goes.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The end of the flow, once the messages are written.
    #[must_use]
    pub fn sent(self, by_sms: bool) -> Recovery {
        Recovery::Sent(Sent { by_sms })
    }
}

/// N-REC-END: what the last page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Whether an SMS goes out as well as the mail (a person may have no mobile).
    pub by_sms: bool,
}

#[cfg(test)]
#[path = "recovery_tests.rs"]
mod tests;
