//! Chilean telephone numbers: the mobile, and the two fixed ones of the registration form. N-REG.

#[cfg(feature = "full")]
mod foreign;
mod typed;

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::text::compact;
#[cfg(feature = "full")]
pub use foreign::ForeignPhone;
use typed::{Line, Typed};

/// A Chilean mobile: `+56 9` and 8 digits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mobile(String);

/// A fixed line: area code and number, 9 digits in all.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is not a number of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing was written.
    #[error("no number was given")]
    Empty,
    /// Not as many digits as there should be, or something other than digits.
    #[error("not a Chilean number of this kind")]
    Format,
    /// Eight digits that begin with 569: a number with the code of Chile that was cut short, or a whole one of those that begin so.
    #[error("nobody knows whether 569 is the code of Chile")]
    TooShort,
    /// A number as a spreadsheet writes it, `91234567.0`, or a dot or comma where nobody parts a number, `9123456.78`.
    #[error("dots or commas are not where a telephone number has them")]
    Separators,
    /// The area code is not one of Chile's, or not that of the number.
    #[error("no such area code, or not that of the number")]
    Area,
}

/// The area codes of Chile's fixed network (SUBTEL's numbering plan), with the place people know them by.
pub const AREA_CODES: [(&str, &str); 25] = [
    ("2", "Santiago"),
    ("32", "Valparaíso"),
    ("33", "Quillota"),
    ("34", "San Felipe"),
    ("35", "San Antonio"),
    ("41", "Concepción"),
    ("42", "Chillán"),
    ("43", "Los Ángeles"),
    ("44", "Internet (VoIP)"),
    ("45", "Temuco"),
    ("51", "La Serena"),
    ("52", "Copiapó"),
    ("53", "Ovalle"),
    ("55", "Antofagasta"),
    ("57", "Iquique"),
    ("58", "Arica"),
    ("61", "Punta Arenas"),
    ("63", "Valdivia"),
    ("64", "Osorno"),
    ("65", "Puerto Montt"),
    ("67", "Coyhaique"),
    ("71", "Talca"),
    ("72", "Rancagua"),
    ("73", "Linares"),
    ("75", "Curicó"),
];

impl Mobile {
    /// Reads a mobile in any of the ways people write it: eight digits, or more with `9`, `56`, `+56`, `0056` or `0` before them.
    ///
    /// Of eight digits that begin with 569 only `5691 2345` is read: else the key might go to the telephone of a stranger, because
    /// somebody left the last digit of `56 9 1234 567…` away.
    ///
    /// # Errors
    /// [`PhoneError::Empty`], [`PhoneError::Separators`], [`PhoneError::TooShort`] or [`PhoneError::Format`].
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let typed = Typed::read(text)?;
        let number = match typed.digits.as_str() {
            // The words say that the eight digits are those of another line.
            local if local.len() == 8 && typed.line == Line::Fixed => return Err(PhoneError::Format),
            local if local.len() == 8 && !typed.plus => {
                if local.starts_with("569") && !typed.is_halved {
                    return Err(PhoneError::TooShort);
                }
                Some(local)
            }
            _ => typed.national().and_then(|number| number.strip_prefix('9')),
        };
        Ok(Self(format!("+569{}", number.ok_or(PhoneError::Format)?)))
    }

    /// As a gateway takes it (E.164): `+56912345678`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The eight digits behind `+56 9`.
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.get(4..).unwrap_or_default()
    }

    /// The same as the form shows them, so that [`Mobile::parse`] reads them again.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.local().split_at_checked(4) {
            Some((first, last)) if first.starts_with("569") => format!("{first} {last}"),
            _ => self.local().to_owned(),
        }
    }

    /// Only its last two digits: `+56 9 •••• ••78`, with spaces at which no line breaks.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("+56\u{a0}9\u{a0}••••\u{a0}••{}", self.0.get(10..).unwrap_or_default())
    }

    /// The whole number as people write it: `+56 9 1234 5678`, with spaces at which no line breaks.
    #[must_use]
    pub fn readable(&self) -> String {
        let (first, last) = self.local().split_at_checked(4).unwrap_or_default();
        format!("+56\u{a0}9\u{a0}{first}\u{a0}{last}")
    }
}

impl Phone {
    /// Reads a fixed line from its area code and number. The number may be the whole one, with its area code and `0`, `56`, `+56` or
    /// `0056` before it; then the area code may be left out.
    ///
    /// # Errors
    /// [`PhoneError`]; `Area` when the code is none of [`AREA_CODES`], or another than that of a whole number.
    pub fn parse(area: &str, number: &str) -> Result<Self, PhoneError> {
        let typed = Typed::read(number)?;
        let area = compact(area);
        let area = area.trim_start_matches('0');
        if typed.line == Line::Mobile && typed.digits.len() < 9 {
            return Err(PhoneError::Format);
        }
        let is_known = AREA_CODES.iter().any(|(code, _)| *code == area);
        if is_known && !typed.plus && area.len() + typed.digits.len() == 9 && !typed.digits.starts_with('0') {
            return Ok(Self(format!("+56{area}{}", typed.digits)));
        }
        if !(is_known || area.is_empty()) {
            return Err(PhoneError::Area);
        }
        let unfit = if is_known { PhoneError::Format } else { PhoneError::Area };
        let phone = Self(format!("+56{}", typed.national().ok_or(unfit)?));
        match Self::parts(phone.as_str()) {
            Some((_, number)) if number.starts_with('0') => Err(PhoneError::Format),
            Some((own, _)) if area.is_empty() || own == area => Ok(phone),
            Some(_) => Err(PhoneError::Area),
            None => Err(unfit),
        }
    }

    /// E.164: `+56221234567`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Area code and number of what [`Phone::as_str`] gave, as the form shows them.
    #[must_use]
    pub fn parts(stored: &str) -> Option<(&'static str, &str)> {
        let digits = stored.strip_prefix("+56")?;
        AREA_CODES.iter().find_map(|(code, _)| Some((*code, digits.strip_prefix(code)?)))
    }
}

impl TryFrom<String> for Mobile {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::parse(&text)
    }
}

impl From<Mobile> for String {
    fn from(mobile: Mobile) -> Self {
        mobile.0
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        let (area, number) = Self::parts(&text).ok_or(PhoneError::Format)?;
        Self::parse(area, number)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mobile(…)")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
