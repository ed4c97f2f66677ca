//! The NIE (número de identidad extranjero) of a persona migrante (docs/requirements.md#who-has-a-key).
//!
//! No public rule for a check digit was found, so the form of a NIE is a pattern of the configuration (`nie_pattern`).

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::text::{Labels, number};

/// Fewest and most letters and digits of a NIE, whatever the pattern says.
pub const NIE_LENGTH: std::ops::RangeInclusive<usize> = 5..=20;

/// A NIE in the one way that is stored: letters in upper case and digits. Dots, spaces and dashes do not count, so that
/// every spelling is one NIE. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nie(String);

/// The words for what it is, which are copied along.
const LABELS: Labels = Labels::of_letters(&["NIE"]);

/// Why a text is not a NIE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NieError {
    /// Nothing was written.
    #[error("no NIE was given")]
    Empty,
    /// Something other than letters, digits and dashes.
    #[error("a NIE has letters, digits and dashes")]
    Characters,
    /// Under 5 or over 20 letters and digits, or not of the configured pattern.
    #[error("not of the form of a NIE")]
    Format,
    /// A number as a spreadsheet writes it: `123456789.0`.
    #[error("a spreadsheet made a number of it")]
    Separators,
}

/// What a NIE must look like once its dashes are taken off: a regular expression for the whole of it.
#[derive(Debug, Clone)]
pub struct NiePattern(Option<regex_lite::Regex>);

/// The text is not a regular expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a regular expression")]
pub struct NiePatternError;

impl NiePattern {
    /// What holds when the configuration names none: any 5 to 20 letters and digits.
    #[must_use]
    pub fn any() -> Self {
        Self(None)
    }

    /// Reads a pattern. It is matched against the whole NIE as it is stored: upper case, letters and digits only.
    ///
    /// # Errors
    /// [`NiePatternError`].
    pub fn parse(pattern: &str) -> Result<Self, NiePatternError> {
        // Alone first: a parenthesis that it closes and did not open must not be ours.
        let whole =
            regex_lite::Regex::new(pattern).and_then(|_| regex_lite::Regex::new(&format!("^(?:{pattern})$")));
        whole.map(Some).map(Self).map_err(|_| NiePatternError)
    }
}

impl Nie {
    /// Reads a NIE.
    ///
    /// # Errors
    /// [`NieError`].
    pub fn parse(text: &str, pattern: &NiePattern) -> Result<Self, NieError> {
        let text = number(text, &LABELS).ok_or(NieError::Separators)?;
        if text.is_empty() {
            return Err(NieError::Empty);
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(NieError::Characters);
        }
        let fits = pattern.0.as_ref().is_none_or(|pattern| pattern.is_match(&text));
        if !NIE_LENGTH.contains(&text.len()) || !fits {
            return Err(NieError::Format);
        }
        Ok(Self(text))
    }

    /// The stored form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Nie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nie(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<String, NieError> {
        Nie::parse(text, &NiePattern::any()).map(|nie| nie.as_str().to_owned())
    }

    #[test]
    fn m_reg_any_way_of_writing_is_one_nie() {
        for way in [
            "ab-123456",
            " AB 123456",
            "Ab.123.456",
            "AB123456",
            "AB\u{200b}123456.",
            "«ab\u{2011}123456»",
            "ＡＢ１２３４５６",
            "NIE: AB123456",
            "N.I.E. AB-123456",
            "NIE Nº AB123456",
            "Número de identidad extranjero: ab123456",
            "AB123456 (vigente)",
        ] {
            assert_eq!(read(way).as_deref(), Ok("AB123456"), "{way}");
        }
        assert_eq!(read(" - "), Err(NieError::Empty));
        assert_eq!(read("AB_1234"), Err(NieError::Characters));
        assert_eq!(read("ñ12345"), Err(NieError::Characters));
        assert_eq!(read("123456789.0"), Err(NieError::Separators));
        for changed in ["1.23E+08", "1.00018e7", "1E+07", "10000181.000", "9.12.0", "NIE: 123456.0"] {
            assert_eq!(read(changed), Err(NieError::Separators), "{changed}");
        }
        assert_eq!(read("NIE: 123456").as_deref(), Ok("123456"));
        assert_eq!(read("nie123456").as_deref(), Ok("NIE123456"), "letters of its own");
        assert_eq!(read("A123"), Err(NieError::Format));
        assert_eq!(read(&"7".repeat(21)), Err(NieError::Format));
    }

    proptest! {
        #[test]
        fn what_is_read_is_read_again_as_it_is_stored(text in "(?s)(NIE|N°|[A-Z0-9.:-]|.){0,20}") {
            if let Ok(stored) = read(&text) {
                prop_assert_eq!(read(&stored), Ok(stored.clone()));
            }
        }
    }

    #[test]
    fn the_pattern_of_the_configuration_decides() {
        let pattern = NiePattern::parse("[0-9]{9}|E[0-9]{6}").unwrap();
        assert!(Nie::parse("e-123.456", &pattern).is_ok());
        assert_eq!(Nie::parse("E1234567", &pattern), Err(NieError::Format));
        assert_eq!(NiePattern::parse("[A-Z").err(), Some(NiePatternError));
    }
}
