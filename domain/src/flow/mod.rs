//! The flows as state machines over plain values.
//!
//! A state carries the proofs that earned it: the fields of a state are private, its constructors too, so the only
//! way to a state is the transition that checks its proof. What a transition is told of the outside (was the answer
//! right, what did Registro Civil say) comes in as a closed enum from `backend`
//! (docs/decisions/0009).

pub mod change;
pub mod contact;
pub mod recovery;
pub mod registration;
pub mod request;
pub mod update;

use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldError, Reason};
use crate::identifier::Identifier;
use crate::kind::Kind;
use crate::rut::Rut;

/// The number of an account in the store. Random, so that it tells nothing about age or count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccountId(pub i64);

/// Whom a flow is about: kind, RUT or NIE, and the account it has, if it has one.
///
/// One without an account walks the same path with decoys (docs/security.md#abuse-and-enumeration).
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

/// What the check of a captcha found. Whatever it was, that captcha is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptchaVerdict {
    /// The letters are right.
    Right,
    /// They are not.
    Wrong,
    /// Older than five minutes, or used before.
    Stale,
}

/// Why the proof by an identity document does not lead on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentRefused {
    /// It is not the valid document of this person, or the document is blocked.
    Field(FieldError),
    /// The registry could not say. It does not count as a try.
    RegistryDown,
}

/// What was learned of an identity document: from Registro Civil of a cédula, from the account of a foreign one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentAnswer {
    /// What Registro Civil says of RUN and serial.
    Civil(CivilAnswer),
    /// Whether it is the number that a persona migrante registered.
    Number(Verdict),
}

impl DocumentAnswer {
    /// Whether the document proves who is there.
    ///
    /// # Errors
    /// [`DocumentRefused`].
    pub fn proves(&self) -> Result<(), DocumentRefused> {
        let refused = |field, reason| Err(DocumentRefused::Field(FieldError::new(field, reason)));
        match self {
            Self::Civil(CivilAnswer::Valid { .. }) | Self::Number(Verdict::Right) => Ok(()),
            Self::Civil(CivilAnswer::NotValid | CivilAnswer::NoSuchData) => {
                refused(Field::Serial, Reason::Wrong)
            }
            Self::Civil(CivilAnswer::Blocked) => refused(Field::Serial, Reason::Blocked),
            Self::Civil(CivilAnswer::TechnicalFailure) => Err(DocumentRefused::RegistryDown),
            Self::Number(Verdict::Wrong) => refused(Field::DocumentNumber, Reason::Wrong),
        }
    }
}

/// What SII says of a company and a person (R-SII). `Debug` hides the name.
#[derive(Clone, PartialEq, Eq)]
pub enum TaxAnswer {
    /// The person is a legal representative of the company today; with the company's name, where SII gives it.
    Represents {
        /// Razón social, as SII writes it.
        company_name: Option<String>,
    },
    /// SII knows the company, and the person does not represent it today.
    DoesNot,
    /// SII knows no such company.
    NoSuchCompany,
    /// SII could not answer. Never a wrong answer of the person.
    TechnicalFailure,
}

impl std::fmt::Debug for TaxAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Represents { .. } => "Represents(…)",
            Self::DoesNot => "DoesNot",
            Self::NoSuchCompany => "NoSuchCompany",
            Self::TechnicalFailure => "TechnicalFailure",
        })
    }
}

/// Why a person does not count as the representative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepresentativeRefused {
    /// SII does not name this person.
    Field(FieldError),
    /// SII could not say. It does not count as a try.
    RegistryDown,
}

impl TaxAnswer {
    /// Whether the person represents the company.
    ///
    /// # Errors
    /// [`RepresentativeRefused`].
    pub fn represents(&self) -> Result<(), RepresentativeRefused> {
        match self {
            Self::Represents { .. } => Ok(()),
            Self::DoesNot | Self::NoSuchCompany => Err(RepresentativeRefused::Field(FieldError::new(
                Field::Representative,
                Reason::NotRepresentative,
            ))),
            Self::TechnicalFailure => Err(RepresentativeRefused::RegistryDown),
        }
    }

    /// The proof, when this is what SII answered of `company` and `person`.
    ///
    /// # Errors
    /// [`RepresentativeRefused`].
    pub fn names(&self, company: Rut, person: Rut) -> Result<Representative, RepresentativeRefused> {
        self.represents()?;
        Ok(Representative { company, rut: person })
    }
}

/// The proof that SII names a person as a legal representative of a company today. Only [`TaxAnswer::names`] gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Representative {
    company: Rut,
    rut: Rut,
}

impl Representative {
    /// The company.
    #[must_use]
    pub fn company(&self) -> Rut {
        self.company
    }

    /// The person.
    #[must_use]
    pub fn rut(&self) -> Rut {
        self.rut
    }
}

/// What Registro Civil says of a RUN and a document serial (R-CIVIL). `Debug` hides the name.
#[derive(Clone, PartialEq, Eq)]
pub enum CivilAnswer {
    /// The valid, unblocked document of this RUN; with the name of its holder, where the registry gives it.
    Valid {
        /// Names as the registry writes them.
        name: Option<String>,
    },
    /// It exists and is no longer valid.
    NotValid,
    /// It is blocked: for good, for renewal, or for a time.
    Blocked,
    /// The registry has no such RUN and serial.
    NoSuchData,
    /// The registry could not answer. Never a wrong answer of the person.
    TechnicalFailure,
}

impl std::fmt::Debug for CivilAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Valid { .. } => "Valid(…)",
            Self::NotValid => "NotValid",
            Self::Blocked => "Blocked",
            Self::NoSuchData => "NoSuchData",
            Self::TechnicalFailure => "TechnicalFailure",
        })
    }
}

/// What a page has to say above its form, beyond the errors of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// Fifteen minutes went by; the flow starts again.
    Expired,
    /// Another tab began again with something else, and this page no longer counts.
    OtherTab,
    /// Registro Civil did not answer: nothing is lost, try later.
    RegistryDown,
    /// SII did not answer: nothing is lost, try later.
    TaxRegistryDown,
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
    /// As many keys were sent to this account today as a day allows.
    DailyCap,
    /// A-MIN: what was missing is missing still.
    StillMissing,
    /// A new captcha was asked for; keys and answers must be typed again.
    NewCaptcha,
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
