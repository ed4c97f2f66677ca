//! The key (Clave Sence) and the provisional key (docs/requirements.md#who-has-a-key, docs/security.md#proofs-and-keys).

use std::fmt;

use crate::text::{Labels, code, is_unseen};
#[cfg(feature = "full")]
use crate::{
    common_keys::is_common,
    identifier::Identifier,
    text::{composed, fold, is_placeholder_secret, is_separator},
};

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

/// Letters and the digits that look like them. New provisional keys have neither I nor O: a 1 in the place of a letter is an L.
const LOOK_ALIKES: [(char, char); 7] =
    [('O', '0'), ('L', '1'), ('I', '1'), ('S', '5'), ('B', '8'), ('Z', '2'), ('G', '6')];

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
    /// A space at its start or end, which nobody sees: a telephone adds one behind a word that it completes.
    #[error("a key does not begin or end with a space")]
    OuterSpace,
    /// A character that is not seen, which came with a paste: somebody who types the key by hand would leave it out.
    #[error("a key has no characters that are not seen")]
    Unseen,
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
/// An accent that is a character of its own does not count: the key is set with the letter that has it.
///
/// # Errors
/// `Empty`, `TooShort`, `TooLong`, `Characters`, `OuterSpace` or `Unseen`.
pub fn check_shape(text: &str) -> Result<(), KeyError> {
    let length = text.chars().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).count();
    if text.is_empty() {
        Err(KeyError::Empty)
    } else if text.chars().any(char::is_control) {
        Err(KeyError::Characters)
    } else if text.chars().any(is_unseen) {
        Err(KeyError::Unseen)
    } else if text.trim() != text {
        Err(KeyError::OuterSpace)
    } else if length < *KEY_LENGTH.start() {
        Err(KeyError::TooShort)
    } else if length > *KEY_LENGTH.end() {
        Err(KeyError::TooLong)
    } else {
        Ok(())
    }
}

impl TypedKey {
    /// Longest text that is worth checking, in bytes; anything longer cannot be a key: ten letters with a few accents each.
    const MAX: usize = 128;

