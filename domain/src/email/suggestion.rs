//! The address that somebody probably meant who mistyped the domain of a large provider. It runs in the browser too, so it is
//! small.

use super::{Email, LARGE_PROVIDERS};

/// Names that are near those of large providers and are others', whatever their ending.
const OTHERS: [&str; 6] = ["mail", "email", "ymail", "gmx", "webmail", "cloud"];

/// Endings under which Hotmail, Outlook, Live, MSN and Yahoo give addresses: a domain with one of them is left alone.
const OTHER_ENDINGS: [&str; 29] = [
    "com", "cl", "es", "fr", "it", "de", "ca", "ch", "be", "nl", "se", "no", "dk", "at", "ie", "in", "jp",
    "pt", "gr", "co.uk", "co.jp", "co.in", "com.ar", "com.br", "com.mx", "com.pe", "com.co", "com.ve",
    "com.au",
];

impl Email {
    /// The address that was probably meant, when the domain is nearly that of a large provider: `ana@gmail.com` for
    /// `ana@gmail.con`. It is only ever a suggestion: the address as it was typed may be right.
    #[must_use]
    pub fn suggestion(&self) -> Option<String> {
        Self::suggestion_for(&self.0)
    }

    /// The same for what was typed, which may not be an address yet: `ana@gmail,com`, `ana@gmail`.
    #[must_use]
    pub fn suggestion_for(typed: &str) -> Option<String> {
        let read = Self::parse(typed).ok();
        let typed = read.as_ref().map_or(typed.trim(), Self::as_str);
        let (local, domain) = typed.rsplit_once('@')?;
        let domain = domain.to_ascii_lowercase();
        let dotted = domain.replace([',', ';'], ".").replace(' ', "").replace("..", ".");
        let meant = provider(dotted.trim_matches('.')).filter(|meant| *meant != domain)?;
        Some(Self::parse(&format!("{local}@{meant}")).ok()?.into())
    }
}

/// The provider whose domain this nearly is.
fn provider(domain: &str) -> Option<&'static str> {
    let (name, ending) = domain.split_once('.').unwrap_or((domain, ""));
    if OTHERS.contains(&name) {
        return None;
    }
    let mut nearest = None;
    for provider in LARGE_PROVIDERS {
        let (right, right_ending) = provider.split_once('.').unwrap_or_default();
        if domain == provider {
            return Some(provider);
        }
        if name == right && !matches!(right, "gmail" | "icloud") && OTHER_ENDINGS.contains(&ending) {
            return None;
        }
        // A short name is too near to other words.
        let most = match right.len() {
            ..5 => 0,
            5..7 => 1,
            _ => 2,
        };
        let of_ending = match ending {
            "" => Some(0),
            _ if most > 0 && name == right => Some(distance(ending, right_ending, 2).unwrap_or(3)),
            _ => distance(ending, right_ending, 1),
        };
        let whole = match distance(name, right, most).zip(of_ending) {
            Some((name, ending)) if name == 0 || name + ending <= 2 => name + ending,
            // Only the dot is missing.
            _ if ending.is_empty() && name.strip_prefix(right) == Some(right_ending) => 1,
            _ => continue,
        };
        if nearest.is_none_or(|(least, _)| whole < least) {
            nearest = Some((whole, provider));
        }
    }
    nearest.map(|(_, provider)| provider)
}

/// How many letters must be changed, added, left out, or exchanged with the next one to make `b` of `a`; none when it is more
/// than `most`.
fn distance(a: &str, b: &str, most: u8) -> Option<u8> {
    if a.len().abs_diff(b.len()) > usize::from(most) {
        return None;
    }
    distance_of_bytes(a.as_bytes(), b.as_bytes(), most)
}

