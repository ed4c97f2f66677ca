//! `GlosaError`: the codes with which an error is answered, and how several go together.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A code of `GlosaError`. The order is that of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum Glosa {
    /// 100: a wrong key, or nobody with a Clave SENCE. Before a right key it stands for every failure of person or key.
    Key,
    /// 200: a mandatory field is missing; also one that has no code of its own and is not of its form.
    Missing,
    /// 201: `UrlRetoma` or `UrlError` is missing.
    UrlMissing,
    /// 202: `UrlRetoma` is not a URL to which we answer.
    UrlRetoma,
    /// 203: the same of `UrlError`.
    UrlError,
    /// 204: `CodSence` is not of its form, or is there on line 1.
    CodSence,
    /// 205: `CodigoCurso` is not of its form, or no such course is on the list.
    CodigoCurso,
    /// 206: `LineaCapacitacion` is not 1, 3 or 6, or is not the line of the course.
    Line,
    /// 207: `RunAlumno` is not a RUN.
    Run,
    /// 208: `RunAlumno` is not on the course.
    NotOnCourse,
    /// 209: `RutOtec` is not a RUT.
    RutOtec,
    /// 210: more than three minutes went by.
    TimeOver,
    /// 211: the token is another OTEC's.
    TokenOfOther,
    /// 212: the token was revoked.
    TokenRevoked,
    /// 300: an error of ours.
    Internal,
    /// 301: the start or the close cannot be recorded, as the session is no longer in the state that it needs.
    NotRecorded,
    /// 302: the OTEC is not known here, or answers elsewhere than it has registered.
    Organism,
    /// 303: no such token, or not of the form of one.
    TokenUnknown,
    /// 304: what was sent does not belong to a session of ours.
    NotVerified,
    /// 305: the data was fine and could not be stored.
    NotStored,
    /// 306: `CodigoCurso` does not belong to `CodSence`.
    OtherCodSence,
    /// 307: the course is not e-learning.
    NotElearning,
    /// 308: the course is another OTEC's.
    OtherOtec,
    /// 309: today is not between the dates of the course.
    Dates,
    /// 310: the course has ended or was annulled.
    Over,
    /// 311: who typed the key is not `RunAlumno`.
    OtherRun,
    /// 313: the close came to another URL than the start belongs to.
    CloseUrl,
}

impl Glosa {
    /// Every code, in order.
    pub const ALL: [Self; 27] = [
        Self::Key,
        Self::Missing,
        Self::UrlMissing,
        Self::UrlRetoma,
        Self::UrlError,
        Self::CodSence,
        Self::CodigoCurso,
        Self::Line,
        Self::Run,
        Self::NotOnCourse,
        Self::RutOtec,
        Self::TimeOver,
        Self::TokenOfOther,
        Self::TokenRevoked,
        Self::Internal,
        Self::NotRecorded,
        Self::Organism,
        Self::TokenUnknown,
        Self::NotVerified,
        Self::NotStored,
        Self::OtherCodSence,
        Self::NotElearning,
        Self::OtherOtec,
        Self::Dates,
        Self::Over,
        Self::OtherRun,
        Self::CloseUrl,
    ];

    /// Its number.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Key => 100,
            Self::Missing => 200,
            Self::UrlMissing => 201,
            Self::UrlRetoma => 202,
            Self::UrlError => 203,
            Self::CodSence => 204,
            Self::CodigoCurso => 205,
            Self::Line => 206,
            Self::Run => 207,
            Self::NotOnCourse => 208,
            Self::RutOtec => 209,
            Self::TimeOver => 210,
            Self::TokenOfOther => 211,
            Self::TokenRevoked => 212,
            Self::Internal => 300,
            Self::NotRecorded => 301,
            Self::Organism => 302,
            Self::TokenUnknown => 303,
            Self::NotVerified => 304,
            Self::NotStored => 305,
            Self::OtherCodSence => 306,
            Self::NotElearning => 307,
            Self::OtherOtec => 308,
            Self::Dates => 309,
            Self::Over => 310,
            Self::OtherRun => 311,
            Self::CloseUrl => 313,
        }
    }

    /// Whether it says something of a person or of a key. Of these only 100 is answered before a right key.
    #[must_use]
    pub fn is_of_person(self) -> bool {
        matches!(self, Self::Key | Self::NotOnCourse | Self::OtherRun)
    }
}

