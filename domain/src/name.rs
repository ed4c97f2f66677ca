//! The name of a person or a company.

use serde::{Deserialize, Serialize};

use crate::text::{composed, is_unseen, tidy};

/// A name as it is written on documents: the “Razón Social” of a company, or the names of a person. Tidy, 2 to 120
/// characters, all of them visible. It appears in our mails and at the desk, so it may hold nothing that looks like a web
/// address: mail programs would turn it into a link, in a mail from SENCE. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was written.
    #[error("no name was given")]
    Empty,
    /// One character only.
    #[error("a name has at least two characters")]
    TooShort,
    /// Over 120 characters.
    #[error("a name has at most 120 characters")]
    TooLong,
    /// Control characters, angle brackets, an address of the web, or nothing that is a letter or digit.
    #[error("characters that do not belong into a name")]
    Characters,
}

impl Name {
    /// Reads a name. Characters that are not seen, which a paste brings, are left out.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
        let text = tidy(&composed(&seen));
        match text.chars().count() {
            0 => Err(NameError::Empty),
            _ if text.chars().any(is_foreign)
                || is_address(&text)
                || !text.chars().any(char::is_alphanumeric) =>
            {
                Err(NameError::Characters)
            }
            1 => Err(NameError::TooShort),
            121.. => Err(NameError::TooLong),
            _ => Ok(Self(text)),
        }
    }

    /// Cleans a name from a registry or an older system, which nobody can correct: drops the characters that a name may not
    /// have and cuts it at 120. None when the rest is no name.
    #[must_use]
    pub fn clean(text: &str) -> Option<Self> {
        // What is no space to `tidy` would join two words where it is left out.
        let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c });
        let seen: String = spaced.filter(|c| !is_foreign(*c) && !is_unseen(*c)).collect();
        let cut: String = tidy(&composed(&seen)).chars().take(120).collect();
        Self::parse(&cut).ok()
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Name(…)")
    }
}

/// Whether `c` does not belong into a name.
fn is_foreign(c: char) -> bool {
    c.is_control() || matches!(c, '<' | '>')
}

/// Whether a mail program would make a link of something in `text`.
fn is_address(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("://") || text.contains("www.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j_reg_a_name_is_tidied_and_bounded() {
        let name = |text: &str| Name::parse(text).map(|name| name.as_str().to_owned());
        assert_eq!(
            name("  Capacitación  Ñandú  & Cía. Ltda. ").as_deref(),
            Ok("Capacitación Ñandú & Cía. Ltda.")
        );
        assert_eq!(name("Pe\u{301}rez N\u{303}").as_deref(), Ok("Pérez Ñ"), "each letter in one way");
        assert_eq!(name(" "), Err(NameError::Empty));
        assert_eq!(name("a"), Err(NameError::TooShort));
        assert_eq!(name(&"a".repeat(121)), Err(NameError::TooLong));
        for bad in ["a\u{7}b", "<b>", "--"] {
            assert_eq!(name(bad), Err(NameError::Characters), "{bad}");
        }
    }

    #[test]
    fn debug_hides_the_name() {
        assert_eq!(format!("{:?}", Name::parse("Ana Prueba").unwrap()), "Name(…)");
    }

    #[test]
    fn security_a_name_is_no_link_and_hides_nothing() {
        for bad in [
            "Ana https://malo.ejemplo",
            "Ana HTTPS://malo.ejemplo",
            "Suspendida: entre a Www.malo.ejemplo",
            "Ana ht\u{200b}tps:/\u{2060}/malo.ejemplo",
            "Ana w\u{ad}ww.malo.ejemplo",
            "\u{200b}\u{202e}--",
        ] {
            assert_eq!(Name::parse(bad), Err(NameError::Characters), "{bad:?}");
        }
        for (pasted, seen) in [
            ("\u{200e}Rosa", "Rosa"),
            ("Quillay\u{200b} SpA", "Quillay SpA"),
            ("Ana \u{202e}atreuM", "Ana atreuM"),
            ("Ana\u{2066} Rojas", "Ana Rojas"),
            ("An\u{ad}a", "Ana"),
            ("\u{feff}Ana", "Ana"),
            ("Ana\u{e0041}", "Ana"),
        ] {
            assert_eq!(Name::parse(pasted).as_ref().map(Name::as_str), Ok(seen), "{pasted:?}");
        }
        for good in ["Comercial Quillay.cl SpA", "Pe\u{301}rez", "O'Higgins: 2/3", "Ñandú & Cía."] {
            assert!(Name::parse(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn security_a_name_of_a_registry_is_cleaned_or_none() {
        let clean = |text: &str| Name::clean(text).map(|name| name.as_str().to_owned());
        assert_eq!(clean(" Rosa\n <Prueba>\u{202e}\0 ").as_deref(), Some("Rosa Prueba"));
        assert_eq!(clean("Ana https://malo.ejemplo"), None);
        assert_eq!(clean("ht\u{200b}tps:\u{200b}//malo"), None, "nor one that cleaning makes");
        assert_eq!(clean(" \u{200b} "), None);
        assert_eq!(clean(&"ñ".repeat(300)), Some("ñ".repeat(120)));
    }
}
