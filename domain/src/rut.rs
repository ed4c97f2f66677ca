//! The RUT (Rol Único Tributario; for people the same as the RUN of the cédula). See docs/requirements.md#who-has-a-key.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::text::compact;

/// A RUT whose check digit is right.
///
/// `Display` gives the form that people know, `12.345.678-5`; [`Rut::plain`] the one that is stored. `Debug`
/// hides the number, because a RUT never belongs in a log.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rut {
    number: u32,
}

/// Why a text is not a RUT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RutError {
    /// Nothing was written.
    #[error("no RUT was given")]
    Empty,
    /// Something other than digits and a final `K`.
    #[error("a RUT has digits and at most a final K")]
    Characters,
    /// Under 7 or over 9 characters, dots, dash and zeros before it left out.
    #[error("a RUT has 7 to 9 characters")]
    Length,
    /// The check digit does not belong to the number.
    #[error("the check digit is wrong")]
    CheckDigit,
}

impl Rut {
    /// Reads a RUT in any of the ways people write it: with or without dots and dash, `k` or `K`, stray spaces.
    ///
    /// # Errors
    /// The first reason, in the order of [`RutError`], for which the text is not a RUT.
    pub fn parse(text: &str) -> Result<Self, RutError> {
        let text = compact(text);
        if text.is_empty() {
            return Err(RutError::Empty);
        }
        let (digits, check) = text.split_at(text.len() - text.chars().next_back().map_or(0, char::len_utf8));
        if !digits.bytes().all(|b| b.is_ascii_digit()) || !matches!(check.as_bytes(), [b'0'..=b'9' | b'K']) {
            return Err(RutError::Characters);
        }
        if !(7..=9).contains(&text.len()) {
            return Err(RutError::Length);
        }
        let number: u32 = digits.parse().map_err(|_| RutError::Characters)?;
        if number == 0 || !check.starts_with(check_digit(number)) {
            return Err(RutError::CheckDigit);
        }
        // Zeros before it count as nothing: what is left must be a RUT that is read again as it is stored.
        Self::from_number(number).ok_or(RutError::Length)
    }

    /// The RUT of this number, with the check digit computed.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        (100_000..=99_999_999).contains(&number).then_some(Self { number })
    }

    /// The check digit, `0`–`9` or `K`.
    #[must_use]
    pub fn check_digit(self) -> char {
        check_digit(self.number)
    }

    /// The number before the check digit.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number
    }

    /// The stored form: digits, dash, check digit, no dots (`12345678-5`).
    #[must_use]
    pub fn plain(self) -> String {
        format!("{}-{}", self.number, self.check_digit())
    }
}

/// Weights 2–7 cycling from the right; 11 − (sum mod 11), where 11 is `0` and 10 is `K`.
fn check_digit(mut number: u32) -> char {
    let mut sum = 0;
    let mut weight = 2;
    while number > 0 {
        sum += (number % 10) * weight;
        number /= 10;
        weight = if weight == 7 { 2 } else { weight + 1 };
    }
    match 11 - sum % 11 {
        11 => '0',
        10 => 'K',
        digit => char::from(b'0' + u8::try_from(digit).unwrap_or(0)),
    }
}

impl fmt::Display for Rut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (millions, rest) = (self.number / 1_000_000, self.number % 1_000_000);
        if millions > 0 {
            write!(f, "{millions}.")?;
        }
        write!(f, "{:03}.{:03}-{}", rest / 1000, rest % 1000, self.check_digit())
    }
}

impl fmt::Debug for Rut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rut(…)")
    }
}

impl TryFrom<String> for Rut {
    type Error = RutError;
    fn try_from(text: String) -> Result<Self, RutError> {
        Self::parse(&text)
    }
}

impl From<Rut> for String {
    fn from(rut: Rut) -> Self {
        rut.plain()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_examples_are_read() {
        for good in
            ["12345678-5", "11111111-1", "76192083-9", "9868503-0", "12667869-K", "1000005-K", "10000004-0"]
        {
            assert!(Rut::parse(good).is_ok(), "{good}");
        }
        assert_eq!(Rut::parse("12345678-9"), Err(RutError::CheckDigit));
        assert_eq!(Rut::parse("12345-6"), Err(RutError::Length));
        assert_eq!(Rut::parse("1123456785"), Err(RutError::Length));
        assert_eq!(Rut::parse(" . - "), Err(RutError::Empty));
        assert_eq!(Rut::parse("12a45678-5"), Err(RutError::Characters));
        assert_eq!(Rut::parse("1234567ñ"), Err(RutError::Characters));
        assert_eq!(Rut::parse("0000000-0"), Err(RutError::CheckDigit));
        // With its zeros it is long enough, and could not be read again as it would be stored.
        assert_eq!(Rut::parse("01004-04"), Err(RutError::Length));
    }

    #[test]
    fn any_way_of_writing_is_one_rut() {
        let rut = Rut::parse("12667869-K").unwrap();
        for way in ["12.667.869-k", "12667869k", " 12 667 869 – K ", "12.667.869K", "12,667,869-k"] {
            assert_eq!(Rut::parse(way), Ok(rut), "{way}");
        }
        assert_eq!(rut.to_string(), "12.667.869-K");
        assert_eq!(Rut::parse("09868503-0"), Rut::parse("9868503-0"));
        assert_eq!(Rut::parse("1000005-K").unwrap().to_string(), "1.000.005-K");
        let small = Rut::from_number(123_456).unwrap();
        assert_eq!((small.to_string(), small.plain()), ("123.456-0".to_owned(), "123456-0".to_owned()));
        assert_eq!((small.number(), small.check_digit(), String::from(small)), (123_456, '0', small.plain()));
    }

    #[test]
    fn debug_hides_the_number() {
        assert!(!format!("{:?}", Rut::parse("12345678-5").unwrap()).contains("345"));
    }

    proptest! {
        #[test]
        fn shown_and_read_again_is_the_same(number in 100_000u32..=99_999_999) {
            let rut = Rut::from_number(number).unwrap();
            prop_assert_eq!(Rut::parse(&rut.to_string()), Ok(rut));
            prop_assert_eq!(Rut::parse(&rut.plain().to_lowercase()), Ok(rut));
        }

        #[test]
        fn any_other_check_digit_is_refused(number in 100_000u32..=99_999_999, other in 0usize..11) {
            let rut = Rut::from_number(number).unwrap();
            let wrong = char::from(b"0123456789K"[other]);
            prop_assume!(wrong != rut.check_digit());
            prop_assert_eq!(Rut::parse(&format!("{number}-{wrong}")), Err(RutError::CheckDigit));
        }

        #[test]
        fn what_is_read_is_read_again(zeros in "0{0,4}", number in 1u32..1_000_000) {
            if let Ok(rut) = Rut::parse(&format!("{zeros}{number}{}", check_digit(number))) {
                prop_assert_eq!(Rut::parse(&rut.plain()), Ok(rut));
            }
        }

        #[test]
        fn never_panics(text in ".{0,40}") {
            let _ = Rut::parse(&text);
        }
    }
}
