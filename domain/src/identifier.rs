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

/// What was typed as an identifier: in one control, or in the two that a foreign facilitator has.
#[derive(Clone, Copy)]
pub enum IdentifierInput<'a> {
    /// A RUT or a NIE.
    Number(&'a str),
    /// Type and number of a foreign document.
    Document {
        /// Id of the type.
        kind: &'a str,
        /// Its number.
        number: &'a str,
    },
}

impl<'a> IdentifierInput<'a> {
    /// What was typed in the control of the number.
    #[must_use]
    pub fn number(self) -> &'a str {
        match self {
            Self::Number(number) | Self::Document { number, .. } => number,
        }
    }

    /// What was chosen in the control of the type; nothing where there is none.
    #[must_use]
    pub fn document_kind(self) -> &'a str {
        match self {
            Self::Number(_) => "",
            Self::Document { kind, .. } => kind,
        }
    }
}

impl fmt::Debug for IdentifierInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentifierInput(…)")
    }
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

    /// Reads the identifier of a kind.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(kind: Kind, input: IdentifierInput<'_>, pattern: &NiePattern) -> Result<Self, FieldError> {
        Self::parse_all(kind, input, pattern).map_err(|errors| {
            errors.first().copied().unwrap_or(FieldError::new(Self::field(kind), Reason::Missing))
        })
    }

    /// The same, for a form that shows every error.
    ///
    /// # Errors
    /// Everything that is wrong with it: more than one thing only where there is more than one control.
    pub fn parse_all(
        kind: Kind,
        input: IdentifierInput<'_>,
        pattern: &NiePattern,
    ) -> Result<Self, Vec<FieldError>> {
        let number = input.number();
        let parsed = match kind {
            Kind::Facilitador => {
                return ForeignDocument::parse(input.document_kind(), number).map(Self::Document);
            }
            Kind::Natural | Kind::Juridica => Rut::parse(number).map(Self::Rut).map_err(Into::into),
            Kind::Migrante => Nie::parse(number, pattern).map(Self::Nie).map_err(Into::into),
        };
        parsed.map_err(|reason| vec![FieldError::new(Self::field(kind), reason)])
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

    /// The identifier of a stored form. None for a text that [`Identifier::plain`] does not give.
    #[must_use]
    pub fn from_plain(kind: Kind, plain: &str) -> Option<Self> {
        let input = match kind {
            Kind::Facilitador => {
                let (kind, number) = plain.split_once(':')?;
                IdentifierInput::Document { kind, number }
            }
            Kind::Natural | Kind::Migrante | Kind::Juridica => IdentifierInput::Number(plain),
        };
        Self::parse(kind, input, &NiePattern::any()).ok().filter(|read| read.plain() == plain)
    }

    /// Whether a text that could not be read is this RUT or NIE with one slip of the hand: one character wrong, missing or too many,
    /// or two that changed places. Dots, dashes and case do not count.
    #[must_use]
    pub fn is_meant_by(&self, typed: &str) -> bool {
        one_slip(&letters_and_digits(typed), &letters_and_digits(&self.plain()))
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

/// The letters and digits of a text, of a few more than any identifier has.
#[must_use]
pub fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).take(24).collect()
}

/// Whether two texts differ by nothing, by one character, or by two neighbours that changed places.
fn one_slip(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    let ends = |a: usize, b: usize| one.get(a..).zip(other.get(b..)).is_some_and(|(a, b)| a == b);
    let swapped = || matches!((one, other), ([a, b, ..], [c, d, ..]) if (a, b) == (d, c)) && ends(2, 2);
    one == other || ends(1, 1) || ends(0, 1) || ends(1, 0) || swapped()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind of holder, what is typed as type and number, and how it is stored, shown, and looked for in a new key.
    #[test]
    fn each_kind_has_its_identifier() {
        for (kind, typed, field, [plain, shown, core]) in [
            (Kind::Natural, ["", "12345678-5"], Field::Rut, ["12345678-5", "12.345.678-5", "12345678"]),
            (Kind::Juridica, ["", "76.192.083-9"], Field::Rut, ["76192083-9", "76.192.083-9", "76192083"]),
            (Kind::Migrante, ["", "ex-123456"], Field::Nie, ["EX123456", "EX123456", "ex123456"]),
            (
                Kind::Facilitador,
                ["pasaporte", "ab 123456"],
                Field::DocumentNumber,
                ["pasaporte:AB123456", "AB123456", "ab123456"],
            ),
        ] {
            let [document_kind, number] = typed;
            let input = match kind {
                Kind::Facilitador => IdentifierInput::Document { kind: document_kind, number },
                _ => IdentifierInput::Number(number),
            };
            assert_eq!([input.document_kind(), input.number()], typed);
            let read = Identifier::parse(kind, input, &NiePattern::any()).unwrap();
            assert_eq!([read.plain(), read.to_string(), read.core()], [plain, shown, core]);
            let empty = match kind {
                Kind::Facilitador => IdentifierInput::Document { kind: document_kind, number: "" },
                _ => IdentifierInput::Number(""),
            };
            let missing = FieldError::new(field, Reason::Missing);
            assert_eq!(Identifier::parse(kind, empty, &NiePattern::any()), Err(missing));
        }
    }

    #[test]
    fn a_text_with_one_slip_means_the_identifier_and_one_with_two_does_not() {
        let rut: Identifier = Rut::parse("12345678-5").unwrap().into();
        for typed in [
            "12.345.678-9",
            "12.345.678",
            "2.345.678-5",
            "12.3456.678-5",
            "21.345.678-5",
            "12345678/5",
            "12.345.687-5",
        ] {
            assert!(rut.is_meant_by(typed), "{typed}");
        }
        for typed in ["12.345.679-9", "2.345.678", "11.345.678-9", "87.654.321-5", "", "21.435.678-5", "1"] {
            assert!(!rut.is_meant_by(typed), "{typed}");
        }
    }
}
