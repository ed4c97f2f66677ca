//! The secret questions (“Pregunta Secreta”). N-REG, N-REC-2, N-REC-3; “Mi país favorito” stands in the
//! guides.
//!
//! A secret question is a weak proof; the list does what a list can. Each question asks for another kind of
//! thing, so that a list of likely answers to one is of no use for the next. None asks for what stands in a
//! public register or on the cédula (names of the parents, dates, place of birth), nor for what changes in a
//! few years or has but a handful of likely answers (football club, colour). Only the first, which the guides
//! show, is easier to guess.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One of the questions on the list, kept and sent as its [`id`](SecretQuestion::id).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretQuestion(u8);

/// Why a text is not the id of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretQuestionError {
    /// Nothing was chosen.
    Empty,
    /// No question has this id.
    Unknown,
}

/// Id and wording, in the order of the list on the screen. Ids are stored with the accounts: a wording may be
/// corrected, an id never changes its meaning and is never removed. A new question goes to the end.
const QUESTIONS: [(&str, &str); 12] = [
    ("pais-favorito", "Mi país favorito"),
    ("primera-mascota", "El nombre de mi primera mascota"),
    ("apodo-infancia", "Mi apodo cuando era niño o niña"),
    ("amistad-infancia", "El nombre de mi mejor amigo o amiga de la infancia"),
    ("primer-profesor", "El apellido de mi primer profesor o profesora"),
    ("primera-escuela", "El nombre de mi primera escuela"),
    ("calle-infancia", "La calle donde vivía cuando era niño o niña"),
    ("almacen-infancia", "El almacén donde compraba cuando era niño o niña"),
    ("primeras-vacaciones", "El primer lugar donde fui de vacaciones"),
    ("primer-sueldo", "Lo primero que compré con mi primer sueldo"),
    ("primera-pelicula", "La primera película que vi en el cine"),
    ("primera-cancion", "La primera canción que aprendí a cantar"),
];

impl SecretQuestion {
    /// Every question, in the order of the list on the screen.
    pub const ALL: [Self; QUESTIONS.len()] = {
        let mut all = [Self(0); QUESTIONS.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = Self(i as u8);
            i += 1;
        }
        all
    };

    /// Reads an id; spaces around it are dropped.
    ///
    /// # Errors
    /// [`SecretQuestionError`] when nothing is left or no question has the id.
    pub fn parse(id: &str) -> Result<Self, SecretQuestionError> {
        match id.trim() {
            "" => Err(SecretQuestionError::Empty),
            id => Self::ALL.into_iter().find(|q| q.id() == id).ok_or(SecretQuestionError::Unknown),
        }
    }

    /// The question number `n`, modulo the length of the list: the same `n` gives the same question. It chooses
    /// the decoy that an unknown RUT is shown, from a number that only the server can compute
    /// (docs/security.md#abuse-and-enumeration).
    ///
    /// A question added to the list changes the decoys.
    #[must_use]
    pub fn by_index(n: u64) -> Self {
        // The remainder is below the length of `ALL`.
        Self::ALL[(n % Self::ALL.len() as u64) as usize]
    }

    /// The stable name: ASCII, lower case, dashes.
    #[must_use]
    pub fn id(self) -> &'static str {
        QUESTIONS[usize::from(self.0)].0
    }

    /// The wording on the screen, in Spanish.
    #[must_use]
    pub fn text(self) -> &'static str {
        QUESTIONS[usize::from(self.0)].1
    }
}

impl fmt::Debug for SecretQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretQuestion({})", self.id())
    }
}

impl fmt::Display for SecretQuestionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "no question was chosen",
            Self::Unknown => "no question has this id",
        })
    }
}

impl std::error::Error for SecretQuestionError {}

impl TryFrom<String> for SecretQuestion {
    type Error = SecretQuestionError;
    fn try_from(id: String) -> Result<Self, SecretQuestionError> {
        Self::parse(&id)
    }
}

impl From<SecretQuestion> for String {
    fn from(question: SecretQuestion) -> Self {
        question.id().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_and_wordings_are_there_once_and_well_formed() {
        assert_eq!(SecretQuestion::ALL.map(SecretQuestion::id).into_iter().collect::<HashSet<_>>().len(), 12);
        assert_eq!(
            SecretQuestion::ALL.map(SecretQuestion::text).into_iter().collect::<HashSet<_>>().len(),
            12
        );
        for question in SecretQuestion::ALL {
            assert!(question.id().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{question:?}");
            assert_eq!(question.text().trim(), question.text());
            assert!(question.text().chars().count() <= 60 && question.text().starts_with(char::is_uppercase));
        }
    }

    /// Accounts hold these ids: this list may grow at its end, and nothing else.
    #[test]
    fn ids_never_change() {
        assert_eq!(
            SecretQuestion::ALL.map(SecretQuestion::id),
            [
                "pais-favorito",
                "primera-mascota",
                "apodo-infancia",
                "amistad-infancia",
                "primer-profesor",
                "primera-escuela",
                "calle-infancia",
                "almacen-infancia",
                "primeras-vacaciones",
                "primer-sueldo",
                "primera-pelicula",
                "primera-cancion",
            ]
        );
    }

    #[test]
    fn reading_an_id() {
        for question in SecretQuestion::ALL {
            assert_eq!(SecretQuestion::parse(question.id()), Ok(question));
        }
        assert_eq!(SecretQuestion::parse(" pais-favorito ").unwrap().text(), "Mi país favorito");
        assert_eq!(SecretQuestion::parse(" "), Err(SecretQuestionError::Empty));
        for bad in ["0", "Mi país favorito", "PAIS-FAVORITO", "pais"] {
            assert_eq!(SecretQuestion::parse(bad), Err(SecretQuestionError::Unknown), "{bad}");
        }
    }

    #[test]
    fn by_index_wraps_around_and_reaches_every_question() {
        for (n, question) in (0u64..).zip(SecretQuestion::ALL) {
            assert_eq!(SecretQuestion::by_index(n), question);
            assert_eq!(SecretQuestion::by_index(n + 12_000), question);
        }
        assert_eq!(SecretQuestion::by_index(u64::MAX), SecretQuestion::ALL[3]);
    }

    #[test]
    fn in_serde_a_question_is_its_id() {
        let question = SecretQuestion::parse("primer-sueldo").unwrap();
        assert_eq!(serde_json::to_string(&question).unwrap(), r#""primer-sueldo""#);
        assert_eq!(serde_json::from_str::<SecretQuestion>(r#""primer-sueldo""#).unwrap(), question);
        assert!(serde_json::from_str::<SecretQuestion>(r#""color-favorito""#).is_err());
    }
}
