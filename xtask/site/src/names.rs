//! Names that change with the content, so that browsers may keep the files for ever.

use sha2::{Digest, Sha256};

/// Hexadecimal digits of the hash that are in a name: 40 bits, plenty for a handful of files.
const DIGITS: usize = 10;

/// `STEM.HASH.EXTENSION`, the hash being the first ten hexadecimal digits of the SHA-256.
pub(crate) fn with_hash(stem: &str, extension: &str, content: &[u8]) -> String {
    let hash = hex(&Sha256::digest(content));
    format!("{stem}.{}.{extension}", &hash[..DIGITS])
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_beginning_of_sha256() {
        // SHA-256 of "abc" starts with ba7816bf8f01cfea (FIPS 180-2, appendix B.1).
        assert_eq!(with_hash("main", "css", b"abc"), "main.ba7816bf8f.css");
    }

    #[test]
    fn another_content_has_another_name() {
        assert_ne!(with_hash("a", "js", b"1"), with_hash("a", "js", b"2"));
    }
}
