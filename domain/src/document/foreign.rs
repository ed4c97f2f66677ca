//! What identifies a foreign facilitator: number and type of a foreign identity document (F-REQ,
//! docs/requirements.md#who-has-a-key).

use serde::{Deserialize, Serialize};
use std::fmt;

use super::{DocumentKind, DocumentNumber};
use crate::field::{Field, FieldError, Reason, checked};

/// Type and number. Unlike the document of a persona migrante it is no proof but a name, so it can be read. `Debug` hides the
/// number.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ForeignDocument {
    kind: DocumentKind,
    number: String,
}

impl ForeignDocument {
    /// Reads id of the type and number, as the two controls give them.
    ///
    /// # Errors
    /// Each that is missing or wrong, in the order of the form.
    pub fn parse(kind: &str, number: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let number = checked(Field::DocumentNumber, DocumentNumber::parse(number), &mut errors);
        let kind =
            checked(Field::DocumentKind, DocumentKind::parse(kind).ok_or(Reason::Missing), &mut errors);

        match (kind, number) {
            (Some(kind), Some(number)) => Ok(Self { kind, number: number.expose().to_owned() }),
            _ => Err(errors),
        }
    }

    /// Reads what [`ForeignDocument::plain`] gave.
    fn parse_plain(text: &str) -> Result<Self, Vec<FieldError>> {
        let (kind, number) = text.split_once(':').unwrap_or(("", text));
        Self::parse(kind, number)
    }

    /// The stored form: `pasaporte:AB123456`.
    #[must_use]
    pub fn plain(&self) -> String {
        format!("{}:{}", self.kind.id(), self.number)
    }

    /// What sort of document it is.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Letters in upper case and digits.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl TryFrom<String> for ForeignDocument {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse_plain(&text).map_err(|_| "not a foreign document")
    }
}

impl From<ForeignDocument> for String {
    fn from(document: ForeignDocument) -> Self {
        document.plain()
    }
}

impl fmt::Debug for ForeignDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ForeignDocument({:?}, …)", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_req_every_way_of_typing_a_document_gives_the_same_stored_form() {
        for typed in ["AB123456", "ab 123.456", "ab-123456 "] {
            assert_eq!(ForeignDocument::parse("pasaporte", typed).unwrap().plain(), "pasaporte:AB123456");
        }
        let document = ForeignDocument::parse("otro", "x1234").unwrap();
        assert_eq!((document.kind(), document.number()), (DocumentKind::Other, "X1234"));
        assert_eq!(ForeignDocument::parse_plain(&document.plain()).unwrap(), document);
        assert_eq!(String::from(document.clone()), "otro:X1234");
        assert_eq!(ForeignDocument::try_from("otro:X1234".to_owned()).as_ref(), Ok(&document));
        assert!(ForeignDocument::try_from("X1234".to_owned()).is_err());
        assert!(!format!("{document:?}").contains("1234"));
    }

    #[test]
    fn f_req_type_and_number_are_both_asked_for() {
        let fields = |kind, number| {
            ForeignDocument::parse(kind, number).unwrap_err().iter().map(|e| e.field).collect::<Vec<_>>()
        };
        assert_eq!(fields("", ""), [Field::DocumentNumber, Field::DocumentKind]);
        assert_eq!(fields("pasaporte", "1:2345"), [Field::DocumentNumber]);
        assert_eq!(ForeignDocument::parse_plain("AB123456").unwrap_err().len(), 1);
    }
}
