//! Chilean telephone numbers: the mobile, and the two fixed ones of the registration form. N-REG.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::text::{compact, is_of_spreadsheet, meant};

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
    /// A number as a spreadsheet writes it: `91234567.0`.
    #[error("a spreadsheet made a number of it")]
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
    /// # Errors
    /// [`PhoneError::Empty`], [`PhoneError::Separators`] or [`PhoneError::Format`].
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let typed = Typed::read(text)?;
        let number = match typed.digits.as_str() {
            // `569 1234 5` is a number with its country that was cut short.
            local if local.len() == 8 && !typed.plus && !text.trim_start().starts_with("569 ") => Some(local),
            _ => typed.national().and_then(|number| number.strip_prefix('9')),
        };
        Ok(Self(format!("+569{}", number.ok_or(PhoneError::Format)?)))
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
    /// Reads a fixed line from its area code and number. The number may be the whole one, with its area code and `0`, `56`, `+56` or
    /// `0056` before it; then the area code may be left out.
    ///
    /// # Errors
    /// [`PhoneError`]; `Area` when the code is none of [`AREA_CODES`], or another than that of a whole number.
    pub fn parse(area: &str, number: &str) -> Result<Self, PhoneError> {
        let typed = Typed::read(number)?;
        let area = compact(area);
        let area = area.trim_start_matches('0');
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

#[cfg(feature = "full")]
impl ForeignPhone {
    /// Reads a number with its country code behind `+` or `00`. A number that begins with the code of Chile and has its length needs
    /// neither.
    ///
    /// # Errors
    /// [`PhoneError::Empty`], [`PhoneError::Separators`] or [`PhoneError::Format`]; E.164 has at most 15 digits.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let typed = Typed::read(text)?;
        let number = match typed.digits.strip_prefix("00") {
            Some(rest) if !typed.plus => rest,
            _ if typed.plus || (typed.digits.len() == 11 && typed.digits.starts_with("56")) => &typed.digits,
            _ => return Err(PhoneError::Format),
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

/// A number as it was typed.
struct Typed {
    /// Whether it begins with `+`.
    plus: bool,
    digits: String,
}

impl Typed {
    /// Reads digits with separators, brackets and a leading `+`, and what contact books put around them.
    fn read(text: &str) -> Result<Self, PhoneError> {
        let text = meant(text).to_ascii_uppercase();
        let text = text.trim();
        let text = match text.strip_prefix("TEL:") {
            Some(link) => link.split(';').next().unwrap_or_default(),
            None => text,
        };
        let around = |c: char| c == ' ' || (c.is_ascii_punctuation() && c != '+');
        let text = text.trim_matches(around);
        if is_of_spreadsheet(text) {
            return Err(PhoneError::Separators);
        }
        let (plus, text) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
        // Dialled only within a country.
        let text = text.replacen("(0)", "", 1);
        let is_between = |c: &char| matches!(c, ' ' | '.' | ',' | '-' | '(' | ')');
        let digits: String = text.chars().filter(|c| !is_between(c)).collect();
        match digits.as_str() {
            "" => Err(PhoneError::Empty),
            digits if digits.bytes().any(|b| !b.is_ascii_digit()) => Err(PhoneError::Format),
            _ => Ok(Self { plus, digits }),
        }
    }

    /// The nine digits of a Chilean number, from a whole one: as it is dialled within Chile, or from abroad.
    fn national(&self) -> Option<&str> {
        let digits = self.digits.as_str();
        let number = match (self.plus, digits.len()) {
            (true, 9) => digits.strip_prefix('9').map(|_| digits)?,
            (true, _) => digits.strip_prefix("56")?,
            (false, 9) => return (!digits.starts_with('0')).then_some(digits),
            (false, 10) => return digits.strip_prefix('0'),
            (false, _) => ["56", "056", "0056"].iter().find_map(|code| digits.strip_prefix(code))?,
        };
        let number = if number.len() == 10 { number.strip_prefix('0')? } else { number };
        (number.len() == 9).then_some(number)
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mobile_in_every_way_people_type_it() {
        for typed in [
            "12345678",
            "912345678",
            "+56 9 1234 5678",
            "+56 9 1234-5678",
            "+56 (9) 1234 5678",
            "(+56) 9 1234 5678",
            "+56 (0)9 1234 5678",
            "+9 1234 5678",
            "56912345678",
            "56 9 1234 5678",
            "569 1234 5678",
            "0912345678",
            "09-12345678",
            "0056912345678",
            "056 9 1234 5678",
            "tel:+56912345678",
            "tel:+56-9-1234-5678;ext=1",
            "9-1234-5678",
            "9.1234.5678",
            "9.12.34.56.78",
            "1234.5678",
            "(9) 1234 5678",
            "*9 1234 5678*.",
            "\u{202a}+56 9 1234 5678\u{202c}",
            "\u{200e}9\u{a0}1234\u{2011}5678\u{fe0d}",
            "＋５６９１２３４５６７８",
            "٩١٢٣٤٥٦٧٨",
        ] {
            assert_eq!(Mobile::parse(typed).unwrap().as_str(), "+56912345678", "{typed}");
        }
        assert_eq!(Mobile::parse(""), Err(PhoneError::Empty));
        for bad in [
            "1234567",
            "812345678",
            "+1 9 1234 5678",
            "1234567a",
            "9123456789",
            "+12345678",
            "012345678",
            "+51 987 654 321",
            "0051987654321",
            "91234567/81234567",
            "569 1234 5",
        ] {
            assert_eq!(Mobile::parse(bad), Err(PhoneError::Format), "{bad}");
        }
        for bad in ["91234567.0", "91234567,0", "91,234,567.00", "912345678.0", "9.12E+08"] {
            assert_eq!(Mobile::parse(bad), Err(PhoneError::Separators), "{bad}");
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
        assert_eq!(Phone::parse("2", "2123456.0"), Err(PhoneError::Separators));
        for phone in [Phone::parse("2", "21234567").unwrap(), Phone::parse("45", "2123456").unwrap()] {
            assert_eq!(Phone::try_from(String::from(phone.clone())), Ok(phone));
        }
        assert_eq!(Phone::try_from("221234567".to_owned()), Err(PhoneError::Format));
    }

    #[test]
    fn a_whole_number_may_be_in_the_control_of_the_number() {
        for (area, number) in [
            ("2", "221234567"),
            ("", "2 2123 4567"),
            ("02", "2123 4567"),
            ("2", "022123 4567"),
            ("2", "+56 2 2123 4567"),
            ("", "+56 (2) 2123 4567"),
            ("2", "+56 (02) 2123 4567"),
            ("2", "56221234567"),
            ("", "0056 2 2123 4567"),
            ("2", "tel:+56221234567"),
        ] {
            assert_eq!(Phone::parse(area, number).unwrap().as_str(), "+56221234567", "{area} {number}");
        }
        // Eight digits behind 2 are a number of Santiago, whatever they begin with.
        assert_eq!(Phone::parse("2", "22123456").unwrap().as_str(), "+56222123456");
        assert_eq!(Phone::parse("32", "322123456").unwrap().as_str(), "+56322123456");
        for (area, number) in [
            ("2", "32 212 3456"),
            ("32", "221234567"),
            ("", "2123456"),
            ("", "912345678"),
            ("99", "221234567"),
        ] {
            assert_eq!(Phone::parse(area, number), Err(PhoneError::Area), "{area} {number}");
        }
        for (area, number) in [("2", "+51 2 2123 4567"), ("32", "32123456"), ("2", "202123456")] {
            assert_eq!(Phone::parse(area, number), Err(PhoneError::Format), "{area} {number}");
        }
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
        assert_eq!(parse("+51 (0)987 654 321").as_deref(), Ok("+51987654321"));
        assert_eq!(parse("tel:+51-987-654-321").as_deref(), Ok("+51987654321"));
        assert_eq!(parse("\u{202a}+51 987 654 321\u{202c}.").as_deref(), Ok("+51987654321"));
        assert_eq!(parse("＋５１ ９８７ ６５４ ３２１").as_deref(), Ok("+51987654321"));
        assert_eq!(parse("+51987654321.0"), Err(PhoneError::Separators));
        assert_eq!(parse("5.19E+10"), Err(PhoneError::Separators));
        assert_eq!(parse("56 9 8765 4321").as_deref(), Ok("+56987654321"));
        assert_eq!(parse(""), Err(PhoneError::Empty));
        for bad in [
            "987654",
            "987654321",
            "9 8765 4321",
            "0987654321",
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

    proptest! {
        #[test]
        fn what_is_shown_and_stored_is_read_again(number in "[0-9]{8}", area in 0..25usize, rest in "[1-9][0-9]{7}") {
            let mobile = Mobile::parse(&number).unwrap();
            for shown in [mobile.as_str(), mobile.local(), &mobile.readable(), &mobile.as_str()[1..]] {
                prop_assert_eq!(Mobile::parse(shown), Ok(mobile.clone()));
            }
            prop_assert_eq!(Mobile::try_from(String::from(mobile.clone())), Ok(mobile));
            let area = AREA_CODES[area].0;
            let phone = Phone::parse(area, &rest[..9 - area.len()]).unwrap();
            let (shown_area, shown) = Phone::parts(phone.as_str()).unwrap();
            prop_assert_eq!(Phone::parse(shown_area, shown), Ok(phone.clone()));
            prop_assert_eq!(Phone::parse("", phone.as_str()), Ok(phone.clone()));
            prop_assert_eq!(Phone::try_from(String::from(phone.clone())), Ok(phone));
        }

        #[test]
        fn no_digit_is_made_up(text in "[+]?[0-9٠-٩０-９() .,\\-\u{200b}]{0,18}") {
            if let Ok(mobile) = Mobile::parse(&text) {
                let typed: String = meant(&text).chars().filter(char::is_ascii_digit).collect();
                prop_assert!(typed.ends_with(mobile.local()));
            }
        }
    }
}
