//! What the messages say, in Spanish and in the pseudo-language.
//!
//! `compose_tests.txt` has every Spanish message, so that a change of its words is seen whole in review. To write it anew:
//! `CS_WRITE_MESSAGES=1 cargo test -p backend --lib courier::compose_tests`.

use std::fmt::Write as _;

use domain::clave::ProvisionalKey;
use domain::document::ForeignDocument;
use domain::email::Email;
use domain::flow::update::Changed;
use domain::kind::Kind;
use domain::mail_code::MailCode;
use domain::phone::Mobile;
use wording::Locale;

use super::compose::{Facts, compose};
use crate::message::{Message, Recipient, Template};

const KINDS: [Kind; 4] = [Kind::Natural, Kind::Migrante, Kind::Juridica, Kind::Facilitador];

/// What the messages of these tests mention.
const URL: &str = "https://clave.ejemplo.cl";
const KEY: &str = "J53722W1";
const CODE: &str = "A7K3MR";
const NAMES: &str = "Quillay";
const COMPANY: &str = "Boldo";
const SYSTEM: &str = "Peumo";
const REQUEST: &str = "F-AAAA-CCCC";
const REASON: &str = "La firma\nno se lee.";
/// 28-05-2019, 14:47 UTC: winter in Chile.
const UNTIL: i64 = 1_559_054_820_000;

fn mail() -> Recipient {
    Recipient::Mail(Email::parse("quillay@correo.cl").unwrap())
}

fn sms() -> Recipient {
    Recipient::Sms(Mobile::parse("12345678").unwrap())
}

/// The messages of a template by one channel, each with its case: everything known, and nothing that may be unknown.
fn messages(locale: Locale, template: Template, to: &Recipient) -> Vec<(String, Message)> {
    let key = ProvisionalKey::parse(KEY).unwrap();
    let (document, code) =
        (ForeignDocument::parse("pasaporte", "AB 123.456").unwrap(), MailCode::parse(CODE).unwrap());
    let mut messages = Vec::new();
    for kind in KINDS {
        let bare = Facts { key: Some(&key), hours: 1, public_url: URL, kind, ..Facts::default() };
        let changed = Changed { address: true, email: true, phones: true, question: true };
        let bare = Facts { request: REQUEST, reason: REASON, changed, system: SYSTEM, ..bare };
        let full =
            Facts { names: Some(NAMES), until: Some(UNTIL), hours: 24, company: Some(COMPANY), ..bare };
        let full = Facts { code: Some(&code), ..full };
        let full = Facts { document: (kind == Kind::Facilitador).then_some(&document), ..full };
        for (what, facts) in [("all", full), ("least", bare)] {
            let message = compose(locale, template, to.clone(), facts);
            messages.push((format!("{} {what}", kind.slug()), message));
        }
    }
    messages
}

/// The Spanish messages, each text once, under the cases that have it. Where little is known, most differ by their greeting
/// only and are left out.
fn in_spanish() -> String {
    let mut out = String::new();
    for template in Template::ALL {
        for (channel, to) in [("mail", mail()), ("sms", sms())] {
            let mut texts: Vec<(Vec<String>, String)> = Vec::new();
            for (case, message) in messages(Locale::Es, template, &to) {
                if case.ends_with("least") && template != Template::ProvisionalKey {
                    continue;
                }
                let text = format!("{}\n\n{}", message.subject, message.text);
                match texts.iter_mut().find(|(_, other)| *other == text) {
                    Some((cases, _)) => cases.push(case),
                    None => texts.push((vec![case], text)),
                }
            }
            for (cases, text) in texts {
                let cases = cases.join(", ");
                writeln!(out, "=== {channel} {}: {cases}\n{}\n", template.word(), text.trim_start()).unwrap();
            }
        }
    }
    out
}

#[test]
fn the_spanish_messages_are_those_in_the_file() {
    let written = in_spanish();
    if std::env::var_os("CS_WRITE_MESSAGES").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/courier/compose_tests.txt"), &written)
            .unwrap();
    }
    assert!(
        written == include_str!("compose_tests.txt"),
        "a Spanish message is not as in the file:\n{written}"
    );
}

