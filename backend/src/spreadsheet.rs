//! What spreadsheets and databases write into CSV files beside the data: words for “nothing”, signs that keep a number a text, numbers
//! that they changed, letters that were encoded twice. For the import and for registries from files.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What may stand between fields. A semicolon is what Excel writes in Chile.
pub(crate) const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Words for “nothing”, without case, accents, and brackets around them.
const NOTHING: [&str; 81] = [
    // Databases and programming languages.
    "null",
    "nulo",
    "nil",
    "none",
    "nan",
    "-nan",
    "nat",
    "na",
    "\\n",
    "\\\\n",
    "undefined",
    "dbnull",
    "system.dbnull",
    "object object",
    "void",
    // People and older systems.
    "n/a",
    "n.a.",
    "n.a",
    "n/d",
    "n.d.",
    "n.d",
    "s/i",
    "s.i.",
    "s.i",
    "s/d",
    "s.d.",
    "s.d",
    "s/n",
    "s.n.",
    "n/i",
    "n/r",
    "tbd",
    "sin informacion",
    "sin info",
    "sin dato",
    "sin datos",
    "sin registro",
    "sin registros",
    "sin especificar",
    "sin definir",
    "sin nombre",
    "sin numero",
    "sin correo",
    "sin email",
    "sin mail",
    "sin telefono",
    "sin fono",
    "sin celular",
    "sin direccion",
    "no aplica",
    "no tiene",
    "no posee",
    "no informa",
    "no informado",
    "no informada",
    "no registra",
    "no registrado",
    "no registrada",
    "no disponible",
    "no existe",
    "no especifica",
    "no especificado",
    "no especificada",
    "no definido",
    "no indica",
    "no consta",
    "ninguno",
    "ninguna",
    "desconocido",
    "desconocida",
    "pendiente",
    "por definir",
    "vacio",
    "en blanco",
    "empty",
    "blank",
    "missing",
    "unknown",
    "not available",
    "not applicable",
    "valor nulo",
];

/// Most bytes of a word for “nothing”, with brackets.
const LONGEST_NOTHING: usize = 32;

/// Whether a field stands for “nothing”: `NULL`, `\N`, `#N/A`, `#¡REF!`, `sin información`, or no letter and no digit at all.
pub(crate) fn is_placeholder(text: &str) -> bool {
    if text.is_empty() || text.len() > LONGEST_NOTHING {
        return false;
    }
    if !text.chars().any(char::is_alphanumeric) {
        return true;
    }
    let folded = folded(text);
    let bare = folded.trim_matches(['(', ')', '[', ']', '<', '>', '{', '}', '"', '\'', ' ']);
    NOTHING.contains(&bare) || is_error(&folded) || (bare.len() > 2 && bare.bytes().all(|b| b == b'x'))
}

/// The error of a formula: `#N/A`, `#REF!`, `#DIV/0!`, `Err:502`. `#12` and `#B` are flats.
fn is_error(folded: &str) -> bool {
    if let Some(number) = folded.strip_prefix("err:") {
        return number.bytes().all(|b| b.is_ascii_digit());
    }
    let Some(word) = folded.strip_prefix('#') else { return false };
    let word: String = word.chars().filter(|c| !matches!(c, '¡' | '¿')).collect();
    let name = word.trim_end_matches(['!', '?']);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters > 1 && name.chars().all(|c| c.is_alphabetic() || matches!(c, '/' | '_' | '0'))
}

