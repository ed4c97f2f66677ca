//! The code in a mail, by which a person shows that the address receives messages (A-MAIL).

use std::fmt;

use crate::text::{Labels, code, compact};

/// Six letters and digits that a person copies from a mail. `Debug` shows none of them.
#[derive(Clone, PartialEq, Eq)]
pub struct MailCode(String);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailCodeError {
    /// Nothing was written.
    #[error("no code was given")]
    Empty,
    /// Not six of the letters and digits.
    #[error("not a code")]
    Format,
}

/// The letters and digits of a code: none that looks or sounds like another.
const ALPHABET: &[u8; 23] = b"ACDEGHJKLMNPRTUWXY34679";

/// The words for what it is, which are copied along.
const LABELS: Labels = Labels::of_letters(&["CODIGO", "CODE"]);

impl MailCode {
    /// How many letters and digits it has.
    pub const LENGTH: usize = 6;

    /// How many codes there are: 23^6, about 2^27.
    pub const COUNT: u64 = 148_035_889;

    /// The code of a random value below [`MailCode::COUNT`].
    #[must_use]
    pub fn from_random(mut random: u64) -> Self {
        let mut text = String::with_capacity(Self::LENGTH);
        for _ in 0..Self::LENGTH {
            let index = usize::try_from(random % 23).unwrap_or_default();
            text.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'A')));
            random /= 23;
        }
        Self(text)
    }

    /// Reads a code, in small letters or capitals, with spaces or dashes or without.
    ///
    /// # Errors
    /// [`MailCodeError`].
    pub fn parse(text: &str) -> Result<Self, MailCodeError> {
        // What stands before a colon, or on the next line, came along with it.
        let text = text.trim().lines().next().unwrap_or_default();
        let text = code(text.rsplit(':').next().unwrap_or_default());
        let text = compact(LABELS.taken_off(&text));
        if text.is_empty() {
            return Err(MailCodeError::Empty);
        }
        // Six others are a wrong code, not one of a wrong form.
        let whole = text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if whole { Ok(Self(text)) } else { Err(MailCodeError::Format) }
    }

    /// The code: `A7K3MR`.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MailCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_a_code_is_read_however_it_is_typed() {
        assert_eq!(MailCode::from_random(0).expose(), "AAAAAA");
        assert_eq!(MailCode::from_random(MailCode::COUNT - 1).expose(), "999999");
        let code = MailCode::from_random(12_345_678);
        for typed in
            [code.expose().to_lowercase(), format!(" {}-{} ", &code.expose()[..3], &code.expose()[3..])]
        {
            assert_eq!(MailCode::parse(&typed).as_ref(), Ok(&code), "{typed}");
        }
        assert_eq!(MailCode::parse(" - "), Err(MailCodeError::Empty));
        for bad in ["AAAAA", "AAAAAAA", "AAAAAñ"] {
            assert_eq!(MailCode::parse(bad), Err(MailCodeError::Format), "{bad}");
        }
        // Of letters and digits that look alike a code has neither; such a one is wrong.
        assert_eq!(MailCode::parse("aaaaa0").unwrap().expose(), "AAAAA0");
        assert_eq!(MailCode::parse("Código: A7K-3MR\nEscríbalo aquí").unwrap().expose(), "A7K3MR");
        for copied in ["codigo A7K3MR", "Código de SENCE: A7K3MR", "CÓDIGO a7k3mr.", "(A7K3MR)"] {
            assert_eq!(MailCode::parse(copied).unwrap().expose(), "A7K3MR", "{copied}");
        }
        assert_eq!(format!("{code:?}"), "MailCode(…)");
    }
}
