//! What identifies a key holder: a RUT, for a persona migrante a NIE, for a foreign facilitator an identity document
//! (docs/requirements.md#who-has-a-key).

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::document::ForeignDocument;
use crate::field::{Field, FieldError, Reason};
use crate::kind::Kind;
use crate::nie::{Nie, NiePattern};
use crate::rut::Rut;

/// A RUT, a NIE, or a foreign document. `Display` gives the form that people know, [`Identifier::plain`] the one that is
/// stored; `Debug` hides it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identifier {
    /// Of a person with a Chilean cédula, or of a company.
    Rut(Rut),
    /// Of a persona migrante.
    Nie(Nie),
    /// Of a foreign facilitator.
    Document(ForeignDocument),
}

impl Identifier {
    /// The field in which this kind writes its identifier.
    #[must_use]
    pub fn field(kind: Kind) -> Field {
        match kind {
            Kind::Natural | Kind::Juridica => Field::Rut,
            Kind::Migrante => Field::Nie,
            Kind::Facilitador => Field::DocumentNumber,
        }
    }

    /// Reads the identifier of a kind. That of a foreign facilitator has two controls; `text` is `SORT:NUMBER`.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(kind: Kind, text: &str, pattern: &NiePattern) -> Result<Self, FieldError> {
        match kind {
            Kind::Facilitador => {
                return Self::parse_document(text).map_err(|errors| {
                    errors.first().copied().unwrap_or(FieldError::new(Field::DocumentNumber, Reason::Missing))
                });
            }
            Kind::Natural | Kind::Juridica => Rut::parse(text).map(Self::Rut).map_err(Into::into),
            Kind::Migrante => Nie::parse(text, pattern).map(Self::Nie).map_err(Into::into),
        }
        .map_err(|reason| FieldError::new(Self::field(kind), reason))
    }

    fn parse_document(text: &str) -> Result<Self, Vec<FieldError>> {
        ForeignDocument::parse_plain(text).map(Self::Document)
    }

    /// All that is wrong with what was typed: more than [`Identifier::parse`] says where there is more than one control.
    #[must_use]
    pub fn errors(kind: Kind, text: &str, pattern: &NiePattern) -> Vec<FieldError> {
        match kind {
            Kind::Facilitador => Self::parse_document(text).err().unwrap_or_default(),
            _ => Self::parse(kind, text, pattern).err().into_iter().collect(),
        }
    }

    /// The stored form: [`Rut::plain`], [`Nie::as_str`], [`ForeignDocument::plain`].
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Rut(rut) => rut.plain(),
            Self::Nie(nie) => nie.as_str().to_owned(),
            Self::Document(document) => document.plain(),
        }
    }

    /// The part of it that a key may not contain.
    #[must_use]
    pub fn core(&self) -> String {
        match self {
            Self::Rut(rut) => rut.number().to_string(),
            Self::Nie(nie) => nie.as_str().to_ascii_lowercase(),
            Self::Document(document) => document.number().to_ascii_lowercase(),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rut(rut) => rut.fmt(f),
            Self::Nie(nie) => f.write_str(nie.as_str()),
            Self::Document(document) => f.write_str(document.number()),
        }
    }
}

impl From<Rut> for Identifier {
    fn from(rut: Rut) -> Self {
        Self::Rut(rut)
    }
}