/// Lower case, no accents, single spaces.
fn folded(text: &str) -> String {
    let plain: String = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a column: `" Razón Social"` is `razon_social`.
pub(crate) fn column_name(text: &str) -> String {
    let folded = folded(text.trim_matches(['\u{feff}', ' ']));
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// A formula that is not `="…"`: its value is not in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Formula;

/// The text in `="…"` and behind an apostrophe, which both keep a spreadsheet from taking it for a number.
pub(crate) fn bare(text: &str) -> Result<&str, Formula> {
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

/// Whether a number is no longer as it was typed: `10000181.0`, `10,000,181.00` or `1.00018E+07`. Dots and commas that part
/// thousands change nothing.
pub(crate) fn is_changed_number(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['+', '-']);
    if let Some((number, exponent)) = text.split_once(['e', 'E']) {
        let signed = exponent.starts_with(['+', '-']);
        let digits = exponent.trim_start_matches(['+', '-']);
        // `123E45` may be a document.
        return is_digits(digits)
            && number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            && number.bytes().any(|b| b.is_ascii_digit())
            && (signed || number.contains(['.', ',']));
    }
    let Some(at) = text.rfind(['.', ',']) else { return false };
    let (whole, fraction) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
    let numeric = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' '));
    if !numeric(whole) || !is_digits(fraction) || fraction.bytes().any(|b| b != b'0') {
        return false;
    }
    let mark = text.get(at..=at).unwrap_or_default();
    let alone = !whole.contains(mark);
    let groups = whole.contains(['.', ',']);
    // Of one mark in all, three zeros are thousands where at most three digits stand before them.
    alone && (fraction.len() != 3 || groups || whole.len() > 3)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a RUT is written as spreadsheets part thousands, with no dash: of `10.000.181` nobody knows if the last digit is the check
/// digit.
pub(crate) fn is_ambiguous_rut(text: &str) -> bool {
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    groups.len() > 1
        && groups.iter().all(|group| is_digits(group))
        && groups.last().is_some_and(|last| last.len() == 3)
}

/// Whether letters of a text were encoded twice (`JosÃ©` for `José`), or lost (`Jos\u{fffd}`).
pub(crate) fn is_damaged(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    if text.contains('\u{fffd}') {
        return true;
    }
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
    !unmappable && std::str::from_utf8(&bytes).is_ok()
}

/// Why the text of a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// From this line on it is not UTF-8.
    NotUtf8(usize),
    /// A workbook or another file that is no text.
    NotText,
}

