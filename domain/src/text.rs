//! Small text helpers shared by the newtypes.

#[cfg(feature = "full")]
mod fold;

#[cfg(feature = "full")]
pub use fold::{composed, fold, without_accent};
#[cfg(feature = "full")]
pub(crate) use fold::{folded, former_folded, is_placeholder};

/// Whether `c` is a space, a dot or any of the dashes that phones and word processors put into numbers.
pub(crate) fn is_separator(c: char) -> bool {
    matches!(plain(c), None | Some(' ' | '.' | ',' | '-'))
}

/// The character that was meant in a number, a code or an address: digits of other forms as `0`–`9`, full-width letters as
/// narrow ones, every dash as `-`, every space as a space, every quotation mark as `"` or `'`. None for what is not seen.
fn plain(c: char) -> Option<char> {
    let digit = |zero: u32| char::from_digit((u32::from(c) - zero) % 10, 10);
    match c {
        ' '..='~' if c != '`' => Some(c),
        // The frame of a digit that is written as a key.
        '\u{20E3}' => None,
        c if is_unseen(c) => None,
        // Arabic, Persian, Devanagari, Bengali, and the digits of formulas.
        '\u{660}'..='\u{669}' => digit(0x660),
        '\u{6F0}'..='\u{6F9}' => digit(0x6F0),
        '\u{966}'..='\u{96F}' => digit(0x966),
        '\u{9E6}'..='\u{9EF}' => digit(0x9E6),
        '\u{1D7CE}'..='\u{1D7FF}' => digit(0x1D7CE),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2796}' | '\u{FE58}' | '\u{FE63}' => Some('-'),
        '·' | '\u{2024}' | '\u{2027}' | '\u{2219}' | '\u{3002}' | '\u{FF61}' => Some('.'),
        '\u{60C}' | '\u{66B}' | '\u{201A}' | '\u{3001}' => Some(','),
        '`' | '´' | '\u{2BC}' | '\u{2018}' | '\u{2019}' | '\u{2032}' => Some('\''),
        '«' | '»' | '\u{201C}'..='\u{201E}' | '\u{2033}' => Some('"'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// `text` in the characters that were meant (see [`plain`]).
pub(crate) fn meant(text: &str) -> String {
    text.chars().filter_map(plain).collect()
}

/// A number or code in upper case, as it is meant (see [`plain`]), without the quotes, brackets, stars and full stops that stand
/// around it in what it was copied from.
pub(crate) fn code(text: &str) -> String {
    let around = |c: char| c == ' ' || c.is_ascii_punctuation() || matches!(c, '•' | '…' | '¿' | '¡');
    meant(text).trim_matches(around).to_ascii_uppercase()
}

/// [`code`] without separators (see [`is_separator`]).
pub fn compact(text: &str) -> String {
    code(text).chars().filter(|c| !is_separator(*c)).collect()
}

/// [`compact`], unless a spreadsheet made a number of it (see [`is_of_spreadsheet`]).
pub(crate) fn number(text: &str) -> Option<String> {
    let text = code(text);
    (!is_of_spreadsheet(&text)).then(|| compact(&text))
}

/// Whether a spreadsheet wrote this text of [`code`], as a number with decimals or an exponent: `91234567.0`, `91.234.567,00`,
/// `9.1E+07`. Dots between groups of digits are for people: `9.1234.5678`, `9.12.34.56.00`.
pub(crate) fn is_of_spreadsheet(text: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    if let Some((number, exponent)) = text.split_once(['E', 'e']) {
        let digits = exponent.trim_start_matches(['+', '-']);
        let plain = digits.len() == exponent.len() && !number.contains(['.', ',']);
        // `123E45` may be a document.
        return !plain
            && number.ends_with(|c: char| c.is_ascii_digit())
            && is_number(number)
            && !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit());
    }
    let Some(at) = text.rfind(['.', ',']) else { return false };
    let (before, last) = text.split_at(at);
    let (zeros, other) = (&last[1..], if last.starts_with('.') { ',' } else { '.' });
    let grouped = before.contains(&last[..1]) && !before.contains(other);
    // Three zeros are thousands where at most three digits stand before them.
    let thousands = before.len() <= 3 || before.contains(['.', ',']);
    before.ends_with(|c: char| c.is_ascii_digit())
        && match zeros {
            "0" => true,
            "00" => !grouped,
            "000" => !thousands && is_number(before),
            _ => false,
        }
}

/// Whether `c` is not seen: it turns the direction of what follows, joins or parts letters, or stands for nothing at all.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Trims, joins runs of white space into one space, and drops nothing else.
#[cfg(feature = "full")]
pub(crate) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_out_of_what_stands_around_it() {
        for typed in [
            "A-123",
            "«a-123».",
            "\u{202a}A-123\u{202c}",
            "*a\u{ad}-123*",
            "=\"A–123\"",
            "'a-123",
            "Ａ－１２３",
            "a-١٢٣",
            "A‑१२३",
            "a-1\u{fe0f}\u{20e3}2\u{fe0f}\u{20e3}3\u{fe0f}\u{20e3}",
            "\u{feff}a-𝟭𝟮𝟯,",
            "\t(a-123);\n",
        ] {
            assert_eq!(code(typed), "A-123", "{typed:?}");
        }
        assert_eq!(compact(" a . 12,3 \u{2212} 4."), "A1234");
    }

    #[test]
    fn what_a_spreadsheet_made_of_a_number_is_noticed() {
        for typed in [
            "91234567.0",
            "91234567,0",
            "91234567.00",
            "91,234,567.00",
            "91.234.567,00",
            "9.12E+07",
            "9.12.0",
            "10000181.000",
            "1.00018e7",
            "1.00018E7",
            "1e+07",
        ] {
            assert!(is_of_spreadsheet(typed), "{typed}");
        }
        for typed in [
            "91234567",
            "9.1234.5678",
            "9.1234.0000",
            "22.345.000",
            "345.000",
            "9.12.34.56.00",
            "AB.00",
            "E-0",
            "1E5",
            "",
            ".",
        ] {
            assert!(!is_of_spreadsheet(typed), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn digits_stay_and_keep_their_order(text in "\\PC{0,30}") {
            let digits = |text: &str| text.chars().filter_map(plain).filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(&text), digits(&compact(&text)));
            prop_assert_eq!(compact(&compact(&text)), compact(&text));
        }
    }
}
