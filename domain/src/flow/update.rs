//! Update of address and contact data: N-UPD, M-UPD, V-UPD.
//!
//! ```text
//!             key (or, V-UPD, date of birth and mail)
//! Identify ──┬─ a question on file ──▶ Question ── right answer ──────────────────────┐
//!            │                           │ “No recuerdo…”                              ▼
//!            ├─ V-UPD, one missing ───▶ Document ── valid ──▶ Choose ── chosen ──▶ Form ── captcha ──▶ Done
//!            └─ none on file ──────────────────────────────────▲
//! ```
//!
//! A caller who may choose the question may later recover the key with it. So the identity document comes first where the key was
//! not shown (date of birth and mail are known to many), and where there is a question already.

mod form;

use serde::{Deserialize, Serialize};

use super::captcha::{CaptchaVerdict, captcha_passed};
use super::change::StoppedChange;
use super::contact::ContactProof;
use super::key::{KeyVerdict, only_the_key, refused};
use super::mail_check::CodeSent;
use super::{AccountId, DocumentAnswer, DocumentRefused, Verdict};
use crate::answer::SecretAnswer;
use crate::birth::BirthDate;
use crate::email::Email;
use crate::field::{Field, FieldError, Reason, checked};
use crate::identifier::Identifier;
use crate::kind::Kind;
use crate::question::SecretQuestion;

pub use form::{UpdateForm, UpdateInput};

/// The state of an update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Update {
    /// “Validar Datos”.
    Identify,
    /// The identity document is asked for, before a question may be chosen: V-UPD with no question on file, or an answer that
    /// was forgotten.
    Document(AskDocument),
    /// The secret question is asked.
    Question(AskQuestion),
    /// No question on file, or its answer is forgotten: question and answer are chosen.
    Choose(Choose),
    /// “Domicilio” and “Datos de Contacto”.
    Form(Opened),
    /// “Éxito”.
    Done(Done),
}

/// By what “Actualizar datos” knows who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpdateProof {
    /// “Rut”, “Clave Sence” (N-UPD).
    #[default]
    Key,
    /// “Rut”, “Fecha de Nacimiento”, “Email Registrado” (V-UPD).
    BirthDate,
}

/// An account that a proof has opened so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OpenedAccount {
    account: AccountId,
    identifier: Identifier,
    /// Whether an identity document was shown on the way.
    #[serde(default)]
    by_document: bool,
    /// The date of birth that was typed where none was on file: it counts once a document was shown.
    #[serde(default)]
    birth_date: Option<BirthDate>,
}

/// What the comparison of date of birth and mail found (V-UPD).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BirthDateVerdict {
    /// Both are those on file.
    Right,
    /// The mail is, and no date is on file. This is the one that was typed.
    NoDate(BirthDate),
    /// At least one is not, or there is no account.
    Wrong,
}

/// What an update changed, for the notice of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changed {
    /// The address where the person lives.
    pub address: bool,
    /// The mail address.
    pub email: bool,
    /// Mobile or other telephones.
    pub phones: bool,
    /// The secret question, or its answer.
    pub question: bool,
}

impl Changed {
    /// Whether anything changed.
    #[must_use]
    pub fn is_any(self) -> bool {
        self != Self::default()
    }
}

impl Update {
    /// N-UPD, M-UPD: RUT or NIE and key were checked; `question` is the one on file. Only the key itself counts: a
    /// provisional key can only set a new one. A company has no update.
    ///
    /// # Errors
    /// Why the key does not prove anything.
    pub fn by_key(
        kind: Kind,
        identifier: Identifier,
        verdict: &KeyVerdict,
        question: Option<SecretQuestion>,
    ) -> Result<Self, FieldError> {
        match *verdict {
            KeyVerdict::Key(account) if kind != Kind::Juridica => {
                Ok(OpenedAccount::new(account, identifier).asked(question))
            }
            _ => Err(only_the_key(refused(kind, verdict))),
        }
    }