/// The text of a whole file: UTF-8, or UTF-16 with its mark, as Excel and SQL Server write it.
pub(crate) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    let utf16 = match bytes {
        [0xff, 0xfe, ..] => Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    let text = match utf16 {
        Some(encoding) => {
            let (text, damaged) = encoding.decode_with_bom_removal(bytes);
            if damaged { return Err(Unreadable::NotText) } else { text }
        }
        None => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let line = |until: usize| 1 + bytes.iter().take(until).filter(|b| **b == b'\n').count();
            Cow::Borrowed(std::str::from_utf8(bytes).map_err(|error| match bytes.contains(&0) {
                true => Unreadable::NotText,
                false => Unreadable::NotUtf8(line(error.valid_up_to())),
            })?)
        }
    };
    if text.contains('\0') { Err(Unreadable::NotText) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_for_nothing_are_known_in_every_spelling() {
        for nothing in [
            "NULL",
            "null",
            "Null",
            "(null)",
            "[NULL]",
            "<NULL>",
            "{null}",
            "'NULL'",
            "\\N",
            "\\\\N",
            "N/A",
            "n/a",
            "N.A.",
            "NA",
            "<NA>",
            "#N/A",
            "#N/D",
            "#¡REF!",
            "#REF!",
            "#¡VALOR!",
            "#VALUE!",
            "#¡DIV/0!",
            "#DIV/0!",
            "#¿NOMBRE?",
            "#NAME?",
            "#¡NUM!",
            "#¡NULO!",
            "#NULL!",
            "#¡DESBORDAMIENTO!",
            "#SPILL!",
            "#ERROR!",
            "#GETTING_DATA",
            "#Eliminado",
            "#Deleted",
            "Err:502",
            "####",
            "nan",
            "NaN",
            "NaT",
            "None",
            "undefined",
            "-",
            "--",
            "–",
            "—",
            ".",
            "...",
            "*",
            "?",
            "S/I",
            "s.i.",
            "S/D",
            "sin información",
            "SIN  INFORMACION",
            "Sin Datos",
            "No aplica",
            "no informado",
            "(en blanco)",
            "(Vacío)",
            "Desconocido",
            "xxx",
            "XXXX",
            "Ninguna",
        ] {
            assert!(is_placeholder(nothing), "{nothing}");
        }
        for data in [
            "",
            "Nulla",
            "Ana Null",
            "Nonato",
            "Nana",
            "Sí",
            "Si",
            "No",
            "Los Aromos",
            "#12",
            "#B",
            "12",
            "0",
            "X",
            "XX",
            "B-3",
            "Ñ",
            "Err",
            "Sin Nombre Dos",
            "N/A 12",
            "10000181-0",
            "Blanco",
            "Nada",
            "María José Sin Información De La Rosa",
        ] {
            assert!(!is_placeholder(data), "{data}");
        }
    }

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
            assert_eq!(bare(text), wanted, "{text}");
        }
    }

    #[test]
    fn numbers_that_a_spreadsheet_changed_are_noticed() {
        for changed in [
            "10000181.0",
            "10000181,0",
            "10000181.00",
            "10000181,00",
            "10.000.181,00",
            "10,000,181.0",
            "10000181.000",
            "10000181.0000",
            "91234567.0",
            "1.00018E+07",
            "1,00018E+07",
            "1.00018e7",
            "1E+07",
            "12.0",
            "-5.0",
            "10,000,181.000",
        ] {
            assert!(is_changed_number(changed), "{changed}");
        }
        for as_typed in [
            "10000181",
            "10.000.181-0",
            "1.000.018-1",
            "10.000",
            "12,000",
            "1.000.000",
            "912.345.678",
            "912,345,678",
            "9.1234.5678",
            "22.123.45.00",
            "12345678.5",
            "123E45",
            "AB123E45",
            "E5",
            "E+5",
            "12-0",
            "B.0",
            "",
            ".",
            "12.345.678",
            "V-12.345.678",
        ] {
            assert!(!is_changed_number(as_typed), "{as_typed}");
        }
        for ambiguous in ["10.000.181", "10,000,181", "1.000"] {
            assert!(is_ambiguous_rut(ambiguous), "{ambiguous}");
        }
        for clear in ["10.000.181-0", "10000181", "12.345.6785", "12.345.678K", "", "1.000.018.1"] {
            assert!(!is_ambiguous_rut(clear), "{clear}");
        }
    }

    #[test]
    fn letters_that_were_encoded_twice_are_noticed() {
        for damaged in ["JosÃ©", "MuÃ±oz", "Ã‘uÃ±oa", "NÂ° 5", "â€œBoldoâ€\u{9d}", "Jos\u{fffd}"]
        {
            assert!(is_damaged(damaged), "{damaged}");
        }
        for sound in ["José", "Muñoz", "ÑUÑOA", "Jose", "Nº 5", "São João", "Nguyễn", "“Boldo”", "Ânia"]
        {
            assert!(!is_damaged(sound), "{sound}");
        }
    }

    #[test]
    fn columns_are_named_in_any_case_with_spaces_and_accents() {
        for text in
            ["razon_social", " Razón Social ", "RAZON-SOCIAL", "\u{feff}razón  social", "Razon_Social:"]
        {
            assert_eq!(column_name(text), "razon_social", "{text}");
        }
        assert_eq!(column_name(" - "), "");
    }

    #[test]
    fn files_are_utf_8_or_marked_utf_16() {
        let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
            let text = "rut\nÑuñoa".encode_utf16().flat_map(bytes);
            mark.into_iter().chain(text).collect::<Vec<u8>>()
        };
        for file in [
            "rut\nÑuñoa".as_bytes().to_vec(),
            "\u{feff}rut\nÑuñoa".as_bytes().to_vec(),
            utf16([0xff, 0xfe], u16::to_le_bytes),
            utf16([0xfe, 0xff], u16::to_be_bytes),
        ] {
            assert_eq!(decoded(&file).as_deref(), Ok("rut\nÑuñoa"));
        }
        assert_eq!(decoded(b"rut\nab\n\xd1u"), Err(Unreadable::NotUtf8(3)));
        for file in [&b"PK\x03\x04\0\xff"[..], b"a\0b", b"\xff\xfea", b"\xff\xfe\0\xd8"] {
            assert_eq!(decoded(file), Err(Unreadable::NotText), "{file:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}|[0-9.,eE+=\"' #!?/()<>NULnuladx-]{0,14}", bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = (is_placeholder(&text), bare(&text), is_changed_number(&text), is_ambiguous_rut(&text));
            let _ = (is_damaged(&text), column_name(&text), decoded(&bytes));
        }

        #[test]
        fn no_rut_mobile_or_mail_as_people_write_them_is_taken_for_something_else(number in 100_000u32..99_999_999) {
            if let Some(rut) = domain::rut::Rut::from_number(number) {
                for text in [rut.plain(), rut.to_string(), rut.plain().replace('-', "")] {
                    prop_assert!(!is_placeholder(&text) && !is_changed_number(&text) && !is_ambiguous_rut(&text), "{}", text);
                    prop_assert_eq!(bare(&text), Ok(text.as_str()));
                }
            }
            for text in [format!("+56 9 {number}"), format!("9{number:08}"), format!("x{number}@ejemplo.cl")] {
                prop_assert!(!is_placeholder(&text) && !is_changed_number(&text), "{}", text);
            }
        }
    }
}
