//! What spreadsheets and databases write into CSV files beside the data: signs that keep a number a text, formulas, letters that were
//! encoded twice. For the import and for registries from files. Words for “nothing” and changed numbers are in `domain::text`.

mod encoding;

use domain::text::fold;

pub(crate) use encoding::{Unreadable, decoded, has_lost_letters, is_encoded_twice};

/// What may stand between fields. A semicolon is what Excel writes in Chile.
pub(crate) const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The name of a column: `" Razón Social"` is `razon_social`.
pub(crate) fn column_name(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// A formula that is not `="…"`: its value is not in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Formula;

/// The text in `="…"` and behind an apostrophe, which both keep a spreadsheet from taking it for a number.
pub(crate) fn without_text_mark(text: &str) -> Result<&str, Formula> {
    if let Some(formula) = text.strip_prefix('=') {
        let inner = formula.trim().strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
        return inner.filter(|inner| !inner.contains('"')).map(str::trim).ok_or(Formula);
    }
    let Some(rest) = text.strip_prefix('\'') else { return Ok(text) };
    // “’t Hart” is a name.
    let mut letters = rest.chars();
    if letters.next().is_some_and(char::is_alphabetic) && letters.next() == Some(' ') {
        return Ok(text);
    }
    Ok(rest.strip_suffix('\'').unwrap_or(rest).trim())
}

#[cfg(test)]
mod tests {
    use domain::text::{is_changed_number, is_placeholder};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_keeps_a_number_a_text_is_taken_off() {
        for (text, wanted) in [
            ("=\"10000181\"", Ok("10000181")),
            ("= \" 10000181-0 \"", Ok("10000181-0")),
            ("'10000181-0", Ok("10000181-0")),
            ("'10000181-0'", Ok("10000181-0")),
            ("'Ana Rojas", Ok("Ana Rojas")),
            ("'t Hart", Ok("'t Hart")),
            ("O'Higgins", Ok("O'Higgins")),
            ("12", Ok("12")),
            ("", Ok("")),
            ("=A1", Err(Formula)),
            ("=\"a\"&\"b\"", Err(Formula)),
            ("=10000181", Err(Formula)),
            ("=", Err(Formula)),
            ("=\"", Err(Formula)),
        ] {
            assert_eq!(without_text_mark(text), wanted, "{text}");
        }
    }

    #[test]
    fn columns_are_named_in_any_case_with_spaces_and_accents() {
        for text in [
            "razon_social",
            " Razón Social ",
            "RAZON-SOCIAL",
            "\u{feff}razón  social",
            "Razon_Social:",
            "ＲＡＺＯＮ Social",
        ] {
            assert_eq!(column_name(text), "razon_social", "{text}");
        }
        assert_eq!(column_name(" - "), "");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}|[0-9.,eE+=\"' #!?/()<>NULnuladx-]{0,14}") {
            let _ = (without_text_mark(&text), column_name(&text), is_encoded_twice(&text));
        }

        #[test]
        fn no_rut_mobile_or_mail_as_people_write_them_is_taken_for_something_else(number in 100_000u32..99_999_999) {
            if let Some(rut) = domain::rut::Rut::from_number(number) {
                for text in [rut.plain(), rut.to_string(), rut.plain().replace('-', "")] {
                    prop_assert!(!is_placeholder(&text) && !is_changed_number(&text), "{}", text);
                    prop_assert_eq!(without_text_mark(&text), Ok(text.as_str()));
                }
            }
            for text in [format!("+56 9 {number}"), format!("9{number:08}"), format!("x{number}@ejemplo.cl")] {
                prop_assert!(!is_placeholder(&text) && !is_changed_number(&text), "{}", text);
            }
        }
    }
}
