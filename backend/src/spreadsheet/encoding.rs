//! The letters of a file: their encoding, and what an earlier conversion did to them.

use std::borrow::Cow;

/// Whether letters were encoded twice: `JosÃ©` for `José`, whose letters were read as Windows-1252 or Latin-1, `Jos√©` as those of an old
/// Mac, `Jos├®` as those of MS-DOS. Only a word in which all letters beyond ASCII give UTF-8 that people write counts.
pub(crate) fn is_encoded_twice(text: &str) -> bool {
    !text.is_ascii() && text.split(|c: char| c.is_ascii_whitespace()).any(is_word_encoded_twice)
}

fn is_word_encoded_twice(word: &str) -> bool {
    if word.is_ascii() {
        return false;
    }
    let western: Option<Vec<u8>> = word.chars().map(western_byte).collect();
    let (mac, _, is_not_of_mac) = encoding_rs::MACINTOSH.encode(word);
    let mac = Some(mac.into_owned()).filter(|_| !is_not_of_mac);
    let is_of_dos = |pair: [char; 2]| matches!(pair, ['\u{251c}' | '\u{252c}', second] if !second.is_ascii());
    [western, mac].into_iter().flatten().any(|bytes| std::str::from_utf8(&bytes).is_ok_and(is_written))
        || word.chars().zip(word.chars().skip(1)).any(|(first, second)| is_of_dos([first, second]))
}

/// The byte of a letter in Windows-1252, or in Latin-1 where that has another one.
fn western_byte(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let letter = c.to_string();
    let (bytes, _, is_unknown) = encoding_rs::WINDOWS_1252.encode(&letter);
    bytes.first().copied().filter(|_| !is_unknown)
}

/// Whether people in Chile write such letters: those of European languages and Vietnamese, and signs of punctuation. `É…` is no `Ʌ` that
/// was encoded twice.
fn is_written(text: &str) -> bool {
    let mut others = text.chars().filter(|c| !c.is_ascii()).peekable();
    others.peek().is_some()
        && others
            .all(|c| matches!(c, '\u{a0}'..='\u{17f}' | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{22ff}'))
}

/// Whether letters were lost: `Jos\u{fffd}`.
pub(crate) fn has_lost_letters(text: &str) -> bool {
    text.contains('\u{fffd}')
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
    fn letters_that_were_encoded_twice_are_noticed() {
        for damaged in [
            "JosÃ©",
            "JosÃ© Muñoz",
            "MuÃ±oz",
            "Ã‘uÃ±oa",
            "Ã\u{91}uÃ±oa",
            "Ã\u{81}vila",
            "NÂ° 5",
            "Los Aromos NÂº 5",
            "â€œBoldoâ€\u{9d}",
            "Oâ€™Higgins",
            "JosÃƒÂ©",
            "Mu√±oz",
            "Jos├®",
            "┬░",
        ] {
            assert!(is_encoded_twice(damaged), "{damaged}");
        }
        for sound in [
            "José",
            "Muñoz",
            "ÑUÑOA",
            "Jose",
            "Nº 5",
            "São João",
            "JOÃO",
            "IRMÃ",
            "Nguyễn",
            "“Boldo”",
            "“SAN JOSÉ”",
            "SAN JOSÉ”",
            "PEÑA’S",
            "Ânia",
            "½",
            "Jos\u{fffd}",
            "",
            "Αθήνα",
            "パパ",
            "¿Quién?",
        ] {
            assert!(!is_encoded_twice(sound), "{sound}");
        }
        assert!(has_lost_letters("Jos\u{fffd}") && !has_lost_letters("José"));
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
        fn no_file_panics(text in "(?s).{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = (is_encoded_twice(&text), decoded(&bytes));
        }

        #[test]
        fn spanish_is_noticed_if_it_was_encoded_twice_and_only_then(word in "[a-zA-Z]{0,5}[áéíóúñÁÉÍÓÚÑüÜºª°¿¡]{1,2}[a-z]{0,5}") {
            prop_assert!(!is_encoded_twice(&word), "{}", word);
            let windows = encoding_rs::WINDOWS_1252.decode_without_bom_handling(word.as_bytes()).0;
            prop_assert!(is_encoded_twice(&windows), "{}", windows);
            let latin: String = word.bytes().map(char::from).collect();
            prop_assert!(is_encoded_twice(&latin), "{}", latin);
        }
    }
}
