//! Keys that too many people choose: a new key may not be one of them (docs/security.md#proofs-and-keys).
//!
//! The list, `data/common_keys.txt`, has two parts, mixed and sorted:
//! - the 4,000 most frequent passwords of 8 to 10 characters in the frequency list of the Python package
//!   `zxcvbn` 4.5.0 (MIT licence, © 2012–2016 Dan Wheeler and Dropbox, Inc., © 2016 Daniel Wolf), which was
//!   counted from leaked passwords;
//! - those that a Chilean would try first: the words of this service with years and runs of digits, cities,
//!   comunas, clubs, first names, words of affection, keyboard walks, dates; made by hand for this project.
//!
//! `data/README.md` has the licence and says how to add to it.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use crate::text::fold;

/// One key a line: lower case, ASCII, sorted by byte, each once.
const FILE: &str = include_str!("../data/common_keys.txt");

/// How long the keys on the list are, in characters.
const LENGTHS: RangeInclusive<usize> = 8..=10;

/// Whether `key` is a common one or a common one in thin disguise.
///
/// Case, accents and the width of letters do not count (`Contraseña`, `ｐａｓｓｗｏｒｄ`). Digits, `!` and `.` at the end may be more than the list has
/// (`sence2024!`, `santiago77`), as long as 8 characters are left. And letters may be written as what looks
/// like them: 0 for o, 1 for i or l, 3 for e, 4 and @ for a, 5 and $ for s (`p@ssw0rd`). No more is undone
/// than that, so that what is refused can be explained: a word of the list with letters in front, in the
/// middle or after it is not common.
#[must_use]
pub fn is_common(key: &str) -> bool {
    let key = fold(key);
    without_endings(&key)
        .filter(|stem| LENGTHS.contains(&stem.len()))
        .any(|stem| is_listed(stem) || ['i', 'l'].into_iter().any(|one| is_listed(&with_letters(stem, one))))
}

/// The key, and what is left of it as digits, `!` and `.` are taken off its end one by one.
fn without_endings(key: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(key), |left| {
        left.strip_suffix(|c: char| c.is_ascii_digit() || matches!(c, '!' | '.'))
    })
}

/// The key with letters in place of the digits and signs that look like them, `one` in place of 1.
fn with_letters(key: &str, one: char) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        other => other,
    };
    key.chars().map(letter).collect()
}

fn is_listed(key: &str) -> bool {
    keys().binary_search(&key).is_ok()
}

/// The lines of the file, found once.
fn keys() -> &'static [&'static str] {
    static KEYS: OnceLock<Vec<&'static str>> = OnceLock::new();
    KEYS.get_or_init(|| FILE.lines().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_long_sorted_and_of_fitting_keys() {
        assert!(keys().len() >= 3_000, "{}", keys().len());
        assert!(keys().is_sorted_by(|a, b| a < b));
        for key in keys() {
            assert!(LENGTHS.contains(&key.len()), "{key}");
            assert!(key.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase()), "{key}");
            assert!(is_common(key), "{key}");
        }
    }

    #[test]
    fn common_keys_are_refused() {
        for key in "12345678 123456789 1234567890 qwertyuiop 1qaz2wsx password aaaaaaaa 11111111 colocolo1 \
            lauchile chile2024 santiago1 sence2024 clave1234 clavesence claveunica capacita1 \
            contrasena vinadelmar temuco2023 francisca teamo1234 18091810 01011985"
            .split(' ')
        {
            assert!(is_common(key), "{key}");
        }
    }

    #[test]
    fn disguised_common_keys_are_refused() {
        for key in "PASSWORD Contraseña CONTRASEÑA Sence2024! Santiago77 santiago.. p@ssw0rd P4$$word \
            ｐａｓｓｗｏｒｄ Ｐassword pa\u{301}ssword pässwörd password1\u{301} \
            footba11 l1verpool Val1ente1 c0l0c0l0 Concepción chile2024.1"
            .split(' ')
        {
            assert!(is_common(key), "{key}");
        }
    }

    #[test]
    fn other_keys_are_accepted() {
        for key in [
            "Quillay7x",
            "J53722W1",
            "",
            "1",
            "!!!!!!!!",
            "........",
            "password-x",
            "xsantiago",
            "ñandú9cerro",
            "t3jado.Rojo",
            "mate8Luna",
            "🌋🌋🌋🌋🌋🌋🌋🌋",
            "santiagocentro",
        ] {
            assert!(!is_common(key), "{key}");
        }
    }

    #[test]
    fn long_input_is_answered_quickly() {
        assert!(!is_common(&format!("quillay7x{}", "7".repeat(1_000_000))));
        assert!(is_common(&format!("password{}", "1".repeat(1_000_000))));
    }
}
