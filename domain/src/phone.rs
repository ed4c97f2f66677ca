//! Chilean telephone numbers: the mobile, and the two fixed ones of the registration form. N-REG.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::text::compact;

/// A Chilean mobile: `+56 9` and 8 digits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mobile(String);

/// A fixed line: area code and number, 9 digits in all.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// A telephone number of any country: `+`, country code and number. Of a foreign facilitator (F-REQ).
#[cfg(feature = "full")]
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignPhone(String);

/// Why a text is not a number of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing was written.
    #[error("no number was given")]
    Empty,
    /// Not as many digits as there should be, or something other than digits.
    #[error("not a Chilean number of this kind")]
    Format,
    /// The area code is not one of Chile's.
    #[error("no such area code")]
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
    /// Reads a mobile typed with or without `+56` and `9`, with spaces or dashes.
    ///
    /// # Errors
    /// [`PhoneError::Empty`] or [`PhoneError::Format`].
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let typed = digits(text)?;
        let number = match typed.len() {
            8 => typed.as_str(),
            9 => typed.strip_prefix('9').ok_or(PhoneError::Format)?,
            11 => typed.strip_prefix("569").ok_or(PhoneError::Format)?,
            _ => return Err(PhoneError::Format),
        };
        Ok(Self(format!("+569{number}")))
    }

    /// As a gateway takes it (E.164): `+56912345678`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The eight digits behind `+56 9`, as the form shows them.
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.get(4..).unwrap_or_default()
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
    /// Reads a fixed line from its area code and number.
    ///
    /// # Errors
    /// [`PhoneError`]; `Area` when the code is none of [`AREA_CODES`].
    pub fn parse(area: &str, number: &str) -> Result<Self, PhoneError> {
        let number = digits(number)?;
        let area = compact(area);
        if !AREA_CODES.iter().any(|(code, _)| *code == area) {
            return Err(PhoneError::Area);
        }
        if area.len() + number.len() == 9 && !number.starts_with('0') {
            Ok(Self(format!("+56{area}{number}")))
        } else {
            Err(PhoneError::Format)
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

#[cfg(feature = "full")]
impl ForeignPhone {
    /// Reads a number with its country code behind `+` or `00`; without one only if it is Chilean, of nine digits.
    ///
    /// # Errors
    /// [`PhoneError::Empty`] or [`PhoneError::Format`]; E.164 has at most 15 digits.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let marked = text.trim().starts_with('+') || text.trim().starts_with("(+");
        let typed = digits(text)?;
        let number = match typed.strip_prefix("00") {
            Some(rest) => rest.to_owned(),
            None if marked => typed,
            None if typed.len() == 9 => format!("56{typed}"),
            None if typed.len() == 11 && typed.starts_with("56") => typed,
            None => return Err(PhoneError::Format),
        };
        let whole = (8..=15).contains(&number.len()) && !number.starts_with('0');
        whole.then(|| Self(format!("+{number}"))).ok_or(PhoneError::Format)
    }

    /// E.164: `+51987654321`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(feature = "full")]
impl fmt::Debug for ForeignPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForeignPhone(…)")
    }
}

/// The digits of `text`, which may hold separators, brackets and a leading `+`, and nothing else.
fn digits(text: &str) -> Result<String, PhoneError> {
    let text: String = compact(text).chars().filter(|c| !matches!(c, '(' | ')')).collect();
    let text = text.strip_prefix('+').unwrap_or(&text);
    if text.is_empty() {
        Err(PhoneError::Empty)
    } else if text.bytes().all(|b| b.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err(PhoneError::Format)
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
        let rest = text.strip_prefix("+56").ok_or(PhoneError::Format)?;
        let split = if rest.starts_with('2') { 1 } else { 2 };
        Self::parse(rest.get(..split).unwrap_or_default(), rest.get(split..).unwrap_or_default())
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
mod tests {
    use super::*;

    #[test]
    fn a_mobile_in_every_way_people_type_it() {
        for typed in
            ["12345678", "912345678", "+56 9 1234 5678", "56912345678", "9-1234-5678", "(9) 1234 5678"]
        {
            assert_eq!(Mobile::parse(typed).unwrap().as_str(), "+56912345678", "{typed}");
        }
        assert_eq!(Mobile::parse(""), Err(PhoneError::Empty));
        for bad in ["1234567", "812345678", "+1 9 1234 5678", "1234567a", "9123456789"] {
            assert_eq!(Mobile::parse(bad), Err(PhoneError::Format), "{bad}");
        }
        let mobile = Mobile::parse("12345678").unwrap();
        assert_eq!(
            (mobile.local(), mobile.masked().as_str()),
            ("12345678", "+56\u{a0}9\u{a0}••••\u{a0}••78")
        );
        assert_eq!(mobile.readable(), "+56\u{a0}9\u{a0}1234\u{a0}5678");
    }

    #[test]
    fn a_fixed_line_has_nine_digits_with_its_area() {
        assert_eq!(Phone::parse("2", "2123 4567").unwrap().as_str(), "+56221234567");
        assert_eq!(Phone::parse("32", "212-3456").unwrap().as_str(), "+56322123456");
        assert_eq!(Phone::parse("2", "123456"), Err(PhoneError::Format));
        assert_eq!(Phone::parse("99", "2123456"), Err(PhoneError::Area));
        assert_eq!(Phone::parse("2", ""), Err(PhoneError::Empty));
        assert_eq!(Phone::parse("2", "02123456"), Err(PhoneError::Format));
        for phone in [Phone::parse("2", "21234567").unwrap(), Phone::parse("45", "2123456").unwrap()] {
            assert_eq!(Phone::try_from(String::from(phone.clone())), Ok(phone));
        }
        assert_eq!(Phone::try_from("221234567".to_owned()), Err(PhoneError::Format));
    }

    #[test]
    fn a_stored_number_is_shown_in_the_controls_that_it_came_from() {
        assert_eq!(Phone::parts("+56221234567"), Some(("2", "21234567")));
        assert_eq!(Phone::parts("+56452123456"), Some(("45", "2123456")));
        assert_eq!(Phone::parts("+56992123456"), None);
        assert_eq!(Phone::parts("221234567"), None);
        let mobile = Mobile::parse("12345678").unwrap();
        assert_eq!(String::from(mobile.clone()), "+56912345678");
        assert_eq!(Mobile::try_from("+56912345678".to_owned()), Ok(mobile));
    }

    #[cfg(feature = "full")]
    #[test]
    fn f_req_a_number_of_any_country_needs_its_code() {
        let parse = |text: &str| ForeignPhone::parse(text).map(|phone| phone.as_str().to_owned());
        assert_eq!(parse("+51 987 654 321").as_deref(), Ok("+51987654321"));
        assert_eq!(parse("0051 (987) 654-321").as_deref(), Ok("+51987654321"));
        assert_eq!(parse("(+51) 987 654 321").as_deref(), Ok("+51987654321"));
        assert_eq!(parse("9 8765 4321").as_deref(), Ok("+56987654321"));
        assert_eq!(parse("56 9 8765 4321").as_deref(), Ok("+56987654321"));
        assert_eq!(parse(""), Err(PhoneError::Empty));
        for bad in [
            "987654",
            "51 987 654 321",
            "56 98765 43210",
            "+51 98",
            "+0 12345678",
            "+1234567890123456",
            "+51 98a765432",
        ] {
            assert_eq!(parse(bad), Err(PhoneError::Format), "{bad}");
        }
    }
}
