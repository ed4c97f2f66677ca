//! The key (Clave Sence) and the provisional key (docs/requirements.md#who-has-a-key, docs/security.md#proofs-and-keys).

use std::fmt;

#[cfg(feature = "full")]
use crate::{common_keys::is_common, identifier::Identifier, text::is_separator, text::without_accent};

/// Fewest and most characters of a key (guides 001, 002, 004).
pub const KEY_LENGTH: std::ops::RangeInclusive<usize> = 8..=10;

/// A key that somebody typed to prove who they are. Any text: it is right or it is not.
#[derive(Clone)]
pub struct TypedKey(String);

/// A key that may be set: 8 to 10 characters, not easy to guess. Case-sensitive; nothing is cut off.
#[cfg(feature = "full")]
#[derive(Clone)]
pub struct NewKey(String);

/// A provisional key, as in the guides: letter, five digits, letter, digit (`J53722W1`).
#[derive(Clone, PartialEq, Eq)]
pub struct ProvisionalKey(String);

/// Why a text may not be set as a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing was written.
    #[error("no key was given")]
    Empty,
    /// Fewer than 8 characters.
    #[error("a key has at least 8 characters")]
    TooShort,
    /// More than 10 characters.
    #[error("a key has at most 10 characters")]
    TooLong,
    /// A control character, such as a line break that came with a paste.
    #[error("a key has no control characters")]
    Characters,
    /// It contains the number of the RUT.
    #[error("a key does not contain the RUT")]
    ContainsRut,
    /// It contains the NIE.
    #[error("a key does not contain the NIE")]
    ContainsNie,
    /// It contains the number of the identity document.
    #[error("a key does not contain the number of the document")]
    ContainsDocument,
    /// It contains a name of its owner.
    #[error("a key does not contain a name of its owner")]
    ContainsName,
    /// It is on the list of common keys.
    #[error("the key is a common one")]
    Common,
}

/// Length and characters of a key: the part of the rules that a browser can check alone.
///
/// # Errors
/// `Empty`, `TooShort`, `TooLong` or `Characters`.
pub fn check_shape(text: &str) -> Result<(), KeyError> {
    let length = text.chars().count();
    if length == 0 {
        Err(KeyError::Empty)
    } else if text.chars().any(char::is_control) {
        Err(KeyError::Characters)
    } else if length < *KEY_LENGTH.start() {
        Err(KeyError::TooShort)
    } else if length > *KEY_LENGTH.end() {
        Err(KeyError::TooLong)
    } else {
        Ok(())
    }
}

impl TypedKey {
    /// Longest text that is worth checking, in bytes; anything longer cannot be a key.
    const MAX: usize = 64;

    /// What was typed, or nothing when the field was left empty or holds far more than a key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (!text.is_empty() && text.len() <= Self::MAX).then(|| Self(text.to_owned()))
    }

    /// The text, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The same text read as a provisional key, if it has that form. It came by mail or SMS and was copied by hand
    /// or pasted, so spaces around it and lower case are accepted.
    #[must_use]
    pub fn as_provisional(&self) -> Option<ProvisionalKey> {
        ProvisionalKey::parse(&self.0)
    }
}

#[cfg(feature = "full")]
impl NewKey {
    /// Reads a key that somebody wants to set. `names` are the names of its owner, if any are known.
    ///
    /// # Errors
    /// The first reason, in the order of [`KeyError`], that speaks against it.
    pub fn parse(text: &str, owner: Option<&Identifier>, names: &str) -> Result<Self, KeyError> {
        check_shape(text)?;
        let folded: String = text.to_lowercase().chars().map(without_accent).collect();
        // With the dots and dashes that people write into it, or without.
        let plain: String = folded.chars().filter(|c| !is_separator(*c)).collect();
        if let Some(owner) = owner.filter(|owner| plain.contains(&owner.core())) {
            return Err(match owner {
                Identifier::Rut(_) => KeyError::ContainsRut,
                Identifier::Nie(_) => KeyError::ContainsNie,
                Identifier::Document(_) => KeyError::ContainsDocument,
            });
        }
        let names = names.to_lowercase().chars().map(without_accent).collect::<String>();
        if names.split_whitespace().any(|name| name.chars().count() >= 4 && folded.contains(name)) {
            return Err(KeyError::ContainsName);
        }
        if is_common(text) {
            return Err(KeyError::Common);
        }
        Ok(Self(text.to_owned()))
    }

    /// The key, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl ProvisionalKey {
    /// The letters of new ones: without I and O, which people take for digits.
    const LETTERS: [u8; 24] = *b"ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// How many there are: 24 · 10⁵ · 24 · 10, about 2^29.1.
    pub const COUNT: u64 = 24 * 100_000 * 24 * 10;

