//! Decodes a line: UTF-8, or Windows-1252, which Excel in Chile writes and operators call Latin-1.

use std::borrow::Cow;

use super::refusal::Why;
use crate::spreadsheet::is_encoded_twice;

/// Encoding of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// Windows-1252, a superset of Latin-1.
    Latin1,
}

/// The text of a line. Control characters other than the tab are refused: only binary files contain them.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Result<Cow<'_, str>, Why> {
    let text = match encoding {
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            // A NUL marks a binary file, which no other encoding makes readable.
            Err(_) if bytes.contains(&0) => return Err(Why::Control),
            Err(_) => return Err(Why::NotUtf8),
        },
        Encoding::Latin1 => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    if encoding == Encoding::Latin1 && is_of_another_encoding(&text) {
        Err(Why::OtherEncoding)
    } else if text.chars().any(|c| c.is_control() && c != '\t') {
        // Of `Ã\u{81}`, which is Á, the second is one.
        Err(if is_encoded_twice(&text) { Why::EncodedTwice } else { Why::Control })
    } else {
        Ok(text)
    }
}

/// Whether a text that was read as Windows-1252 comes from MS-DOS (code page 850) or an old Mac: a sign that stands for one of their
/// accented letters touches a letter.
fn is_of_another_encoding(text: &str) -> bool {
    let sign =
        |c: char| matches!(c, '¤' | '¥' | '£' | '¢' | '¡' | '‚' | '„' | '‡' | '–' | '—' | 'µ' | '\u{a0}');
    let letter = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_uppercase());
    let characters: Vec<char> = text.chars().collect();
    characters.iter().enumerate().any(|(at, c)| {
        let (before, after) = (at.checked_sub(1).and_then(|at| characters.get(at)), characters.get(at + 1));
        match c {
            // Spaces and dashes stand between words, too.
            '–' | '—' | '\u{a0}' => letter(before) && after.is_some_and(char::is_ascii_lowercase),
            '¡' => letter(before),
            'Ž' => before.is_some_and(char::is_ascii_lowercase),
            c if sign(*c) => letter(before) || letter(after),
            _ => false,
        }
    })
}

/// Trims, and replaces each run of white space with one space.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_encoding_than_the_declared_one_is_noticed() {
        let of_850 =
            [&b"Jos\x82 Mu\xA4oz"[..], b"\xA5and\xA3", b"Pe\xA4alol\x82n", b"Mar\xA1a", b"Concepci\xA2n"];
        let of_mac = [&b"Jos\x8E"[..], b"Mu\x96oz", b"\x84andu", b"Concepci\x97n", b"Tarapac\x87"];
        for line in of_850.into_iter().chain(of_mac) {
            assert_eq!(decode(line, Encoding::Latin1), Err(Why::OtherEncoding), "{line:?}");
        }
        for right in
            ["José Muñoz;Ñandú", "O’Higgins 12 – depto. 3", "¿Quién? ¡Yo!", "10 €, 5 µ", "Los Aromos\u{a0}12"]
        {
            let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(right);
            assert!(!lost);
            assert_eq!(decode(&bytes, Encoding::Latin1).as_deref(), Ok(right));
        }
    }

    #[test]
    fn letters_are_decoded_in_both_encodings() {
        assert_eq!(decode("Ñuñoa\t1".as_bytes(), Encoding::Utf8).as_deref(), Ok("Ñuñoa\t1"));
        assert_eq!(decode(b"\xD1u\xF1oa \x80", Encoding::Latin1).as_deref(), Ok("Ñuñoa €"));
        assert_eq!(decode(b"\xD1u\xF1oa", Encoding::Utf8), Err(Why::NotUtf8));
        for bad in [&b"a\0b"[..], b"\xFF\0", b"a\x1Bb", b"a\x7F", b"a\rb"] {
            assert_eq!(decode(bad, Encoding::Utf8), Err(Why::Control), "{bad:?}");
            assert_eq!(decode(bad, Encoding::Latin1), Err(Why::Control), "{bad:?}");
        }
        assert_eq!(decode("a\u{85}b".as_bytes(), Encoding::Utf8), Err(Why::Control));
        assert_eq!(decode("Ã\u{81}vila,x".as_bytes(), Encoding::Utf8), Err(Why::EncodedTwice));
        assert_eq!(tidy("  Los \t Aromos "), "Los Aromos");
    }
}