/// A number that is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no code of GlosaError")]
pub struct GlosaNumberError;

impl TryFrom<u16> for Glosa {
    type Error = GlosaNumberError;

    fn try_from(code: u16) -> Result<Self, GlosaNumberError> {
        Self::ALL.into_iter().find(|glosa| glosa.code() == code).ok_or(GlosaNumberError)
    }
}

impl From<Glosa> for u16 {
    fn from(glosa: Glosa) -> Self {
        glosa.code()
    }
}

/// Why a request is refused: at least one code, each once, the lowest first. `Display` gives `GlosaError`: `204;211`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Glosa>", into = "Vec<Glosa>")]
pub struct Glosas(Vec<Glosa>);

impl Glosas {
    /// What a check found; fine when it found nothing.
    ///
    /// # Errors
    /// The codes.
    pub fn check(found: impl IntoIterator<Item = Glosa>) -> Result<(), Self> {
        let mut codes: Vec<Glosa> = found.into_iter().collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.is_empty() { Ok(()) } else { Err(Self(codes)) }
    }

    /// The codes.
    #[must_use]
    pub fn codes(&self) -> &[Glosa] {
        &self.0
    }

    /// The same as far as it may be answered before a right key: everything of person or key is 100.
    #[must_use]
    pub fn before_key(self) -> Self {
        let hidden = |glosa: Glosa| if glosa.is_of_person() { Glosa::Key } else { glosa };
        Self::check(self.0.iter().copied().map(hidden)).err().unwrap_or(self)
    }
}

impl From<Glosa> for Glosas {
    fn from(glosa: Glosa) -> Self {
        Self(vec![glosa])
    }
}

impl TryFrom<Vec<Glosa>> for Glosas {
    type Error = GlosaNumberError;

    fn try_from(codes: Vec<Glosa>) -> Result<Self, GlosaNumberError> {
        Self::check(codes).err().ok_or(GlosaNumberError)
    }
}

impl From<Glosas> for Vec<Glosa> {
    fn from(glosas: Glosas) -> Self {
        glosas.0
    }
}

impl fmt::Display for Glosas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, glosa) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ";" };
            write!(f, "{comma}{}", glosa.code())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_rce_the_codes_are_these_and_no_others() {
        let codes: Vec<u16> = Glosa::ALL.into_iter().map(Glosa::code).collect();
        let expected = [100].into_iter().chain(200..=212).chain(300..=311).chain([313]);
        assert_eq!(codes, expected.collect::<Vec<_>>());
        assert!(Glosa::ALL.is_sorted(), "the order of the enum is that of the numbers");
        for code in 0..400 {
            assert_eq!(Glosa::try_from(code).is_ok(), codes.contains(&code), "{code}");
        }
    }

    #[test]
    fn l_rce_several_codes_are_joined_in_order_each_once() {
        let found = [Glosa::TokenOfOther, Glosa::CodSence, Glosa::TokenOfOther];
        let glosas = Glosas::check(found).unwrap_err();
        assert_eq!(glosas.to_string(), "204;211");
        assert_eq!(Glosas::from(Glosa::Key).to_string(), "100");
        assert_eq!(Glosas::check([]), Ok(()));
    }

    #[test]
    fn security_l_rce_before_a_right_key_all_of_person_or_key_is_100() {
        let hidden =
            |found: &[Glosa]| Glosas::check(found.iter().copied()).unwrap_err().before_key().to_string();
        assert_eq!(hidden(&[Glosa::NotOnCourse]), "100");
        assert_eq!(hidden(&[Glosa::OtherRun, Glosa::Key, Glosa::NotOnCourse]), "100");
        assert_eq!(hidden(&[Glosa::Dates, Glosa::NotOnCourse]), "100;309");
        assert_eq!(hidden(&[Glosa::Run, Glosa::TimeOver]), "207;210", "of the form, and of the time");
    }

    #[test]
    fn l_rce_stored_codes_come_back() {
        let glosas = Glosas::check([Glosa::Missing, Glosa::CloseUrl]).unwrap_err();
        let text = serde_json::to_string(&glosas).unwrap();
        assert_eq!(text, "[200,313]");
        assert_eq!(serde_json::from_str::<Glosas>(&text).unwrap(), glosas);
        assert!(
            serde_json::from_str::<Glosas>("[]").is_err() && serde_json::from_str::<Glosas>("[312]").is_err()
        );
    }
}
