//! Names, keys, answers, and how people are reached.

use fuzz::{lines, text};

use super::breaks_line;
use unicode_normalization::char::is_combining_mark;

use crate::answer::SecretAnswer;
use crate::birth::{BirthDate, Date};
use crate::clave::{NewKey, ProvisionalKey, TypedKey, check_shape};
use crate::email::Email;
use crate::identifier::Identifier;
use crate::name::Name;
use crate::phone::{ForeignPhone, Mobile, Phone};
use crate::rut::Rut;
use crate::text::{composed, is_unseen};

pub(super) fn names(input: &[u8]) {
    let input = text(input);
    if let Ok(name) = Name::parse(&input) {
        assert_eq!(Name::parse(name.as_str()).as_ref(), Ok(&name));
        assert!((2..=120).contains(&name.as_str().chars().count()));
        assert!(!breaks_line(name.as_str()) && !name.as_str().chars().any(is_unseen));
        assert_eq!(Name::clean(name.as_str()).as_ref(), Some(&name), "a good name needs no cleaning");
    }
    if let Some(name) = Name::clean(&input) {
        assert_eq!(Name::parse(name.as_str()), Ok(name));
    }
}

pub(super) fn email(input: &[u8]) {
    let Ok(email) = Email::parse(&text(input)) else { return };
    assert_eq!(Email::parse(email.as_str()).as_ref(), Ok(&email));
    assert_eq!(Email::try_from(String::from(email.clone())).as_ref(), Ok(&email));
    if let Some(suggestion) = email.suggestion() {
        assert!(Email::parse(&suggestion).is_ok_and(|meant| meant.suggestion().is_none()), "{suggestion}");
    }
    assert!(email.as_str().len() <= 254 && email.as_str().bytes().all(|b| b.is_ascii_graphic()));
    assert!(!email.as_str().contains(['<', '>', '"', ',', ';', ':', '(', ')', '\\', '[', ']']));
    assert!(email.is_same(&email) && !breaks_line(&email.masked()));
    let upper = Email::parse(&email.as_str().to_ascii_uppercase());
    assert!(upper.is_ok_and(|upper| upper.is_same(&email)), "case does not change whose address it is");
}

/// The whole is read as a mobile and as a number of any country; two lines also as area code and number.
pub(super) fn telephone(input: &[u8]) {
    let input = text(input);
    let is_e164 = |text: &str| {
        text.strip_prefix('+').is_some_and(|digits| {
            (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        })
    };
    if let Ok(mobile) = Mobile::parse(&input) {
        for shown in [mobile.as_str(), &mobile.shown()] {
            assert_eq!(Mobile::parse(shown).as_ref(), Ok(&mobile), "{shown}");
        }
        assert!(
            is_e164(mobile.as_str()) && mobile.as_str().starts_with("+569") && mobile.as_str().len() == 12
        );
        assert_eq!(Mobile::try_from(String::from(mobile.clone())).as_ref(), Ok(&mobile));
        let masked = mobile.masked();
        assert!(masked.bytes().filter(u8::is_ascii_digit).count() == 5 && !breaks_line(&masked));
    }
    if let Ok(phone) = ForeignPhone::parse(&input) {
        assert_eq!(ForeignPhone::parse(phone.as_str()).as_ref(), Ok(&phone));
        assert!(is_e164(phone.as_str()));
    }
    let [area, number] = lines(&input);
    if let Ok(phone) = Phone::parse(area, number) {
        assert!(is_e164(phone.as_str()));
        let parts = Phone::parts(phone.as_str());
        let again = parts.map(|(area, number)| Phone::parse(area, number));
        assert_eq!(again.as_ref(), Some(&Ok(phone.clone())));
        assert_eq!(Phone::try_from(String::from(phone.clone())).as_ref(), Ok(&phone));
    }
}

/// A key, the RUT of its owner, and names.
pub(super) fn key(input: &[u8]) {
    let input = text(input);
    let [typed, rut, names] = lines(&input);
    let owner = Rut::parse(rut).ok().map(Identifier::Rut);
    if let Ok(key) = NewKey::parse(typed, owner.as_ref(), names) {
        assert_eq!(key.expose(), composed(typed), "nothing is cut off");
        assert_eq!(check_shape(typed), Ok(()));
        let candidates = TypedKey::parse(typed).map(|typed| typed.candidates()).unwrap_or_default();
        assert_eq!(
            candidates.first().map(String::as_str),
            Some(key.expose()),
            "a key that was set can be typed"
        );
        assert!(owner.is_none_or(|owner| !typed.contains(&owner.core())));
        assert!(NewKey::parse(typed, None, "").is_ok(), "owner and names only ever refuse more");
    }
    if let Some(typed) = TypedKey::parse(typed) {
        assert!((1..=3).contains(&typed.candidates().len()), "each costs a hash");
    }
    if let Some(key) = ProvisionalKey::parse(typed) {
        let again =
            TypedKey::parse(&key.expose().to_ascii_lowercase()).and_then(|typed| typed.as_provisional());
        assert_eq!(again.as_ref().map(ProvisionalKey::expose), Some(key.expose()));
    }
    let number = input.bytes().fold(0_u64, |number, byte| number.wrapping_mul(31).wrapping_add(byte.into()));
    let made = ProvisionalKey::from_number(number);
    let read = ProvisionalKey::parse(made.expose());
    assert_eq!(read.as_ref().map(ProvisionalKey::expose), Some(made.expose()), "a key that was sent is read");
}

pub(super) fn answer(input: &[u8]) {
    let Ok(answer) = SecretAnswer::parse(&text(input)) else { return };
    assert!(answer.expose().chars().all(|c| c.is_alphanumeric() || is_combining_mark(c)));
    assert!(answer.former().is_none_or(|former| former != answer.expose()));
    let spaced: String = answer.expose().chars().flat_map(|c| [c, ' ']).collect();
    for (again, what) in
        [(answer.expose(), "folding twice changes nothing"), (&spaced, "spaces do not count")]
    {
        if again.chars().count() <= 60 {
            let again = SecretAnswer::parse(again);
            assert_eq!(again.as_ref().map(SecretAnswer::expose), Ok(answer.expose()), "{what}");
        }
    }
}

pub(super) fn date(input: &[u8]) {
    let input = text(input);
    let today = Date::constant(2026, 11, 29);
    if let Ok(date) = BirthDate::parse(&input, today) {
        for shown in [date.to_string(), date.plain()] {
            assert_eq!(BirthDate::parse(&shown, today), Ok(date), "{shown}");
        }
        assert_eq!(BirthDate::from_plain(&date.plain()), Some(date));
    }
    if let Some(stored) = BirthDate::from_plain(&input) {
        assert_eq!(BirthDate::from_plain(&stored.plain()), Some(stored));
        assert!(!breaks_line(&stored.to_string()));
    }
}
