//! Under which name a file is kept.

use crate::secrets::{SecretsError, random_u64};

/// The name of a kept file: 32 hexadecimal digits in lower case, drawn at random, so that it says nothing of a person and
/// can be guessed by nobody. There is no other way to make one, which is why it may stand in a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName(String);

impl FileName {
    /// A new name of 128 random bits.
    ///
    /// # Errors
    /// [`SecretsError::Random`] when the operating system gives none.
    pub fn random() -> Result<Self, SecretsError> {
        Ok(Self(format!("{:016x}{:016x}", random_u64()?, random_u64()?)))
    }

    /// Reads a name back, from the store or a URL. None for anything but 32 digits of `0-9a-f`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let sound = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        sound.then(|| Self(text.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_random_distinct_and_read_back() {
        let names: std::collections::HashSet<_> = (0..1000).map(|_| FileName::random().unwrap()).collect();
        assert_eq!(names.len(), 1000);
        assert!(names.iter().all(|name| FileName::parse(name.as_str()).as_ref() == Some(name)));
    }

    #[test]
    fn nothing_but_32_digits_is_a_name() {
        let digits = "0123456789abcdef0123456789abcdef";
        assert!(FileName::parse(digits).is_some());
        for text in [
            "",
            "..",
            "../../../../../../../etc/passwd",
            "../0123456789abcdef0123456789abc",
            "/123456789abcdef0123456789abcdef",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef0",
            "0123456789ABCDEF0123456789ABCDEF",
            "0123456789abcdef0123456789abcde\0",
            "0123456789abcdef.123456789a.part",
            "٠١٢٣٤٥٦٧٠١٢٣٤٥٦٧",
        ] {
            assert_eq!(FileName::parse(text), None, "{text}");
        }
    }
}
