//! E-mail addresses, and how one is shown to somebody who may not be its owner (N-REC-1,
//! docs/security.md#proofs-and-keys).

mod suggestion;

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::text::{Labels, is_letter, meant, without_remark};

/// An address that mail can be sent to: ASCII, one `@`, a domain with a dot, at most 254 characters, and none of
/// the characters that could break out of a mail header.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was written.
    #[error("no address was given")]
    Empty,
    /// Over 254 characters (RFC 5321).
    #[error("an address has at most 254 characters")]
    TooLong,
    /// Not of the form `name@domain.ending`.
    #[error("not an e-mail address")]
    Format,
}

impl Email {
    /// Reads an address, also as contact books and mail programs write it (`Ana Rojas <ana@correo.cl>`, `mailto:ana@correo.cl`,
    /// `ana@correo.cl,`). The domain is put in lower case.
    ///
    /// # Errors
    /// [`EmailError`]; quoted local parts, and signs that no provider gives out and programs take for commands, count as
    /// [`EmailError::Format`].
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        // A lone accent or a middle dot is none of the signs that it looks like: the address would be another one.
        let odd = text.split('@').next().is_some_and(|local| local.contains(['´', '`', '·', '\u{2032}']));
        let text = meant(text);
        let text = without_surroundings(&text);
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > 254 {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = text.split_once('@').unwrap_or((text, ""));
        let (local, domain) = (local.trim_end(), domain.trim_start());
        if odd || !is_usual(local) {
            return Err(EmailError::Format);
        }
        Self::from_parts(local, domain)
    }

    /// The address of these parts, as they are.
    fn from_parts(local: &str, domain: &str) -> Result<Self, EmailError> {
        if local.len() + 1 + domain.len() > 254 {
            Err(EmailError::TooLong)
        } else if local_is_sound(local) && domain_is_sound(domain) {
            Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
        } else {
            Err(EmailError::Format)
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the mailbox of `other`, whatever the case of its letters: people do not write it the same way twice.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// First letter, a mask that hides the length, and the domain: of a large provider in full, so that its owner recognises
    /// the address (`p•••••@gmail.com`), else its first letter and its ending (`p•••••@c•••••.cl`).
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or_default();
        let first = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
        if LARGE_PROVIDERS.iter().any(|large| large.eq_ignore_ascii_case(domain)) {
            return format!("{}•••••@{}", first(local), domain.to_ascii_lowercase());
        }
        let ending = domain.rsplit('.').next().unwrap_or_default();
        format!("{}•••••@{}•••••.{ending}", first(local), first(domain))
    }
}

/// Where most people in Chile have their mail.
const LARGE_PROVIDERS: [&str; 15] = [
    "gmail.com",
    "hotmail.com",
    "hotmail.es",
    "hotmail.cl",
    "outlook.com",
    "outlook.es",
    "outlook.cl",
    "live.com",
    "live.cl",
    "msn.com",
    "yahoo.com",
    "yahoo.es",
    "yahoo.cl",
    "icloud.com",
    "vtr.net",
];

/// An address without what contact books, mail programs and chats put around it.
fn without_surroundings(text: &str) -> &str {
    const PAIRS: [[char; 2]; 6] = [['"', '"'], ['(', ')'], ['[', ']'], ['*', '*'], ['_', '_'], ['<', '>']];
    let mut text = text;
    loop {
        let before = text;
        text = text.trim().trim_end_matches(['.', ',', ';', ':', '\'']);
        // What keeps a spreadsheet from taking a text for something else.
        text = text.strip_prefix("=\"").map_or(text, |_| text.trim_start_matches('='));
        if text.ends_with(')') && text.contains('@') {
            text = without_remark(text);
        }
        text = without_label(text);
        // Behind a name; two addresses must be the same one.
        if let Some((name, address)) = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'))
            && (!name.contains('@')
                || without_surroundings(name).eq_ignore_ascii_case(without_surroundings(address)))
        {
            text = address;
        }
        text = text.trim_start_matches('\'');
        if let Some([first, last]) =
            PAIRS.into_iter().find(|[first, last]| text.starts_with(*first) && text.ends_with(*last))
        {
            text = text.strip_prefix(first).and_then(|text| text.strip_suffix(last)).unwrap_or_default();
        }
        if text == before {
            return text;
        }
    }
}

/// An address without the words before it that say what it is: `Correo: ana@correo.cl`, `EMAIL;TYPE=INTERNET:ana@correo.cl`.
fn without_label(text: &str) -> &str {
    const LABELS: Labels = Labels::of_letters(&["CORREO", "EMAIL", "MAIL", "MAILTO"]);
    const BESIDE: Labels = Labels::of_letters(&["E", "ELECTRONICO", "MI", "ES"]);
    let Some((local, _)) = text.split_once('@') else { return text };
    let Some(at) = local.trim_end().rfind([':', ' ']) else { return text };
    let (before, address) = text.split_at(at);
    let mut words = before.split(|c: char| !is_letter(c));
    let is_label = words.clone().any(|word| LABELS.has(word))
        && (address.starts_with(':')
            || words.all(|word| word.is_empty() || LABELS.has(word) || BESIDE.has(word)));
    match address.trim_start_matches([':', ' ']) {
        _ if !is_label => text,
        // Of a link, with what the mail shall say.
        address if before.to_ascii_lowercase().ends_with("mailto") => {
            address.split('?').next().unwrap_or_default()
        }
        address => address,
    }
}

/// Whether providers give out such names: letters, digits, dots, `_`, `+`, dashes that do not begin it, and apostrophes between
/// letters. Everything else that RFC 5322 allows is typed by people who try what a program makes of it.
fn is_usual(local: &str) -> bool {
    let mut parts = local.split('\'');
    local.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+'-".contains(&b))
        && !local.starts_with('-')
        && (!local.contains('\'')
            || parts.all(|part| {
                part.starts_with(|c: char| c.is_ascii_alphanumeric())
                    && part.ends_with(|c: char| c.is_ascii_alphanumeric())
            }))
}

fn local_is_sound(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b))
}

