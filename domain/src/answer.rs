//! The answer to the secret question: folded, hashed, never readable again (docs/security.md#proofs-and-keys).

use std::fmt;

use crate::text::folded;

/// An answer, folded so that case, accents, punctuation and spaces do not count.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretAnswer(String);

/// Why a text cannot be an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Nothing that counts was written.
    #[error("no answer was given")]
    Empty,
    /// One letter or digit only.
    #[error("an answer has at least two letters or digits")]
    TooShort,
    /// Over 60 characters.
    #[error("an answer has at most 60 characters")]
    TooLong,
}

impl SecretAnswer {
    /// Reads an answer.
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn parse(text: &str) -> Result<Self, AnswerError> {
        if text.chars().count() > 60 {
            return Err(AnswerError::TooLong);
        }
        let folded = folded(text);
        match folded.chars().count() {
            0 => Err(AnswerError::Empty),
            1 => Err(AnswerError::TooShort),
            _ => Ok(Self(folded)),
        }
    }

    /// The folded answer, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretAnswer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_spaces_do_not_count() {
        let answer = SecretAnswer::parse("Ñuñoa, año 1990").unwrap();
        for same in ["nunoa ano 1990", "  ÑUÑOA   AÑO 1990. ", "N\u{303}un\u{303}oa an\u{303}o1990"] {
            assert_eq!(SecretAnswer::parse(same).unwrap(), answer, "{same}");
        }
        assert_eq!(answer.expose(), "nunoaano1990");
        assert_ne!(SecretAnswer::parse("nunoa ano 1991").unwrap(), answer);
        assert_eq!(SecretAnswer::parse(" .- "), Err(AnswerError::Empty));
        assert_eq!(SecretAnswer::parse("a!"), Err(AnswerError::TooShort));
        assert!(SecretAnswer::parse(&"a".repeat(60)).is_ok());
        assert_eq!(SecretAnswer::parse(&"a".repeat(61)), Err(AnswerError::TooLong));
    }
}
