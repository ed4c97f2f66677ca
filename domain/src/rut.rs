//! The RUT (Rol Único Tributario; for people the same as the RUN of the cédula). See docs/requirements.md#who-has-a-key.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::text::{Labels, code, is_changed_number, without_remark};

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
    /// A number under 1,000 or over 99,999,999, zeros before it left out.
    #[error("a RUT has 5 to 9 digits")]
    Length,
    /// A dot or comma that no group of three digits follows, as in `10000181.0`, or a dash that is not before the check digit.
    #[error("dots or dash are not where a RUT has them")]
    Separators,
    /// The check digit does not belong to the number.
    #[error("the check digit is wrong")]
    CheckDigit,
}

impl Rut {
    /// The lowest number. People who live have numbers of five digits; one digit less leaves room for others. What is lower stands
    /// for no RUT at all, such as `1-9`.
    const LEAST: u32 = 1_000;

    /// Reads a RUT in any of the ways people write it: with or without dots and dash, `k` or `K`, zeros before it, stray spaces, “RUT” or
    /// “C.I.” before it, a remark in brackets behind it, and the dash as a word.
    ///
    /// # Errors
    /// The first reason, in the order of [`RutError`] but the check digit last, for which the text is not a RUT.
    pub fn parse(text: &str) -> Result<Self, RutError> {
        let ends_with_dash = text.trim_end().ends_with(['-', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2212}']);
        let text = spelled(&code(text));
        // `16300004-`: the check digit is missing, and not the last one.
        if ends_with_dash && text.len() > 5 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(RutError::CheckDigit);
        }
        let unremarked = without_remark(&text);
        // Without a dash the letters may be a check digit that somebody explained.
        let text = if unremarked.contains('-') { unremarked } else { &text };
        let text = LABELS.taken_off(text).trim_start_matches(|c: char| c == ' ' || c.is_ascii_punctuation());
        let Some(check) = text.chars().next_back() else { return Err(RutError::Empty) };
        if is_changed_number(text) {
            return Err(RutError::Separators);
        }
        let before = text.strip_suffix(check).unwrap_or_default();
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '-');
        if !before.chars().all(is_number) || !(check.is_ascii_digit() || check == 'K') {
            return Err(RutError::Characters);
        }
        let number = before.trim_end_matches([' ', '-']);
        let of_three = |group: &str| {
            let group = group.trim_start();
            group.find(|c: char| !c.is_ascii_digit()).unwrap_or(group.len()) == 3
        };
        if (number.contains('-') && !before.trim_end().ends_with('-'))
            || !number.split(['.', ',']).skip(1).all(of_three)
        {
            return Err(RutError::Separators);
        }
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        let number = if digits.len() > 8 { 0 } else { digits.parse().unwrap_or(0) };
        let rut = Self::from_number(number).ok_or(RutError::Length)?;
        if rut.check_digit() == check { Ok(rut) } else { Err(RutError::CheckDigit) }
    }

    /// The RUT of this number, with the check digit computed.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        (Self::LEAST..=99_999_999).contains(&number).then_some(Self { number })
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

/// The words for what a RUT is.
const LABELS: Labels = Labels::of_digits(&["RUT", "RUN", "CI", "CEDULA", "CARNET", "DNI"]);

/// Signs that were spoken: “guion k”.
fn spelled(text: &str) -> String {
    let words = [("GUION", "-"), ("GUIóN", "-"), ("GUIÓN", "-"), ("GUIO\u{301}N", "-"), ("PUNTO", ".")];
    words.into_iter().fold(text.to_owned(), |text, (word, sign)| text.replace(word, sign))
}

