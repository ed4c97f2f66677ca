//! What is kept opens for one token, one flow, one field and one identifier.

use super::*;

const FLOW: FlowOfCaptcha<'static> = FlowOfCaptcha { name: "registrar-natural", tag: "etiqueta" };

/// For any owner and no question.
const ANY: (fn(&str) -> bool, &str) = (|_| true, "");

fn secrets() -> Secrets {
    Secrets::derive(&[7; 32]).unwrap()
}

fn token(letter: char) -> Token {
    Token::from_cookie(&letter.to_string().repeat(22)).unwrap()
}

fn kept(seal: &KeptSeal<'_>, text: &str) -> Kept {
    let mut kept = Kept::default();
    let plain = KeptPlain { owner: "111111111".into(), question: "".into(), text: text.into() };
    kept.keep(seal, NewSecret::Key, &plain).unwrap();
    kept
}

#[test]
fn security_what_is_kept_opens_only_for_its_token_flow_field_and_identifier() {
    let (ours, other) = (secrets(), Secrets::derive(&[8; 32]).unwrap());
    let (token_a, token_b) = (token('a'), token('b'));
    let seal = KeptSeal { secrets: &ours, token: &token_a, flow: FLOW };
    let kept = kept(&seal, "Quillay7x");
    let open = |seal: KeptSeal<'_>, which, rut| {
        kept.open(&seal, which, (|owner: &str| owner == rut, "")).map(|text| text.to_string())
    };
    let right = || KeptSeal { secrets: &ours, token: &token_a, flow: FLOW };
    assert_eq!(open(right(), NewSecret::Key, "111111111"), Some("Quillay7x".to_owned()));
    assert_eq!(open(right(), NewSecret::Key, "123456785"), None, "another RUT");
    assert!(kept.open(&right(), NewSecret::Key, (|_: &str| true, "primera-mascota")).is_none());
    assert_eq!(open(right(), NewSecret::Answer, "111111111"), None, "another field");
    assert_eq!(open(KeptSeal { token: &token_b, ..right() }, NewSecret::Key, "111111111"), None);
    assert_eq!(open(KeptSeal { secrets: &other, ..right() }, NewSecret::Key, "111111111"), None);
    for flow in [FlowOfCaptcha { name: "cambiar-natural", ..FLOW }, FlowOfCaptcha { tag: "otra", ..FLOW }] {
        assert_eq!(open(KeptSeal { flow, ..right() }, NewSecret::Key, "111111111"), None, "another flow");
    }
    let moved = Kept { key: None, answer: kept.key.clone() };
    assert!(moved.open(&right(), NewSecret::Answer, ANY).is_none(), "moved to another field");
}

#[test]
fn security_the_next_token_opens_what_the_one_before_no_longer_does() {
    let (ours, token_a, token_b) = (secrets(), token('a'), token('b'));
    let now = KeptSeal { secrets: &ours, token: &token_a, flow: FLOW };
    let next = KeptSeal { secrets: &ours, token: &token_b, flow: FLOW };
    let kept = kept(&now, "Quillay7x").resealed(&now, &next).unwrap();
    assert!(kept.open(&now, NewSecret::Key, ANY).is_none());
    assert_eq!(kept.open(&next, NewSecret::Key, ANY).unwrap().as_str(), "Quillay7x");
    assert!(kept.resealed(&now, &next).unwrap().is_empty(), "what does not open is dropped");
}

#[test]
fn security_every_kept_secret_is_equally_long_and_shows_nothing() {
    let (ours, token) = (secrets(), token('a'));
    let seal = KeptSeal { secrets: &ours, token: &token, flow: FLOW };
    let [short, long] = ["Peumo#41", &"\u{1}".repeat(60)].map(|text| kept(&seal, text));
    assert_eq!(short.key.as_ref().map(String::len), long.key.as_ref().map(String::len));
    assert_eq!(format!("{short:?}"), "Kept(…)");
    assert!(!serde_json::to_string(&short).unwrap().contains("Peumo"));
}
