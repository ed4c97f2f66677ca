//! The identity document of a persona migrante: type, country, number. M-REG, M-REC-1…3.
//!
//! Its number is a proof, like the answer to the secret question: it is kept as a hash and never readable again.

mod country;
mod foreign;

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::field::{Field, FieldError, Reason, checked};
use crate::text::{Labels, number};
pub use country::Country;
pub use foreign::ForeignDocument;

/// What sort of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentKind {
    /// A passport.
    Passport,
    /// The identity card of the country of origin.
    Card,
    /// Anything else that a state has issued.
    Other,
}

impl DocumentKind {
    /// Every sort, in the order of the list on the screen.
    pub const ALL: [Self; 3] = [Self::Passport, Self::Card, Self::Other];

    /// The word that is stored and sent.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Passport => "pasaporte",
            Self::Card => "cedula",
            Self::Other => "otro",
        }
    }

    /// The sort of a stored word.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id.trim())
    }
}

/// The number of a document, as it is hashed: letters in upper case and digits, 4 to 20 of them. Dots, spaces and dashes
/// do not count. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentNumber(String);

/// The words for what it is, which are copied along.
const LABELS: Labels =
    Labels::of_letters(&["DOCUMENTO", "DOC", "PASAPORTE", "PASSPORT", "CEDULA", "CARNET", "DNI", "CI"]);

/// Why a text is not the number of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentNumberError {
    /// Nothing was written.
    #[error("no number was given")]
    Empty,
    /// Not 4 to 20 letters and digits.
    #[error("a document number has 4 to 20 letters and digits")]
    Format,
    /// A number as a spreadsheet writes it: `12345678.0`.
    #[error("a spreadsheet made a number of it")]
    Separators,
}

impl DocumentNumber {
    /// Reads a number.
    ///
    /// # Errors
    /// [`DocumentNumberError`].
    pub fn parse(text: &str) -> Result<Self, DocumentNumberError> {
        let text = number(text, &LABELS).ok_or(DocumentNumberError::Separators)?;
        if text.is_empty() {
            Err(DocumentNumberError::Empty)
        } else if (4..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(text))
        } else {
            Err(DocumentNumberError::Format)
        }
    }

    /// The number, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentNumber(…)")
    }
}

/// An identity document.
#[derive(Debug, Clone)]
pub struct IdentityDocument {
    /// What sort of document.
    pub kind: DocumentKind,
    /// Which country issued it.
    pub country: Country,
    /// Its number.
    pub number: DocumentNumber,
}

/// The three fields as they were typed.
#[derive(Clone, Copy, Default)]
pub struct DocumentInput<'a> {
    /// Id of the sort.
    pub kind: &'a str,
    /// Code of the country.
    pub country: &'a str,
    /// The number.
    pub number: &'a str,
}

impl IdentityDocument {
    /// Reads the three fields.
    ///
    /// # Errors
    /// Every field that is missing or wrong, in the order of the form.
    pub fn parse(input: DocumentInput<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let kind = DocumentKind::parse(input.kind).ok_or(Reason::Missing);
        let kind = checked(Field::DocumentKind, kind, &mut errors);
        let country = Country::parse(input.country).ok_or(Reason::Missing);
        let country = checked(Field::DocumentCountry, country, &mut errors);
        let number = checked(Field::DocumentNumber, DocumentNumber::parse(input.number), &mut errors);
        match (kind, country, number) {
            (Some(kind), Some(country), Some(number)) => Ok(Self { kind, country, number }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_reg_a_document_number_is_read_without_what_stands_between() {
        let number = DocumentNumber::parse(" v-12.345.678 ").unwrap();
        assert_eq!(number.expose(), "V12345678");
        for same in ["V12345678", "v\u{202a}12345678\u{202c}", "«V-12.345.678».", "Ｖ１２３４５６７８"]
        {
            assert_eq!(DocumentNumber::parse(same).as_ref(), Ok(&number), "{same}");
        }
        for (typed, read) in [
            ("Nº documento: V-12.345.678", "V12345678"),
            ("Pasaporte AB123456", "AB123456"),
            ("DNI: 12345678", "12345678"),
            ("C.I. V-12.345.678", "V12345678"),
            ("Cédula: 12.345.678-5", "123456785"),
            ("dni12345678", "DNI12345678"),
            ("CI 123456", "CI123456"),
        ] {
            assert_eq!(DocumentNumber::parse(typed).unwrap().expose(), read, "{typed}");
        }
        for bad in ["12345678.0", "12345678,00", "1.2E+07", "1.00018e7", "10000181.000", "9.12.0"] {
            assert_eq!(DocumentNumber::parse(bad), Err(DocumentNumberError::Separators), "{bad}");
        }
        assert_eq!(DocumentNumber::parse("--"), Err(DocumentNumberError::Empty));
        for bad in ["123", "12/34567", &"1".repeat(21), "ñ1234"] {
            assert_eq!(DocumentNumber::parse(bad), Err(DocumentNumberError::Format), "{bad}");
        }
    }

    #[test]
    fn m_reg_every_wrong_field_is_named() {
        let errors =
            IdentityDocument::parse(DocumentInput { kind: "carnet", country: "CL", number: "" }).unwrap_err();
        let found: Vec<_> = errors.iter().map(|e| (e.field, e.reason)).collect();
        assert_eq!(
            found,
            [
                (Field::DocumentKind, Reason::Missing),
                (Field::DocumentCountry, Reason::Missing),
                (Field::DocumentNumber, Reason::Missing)
            ]
        );
    }

    #[test]
    fn m_reg_a_document_is_what_was_typed() {
        let input = DocumentInput { kind: "cedula", country: "ve", number: "v-12.345.678" };
        let document = IdentityDocument::parse(input).unwrap();
        assert_eq!((document.kind, document.country.code()), (DocumentKind::Card, "VE"));
        assert_eq!(document.number.expose(), "V12345678");
    }

    /// Accounts hold these words.
    #[test]
    fn stored_words_never_change() {
        assert_eq!(DocumentKind::ALL.map(DocumentKind::id), ["pasaporte", "cedula", "otro"]);
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::parse(kind.id()), Some(kind));
        }
    }
}