    /// What was typed, or nothing when the field was left empty or holds far more than a key. Of a whole message that was pasted the
    /// provisional key in it is taken.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match ProvisionalKey::in_message(text) {
            Some(key) => Some(Self(key.0)),
            None => (!text.is_empty() && text.len() <= Self::MAX).then(|| Self(text.to_owned())),
        }
    }

    /// The texts to compare with a stored hash, in this order; most keys have one, none more than three: as keys are stored (NFC); as
    /// typed, for older hashes; without outer spaces and unseen characters.
    #[cfg(feature = "full")]
    #[must_use]
    pub fn candidates(&self) -> Vec<String> {
        let seen: String = self.0.chars().filter(|c| !is_unseen(*c)).collect();
        let mut texts = Vec::new();
        for text in [composed(&self.0), self.0.clone(), composed(seen.trim())] {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// What was typed.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The same text read as a provisional key, if it has that form. It came by mail or SMS and was copied by hand
    /// or pasted ([`ProvisionalKey::parse`]).
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
        let text = composed(text);
        // Accents that no letter takes along count here: the browser does not know them.
        if text.chars().count() > *KEY_LENGTH.end() {
            return Err(KeyError::TooLong);
        }
        let folded = fold(&text);
        // With the dots and dashes that people write into it, or without.
        let plain: String = folded.chars().filter(|c| !is_separator(*c)).collect();
        if let Some(owner) = owner.filter(|owner| plain.contains(&owner.core())) {
            return Err(match owner {
                Identifier::Rut(_) => KeyError::ContainsRut,
                Identifier::Nie(_) => KeyError::ContainsNie,
                Identifier::Document(_) => KeyError::ContainsDocument,
            });
        }
        let names = fold(names);
        if names.split_whitespace().any(|name| name.chars().count() >= 4 && folded.contains(name)) {
            return Err(KeyError::ContainsName);
        }
        if is_common(&text) || is_placeholder_secret(&text) {
            return Err(KeyError::Common);
        }
        Ok(Self(text))
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

    /// Reads one as people copy it: case, spaces, dots, quotes and a word with a colon before it do not count. Its form says which
    /// places are letters and which digits, so those that look like each other are taken for what stands there: O and 0; I, L and 1;
    /// S and 5; B and 8; Z and 2; G and 6.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const LABELS: Labels = Labels::of_letters(&["CLAVE", "SENCE", "PROVISORIA"]);
        let text = code(text);
        let text = LABELS.taken_off(text.rsplit([':', '#', '=']).next().unwrap_or_default());
        let typed: Vec<char> = text.chars().filter(|c| *c != ' ' && !c.is_ascii_punctuation()).collect();
        // Eight digits are a date or a number.
        if typed.len() != 8 || ![0, 6].iter().any(|place| typed[*place].is_ascii_uppercase()) {
            return None;
        }
        let read = |(place, c): (usize, char)| match (place, c) {
            (0 | 6, 'A'..='Z') | (1..=5 | 7, '0'..='9') => Some(c),
            (0 | 6, _) => LOOK_ALIKES.iter().find_map(|(letter, digit)| (*digit == c).then_some(*letter)),
            _ => LOOK_ALIKES.iter().find_map(|(letter, digit)| (*letter == c).then_some(*digit)),
        };
        typed.into_iter().enumerate().map(read).collect::<Option<String>>().map(Self)
    }

    /// The only provisional key in a message of several words, in its exact form; phones copy whole messages.
    fn in_message(text: &str) -> Option<Self> {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| {
            let place = |(place, b): (usize, u8)| match place {
                0 | 6 => b.is_ascii_uppercase(),
                _ => b.is_ascii_digit(),
            };
            word.len() == 8 && word.bytes().enumerate().all(place)
        });
        let key = words.next().filter(|key| text.trim().len() > key.len() + 8)?;
        words.all(|other| other == key).then(|| Self(key.to_owned()))
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
        for spaced in ["Quillay7 ", " Quillay7", "Quillay7\u{a0}", " "] {
            assert_eq!(check(spaced), Err(KeyError::OuterSpace), "{spaced:?}");
        }
        for unseen in ["Quillay7\u{200b}", "\u{feff}Quillay7", "Quil\u{ad}lay7x", "Quillay7\u{fe0f}"] {
            assert_eq!(check(unseen), Err(KeyError::Unseen), "{unseen:?}");
        }
        for nothing in ["undefined", "no aplica", "sin datos", "NullNull"] {
            assert_eq!(check(nothing), Err(KeyError::Common), "{nothing}");
        }
        assert_eq!(check("Ñandu\u{301}7xq"), Ok(()));
        assert_eq!(check(&format!("Quillay7x{}", "\u{323}\u{335}".repeat(5))), Err(KeyError::TooLong));
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
    fn a_new_key_is_kept_with_each_letter_as_one_character() {
        assert_eq!(NewKey::parse("n\u{303}andu\u{301}7xq", None, "").unwrap().expose(), "ñandú7xq");
    }

    #[test]
    fn a_typed_key_is_tried_in_few_ways() {
        let candidates = |typed: &str| TypedKey::parse(typed).unwrap().candidates();
        assert_eq!(candidates("Quillay7"), ["Quillay7"]);
        assert_eq!(candidates("Quillay7 "), ["Quillay7 ", "Quillay7"]);
        assert_eq!(candidates("\u{feff}Quillay7\u{200b}"), ["\u{feff}Quillay7\u{200b}", "Quillay7"]);
        assert_eq!(candidates("n\u{303}andu\u{301}7xq"), ["ñandú7xq", "n\u{303}andu\u{301}7xq"]);
        assert_eq!(candidates("n\u{303}andu\u{301}7xq ").len(), 3);
        assert_eq!(candidates(" "), [" "]);
    }

    #[test]
    fn any_text_that_may_be_a_key_is_checked_as_it_was_typed() {
        for typed in [" ", "Quillay7x ", &"ñ".repeat(32)] {
            assert_eq!(TypedKey::parse(typed).unwrap().expose(), typed);
        }
        assert!(TypedKey::parse("").is_none());
        assert!(TypedKey::parse(&"x".repeat(129)).is_none());
    }

    #[test]
    fn a_provisional_key_ignores_case_and_spaces_around_it() {
        let key = ProvisionalKey::parse("J53722W1").unwrap();
        assert_eq!(TypedKey::parse(" j53722w1 ").unwrap().as_provisional(), Some(key));
        let key = ProvisionalKey::parse("C92147U5");
        assert_eq!(key.as_ref().map(ProvisionalKey::expose), Some("C92147U5"));
        for copied in [
            "C92147U5.",
            "«C92147U5»",
            "\"c92147u5\",",
            "C92 147 U5",
            "C92-147-U5",
            "C92147U5\u{200b}",
            "\u{202a}C92147U5\u{202c}",
            "C92l47U5",
            "C92I47U5",
            "C92L47US",
            "C9Z147U5",
            "clave: C92147U5",
            "clave C92147U5",
            "Clave Sence provisoria C92147U5.",
            "su clave Sence provisoria es: C92147U5.",
            "#C92147U5",
            "Ｃ９２１４７Ｕ５",
            "*C92147U5*",
        ] {
            assert_eq!(ProvisionalKey::parse(copied), key, "{copied}");
        }
        for (copied, sent) in [
            ("C92O47U5", "C92047U5"),
            ("AOISBZ0G", "A01582O6"),
            ("1OI1OOUO", "L01100U0"),
            ("Q92147OS", "Q92147O5"),
        ] {
            assert_eq!(
                ProvisionalKey::parse(copied).as_ref().map(ProvisionalKey::expose),
                Some(sent),
                "{copied}"
            );
        }
        for other in ["J5372W1", "J53722WW", "15372211", "20261128", "J53722W12", "Quillay7x"] {
            assert_eq!(ProvisionalKey::parse(other), None, "{other}");
        }
    }

    #[test]
    fn of_a_whole_message_the_key_in_it_is_taken() {
        let key = ProvisionalKey::parse("J53722W1");
        for message in [
            "Sr(a) usuario(a), J53722W1 es su clave Sence provisoria. Vale 24 horas. Con ella cree la suya. No la diga a nadie. Atte. \
             SENCE\n@clave.ejemplo.cl #J53722W1",
            "J53722W1 es su clave Sence provisoria. Vale 24 horas. Escribala en la pagina donde la pidio. No la diga a nadie. Atte. SENCE\n@clave.ejemplo.cl \
             #J53722W1",
            "su clave Sence provisoria es J53722W1",
            "J53722W1 y vale 24 horas",
        ] {
            assert_eq!(TypedKey::parse(message).unwrap().as_provisional(), key, "{message}");
        }
        // Two of them are none, and a key of one's own stays as it is.
        assert_eq!(TypedKey::parse("J53722W1 no, sino K53722W1").unwrap().as_provisional(), None);
        assert_eq!(TypedKey::parse("Quillay 7").unwrap().expose(), "Quillay 7");
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