    /// V-UPD: date of birth and mail were compared with those on file. Where no date is on file, as after a better proof than the
    /// registration's, the identity document takes its place.
    ///
    /// # Errors
    /// They are not those of the account, or there is none; the message never says which.
    pub fn by_birth_date(
        identifier: Identifier,
        account: Option<AccountId>,
        verdict: BirthDateVerdict,
        question: Option<SecretQuestion>,
    ) -> Result<Self, FieldError> {
        let owner = account.map(|account| OpenedAccount::new(account, identifier));
        match (owner, verdict) {
            (Some(owner), BirthDateVerdict::Right) if question.is_some() => Ok(owner.asked(question)),
            (Some(owner), BirthDateVerdict::Right) => {
                Ok(Self::Document(AskDocument { owner, replaces: None }))
            }
            (Some(owner), BirthDateVerdict::NoDate(date)) => {
                let owner = OpenedAccount { birth_date: Some(date), ..owner };
                Ok(Self::Document(AskDocument { owner, replaces: question }))
            }
            _ => Err(FieldError::new(Field::BirthDate, Reason::NotTheSame)),
        }
    }

    /// A-MIN: the change of a key stopped for missing data. Its proof, the key, counts here too.
    #[must_use]
    pub fn by_stopped_change(stopped: &StoppedChange, question: Option<SecretQuestion>) -> Self {
        OpenedAccount::new(stopped.account(), stopped.identifier().clone()).asked(question)
    }

    /// The account that is proven so far.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Identify => None,
            Self::Document(AskDocument { owner, .. })
            | Self::Question(AskQuestion { owner, .. })
            | Self::Choose(Choose { owner, .. })
            | Self::Form(Opened { owner, .. }) => Some(owner.account),
            Self::Done(done) => Some(done.account),
        }
    }

    /// The code that the last page takes, if a new address got one (A-MAIL).
    pub fn code(&mut self) -> Option<&mut CodeSent> {
        match self {
            Self::Done(done) => done.code.as_mut(),
            _ => None,
        }
    }
}

impl OpenedAccount {
    fn new(account: AccountId, identifier: Identifier) -> Self {
        Self { account, identifier, by_document: false, birth_date: None }
    }

    fn asked(self, question: Option<SecretQuestion>) -> Update {
        match question {
            Some(question) => Update::Question(AskQuestion { owner: self, question }),
            None => Update::Choose(Choose { owner: self, replaces: None }),
        }
    }
}

/// The identity document is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskDocument {
    owner: OpenedAccount,
    replaces: Option<SecretQuestion>,
}

impl AskDocument {
    /// Whose document.
    #[must_use]
    pub fn identifier(&self) -> &Identifier {
        &self.owner.identifier
    }

    /// Back to the question, if the answer comes to mind after all. Not where it takes the place of a date of birth.
    #[must_use]
    pub fn remembered(&self) -> Option<AskQuestion> {
        self.replaces
            .filter(|_| self.owner.birth_date.is_none())
            .map(|question| AskQuestion { owner: self.owner.clone(), question })
    }

    /// The document was checked.
    ///
    /// # Errors
    /// [`DocumentRefused`].
    pub fn document(&self, answer: &DocumentAnswer) -> Result<Update, DocumentRefused> {
        answer.proves()?;
        let owner = OpenedAccount { by_document: true, ..self.owner.clone() };
        Ok(Update::Choose(Choose { owner, replaces: self.replaces }))
    }
}

/// The secret question is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskQuestion {
    owner: OpenedAccount,
    question: SecretQuestion,
}

impl AskQuestion {
    /// Whose answer.
    #[must_use]
    pub fn identifier(&self) -> &Identifier {
        &self.owner.identifier
    }

    /// The question on file.
    #[must_use]
    pub fn question(&self) -> SecretQuestion {
        self.question
    }

    /// “No recuerdo la respuesta a mi pregunta secreta”: by the document, to another question.
    #[must_use]
    pub fn forgotten(self) -> Update {
        Update::Document(AskDocument { owner: self.owner, replaces: Some(self.question) })
    }

    /// The answer was checked.
    ///
    /// # Errors
    /// It is wrong.
    pub fn answer(&self, verdict: Verdict) -> Result<Update, FieldError> {
        match verdict {
            Verdict::Right => Ok(Update::Form(Opened { owner: self.owner.clone(), chosen: None })),
            Verdict::Wrong => Err(FieldError::new(Field::Answer, Reason::Wrong)),
        }
    }
}

/// Question and answer are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choose {
    owner: OpenedAccount,
    replaces: Option<SecretQuestion>,
}

