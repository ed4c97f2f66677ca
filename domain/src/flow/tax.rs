//! What the tax registry (SII) says of a company and the person who acts for it.

use crate::field::{Field, FieldError, Reason};
use crate::rut::Rut;

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
        let company_name = match self {
            Self::Represents { company_name } => company_name.clone(),
            _ => None,
        };
        Ok(Representative { company, rut: person, company_name })
    }
}

/// The proof that SII names a person as a legal representative of a company today. Only [`TaxAnswer::names`] gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representative {
    company: Rut,
    rut: Rut,
    company_name: Option<String>,
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

    /// “Razón Social”, where SII gives it.
    #[must_use]
    pub fn company_name(&self) -> Option<&str> {
        self.company_name.as_deref()
    }
}