    /// The provisional key with this number; `number` is taken modulo [`Self::COUNT`] and must come from a
    /// cryptographic generator, uniformly.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        let n = number % Self::COUNT;
        // The remainder is below the number of letters.
        let letter = |n: u64| char::from(Self::LETTERS[(n % 24) as usize]);
        Self(format!("{}{:05}{}{}", letter(n / 24_000_000), n / 240 % 100_000, letter(n / 10 % 24), n % 10))
    }

    /// Reads one; white space around it and case do not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        match text.as_bytes() {
            [b'A'..=b'Z', digits @ .., b'A'..=b'Z', b'0'..=b'9']
                if digits.len() == 5 && digits.iter().all(u8::is_ascii_digit) =>
            {
                Some(Self(text))
            }
            _ => None,
        }
    }

    /// The key, for hashing and for the message that carries it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

macro_rules! hidden_in_debug {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
hidden_in_debug!(TypedKey, ProvisionalKey);
#[cfg(feature = "full")]
hidden_in_debug!(NewKey);

#[cfg(all(test, feature = "full"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) -> Result<(), KeyError> {
        let rut = crate::rut::Rut::from_number(12_345_678).map(Identifier::Rut);
        NewKey::parse(text, rut.as_ref(), "Rosa Ñancupil Díaz").map(|_| ())
    }

    #[test]
    fn new_keys_that_are_accepted_and_refused() {
        assert_eq!(check("Quillay7x"), Ok(()));
        assert_eq!(check("ñandú ríe"), Ok(()));
        assert_eq!(check(""), Err(KeyError::Empty));
        assert_eq!(check("Quill7x"), Err(KeyError::TooShort));
        assert_eq!(check("Quillay7xyz"), Err(KeyError::TooLong));
        assert_eq!(check("Quillay7\n"), Err(KeyError::Characters));
        assert_eq!(check("x12345678"), Err(KeyError::ContainsRut));
        assert_eq!(check("12.345.678"), Err(KeyError::ContainsRut));
        assert_eq!(check("NANCUPIL7"), Err(KeyError::ContainsName));
        assert_eq!(check("rosa7Kq2z"), Err(KeyError::ContainsName));
        assert_eq!(check("password"), Err(KeyError::Common));
        assert_eq!(check("PassWord"), Err(KeyError::Common));
    }

    #[test]
    fn a_new_key_is_kept_as_it_was_typed() {
        assert_eq!(NewKey::parse("Ñandú  9K", None, "").unwrap().expose(), "Ñandú  9K");
    }

    #[test]
    fn any_text_that_may_be_a_key_is_checked_as_it_was_typed() {
        for typed in [" ", "Quillay7x ", &"ñ".repeat(32)] {
            assert_eq!(TypedKey::parse(typed).unwrap().expose(), typed);
        }
        assert!(TypedKey::parse("").is_none());
        assert!(TypedKey::parse(&"x".repeat(65)).is_none());
    }

    #[test]
    fn a_provisional_key_ignores_case_and_spaces_around_it() {
        let key = ProvisionalKey::parse("J53722W1").unwrap();
        assert_eq!(TypedKey::parse(" j53722w1 ").unwrap().as_provisional(), Some(key));
        for other in ["J5372W1", "J53722WW", "153722W1", "J53722W12", "Quillay7x"] {
            assert_eq!(ProvisionalKey::parse(other), None, "{other}");
        }
    }

    #[test]
    fn numbers_cover_all_letters_and_digits() {
        assert_eq!(ProvisionalKey::from_number(0).expose(), "A00000A0");
        assert_eq!(ProvisionalKey::from_number(ProvisionalKey::COUNT - 1).expose(), "Z99999Z9");
        assert_eq!(ProvisionalKey::from_number(ProvisionalKey::COUNT).expose(), "A00000A0");
        let of_largest = ProvisionalKey::from_number(u64::MAX % ProvisionalKey::COUNT);
        assert_eq!(ProvisionalKey::from_number(u64::MAX), of_largest);
    }

    proptest! {
        #[test]
        fn different_numbers_give_different_keys(a in 0..ProvisionalKey::COUNT, b in 0..ProvisionalKey::COUNT) {
            let (first, second) = (ProvisionalKey::from_number(a), ProvisionalKey::from_number(b));
            prop_assert_eq!(a == b, first == second);
            prop_assert_eq!(ProvisionalKey::parse(first.expose()), Some(first.clone()));
        }
    }
}