/// The letters of a text in the pseudo-language that do not come from the catalogue: those outside `⟦ ⟧`, and those inside that
/// nobody disguised. What the messages mention is none of them.
fn raw_letters(text: &str) -> String {
    let links = ["recuperar", "cambiar", "correo"]
        .iter()
        .flat_map(|flow| KINDS.map(|kind| format!("{URL}/{flow}/{}", kind.slug())))
        .chain([format!("{URL}/facilitador")]);
    let mentioned =
        [KEY, "@clave.ejemplo.cl", CODE, NAMES, COMPANY, SYSTEM, REQUEST, REASON].map(str::to_owned);
    let text = links.chain(mentioned).fold(text.to_owned(), |text, given| text.replace(&given, ""));
    let mut depth = 0;
    let mut raw = String::new();
    for c in text.chars() {
        match c {
            '⟦' => depth += 1,
            '⟧' => depth -= 1,
            _ if c.is_ascii_alphabetic() || (c.is_alphabetic() && depth == 0) => raw.push(c),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "brackets in pairs: {text}");
    raw
}

#[test]
fn every_word_of_every_message_comes_from_the_catalogue() {
    for template in Template::ALL {
        for to in [mail(), sms()] {
            for (case, message) in messages(Locale::Qps, template, &to) {
                for text in [&message.subject, &message.text] {
                    assert_eq!(raw_letters(text), "", "{} {case}: {text}", template.word());
                }
                assert!(message.text.contains('⟦'), "{}", message.text);
            }
        }
    }
}

#[test]
fn raw_letters_are_found_inside_and_outside_of_the_brackets() {
    assert_eq!(raw_letters("Quillay: ⟦Ĥöļå⟧, ⟦⟦ñö⟧ 24⟧"), "");
    assert_eq!(raw_letters("Hola, ⟦Ĥöļå ñö a⟧"), "Holaa");
    assert_eq!(raw_letters("⟦ñö⟧ ñ"), "ñ");
}

#[test]
fn n_rec_end_the_mail_greets_and_carries_key_and_link() {
    let key = ProvisionalKey::parse("J53722W1").unwrap();
    let facts = Facts {
        names: Some("Rosa Prueba"),
        key: Some(&key),
        until: Some(UNTIL),
        hours: 24,
        public_url: "https://clave.ejemplo.cl",
        kind: Kind::Natural,
        ..Facts::default()
    };
    let mail = compose(Locale::Es, Template::ProvisionalKey, mail(), facts);
    for part in [
        "Estimado(a) Rosa Prueba:",
        "J53722W1",
        "24 horas, hasta el 28-05-2019 10:47 (hora de Chile)",
        "https://clave.ejemplo.cl/cambiar/natural",
    ] {
        assert!(mail.text.contains(part), "{part}");
    }
    assert!(!mail.subject.contains("J53722W1"));
}

#[test]
fn j_rec_a_company_is_no_person() {
    for template in Template::ALL {
        let facts = Facts { names: Some("Capacitación SpA"), kind: Kind::Juridica, ..Facts::default() };
        let mail = compose(Locale::Es, template, mail(), facts);
        assert!(mail.text.starts_with("Señores Capacitación SpA:\n"), "{}", mail.text);
    }
}

#[test]
fn f_review_the_mail_with_the_key_says_for_which_document_and_who_asked() {
    let key = ProvisionalKey::parse("J53722W1").unwrap();
    let document = ForeignDocument::parse("pasaporte", "AB 123.456").unwrap();
    let facts = Facts { document: Some(&document), company: Some("Capacitación SpA"), ..Facts::default() };
    let facts = Facts { key: Some(&key), kind: Kind::Facilitador, ..facts };
    let mail = compose(Locale::Es, Template::ProvisionalKey, mail(), facts);
    for part in ["su pasaporte terminado en 456:", "la empresa Capacitación SpA"] {
        assert!(mail.text.contains(part), "{}", mail.text);
    }
    assert!(!mail.text.contains("3456"), "{}", mail.text);
}

#[test]
fn f_review_no_mail_leads_a_facilitator_where_there_is_nothing() {
    for template in Template::ALL {
        let facts =
            Facts { kind: Kind::Facilitador, public_url: "https://clave.ejemplo.cl", ..Facts::default() };
        let mail = compose(Locale::Es, template, mail(), facts);
        if !matches!(template, Template::Registered | Template::RegisteredAgain) {
            assert!(!mail.text.contains("/recuperar/"), "{}", mail.text);
        }
    }
}

#[test]
fn f_review_the_company_gets_number_and_reason() {
    let facts = Facts { request: REQUEST, reason: REASON, ..Facts::default() };
    let facts = Facts { public_url: "https://clave.ejemplo.cl", kind: Kind::Juridica, ..facts };
    let refused = compose(Locale::Es, Template::RequestRefused, mail(), facts);
    for part in ["F-AAAA-CCCC", "Motivo:\nLa firma\nno se lee.", "https://clave.ejemplo.cl/facilitador"] {
        assert!(refused.text.contains(part), "{part}");
    }
    let granted = compose(Locale::Es, Template::RequestGranted, mail(), facts);
    assert!(!refused.subject.contains("F-AAAA") && granted.text.contains("F-AAAA-CCCC"));
}

#[test]
fn n_upd_the_notice_says_what_changed_and_never_to_what() {
    let text =
        |changed| compose(Locale::Es, Template::Updated, mail(), Facts { changed, ..Facts::default() }).text;
    for (changed, said) in [
        (Changed { phones: true, ..Changed::default() }, "los datos de su cuenta: sus teléfonos. Su clave"),
        (
            Changed { email: true, question: true, ..Changed::default() },
            "cuenta: su correo y su pregunta secreta. Su clave",
        ),
        (Changed::default(), "los datos de su cuenta. Su clave"),
    ] {
        assert!(text(changed).contains(said), "{}", text(changed));
    }
}

#[test]
fn an_sms_fits_into_one_and_only_one_template_carries_the_key() {
    let key = ProvisionalKey::parse("J53722W1").unwrap();
    for template in Template::ALL {
        let sms =
            compose(Locale::Es, template, sms(), Facts { key: Some(&key), hours: 24, ..Facts::default() });
        assert!(sms.text.len() <= 160 && sms.text.is_ascii(), "{}: {}", sms.text.len(), sms.text);
        assert_eq!(sms.text.contains("J53722W1"), template == Template::ProvisionalKey);
    }
    let of = |public_url| {
        let facts = Facts { key: Some(&key), hours: 24, public_url, ..Facts::default() };
        compose(Locale::Es, Template::ProvisionalKey, sms(), facts).text
    };
    let filled_in = of("https://clave.sence.gob.cl");
    assert!(filled_in.ends_with("\n@clave.sence.gob.cl #J53722W1") && filled_in.len() <= 160, "{filled_in}");
    assert!(of("http://127.0.0.1:3000").ends_with("\n@127.0.0.1 #J53722W1"));
    let long = of("https://clave-sence.capacitacion.gob.cl");
    assert!(!long.contains('@') && long.ends_with("SENCE"), "{long}");
}
