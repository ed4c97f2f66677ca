//! The proof by an identity document: what Registro Civil or the account says of it.

use super::Verdict;
use crate::field::{Field, FieldError, Reason};
use crate::kind::Kind;

/// The field in which a kind proves itself by a document.
#[must_use]
pub fn document_field(kind: Kind) -> Field {
    match kind {
        Kind::Natural | Kind::Juridica => Field::Serial,
        Kind::Migrante | Kind::Facilitador => Field::DocumentNumber,
    }
}

/// Why an identity document does not count as proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentRefused {
    /// It is not the valid document of this person, or the document is blocked.
    Field(FieldError),
    /// Registro Civil could not say. It does not count as a try.
    RegistryDown,
    /// The registry of foreign documents could not say. It does not count as a try.
    ForeignRegistryDown,
}

/// The result of checking an identity document: a cédula with Registro Civil, a foreign document with the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentAnswer {
    /// What Registro Civil says of RUN and serial.
    Civil(CivilAnswer),
    /// Whether it is the number that a persona migrante registered.
    Number(Verdict),
    /// What the registry of foreign documents says of NIE and number.
    Foreign(ForeignAnswer),
}

impl DocumentAnswer {
    /// Whether the document proves the identity of its holder.
    ///
    /// # Errors
    /// [`DocumentRefused`].
    pub fn proves(&self) -> Result<(), DocumentRefused> {
        let refused = |field, reason| Err(DocumentRefused::Field(FieldError::new(field, reason)));
        match self {
            Self::Civil(CivilAnswer::Valid { .. })
            | Self::Number(Verdict::Right)
            | Self::Foreign(ForeignAnswer::Valid { .. }) => Ok(()),
            Self::Civil(CivilAnswer::NotValid | CivilAnswer::NoSuchData) => {
                refused(Field::Serial, Reason::Wrong)
            }
            Self::Civil(CivilAnswer::Blocked) => refused(Field::Serial, Reason::Blocked),
            Self::Civil(CivilAnswer::TechnicalFailure) => Err(DocumentRefused::RegistryDown),
            Self::Number(Verdict::Wrong)
            | Self::Foreign(ForeignAnswer::NotValid | ForeignAnswer::NoSuchData) => {
                refused(Field::DocumentNumber, Reason::Wrong)
            }
            Self::Foreign(ForeignAnswer::TechnicalFailure) => Err(DocumentRefused::ForeignRegistryDown),
        }
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

/// What the registry of foreign documents says of a NIE and an identity document. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq)]
pub enum ForeignAnswer {
    /// A valid document of the holder of this NIE; with the name, where the registry gives it.
    Valid {
        /// Names as the registry writes them.
        name: Option<String>,
    },
    /// It was a document of this person and is no longer valid.
    NotValid,
    /// The registry has no such NIE and document.
    NoSuchData,
    /// The registry could not answer. Never a wrong answer of the person.
    TechnicalFailure,
}

impl std::fmt::Debug for ForeignAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Valid { .. } => "Valid(…)",
            Self::NotValid => "NotValid",
            Self::NoSuchData => "NoSuchData",
            Self::TechnicalFailure => "TechnicalFailure",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_rec_a_document_proves_only_when_it_is_the_right_one() {
        let wrong = |field| Err(DocumentRefused::Field(FieldError::new(field, Reason::Wrong)));
        let valid = ForeignAnswer::Valid { name: None };
        assert_eq!(DocumentAnswer::Foreign(valid).proves(), Ok(()));
        for no in [ForeignAnswer::NotValid, ForeignAnswer::NoSuchData] {
            assert_eq!(DocumentAnswer::Foreign(no).proves(), wrong(document_field(Kind::Migrante)));
        }
        let down = DocumentAnswer::Foreign(ForeignAnswer::TechnicalFailure);
        assert_eq!(down.proves(), Err(DocumentRefused::ForeignRegistryDown));
        assert_eq!(DocumentAnswer::Number(Verdict::Right).proves(), Ok(()));
        assert_eq!(DocumentAnswer::Number(Verdict::Wrong).proves(), wrong(Field::DocumentNumber));
        let civil = DocumentAnswer::Civil(CivilAnswer::NotValid);
        assert_eq!(civil.proves(), wrong(document_field(Kind::Natural)));
    }
}
