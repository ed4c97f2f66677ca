//! The document serial of the cédula (“Número de serie”, on newer cards “número de documento”). See
//! docs/requirements.md#who-has-a-key.

use std::fmt;

use crate::text::{Labels, number};

/// The words for what it is, which are copied along.
const LABELS: Labels = Labels::of_letters(&["SERIE", "SERIAL", "DOCUMENTO", "DOC", "CEDULA", "CARNET"]);

/// A serial that is well formed: `A` and 9 digits, 9 digits, or 9 letters and digits.
///
/// Whether it is the right one for a RUT only Registro Civil knows. It is never stored, so it has no serde.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentSerial(String);

/// Why a text is not a document serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SerialError {
    /// Nothing was written.
    #[error("no serial was given")]
    Empty,
    /// Not one of the three forms.
    #[error("a serial has 9 letters or digits, or A and 9 digits")]
    Format,
    /// A number as a spreadsheet writes it: `12345678.0`.
    #[error("a spreadsheet made a number of it")]
    Separators,
}

impl DocumentSerial {
    /// Reads a serial; dots, spaces, dashes, case, and a label such as `Nº documento` do not count.
    ///
    /// # Errors
    /// [`SerialError`] when nothing is left or the form is none of the three.
    pub fn parse(text: &str) -> Result<Self, SerialError> {
        let text = number(text, &LABELS).ok_or(SerialError::Separators)?;
        let bytes = text.as_bytes();
        match bytes {
            [] => Err(SerialError::Empty),
            [b'A', digits @ ..] if digits.len() == 9 && digits.iter().all(u8::is_ascii_digit) => {
                Ok(Self(text))
            }
            _ if bytes.len() == 9 && bytes.iter().all(u8::is_ascii_alphanumeric) => Ok(Self(text)),
            _ => Err(SerialError::Format),
        }
    }

    /// The serial as Registro Civil writes it: upper case, nothing between.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DocumentSerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentSerial(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_three_forms_are_read() {
        for (typed, read) in [
            ("A123456789", "A123456789"),
            (" a 123.456-789 ", "A123456789"),
            ("123.456.789", "123456789"),
            ("b2c4d6e8f", "B2C4D6E8F"),
            ("Serie: A123456789", "A123456789"),
            ("N° de serie A123456789", "A123456789"),
            ("Nº documento 123.456.789", "123456789"),
            ("NÚMERO DE DOCUMENTO: 123.456.789", "123456789"),
            ("A123456789 (nueva)", "A123456789"),
            ("A123\u{ad}456\u{2013}789", "A123456789"),
            ("=\"A123456789\"", "A123456789"),
            // Nine letters and digits that begin like a label.
            ("serie1234", "SERIE1234"),
            ("N12345678", "N12345678"),
            ("«123.456.789».", "123456789"),
            ("\u{2068}A１２３\u{200b}456789\u{2069}", "A123456789"),
        ] {
            assert_eq!(DocumentSerial::parse(typed).unwrap().as_str(), read);
        }
        for bad in ["12345678.0", "123456789,0", "1.2E+08", "123456789.000", "Serie 12345678.0"] {
            assert_eq!(DocumentSerial::parse(bad), Err(SerialError::Separators), "{bad}");
        }
        assert_eq!(DocumentSerial::parse(" - "), Err(SerialError::Empty));
        for bad in ["12345678", "1234567890", "B123456789", "A12345678X", "12345678ñ", "123_45678"] {
            assert_eq!(DocumentSerial::parse(bad), Err(SerialError::Format), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn reading_is_stable_and_never_panics(text in "(?s)(Serie|N°|[A-Z0-9.:-]|.){0,20}") {
            if let Ok(serial) = DocumentSerial::parse(&text) {
                prop_assert_eq!(DocumentSerial::parse(serial.as_str()), Ok(serial.clone()));
            }
        }
    }
}
