//! Flows outlive an update of the program: what they store is read by the next version whatever the code calls it now.

use std::fmt::Debug;

use backend::service::officers::{Draft, SignIn};
use backend::store::former_contact::FormerContact;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::key::KeyVerdict;
use domain::flow::recovery::Recovery;
use domain::flow::update::Update;
use domain::flow::{AccountId, Feedback};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::rut::Rut;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Every word for a field that a version has stored.
const FIELDS: &str = "rut nie birth-date document-kind document-country document-number company-name company-kind \
    representative representative-names question answer serial street street-number block flat region comuna email \
    home-phone work-phone mobile current-key new-key new-key-again mail-is-right captcha declaration document-file names \
    phone motive officer officer-key code mail-code";

/// Every word for what can be wrong with one.
const REASONS: &str = "missing too-short too-long characters format check-digit area other-region mismatch contains-rut \
    contains-nie contains-document contains-name common used-before wrong wrong-for-nie only-to-change not-the-same \
    not-representative wrong-for-company no-provisional wrong-provisional wrong-at-the-end not-the-key not-the-key-of-nie not-the-key-of-run future too-old stale work-refused expired spent blocked wrong-for-document \
    expired-ask-company spent-ask-company already-asked file-empty file-too-large file-format file-broken file-trailing \
    file-active file-locked file-pixels file-interrupted file-gone file-offered provisional file-not-kept";

/// Reads what a version has stored, and checks that this one stores the same.
fn stays<T: Serialize + DeserializeOwned + Debug>(stored: &str) -> T {
    let read: T = serde_json::from_str(stored).unwrap_or_else(|error| panic!("{stored}: {error}"));
    assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    read
}

#[test]
fn stored_words_stay_whatever_the_code_calls_them() {
    for word in FIELDS.split_whitespace() {
        stays::<Field>(&format!("\"{word}\""));
    }
    for word in REASONS.split_whitespace() {
        stays::<Reason>(&format!("\"{word}\""));
    }
    for state in ["identify", "no-account"] {
        stays::<Recovery>(&format!("\"{state}\""));
    }
    // Of a version that knew no more of it.
    assert!(matches!(
        serde_json::from_str(r#"{"done":{"by_sms":true}}"#),
        Ok(Change::Done { by_sms: true, .. })
    ));
    for notice in [
        "expired",
        "other-tab",
        "registry-down",
        "tax-registry-down",
        "daily-cap",
        "keys-today",
        "use-document",
        "still-missing",
        "new-captcha",
    ] {
        stays::<Feedback>(&format!(r#"{{"errors":[],"notice":"{notice}"}}"#));
    }
    for notice in ["wait", "wait-or-serial", "wait-or-document"] {
        stays::<Feedback>(&format!(r#"{{"errors":[],"notice":{{"{notice}":{{"minutes":2}}}}}}"#));
    }
    for of in [r#""natural""#, "null"] {
        stays::<Feedback>(&format!(
            r#"{{"errors":[],"notice":{{"wait-or-letters":{{"minutes":2,"of":{of}}}}}}}"#
        ));
    }
    stays::<Feedback>(r#"{"errors":[],"notice":{"other-identity":{"of":"natural"}}}"#);
    for notice in ["busy", "most-requests", "most-files", "unsigned"] {
        stays::<Feedback>(&format!(r#"{{"errors":[],"notice":"{notice}"}}"#));
    }
}

/// Takes fields away that an earlier version did not store, wherever they are.
fn without(value: &mut serde_json::Value, fields: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        object.retain(|name, _| !fields.contains(&name.as_str()));
        object.values_mut().for_each(|inner| without(inner, fields));
    }
}

#[test]
fn what_an_earlier_version_stored_of_proofs_and_contact_data_is_read() {
    let rut = || Identifier::Rut(Rut::from_number(31_000_001).unwrap());
    let key = KeyVerdict::Key(AccountId(1));
    let change = Change::identify(Kind::Natural, rut(), None, &key, Vec::new()).unwrap();
    let update = Update::by_key(Kind::Natural, rut(), &key, None).unwrap();
    let added = ["company_name", "by_document", "birth_date"];
    let mut stored = serde_json::to_value(&change).unwrap();
    without(&mut stored, &added);
    assert_eq!(serde_json::from_value::<Change>(stored).unwrap(), change);
    let mut stored = serde_json::to_value(&update).unwrap();
    without(&mut stored, &added);
    assert_eq!(serde_json::from_value::<Update>(stored).unwrap(), update);
    let sent = r#"{"sent":{"by_sms":true,"until":0,"shown":null}}"#;
    assert!(matches!(serde_json::from_str(sent), Ok(Recovery::Sent(sent)) if !sent.doubted));
    let former: FormerContact = serde_json::from_str(r#"{"email":"ana@correo.cl","mobile":null}"#).unwrap();
    assert!(former.email.is_some() && former.home_phone.is_none() && former.work_phone.is_none());
}

#[test]
fn what_the_sign_in_of_officers_stores_stays() {
    let number = domain::flow::request::RequestNumber::parse("F-AAAA-CCCC");
    assert!(matches!(stays::<SignIn>("\"ask\""), SignIn::Ask));
    assert!(matches!(stays::<SignIn>("\"in\""), SignIn::SignedIn));
    let number = number.map(|number| serde_json::to_string(&number).unwrap()).unwrap();
    let draft = format!(r#"{{"request":{number},"motive":"texto","reason":"too-short"}}"#);
    assert_eq!(stays::<Draft>(&draft).problem, Some(Reason::TooShort));
    assert!(matches!(stays::<SignIn>(&format!(r#"{{"keeping":{draft}}}"#)), SignIn::AskWithDraft(_)));
    assert!(matches!(stays::<SignIn>(&format!(r#"{{"resumed":{number}}}"#)), SignIn::Resumed(_)));
}
