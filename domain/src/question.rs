//! The secret questions (“Pregunta Secreta”). N-REG, N-REC-2, N-REC-3; “Mi país favorito” is in the
//! guides.
//!
//! A secret question is a weak proof; the list does what a list can. Each question asks for another kind of
//! thing, so that a list of likely answers to one is of no use for the next. None asks for what is in a
//! public register or on the cédula (names of the parents, dates, place of birth), nor for what changes in a
//! few years or has but a handful of likely answers (football club, colour). Only the first, which the guides
//! show, is easier to guess.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One of the questions on the list, kept and sent as its [`id`](SecretQuestion::id). Its wording is in the crate `wording`.
///
/// Ids are stored with the accounts: a wording may be corrected, an id never changes its meaning and is never removed. A new
/// question goes to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[expect(missing_docs, reason = "the variants are named like their ids")]
pub enum SecretQuestion {
    FavouriteCountry,
    FirstPet,
    ChildhoodNickname,
    ChildhoodFriend,
    FirstTeacher,
    FirstSchool,
    ChildhoodStreet,
    ChildhoodShop,
    FirstHolidays,
    FirstWages,
    FirstFilm,
    FirstSong,
}

/// Why a text is not the id of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretQuestionError {
    /// Nothing was chosen.
    Empty,
    /// No question has this id.
    Unknown,
}

impl SecretQuestion {
    /// Every question, in the order of the list on the screen.
    pub const ALL: [Self; 12] = [
        Self::FavouriteCountry,
        Self::FirstPet,
        Self::ChildhoodNickname,
        Self::ChildhoodFriend,
        Self::FirstTeacher,
        Self::FirstSchool,
        Self::ChildhoodStreet,
        Self::ChildhoodShop,
        Self::FirstHolidays,
        Self::FirstWages,
        Self::FirstFilm,
        Self::FirstSong,
    ];

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
        match self {
            Self::FavouriteCountry => "pais-favorito",
            Self::FirstPet => "primera-mascota",
            Self::ChildhoodNickname => "apodo-infancia",
            Self::ChildhoodFriend => "amistad-infancia",
            Self::FirstTeacher => "primer-profesor",
            Self::FirstSchool => "primera-escuela",
            Self::ChildhoodStreet => "calle-infancia",
            Self::ChildhoodShop => "almacen-infancia",
            Self::FirstHolidays => "primeras-vacaciones",
            Self::FirstWages => "primer-sueldo",
            Self::FirstFilm => "primera-pelicula",
            Self::FirstSong => "primera-cancion",
        }
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
    fn each_id_is_there_once_and_well_formed() {
        assert_eq!(SecretQuestion::ALL.map(SecretQuestion::id).into_iter().collect::<HashSet<_>>().len(), 12);
        for question in SecretQuestion::ALL {
            assert!(question.id().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{question:?}");
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
        assert_eq!(SecretQuestion::parse(" pais-favorito "), Ok(SecretQuestion::FavouriteCountry));
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
        let error = |id| serde_json::from_str::<SecretQuestion>(id).unwrap_err().to_string();
        assert!(error(r#""color-favorito""#).starts_with("no question has this id"));
        assert!(error(r#""""#).starts_with("no question was chosen"));
    }
}
