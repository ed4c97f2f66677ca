//! Names of kept files.

use crate::secrets::{SecretsError, random_u64};

/// The name of a kept file: 32 random hexadecimal digits in lower case, so that it reveals nothing about a person and
/// cannot be guessed. A value always has this form, so it is safe in a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName(String);

impl FileName {
    /// A new name of 128 random bits.
    ///
    /// # Errors
    /// [`SecretsError::Random`] when the operating system returns none.
    pub fn random() -> Result<Self, SecretsError> {
        Ok(Self(format!("{:016x}{:016x}", random_u64()?, random_u64()?)))
    }

    /// Parses a name from the store or a URL. None for anything but 32 digits of `0-9a-f`.
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
    fn names_are_random_distinct_and_parsed_back() {
        let names: std::collections::HashSet<_> = (0..1000).map(|_| FileName::random().unwrap()).collect();
        assert_eq!(names.len(), 1000);
        assert!(names.iter().all(|name| FileName::parse(name.as_str()).as_ref() == Some(name)));
    }

    #[test]
    fn only_32_hexadecimal_digits_are_a_name() {
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