fn distance_of_bytes(mut a: &[u8], mut b: &[u8], most: u8) -> Option<u8> {
    while let ([first, rest_of_a @ ..], [second, rest_of_b @ ..]) = (a, b)
        && first == second
    {
        (a, b) = (rest_of_a, rest_of_b);
    }
    if a.is_empty() && b.is_empty() {
        return Some(0);
    }
    let left = most.checked_sub(1)?;
    let next =
        |a: usize, b: usize, of: (&[u8], &[u8])| distance_of_bytes(of.0.get(a..)?, of.1.get(b..)?, left);
    let exchanged = matches!((a, b), ([a0, a1, ..], [b0, b1, ..]) if a0 == b1 && a1 == b0);
    let exchanged = if exchanged { next(2, 2, (a, b)) } else { None };
    let ways = [next(1, 1, (a, b)), next(1, 0, (a, b)), next(0, 1, (a, b)), exchanged];
    ways.into_iter().flatten().min().map(|rest| rest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mistyped_domain_of_a_large_provider_is_recognized() {
        for (typed, meant) in [
            ("gmail.con", "gmail.com"),
            ("gmial.com", "gmail.com"),
            ("gamil.com", "gmail.com"),
            ("gmai.con", "gmail.com"),
            ("gmail.cl", "gmail.com"),
            ("gmail.es", "gmail.com"),
            ("gmail.com.cl", "gmail.com"),
            ("gmail,com", "gmail.com"),
            ("gmail..com", "gmail.com"),
            ("gmail. com", "gmail.com"),
            ("gmailcom", "gmail.com"),
            ("gmail", "gmail.com"),
            ("GMAIL.COMM", "gmail.com"),
            ("hotmai.cl", "hotmail.cl"),
            ("hotmail.co", "hotmail.com"),
            ("hotmail.cm", "hotmail.com"),
            ("hormial.com", "hotmail.com"),
            ("hotmail.ccl", "hotmail.cl"),
            ("yaho.com", "yahoo.com"),
            ("yahoo.con", "yahoo.com"),
            ("yahooo.es", "yahoo.es"),
            ("outlok.com", "outlook.com"),
            ("outllok.cl", "outlook.cl"),
            ("iclud.com", "icloud.com"),
            ("live.con", "live.com"),
            ("vtr.ner", "vtr.net"),
            ("msn.cm", "msn.com"),
        ] {
            let suggestion = Email::suggestion_for(&format!(" ana@{typed}"));
            assert_eq!(suggestion, Some(format!("ana@{meant}")), "{typed}");
        }
        assert_eq!(Email::parse("Ana.R@gmail.con").unwrap().suggestion().as_deref(), Some("Ana.R@gmail.com"));
    }

    #[test]
    fn a_domain_that_gives_addresses_is_left_alone() {
        for known in LARGE_PROVIDERS {
            assert_eq!(Email::suggestion_for(&format!("ana@{known}")), None, "{known}");
        }
        for known in [
            "mail.com",
            "email.com",
            "ymail.com",
            "gmx.com",
            "gmx.es",
            "mail.cl",
            "me.com",
            "aol.com",
            "live.ca",
            "live.com.mx",
            "hotmail.fr",
            "hotmail.ch",
            "hotmail.se",
            "hotmail.co.uk",
            "yahoo.com.ar",
            "yahoo.ca",
            "outlook.it",
            "correo.cl",
            "uc.cl",
            "usach.cl",
            "vtr.cl",
            "cloud.cl",
            "olive.com",
            "line.com",
            "hotel.cl",
            "proton.me",
            "protonmail.com",
            "rocketmail.com",
            "fastmail.com",
            "googlemail.com",
            "entel.cl",
            "sence.cl",
        ] {
            assert_eq!(Email::suggestion_for(&format!("ana@{known}")), None, "{known}");
        }
        for no_address in ["", "@", "ana", "@gmail.con", "ana rojas@gmail.con", "a\nb@gmail.con"] {
            assert_eq!(Email::suggestion_for(no_address), None, "{no_address:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_suggested_is_an_address_of_a_large_provider(at in 0..15usize, place in 0..11usize, letter in "[a-z.,]?", text in "\\PC{0,12}") {
            let mut domain = LARGE_PROVIDERS[at].to_owned();
            let place = place.min(domain.len() - 1);
            domain.replace_range(place..=place, &letter);
            for typed in [format!("ana@{domain}"), format!("ana@{text}"), text.clone()] {
                if let Some(suggestion) = Email::suggestion_for(&typed) {
                    let email = Email::parse(&suggestion).unwrap();
                    let domain = email.as_str().rsplit('@').next().unwrap_or_default();
                    prop_assert!(LARGE_PROVIDERS.contains(&domain));
                    prop_assert_eq!(email.suggestion(), None);
                }
            }
        }
    }
}
