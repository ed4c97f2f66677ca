//! The fields of a request, each with its form.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::glosa::Glosa;
use crate::openid::redirect::ClientUrl;
use crate::rut::Rut;

/// What stands in place of a code where `/rcetest` skips the checks of the course.
pub const ANY: &str = "-1";

/// To which of the two services a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// `/rce`.
    Real,
    /// `/rcetest`, where `-1` skips the checks of the course.
    Test,
}

impl Service {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Real, Self::Test];

    /// The first part of its paths; in the export, its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Real => "rce",
            Self::Test => "rcetest",
        }
    }

    /// The service of a path.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.word() == word)
    }
}

/// Whether a request starts or closes a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// `Registro/IniciarSesion`.
    Start,
    /// `Registro/CerrarSesion`.
    Close,
}

impl Action {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Start, Self::Close];

    /// The last part of its path.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "IniciarSesion",
            Self::Close => "CerrarSesion",
        }
    }

    /// The action of a path.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// `LineaCapacitacion`: the programme that pays for a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// 1, Programas Sociales.
    Social,
    /// 3, Franquicia Tributaria.
    Franquicia,
    /// 6, Formación en el Puesto de Trabajo.
    Fpt,
}

impl Line {
    /// Every line.
    pub const ALL: [Self; 3] = [Self::Social, Self::Franquicia, Self::Fpt];

    /// Its number.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Social => "1",
            Self::Franquicia => "3",
            Self::Fpt => "6",
        }
    }

    /// The line of a number.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|line| line.word() == word)
    }
}

/// `CodSence`: up to ten digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodSence(String);

impl CodSence {
    /// Longest, in characters.
    pub const MAX: usize = 10;

    /// Reads one.
    ///
    /// # Errors
    /// 204.
    pub fn parse(text: &str) -> Result<Self, Glosa> {
        let fits = (1..=Self::MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(Glosa::CodSence) }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `CodigoCurso`: the id of an action of training.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodigoCurso(String);

impl CodigoCurso {
    /// Longest, in characters.
    pub const MAX: usize = 50;
    /// Shortest, in characters, but on line 6.
    pub const MIN: usize = 7;

    /// Reads one: letters, digits, dashes, dots, underscores. At least seven characters but on line 6; on line 1 parts with dashes
    /// between them, the first of which begins with a letter: `RLAB-19-02-08-0071-1`.
    ///
    /// # Errors
    /// 205.
    pub fn parse(text: &str, line: Line) -> Result<Self, Glosa> {
        let code = Self::any(text)?;
        let is_social = || {
            text.contains('-')
                && text.starts_with(|c: char| c.is_ascii_alphabetic())
                && !text.split('-').any(str::is_empty)
        };
        let fits = match line {
            Line::Social => text.len() >= Self::MIN && is_social(),
            Line::Franquicia => text.len() >= Self::MIN,
            Line::Fpt => true,
        };
        if fits { Ok(code) } else { Err(Glosa::CodigoCurso) }
    }

    /// One of a line that is not known.
    fn any(text: &str) -> Result<Self, Glosa> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
        let fits = (1..=Self::MAX).contains(&text.len()) && text.bytes().all(plain) && text != ANY;
        if fits { Ok(Self(text.to_owned())) } else { Err(Glosa::CodigoCurso) }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `IdSesionAlumno`: the caller's own mark, which comes back as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StudentSession(String);

impl StudentSession {
    /// Longest, in characters.
    pub const MAX: usize = 149;

    /// Reads one: anything that is not blank and has no control characters.
    ///
    /// # Errors
    /// 200: it has no code of its own.
    pub fn parse(text: &str) -> Result<Self, Glosa> {
        let fits = !text.trim().is_empty()
            && text.chars().nth(Self::MAX).is_none()
            && !text.contains(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(Glosa::Missing) }
    }

    /// As it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `IdSesionSence`: the id of a session of attendance, 128 random bits written as a GUID (RFC 9562).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SenceSession(String);

impl SenceSession {
    /// The longest that a caller may send, in characters. Ours have 36.
    pub const MAX: usize = 149;

    /// The id made of these bits.
    #[must_use]
    pub fn from_bits(bits: u128) -> Self {
        Self(guid(bits))
    }

    /// Reads one. Upper case and lower case are alike.
    ///
    /// # Errors
    /// 304: an id that is not of our form belongs to no session.
    pub fn parse(text: &str) -> Result<Self, Glosa> {
        parse_guid(text).map(Self).ok_or(Glosa::NotVerified)
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A GUID in upper case.
pub(super) fn guid(bits: u128) -> String {
    let hex = format!("{bits:032X}");
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    parts.map(|(from, to)| hex.get(from..to).unwrap_or_default()).join("-")
}

/// Reads a GUID: 8, 4, 4, 4 and 12 hexadecimal digits with dashes between them.
pub(super) fn parse_guid(text: &str) -> Option<String> {
    let lengths = text.split('-').map(str::len);
    let is_guid = lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    is_guid.then(|| text.to_ascii_uppercase())
}

/// Reads `RutOtec` or `RunAlumno` as the protocol writes them: `xxxxxxxx-x`, without dots, with the right check digit.
///
/// # Errors
/// The code of the field.
pub fn parse_rut(text: &str, code: Glosa) -> Result<Rut, Glosa> {
    let (number, check) = text.split_once('-').ok_or(code)?;
    let is_number = (1..=8).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let is_check = matches!(check.as_bytes(), [b'0'..=b'9' | b'k' | b'K']);
    if !is_number || !is_check {
        return Err(code);
    }
    Rut::parse(text).map_err(|_| code)
}

/// `UrlRetoma` or `UrlError`: `https`, and in the demo also `http` on a loopback address. A browser is sent there by a form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallbackUrl(ClientUrl);

/// Whether callbacks may go to a loopback address: in the demo only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loopback {
    /// The demo.
    Allowed,
    /// Everywhere else.
    Refused,
}

impl CallbackUrl {
    /// Longest, in characters.
    pub const MAX: usize = 200;

    /// Reads one: as [`ClientUrl`] does, so without user, fragment, spaces, quotes or brackets; at most 200 characters.
    #[must_use]
    pub fn parse(text: &str, loopback: Loopback) -> Option<Self> {
        if text.len() > Self::MAX {
            return None;
        }
        let url = ClientUrl::parse(text).ok()?;
        let is_loopback = matches!(url.host(), "localhost" | "[::1]") || url.host().starts_with("127.");
        (loopback == Loopback::Allowed || !is_loopback).then_some(Self(url))
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port: what the page that sends the form names in its Content-Security-Policy.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.0.origin()
    }

    /// The host, as it is shown to a person.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host()
    }
}

/// Its query may hold anything that the caller put there.
impl fmt::Debug for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallbackUrl({})", self.host())
    }
}

/// Why a stored text is not what it was stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not of the form of the field")]
pub struct StoredError;

macro_rules! stored {
    ($type:ident, $read:path) => {
        impl TryFrom<String> for $type {
            type Error = StoredError;

            fn try_from(text: String) -> Result<Self, StoredError> {
                $read(&text).map_err(|_| StoredError)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    };
}

stored!(CodSence, CodSence::parse);
stored!(CodigoCurso, CodigoCurso::any);
stored!(SenceSession, SenceSession::parse);

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
