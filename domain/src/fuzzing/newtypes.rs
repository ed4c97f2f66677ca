//! Numbers and documents by which people and companies are known.

use fuzz::{lines, text};

use super::breaks_line;
use crate::document::{
    Country, DocumentInput, DocumentKind, DocumentNumber, ForeignDocument, IdentityDocument,
};
use crate::identifier::{Identifier, IdentifierInput};
use crate::kind::Kind;
use crate::nie::{NIE_LENGTH, Nie, NiePattern};
use crate::rut::Rut;
use crate::serial::DocumentSerial;

pub(super) fn rut(input: &[u8]) {
    let Ok(rut) = Rut::parse(&text(input)) else { return };
    for shown in [rut.to_string(), rut.plain(), String::from(rut)] {
        assert_eq!(Rut::parse(&shown), Ok(rut), "{shown}");
        assert!(!breaks_line(&shown));
    }
    assert_eq!(Rut::from_number(rut.number()), Some(rut), "{}", rut.number());
    assert!(matches!(rut.check_digit(), '0'..='9' | 'K'));
}

/// A pattern, if there are two lines, and a NIE.
pub(super) fn nie(input: &[u8]) {
    let input = text(input);
    let (pattern, typed) = input.split_once('\n').unwrap_or(("", &input));
    let Ok(own) = NiePattern::parse(pattern) else { return };
    let any = Nie::parse(typed, &NiePattern::any());
    if let Ok(nie) = &any {
        assert_eq!(Nie::parse(nie.as_str(), &NiePattern::any()).as_ref(), Ok(nie));
        assert!(
            NIE_LENGTH.contains(&nie.as_str().len())
                && nie.as_str().bytes().all(|b| b.is_ascii_alphanumeric())
        );
    }
    if let Ok(nie) = Nie::parse(typed, &own) {
        assert_eq!(any.as_ref(), Ok(&nie), "a pattern only ever refuses more");
        assert_eq!(Nie::parse(nie.as_str(), &own), Ok(nie));
    }
}

pub(super) fn serial(input: &[u8]) {
    let Ok(serial) = DocumentSerial::parse(&text(input)) else { return };
    assert_eq!(DocumentSerial::parse(serial.as_str()).as_ref(), Ok(&serial));
    assert!(
        matches!(serial.as_str().len(), 9 | 10) && serial.as_str().bytes().all(|b| b.is_ascii_alphanumeric())
    );
}

/// Kind, country and number of a document; the first line is also read as a stored document.
pub(super) fn document(input: &[u8]) {
    let input = text(input);
    let [kind, country, number] = lines(&input);
    if let Ok(number) = DocumentNumber::parse(number) {
        assert_eq!(
            DocumentNumber::parse(number.expose()).map(|again| again.expose().to_owned()),
            Ok(number.expose().to_owned())
        );
    }
    if let Ok(stored) = ForeignDocument::try_from(kind.to_owned()) {
        assert_eq!(ForeignDocument::try_from(stored.plain()).as_ref(), Ok(&stored));
    }
    if let Ok(document) = ForeignDocument::parse(kind, number) {
        assert_eq!(ForeignDocument::parse(document.kind().id(), document.number()).as_ref(), Ok(&document));
        assert_eq!(ForeignDocument::try_from(document.plain()).as_ref(), Ok(&document));
        assert!(!breaks_line(&document.plain()));
    }
    match IdentityDocument::parse(DocumentInput { kind, country, number }) {
        Ok(document) => {
            assert_eq!(DocumentKind::parse(document.kind.id()), Some(document.kind));
            assert_eq!(Country::parse(document.country.code()), Some(document.country));
        }
        Err(errors) => assert!(!errors.is_empty(), "a refusal names its field"),
    }
}

/// A kind of holder, the type of a document, and a number.
pub(super) fn identifier(input: &[u8]) {
    let input = text(input);
    let [slug, kind_of_document, number] = lines(&input);
    let Some(kind) = Kind::from_slug(slug) else { return };
    assert_eq!(kind.slug(), slug);
    let any = NiePattern::any();
    let typed = match kind {
        Kind::Facilitador => IdentifierInput::Document { kind: kind_of_document, number },
        _ => IdentifierInput::Number(number),
    };
    let all = Identifier::parse_all(kind, typed, &any);
    let one = Identifier::parse(kind, typed, &any);
    match (&all, &one) {
        (Ok(all), Ok(one)) => assert_eq!(all, one),
        (Err(all), Err(one)) => assert_eq!(all.first(), Some(one)),
        _ => unreachable!("the two ways to read an identifier do not agree"),
    }
    let Ok(identifier) = one else { return };
    assert!(
        !identifier.core().is_empty()
            && !breaks_line(&identifier.to_string())
            && !breaks_line(&identifier.plain())
    );
    let again = match &identifier {
        Identifier::Document(document) => {
            IdentifierInput::Document { kind: document.kind().id(), number: document.number() }
        }
        _ => IdentifierInput::Number(&identifier.plain()),
    };
    assert_eq!(Identifier::parse(kind, again, &any), Ok(identifier));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found while the target `nie` was written: a parenthesis in the pattern closed ours, and with it the anchors were gone.
    #[test]
    fn a_pattern_that_closes_a_parenthesis_it_did_not_open_is_refused() {
        assert!(NiePattern::parse("[A-Z]{2})|(?:[0-9]{3}").is_err());
        let pattern = NiePattern::parse("[A-Z]{2}[0-9]{4}|[0-9]{6}").unwrap();
        assert!(Nie::parse("AB1234", &pattern).is_ok() && Nie::parse("AB12345", &pattern).is_err());
    }
}
