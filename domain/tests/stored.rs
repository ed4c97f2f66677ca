//! What the types write that are stored as text, they read again as the same: a row that could not be read would stop its owner.
#![cfg(feature = "full")]

use std::fmt::Debug;

use domain::birth::{BirthDate, Date};
use domain::clave::ProvisionalKey;
use domain::document::{Country, DocumentKind, ForeignDocument};
use domain::email::Email;
use domain::flow::request::RequestNumber;
use domain::identifier::Identifier;
use domain::name::Name;
use domain::nie::{Nie, NiePattern};
use domain::phone::{Mobile, Phone};
use domain::question::SecretQuestion;
use domain::rut::Rut;
use domain::territory::{ComunaCode, RegionCode, comunas_of, regions};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads `value` from what it writes.
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap_or_default();
    let read: Result<T, _> = serde_json::from_str(&text);
    assert_eq!(read.ok().as_ref(), Some(value), "{text}");
}

#[test]
fn every_value_of_a_list_comes_back() {
    for country in Country::all() {
        comes_back(&country);
    }
    for question in SecretQuestion::ALL {
        comes_back(&question);
    }
    for region in regions() {
        let code = RegionCode::parse(region.code).unwrap();
        comes_back(&code);
        for comuna in comunas_of(code) {
            comes_back(&ComunaCode::parse(comuna.code).unwrap());
        }
    }
}

proptest! {
    #[test]
    fn every_rut_comes_back(number in 0u32..=100_000_100) {
        if let Some(rut) = Rut::from_number(number) {
            comes_back(&rut);
            comes_back(&Identifier::Rut(rut));
        }
    }

    #[test]
    fn every_low_rut_comes_back(number in 0u32..=200_000) {
        if let Some(rut) = Rut::from_number(number) {
            comes_back(&rut);
        }
    }

    #[test]
    fn every_request_number_comes_back(random in 0..RequestNumber::COUNT) {
        comes_back(&RequestNumber::from_random(random));
    }

    #[test]
    fn every_provisional_key_is_read_as_it_was_sent(number in 0..ProvisionalKey::COUNT) {
        let key = ProvisionalKey::from_number(number);
        prop_assert_eq!(ProvisionalKey::parse(key.expose()), Some(key.clone()));
        prop_assert_eq!(ProvisionalKey::parse(&format!(" «{}». ", key.expose().to_lowercase())), Some(key));
    }

    /// Whatever is typed: what is taken comes back.
    #[test]
    fn what_is_taken_of_any_text_comes_back(text in "\\PC{0,24}|[0-9+(). ,-]{4,16}|[A-Za-z0-9 .\u{200b}-]{4,20}") {
        let _ = Rut::parse(&text).map(|rut| comes_back(&rut));
        let _ = Nie::parse(&text, &NiePattern::any()).map(|nie| comes_back(&Identifier::Nie(nie)));
        let _ = Mobile::parse(&text).map(|mobile| comes_back(&mobile));
        for area in ["", "2", "32"] {
            let _ = Phone::parse(area, &text).map(|phone| comes_back(&phone));
        }
        let _ = Name::parse(&text).map(|name| comes_back(&name));
        let _ = BirthDate::parse(&text, Date::constant(2026, 11, 30)).map(|date| comes_back(&date));
        for kind in DocumentKind::ALL {
            let _ = ForeignDocument::parse(kind.id(), &text).map(|document| {
                comes_back(&document);
                comes_back(&Identifier::Document(document));
            });
        }
        if let Some(number) = RequestNumber::parse(&text) {
            comes_back(&number);
        }
    }

    #[test]
    fn every_address_that_is_taken_comes_back(local in "[a-zA-Z0-9._+'<>\" -]{1,12}", domain in "[a-zA-Z0-9-]{1,8}[.][a-z]{2,4}[>. ,]?") {
        if let Ok(email) = Email::parse(&format!("{local}@{domain}")) {
            comes_back(&email);
            prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
        }
    }
}