fn domain_is_sound(domain: &str) -> bool {
    let mut labels = domain.split('.');
    domain.contains('.')
        && labels.clone().all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        && labels
            .next_back()
            .is_some_and(|ending| ending.len() >= 2 && !ending.bytes().all(|b| b.is_ascii_digit()))
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    /// Reads what was stored: also an address with signs that [`Email::parse`] took once.
    fn try_from(text: String) -> Result<Self, EmailError> {
        let (local, domain) = text.split_once('@').ok_or(EmailError::Format)?;
        Self::from_parts(local, domain)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_an_address() {
        assert_eq!(Email::parse(" Ana.Rojas+x@Correo.CL ").unwrap().as_str(), "Ana.Rojas+x@correo.cl");
        assert_eq!(Email::parse("  "), Err(EmailError::Empty));
        assert_eq!(Email::parse(&format!("a@{}.cl", "b".repeat(300))), Err(EmailError::TooLong));
        for bad in [
            "ana",
            "ana@",
            "@correo.cl",
            "ana@correo",
            "ana@@correo.cl",
            "ana rojas@correo.cl",
            ".ana@correo.cl",
            "ana.@correo.cl",
            "ana..r@correo.cl",
            "ana@-correo.cl",
            "ana@correo-.cl",
            "ana@cor_reo.cl",
            "ana@correo..cl",
            "ana@127.0.0.1",
            "añá@correo.cl",
            "ana@correo.cl\r\nBcc: x@y.cl",
            "\"ana\"@correo.cl",
            "ana@correo.c",
            "ana@correo.56",
        ] {
            assert_eq!(Email::parse(bad), Err(EmailError::Format), "{bad}");
        }
    }

    #[test]
    fn an_address_is_read_out_of_what_stands_around_it() {
        for typed in [
            "mailto:ana@correo.cl",
            "MAILTO:ana@correo.cl?subject=hola",
            "<ana@correo.cl>",
            "Ana Rojas <ana@correo.cl>",
            "\"Rojas, Ana\" <ana@correo.cl>;",
            "'ana@correo.cl' <ana@correo.cl>",
            "ana@correo.cl<mailto:ana@correo.cl>",
            "ana@correo.cl,",
            "ana@correo.cl.",
            "ana@correo.cl ; ",
            "(ana@correo.cl)",
            "*ana@correo.cl*",
            "«ana@correo.cl».",
            "“ana@correo.cl”",
            "'ana@correo.cl",
            "ana @ correo.cl",
            "\u{202a}ana@correo.cl\u{202c}",
            "\u{feff}ana\u{200b}@correo\u{ad}.cl\u{a0}",
            "ana＠correo．cl",
            "Correo: ana@correo.cl",
            "correo ana@correo.cl",
            "Correo electrónico: ana@correo.cl",
            "CORREO ELECTRO\u{301}NICO ana@correo.cl",
            "E-mail: ana@correo.cl",
            "e-mail ana@correo.cl",
            "Mi correo es ana@correo.cl",
            "Correo de Ana: <ana@correo.cl>",
            "EMAIL;TYPE=INTERNET:ana@correo.cl",
            "item1.EMAIL;type=INTERNET;type=pref:ana@correo.cl",
            "Correo: mailto:ana@correo.cl",
            "ana@correo.cl (trabajo)",
            "ana@correo.cl (Ana Rojas).",
            "Ana Rojas <ana@correo.cl> (trabajo)",
            "=\"ana@correo.cl\"",
        ] {
            assert_eq!(Email::parse(typed).as_ref().map(Email::as_str), Ok("ana@correo.cl"), "{typed:?}");
        }
        for typed in [
            "eva@correo.cl <ana@correo.cl>",
            "ana@correo.cl, eva@correo.cl",
            "ana@correo.cl eva@correo.cl",
            "ana@correo.cl (eva@correo.cl)",
            "eva@correo.cl correo: ana@correo.cl",
            "ana:rojas@correo.cl",
            "Ana Rojas ana@correo.cl",
            "correo Ana ana@correo.cl",
            "ana(rojas)@correo.cl",
        ] {
            assert_eq!(Email::parse(typed), Err(EmailError::Format), "{typed}");
        }
    }

    #[test]
    fn security_signs_that_no_provider_gives_out_are_refused() {
        for bad in [
            "=?utf-8?q?x?=@c.cl",
            "-oQ/tmp@c.cl",
            "|x@c.cl",
            "a|b@c.cl",
            "a%b@c.cl",
            "a!b@c.cl",
            "$(id)@c.cl",
            "`id`@c.cl",
            "{x}@c.cl",
            "a/b@c.cl",
            "~root@c.cl",
            "#x@c.cl",
            "*x@c.cl",
            "a&b@c.cl",
            "=1+1@c.cl",
            "a?b@c.cl",
            "a'--@c.cl",
            "a''b@c.cl",
            "ana´rojas@c.cl",
            "ana`s@c.cl",
            "ana·rojas@c.cl",
        ] {
            assert_eq!(Email::parse(bad), Err(EmailError::Format), "{bad}");
        }
        for good in
            ["ana+sence@c.cl", "ana.rojas@c.cl", "_ana_@c.cl", "o'higgins@c.cl", "ana-r@c.cl", "a1@c.cl"]
        {
            assert_eq!(Email::parse(good).as_ref().map(Email::as_str), Ok(good));
        }
        assert_eq!(Email::parse("o’higgins@c.cl").unwrap().as_str(), "o'higgins@c.cl");
        let former = Email::try_from("a%b@c.cl".to_owned()).unwrap();
        assert_eq!(
            Email::try_from(String::from(former.clone())),
            Ok(former),
            "one that was stored stays readable"
        );
    }

    #[test]
    fn an_address_and_its_parts_may_be_as_long_as_mail_allows() {
        let address = |local, label| {
            format!("{}@{}.{}.{}.cl", "a".repeat(local), "b".repeat(label), "c".repeat(63), "d".repeat(58))
        };
        assert_eq!(address(64, 63).len(), 254);
        assert!(Email::parse(&address(64, 63)).is_ok());
        assert_eq!(Email::parse(&address(64, 64)), Err(EmailError::TooLong));
        assert_eq!(Email::parse(&address(65, 62)), Err(EmailError::Format));
        assert_eq!(Email::parse(&address(63, 64)), Err(EmailError::Format));
    }

    #[test]
    fn as_text_an_address_is_itself() {
        let email = Email::parse("ana@correo.cl").unwrap();
        assert_eq!(String::from(email.clone()), "ana@correo.cl");
        assert_eq!(Email::try_from("ana@correo.cl".to_owned()), Ok(email));
        assert_eq!(Email::try_from("ana".to_owned()), Err(EmailError::Format));
    }

    #[test]
    fn an_address_is_the_same_in_small_letters_and_in_capitals() {
        let same = |a, b| Email::parse(a).unwrap().is_same(&Email::parse(b).unwrap());
        assert!(same("Ana.Rojas@correo.cl", "ana.rojas@CORREO.cl"));
        assert!(!same("ana.rojas@correo.cl", "anarojas@correo.cl"));
        assert!(!same("ana@correo.cl", "ana@correo.com"));
    }

    #[test]
    fn the_mask_shows_only_first_letters_and_ending() {
        assert_eq!(Email::parse("pedro@correo.cl").unwrap().masked(), "p•••••@c•••••.cl");
        assert_eq!(Email::parse("pedro@Gmail.com").unwrap().masked(), "p•••••@gmail.com");
        assert_eq!(Email::parse("pedro@g-mail.com").unwrap().masked(), "p•••••@g•••••.com");
        assert_eq!(Email::parse("p@c.com").unwrap().masked(), "p•••••@c•••••.com");
        assert_eq!(Email::parse("maria@mail.muni.gob.cl").unwrap().masked(), "m•••••@m•••••.cl");
    }

    proptest! {
        #[test]
        fn nothing_that_breaks_a_header_gets_in(text in "(?s).{0,40}@.{0,40}|(Correo|mailto|[: <>(]|.){0,5}[a-z.:]{0,9}@[a-z.]{0,9}[.][a-z]{2}([ )(.]|.){0,6}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(email.as_str().bytes().all(|b| b.is_ascii_graphic() && !b",;:<>()[]\\\"".contains(&b)));
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert_eq!(Email::try_from(String::from(email.clone())), Ok(email.clone()));
            }
        }
    }
}