/// Whether a RUT is written as digits with dots or without, and neither dash nor K: nobody sees whether the last one is its check digit.
#[cfg(feature = "full")]
#[must_use]
pub fn is_bare_number(text: &str) -> bool {
    let text = code(text);
    let text = LABELS.taken_off(&text);
    text.len() > 1 && text.bytes().all(|b| b.is_ascii_digit() || b" .,".contains(&b))
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
            write!(f, "{millions}.{:03}", rest / 1000)?;
        } else {
            write!(f, "{}", rest / 1000)?;
        }
        write!(f, ".{:03}-{}", rest % 1000, self.check_digit())
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
        assert_eq!(Rut::parse("1123456785"), Err(RutError::Length));
        assert_eq!(Rut::parse(" . - "), Err(RutError::Empty));
        assert_eq!(Rut::parse("RUT: "), Err(RutError::Empty));
        for bad in ["12345678 (dv k)", "12345678-(5)", "RUT 12345678-5 y 11111111-1", "12345678-5: 9"] {
            assert!(Rut::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Rut::parse("12a45678-5"), Err(RutError::Characters));
        assert_eq!(Rut::parse("1234567ñ"), Err(RutError::Characters));
    }

    #[test]
    fn zeros_before_a_number_count_as_nothing() {
        for (typed, shown) in [
            ("0072041-0", "72.041-0"),
            ("020000002-1", "20.000.002-1"),
            ("00012345678-5", "12.345.678-5"),
            ("0000000000000012.345.678-5", "12.345.678-5"),
            ("1000-6", "1.000-6"),
        ] {
            assert_eq!(Rut::parse(typed).unwrap().to_string(), shown, "{typed}");
        }
        // Nobody has such a number: these stand for no RUT at all.
        for none in ["0000002-7", "2-7", "1-9", "0000000-0", "0-0", "999-3", "5", "K"] {
            assert_eq!(Rut::parse(none), Err(RutError::Length), "{none}");
        }
    }

    #[test]
    fn dots_and_dash_count_only_where_they_part_something() {
        for bad in [
            "10000181.0",
            "10000181,0",
            "10000181.00",
            "10.000.181.0",
            "10.000.181,0",
            "1.0000181E+07",
            "1E+07",
            "12.34.5678-5",
            "12345678.5",
            "10.000.181",
            "12..345.678-5",
            "1004-04",
            "10000181.000",
            "RUT 10000181.0",
        ] {
            assert_eq!(Rut::parse(bad), Err(RutError::Separators), "{bad}");
        }
    }

    #[test]
    fn any_way_of_writing_is_one_rut() {
        let rut = Rut::parse("12667869-K").unwrap();
        for way in [
            "12.667.869-k",
            "12667869k",
            " 12 667 869 – K ",
            "12 667 869-K",
            "12.667.869K",
            "12,667,869-k",
            "12. 667. 869 - k",
            "12-667-869-K",
            "12667869–K.",
            "RUT: 12.667.869-K",
            "r.u.t. 12667869-k",
            "RUN12667869-K",
            "Rut Nº 12.667.869-K",
            "RUT N° 12667869-K",
            "Rut.: 12667869-K",
            "RUN 12.667.869-K",
            "Cédula: 12.667.869-K",
            "cédula de identidad n° 12.667.869-k",
            "CE\u{301}DULA 12667869-K",
            "C.I. 12.667.869-K",
            "CI12667869-K",
            "Mi rut es 12667869-k",
            "RUT Empresa: 12.667.869-K",
            "12.667.869-K (titular)",
            "12667869 guion k",
            "12667869 guión K",
            "12 punto 667 punto 869 guion k",
            "12.667.869\u{2013}k",
            "12.667.869\u{ad}-K",
            "12\u{2007}667\u{2007}869-K",
            "\u{201c}12.667.869-K\u{201d}",
            "«12.667.869-K»",
            "*12.667.869-K*",
            "=\"12667869-K\"",
            "'12667869-K",
            "\u{202a}12.667.869\u{2011}k\u{202c}",
            "\u{feff}126\u{ad}67\u{200b}869-K\u{fe0d}",
            "\u{2068}12.667.869-K\u{2069}",
            "１２６６７８６９－Ｋ",
            "١٢٦٦٧٨٦٩-K",
        ] {
            assert_eq!(Rut::parse(way), Ok(rut), "{way}");
        }
        assert_eq!(rut.to_string(), "12.667.869-K");
        assert_eq!(Rut::parse("09868503-0"), Rut::parse("9868503-0"));
        assert_eq!(Rut::parse("1000005-K").unwrap().to_string(), "1.000.005-K");
        let small = Rut::from_number(123_456).unwrap();
        assert_eq!((small.to_string(), small.plain()), ("123.456-0".to_owned(), "123456-0".to_owned()));
        assert_eq!((small.number(), small.check_digit(), String::from(small)), (123_456, '0', small.plain()));
    }

    #[cfg(feature = "full")]
    #[test]
    fn a_number_without_any_sign_of_its_check_digit_is_known() {
        for bare in
            ["12345678", " 12 345 678 ", "='12345678'", "１２３４５６７８", "12.345.678", "RUT 12345678"]
        {
            assert!(is_bare_number(bare), "{bare}");
        }
        for other in ["1234567-8", "1000005K", "5", "", "RUT 1-2"] {
            assert!(!is_bare_number(other), "{other}");
        }
    }

    #[test]
    fn debug_hides_the_number() {
        assert!(!format!("{:?}", Rut::parse("12345678-5").unwrap()).contains("345"));
    }

    proptest! {
        #[test]
        fn shown_and_read_again_is_the_same(number in 1_000u32..=99_999_999) {
            let rut = Rut::from_number(number).unwrap();
            prop_assert_eq!(Rut::parse(&rut.to_string()), Ok(rut));
            prop_assert_eq!(Rut::parse(&rut.plain().to_lowercase()), Ok(rut));
        }

        #[test]
        fn any_other_check_digit_is_refused(number in 1_000u32..=99_999_999, other in 0usize..11) {
            let rut = Rut::from_number(number).unwrap();
            let wrong = char::from(b"0123456789K"[other]);
            prop_assume!(wrong != rut.check_digit());
            prop_assert_eq!(Rut::parse(&format!("{number}-{wrong}")), Err(RutError::CheckDigit));
        }

        #[test]
        fn what_is_read_is_read_again_as_it_is_stored(zeros in "0{0,9}", number in 0u32..3_000_000, dash in "-?") {
            let read = Rut::parse(&format!("{zeros}{number}{dash}{}", check_digit(number)));
            prop_assert_eq!(read, Rut::from_number(number).ok_or(RutError::Length));
            if let Ok(rut) = read {
                prop_assert_eq!(Rut::try_from(String::from(rut)), Ok(rut));
            }
        }

        #[test]
        fn no_digit_is_lost_or_added(text in "[0-9٠-٩０-９kK .,\\-\u{200b}]{0,16}") {
            if let Ok(rut) = Rut::parse(&text) {
                let typed = crate::text::compact(&text);
                prop_assert_eq!(rut.plain().replace('-', ""), typed.trim_start_matches('0'));
            }
        }

        #[test]
        fn words_around_it_never_make_another_rut(text in "(RUT|RUN|C[.]I[.]|Nº|guion|punto|dv|[(): .-]|[0-9kK]|\\PC){0,20}") {
            if let Ok(rut) = Rut::parse(&text) {
                let typed: String = code(&text).chars().filter(char::is_ascii_digit).collect();
                let digits: String = rut.plain().chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(digits, typed.trim_start_matches('0'));
            }
        }

        #[test]
        fn never_panics(text in "(?s).{0,40}") {
            let _ = Rut::parse(&text);
        }
    }

    #[test]
    fn a_dash_with_nothing_behind_it_has_lost_its_check_digit() {
        assert_eq!(Rut::parse("16300004-"), Err(RutError::CheckDigit));
        assert_eq!(Rut::parse("16.300.004 \u{2013} "), Err(RutError::CheckDigit));
        assert!(Rut::parse("12.345.678-5 -").is_ok());
    }
}