/// A question that was chosen, and the hash of its answer: written with the rest, or not at all.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The question.
    pub question: SecretQuestion,
    /// argon2 hash of the folded answer.
    pub answer_hash: String,
    /// The question whose answer was forgotten; none where none was on file.
    pub replaces: Option<SecretQuestion>,
}

impl std::fmt::Debug for Chosen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chosen(…)")
    }
}

impl Choose {
    /// RUT or NIE of the account.
    #[must_use]
    pub fn identifier(&self) -> &Identifier {
        &self.owner.identifier
    }

    /// Reads question and answer.
    ///
    /// # Errors
    /// Each field that is missing or wrong.
    pub fn parse(question: &str, answer: &str) -> Result<(SecretQuestion, SecretAnswer), Vec<FieldError>> {
        let mut errors = Vec::new();
        let question = SecretQuestion::parse(question).map_err(|_| Reason::Missing);
        let question = checked(Field::Question, question, &mut errors);
        let answer = checked(Field::Answer, SecretAnswer::parse(answer), &mut errors);
        question.zip(answer).ok_or(errors)
    }

    /// Whether an answer was forgotten, so that this question takes the place of another.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.replaces.is_some()
    }

    /// Question and answer were chosen; `answer_hash` is an argon2 hash.
    #[must_use]
    pub fn chosen(self, question: SecretQuestion, answer_hash: String) -> Update {
        let chosen = Chosen { question, answer_hash, replaces: self.replaces };
        Update::Form(Opened { owner: self.owner, chosen: Some(chosen) })
    }
}

/// Everything is proven: the data is shown, and may be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    owner: OpenedAccount,
    chosen: Option<Chosen>,
}

impl Opened {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.owner.account
    }

    /// Whether a question was chosen on the way here.
    #[must_use]
    pub fn has_new_question(&self) -> bool {
        self.chosen.is_some()
    }

    /// The captcha was checked.
    ///
    /// # Errors
    /// It was wrong or stale.
    pub fn captcha(&self, verdict: CaptchaVerdict) -> Result<Save, FieldError> {
        captcha_passed(verdict)?;
        let OpenedAccount { account, ref identifier, by_document, birth_date } = self.owner;
        let birth_date = birth_date.filter(|_| by_document);
        let identifier = identifier.clone();
        Ok(Save { account, identifier, chosen: self.chosen.clone(), by_document, birth_date })
    }
}

/// The right to change the data of an account once: only [`Opened::captcha`] gives it.
#[derive(Debug)]
pub struct Save {
    account: AccountId,
    identifier: Identifier,
    chosen: Option<Chosen>,
    by_document: bool,
    birth_date: Option<BirthDate>,
}

impl Save {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Who proves the contact data that is saved, where it was `before`, and whether it changed. The whole of it was on the page.
    /// `checked` says that a registry checks documents of this kind: a number that was compared with the registered one proves no
    /// identity to those who come later.
    #[must_use]
    pub fn contact_proof(&self, before: ContactProof, changed: bool, checked: bool) -> ContactProof {
        match (self.by_document && checked, changed) {
            (true, _) => ContactProof::Proven,
            (false, true) => before.changed(),
            (false, false) => before,
        }
    }

    /// The date of birth to put on file: a document came with it, and there was none.
    #[must_use]
    pub fn birth_date(&self) -> Option<BirthDate> {
        self.birth_date
    }

    /// The question that was chosen, where none was on file or its answer was forgotten.
    #[must_use]
    pub fn chosen(&self) -> Option<&Chosen> {
        self.chosen.as_ref()
    }

    /// The end of the flow; `new` is the address that gets a code, if one does.
    #[must_use]
    pub fn done(self, changed: bool, by_sms: bool, new: Option<Email>) -> Update {
        let code = new.map(|email| CodeSent::new(self.identifier, email));
        Update::Done(Done { account: self.account, changed, by_sms, code })
    }
}

/// What the last page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    account: AccountId,
    /// Whether anything was other than before.
    pub changed: bool,
    /// Whether an SMS goes out as well as the mail.
    pub by_sms: bool,
    /// The code in the mail to a new address (A-MAIL).
    #[serde(default)]
    pub code: Option<CodeSent>,
}

#[cfg(test)]
#[path = "update_tests.rs"]
mod tests;
