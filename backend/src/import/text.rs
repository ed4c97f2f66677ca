//! Decodes a line: UTF-8, or Windows-1252, which Excel in Chile writes and operators call Latin-1.

use std::borrow::Cow;

use super::refusal::Why;

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
    if text.chars().any(|c| c.is_control() && c != '\t') { Err(Why::Control) } else { Ok(text) }
}

/// Trims, and replaces each run of white space with one space.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(tidy("  Los \t Aromos "), "Los Aromos");
    }
}
