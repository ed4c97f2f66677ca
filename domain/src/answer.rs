//! The answer to the secret question: folded, hashed, never readable again (docs/security.md#proofs-and-keys).

use std::fmt;

use crate::text::{composed, folded, former_folded, is_placeholder_secret};

/// An answer, folded so that case, accents, punctuation and spaces do not count.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretAnswer {
    folded: String,
    former: Option<String>,
}

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
    /// A text that stands for nothing, such as `NULL`.
    #[error("a placeholder is no answer")]
    Placeholder,
}

impl SecretAnswer {
    /// Reads an answer that is chosen.
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn parse(text: &str) -> Result<Self, AnswerError> {
        match Self::parse_proof(text) {
            Ok(read) if read.folded.chars().nth(1).is_none() => Err(AnswerError::TooShort),
            Ok(_) if is_placeholder_secret(text) => Err(AnswerError::Placeholder),
            read => read,
        }
    }

    /// Reads an answer that is given as a proof. What may not be chosen any more may have been chosen once.
    ///
    /// # Errors
    /// [`AnswerError`], but `Placeholder`.
    pub fn parse_proof(text: &str) -> Result<Self, AnswerError> {
        if composed(text).chars().count() > 60 {
            return Err(AnswerError::TooLong);
        }
        let (folded, former) = (folded(text), former_folded(text));
        match folded.chars().count().max(former.chars().count()) {
            0 => Err(AnswerError::Empty),
            1 => Err(AnswerError::TooShort),
            _ => Ok(Self { former: Some(former).filter(|former| *former != folded), folded }),
        }
    }

    /// The folded answer, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.folded
    }

    /// The same as it was folded until 2026-11, where that is another text: a hash that was stored then is of it.
    #[must_use]
    pub fn former(&self) -> Option<&str> {
        self.former.as_deref()
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
    fn an_answer_is_the_same_in_every_way_of_writing_it() {
        let read = |text: &str| SecretAnswer::parse(text).unwrap().expose().to_owned();
        for [one, other] in [
            ["Liceo N° 5", "Liceo Nº 5"],
            ["1ª", "1a"],
            ["½ kilo", "1/2 kilo"],
            ["ﬁn", "fin"],
            ["Ｒｅｘ", "rex"],
        ] {
            assert_eq!(read(one), read(other), "{one}");
        }
        let answer = SecretAnswer::parse("Liceo N° 5").unwrap();
        assert_eq!((answer.expose(), answer.former()), ("liceono5", Some("liceon5")));
        assert_eq!(SecretAnswer::parse("Ñandú").unwrap().former(), None);
        assert!(SecretAnswer::parse(&"n\u{303}".repeat(60)).is_ok());
    }

    #[test]
    fn marks_that_make_another_word_count() {
        for [one, other] in [["राम", "रोमी"], ["パパ", "ハハ"], ["ひがし", "ひかし"], ["ลูก", "ลก"]]
        {
            assert_ne!(SecretAnswer::parse(one), SecretAnswer::parse(other), "{one} {other}");
        }
        let read = |text: &str| SecretAnswer::parse(text).unwrap().expose().to_owned();
        assert_eq!(read("パパ"), read("ﾊﾟﾊﾟ"));
    }

    #[test]
    fn an_answer_of_before_can_be_given_though_nobody_may_choose_it_now() {
        for text in ["Nulo", "None", "na"] {
            assert_eq!(SecretAnswer::parse(text), Err(AnswerError::Placeholder), "{text}");
            assert!(SecretAnswer::parse_proof(text).is_ok(), "{text}");
        }
        assert_eq!(SecretAnswer::parse_proof("a"), Err(AnswerError::TooShort));
    }

    #[test]
    fn a_text_that_stands_for_nothing_is_no_answer() {
        for nothing in ["NULL", "null", "#N/A", "N/A", "undefined"] {
            assert_eq!(SecretAnswer::parse(nothing), Err(AnswerError::Placeholder), "{nothing}");
        }
        assert_eq!(SecretAnswer::parse("\\N"), Err(AnswerError::TooShort));
    }

    #[test]
    fn case_accents_and_spaces_do_not_count() {
        let answer = SecretAnswer::parse("Ñuñoa, año 1990").unwrap();
        for same in ["nunoa ano 1990", "  ÑUÑOA   AÑO 1990. ", "N\u{303}un\u{303}oa an\u{303}o1990"] {
            assert_eq!(SecretAnswer::parse(same).unwrap().expose(), answer.expose(), "{same}");
        }
        assert_eq!(answer.expose(), "nunoaano1990");
        assert_ne!(SecretAnswer::parse("nunoa ano 1991").unwrap(), answer);
        assert_eq!(SecretAnswer::parse(" .- "), Err(AnswerError::Empty));
        assert_eq!(SecretAnswer::parse("a!"), Err(AnswerError::TooShort));
        assert!(SecretAnswer::parse(&"a".repeat(60)).is_ok());
        assert_eq!(SecretAnswer::parse(&"a".repeat(61)), Err(AnswerError::TooLong));
    }
}
