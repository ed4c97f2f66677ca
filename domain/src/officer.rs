//! The name under which an officer of SENCE signs in. F-REVIEW.

use std::fmt;

/// 3 to 32 of a–z, 0–9, dot and dash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OfficerName(String);

/// Why a text is not the name of an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfficerNameError {
    /// Not 3 to 32 characters.
    #[error("the name of an officer has 3 to 32 characters")]
    Length,
    /// Other characters, or a dot or dash at an end.
    #[error("the name of an officer has a to z, 0 to 9, dots and dashes only")]
    Characters,
    /// It is the name under which commands act.
    #[error("this name stands for the commands")]
    Reserved,
}

impl OfficerName {
    /// Who acts by command and not by sign-in.
    pub const CONSOLE: &str = "consola";

    /// Reads a name, typed in small letters or capitals.
    ///
    /// # Errors
    /// [`OfficerNameError`].
    pub fn parse(text: &str) -> Result<Self, OfficerNameError> {
        let name = crate::text::meant(text).trim().to_ascii_lowercase();
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let ends = [name.bytes().next(), name.bytes().last()];
        if !name.bytes().all(|b| plain(b) || matches!(b, b'.' | b'-'))
            || ends.into_iter().flatten().any(|b| !plain(b))
        {
            Err(OfficerNameError::Characters)
        } else if !(3..=32).contains(&name.len()) {
            Err(OfficerNameError::Length)
        } else if name == Self::CONSOLE {
            Err(OfficerNameError::Reserved)
        } else {
            Ok(Self(name))
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OfficerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_review_what_may_be_the_name_of_an_officer() {
        let name = OfficerName::parse(" Ana.Rojas-2 ").unwrap();
        assert_eq!((name.as_str(), name.to_string().as_str()), ("ana.rojas-2", "ana.rojas-2"));
        assert_eq!(OfficerName::parse("\u{feff}ana.rojas\u{2011}2\u{200b}").as_ref(), Ok(&name));
        assert_eq!(OfficerName::parse("ab"), Err(OfficerNameError::Length));
        assert_eq!(OfficerName::parse(&"a".repeat(33)), Err(OfficerNameError::Length));
        assert_eq!(OfficerName::parse("Consola"), Err(OfficerNameError::Reserved));
        for bad in ["ana rojas", "ana@sence", "josé", ".ana", "ana-", "ana/../x"] {
            assert_eq!(OfficerName::parse(bad), Err(OfficerNameError::Characters), "{bad}");
        }
    }
}
