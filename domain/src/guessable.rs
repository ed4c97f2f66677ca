//! Advice while a new key is typed: whether it is plainly easy to guess. The service may accept such a key: what it refuses is in
//! [`crate::clave`].

use crate::rut::Rut;

/// Whether a key is digits only, the same character throughout, or holds the number of its owner's RUT.
#[must_use]
pub fn is_plainly_guessable(key: &str, owner: Option<Rut>) -> bool {
    let mut characters = key.chars();
    let first = characters.next();
    first.is_some() && characters.all(|c| Some(c) == first)
        || key.bytes().all(|b| b.is_ascii_digit())
        || owner.is_some_and(|rut| {
            let digits: String = key.chars().filter(|c| !matches!(c, '.' | '-')).collect();
            digits.contains(&rut.number().to_string())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_one_letter_and_the_rut_are_guessed_at_once() {
        let rut = Rut::from_number(12_345_678);
        for key in ["11111111", "83920174", "aaaaaaaa", "ññññññññ", "x12345678", "12.345.678"] {
            assert!(is_plainly_guessable(key, rut), "{key}");
        }
        for key in ["Quillay7", "x1234567", "aaaaaaab", "....-...1"] {
            assert!(!is_plainly_guessable(key, rut), "{key}");
        }
        assert!(!is_plainly_guessable("x12345678", None));
    }
}
