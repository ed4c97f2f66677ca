//! Small text helpers shared by the newtypes.

#[cfg(feature = "full")]
mod fold;
mod label;
#[cfg(feature = "full")]
mod placeholder;
mod spreadsheet;

#[cfg(feature = "full")]
pub use fold::{composed, fold, without_accent};
#[cfg(feature = "full")]
pub(crate) use fold::{folded, former_folded};
pub(crate) use label::{Labels, is_letter, without_remark};
#[cfg(feature = "full")]
pub use placeholder::is_placeholder;
#[cfg(feature = "full")]
pub(crate) use placeholder::is_placeholder_secret;
pub use spreadsheet::is_changed_number;
#[cfg(feature = "full")]
pub use spreadsheet::is_date;

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
        '\u{2010}'..='\u{2015}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2796}'
        | '\u{FE58}'
        | '\u{FE63}' => Some('-'),
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

/// [`compact`] of a number behind its label, unless a spreadsheet changed it (see [`is_changed_number`]).
pub(crate) fn number(text: &str, labels: &Labels) -> Option<String> {
    let text = code(text);
    let text = labels.taken_off(without_remark(&text));
    (!is_changed_number(text)).then(|| compact(text))
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

    proptest! {
        #[test]
        fn digits_stay_and_keep_their_order(text in "\\PC{0,30}") {
            let digits = |text: &str| text.chars().filter_map(plain).filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(&text), digits(&compact(&text)));
            prop_assert_eq!(compact(&compact(&text)), compact(&text));
        }
    }
}
