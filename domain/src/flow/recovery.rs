//! Recovery of a key: N-REC-1, N-REC-2, N-REC-3 and their end; the same for migrants (M-REC) and companies (J-REC).
//!
//! ```text
//! Rut ──┬─ a question on file ──▶ Question ── right answer ─────────────────┐
//!       │                            │ “No recuerdo…”                         ▼
//!       └─ none on file ─────────▶ Serial ── valid document ──▶ Mail ─SI──▶ Captcha ──▶ Sent
//!                                    │                           └NO▶ Contact ─┘
//!                                    └─ valid document, no account ──▶ NoAccount
//! ```
//!
//! A company comes to the serial by its legal representative, who is asked for in between and whom SII must name
//! ([`AskRepresentative`]).
//!
//! An account without a mail address stops after a right answer ([`Missing`], A-MIN): once the address is there it goes on,
//! or it goes on by the serial, which earns new contact data.

use serde::{Deserialize, Serialize};

use super::change::ProvisionalId;
use super::{
    AccountId, CaptchaVerdict, DocumentAnswer, DocumentRefused, RepresentativeRefused, Subject, TaxAnswer,
    Verdict,
};
use crate::email::Email;
use crate::field::{Field, FieldError, Reason, checked};
use crate::identifier::Identifier;
use crate::kind::Kind;
use crate::phone::Mobile;
use crate::question::SecretQuestion;
use crate::rut::Rut;

/// Where a recovery stands.
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
    Missing(Missing),
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

/// What is known of an account when its RUT or NIE is typed, or what is pretended of one that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnFile {
    /// The account, if there is one.
    pub account: Option<AccountId>,
    /// Its secret question, or the decoy of this RUT or NIE.
    pub question: Option<SecretQuestion>,
}

impl Recovery {
    /// The first transition: from a RUT or NIE to the question on file, or to the document.
    #[must_use]
    pub fn start(kind: Kind, identifier: Identifier, on_file: OnFile) -> Self {
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
            Self::Missing(missing) => Some(missing.account),
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

/// “Rut Representante Legal” is asked for (J-REC-1, J-REC-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskRepresentative {
    subject: Subject,
    question: Option<SecretQuestion>,
}

impl AskRepresentative {
    /// The company.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether a question was asked before, so that the person may go back and answer it after all.
    #[must_use]
    pub fn remembered(&self) -> Option<AskQuestion> {
        self.question.map(|question| AskQuestion { subject: self.subject.clone(), question })
    }

    /// SII answered. The one who counts is the one whom SII names today, whoever is on file.
    ///
    /// # Errors
    /// [`RepresentativeRefused`].
    pub fn representative(&self, rut: Rut, answer: &TaxAnswer) -> Result<Recovery, RepresentativeRefused> {
        answer.represents()?;
        Ok(Recovery::Document(AskDocument {
            subject: self.subject.clone(),
            question: self.question,
            representative: Some(rut),
        }))
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

    /// N-REC-3: an answer was checked. Without an account no answer is right. `mail` is the registered address, masked;
    /// without one the flow stops (A-MIN).
    ///
    /// # Errors
    /// The answer is wrong.
    pub fn answer(self, verdict: Verdict, mail: Option<String>) -> Result<Recovery, FieldError> {
        match (verdict, self.subject.account) {
            (Verdict::Right, Some(account)) => {
                Ok(Missing { account, subject: self.subject, question: self.question }.resume(mail))
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

/// A right answer, and no address on file. An answer alone earns no new contact data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    account: AccountId,
    subject: Subject,
    question: SecretQuestion,
}

impl Missing {
    /// The account that lacks something.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Goes on where the flow stopped, once there is an address: `mail` is the registered one, masked.
    #[must_use]
    pub fn resume(self, mail: Option<String>) -> Recovery {
        match mail {
            Some(mail) => Recovery::Captcha(Ready {
                account: self.account,
                proof: Proof::Answer,
                destination: Destination::Registered,
                mail: Some(mail),
            }),
            None => Recovery::Missing(self),
        }
    }

    /// Goes on by the identity document, which earns new contact data.
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

    /// N-REC-1, M-REC-1, J-REC-1: the document was checked. `mail` is the registered address, masked; without one the contact data
    /// is asked for at once.
    ///
    /// # Errors
    /// [`DocumentRefused`].
    pub fn document(
        &self,
        answer: &DocumentAnswer,
        mail: Option<String>,
    ) -> Result<Recovery, DocumentRefused> {
        answer.proves()?;
        Ok(match self.subject.account {
            Some(account) => {
                let state = ChooseMail { account, mail };
                if state.mail.is_some() { Recovery::Mail(state) } else { Recovery::Contact(state) }
            }
            None => Recovery::NoAccount,
        })
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
        Recovery::Captcha(Ready {
            account: self.account,
            proof: Proof::Document,
            destination,
            mail: self.mail,
        })
    }
}

/// Contact data given during recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// “Email Actual”.
    pub email: Email,
    /// “Celular Actual”; a company is written to by mail only.
    pub mobile: Option<Mobile>,
}

impl NewContact {
    /// Reads what a kind is asked for.
    ///
    /// # Errors
    /// Each field that is missing or wrong.
    pub fn parse(kind: Kind, email: &str, mobile: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let email = checked(Field::Email, Email::parse(email), &mut errors);
        let mobile = match kind {
            Kind::Juridica | Kind::Facilitador => Some(None),
            Kind::Natural | Kind::Migrante => {
                checked(Field::Mobile, Mobile::parse(mobile), &mut errors).map(Some)
            }
        };
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
    /// By the identity document.
    Document,
}

/// Where the provisional key goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Destination {
    /// The contact data on file.
    Registered,
    /// New contact data; the old is told too. Only a document earns it.
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

    /// Back to the choice of the address, for whoever proved it by a document.
    #[must_use]
    pub fn choose_again(&self) -> Option<ChooseMail> {
        (self.proof == Proof::Document).then(|| ChooseMail { account: self.account, mail: self.mail.clone() })
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
    pub fn sent(self, sent: Sent) -> Recovery {
        Recovery::Sent(sent)
    }
}

/// N-REC-END: what the last page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Whether an SMS goes out as well as the mail (a person may have no mobile).
    pub by_sms: bool,
    /// Whether it goes to an address that was given on the way, and is not the registered one.
    #[serde(default)]
    pub to_new: bool,
    /// Until when the provisional key works, in milliseconds since 1970 (V-TTL).
    pub until: i64,
    /// The provisional key, where the configuration has it shown on the screen (V-SHOW).
    pub shown: Option<Shown>,
}

/// A provisional key to be shown, as long as it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Which one it is.
    pub id: ProvisionalId,
    /// The key, sealed.
    pub sealed: String,
}

#[cfg(test)]
#[path = "recovery_tests.rs"]
mod tests;
