//! F-REQ, “Validar”: who may file a request, and which errors the others get.

use backend::clock::MINUTE;
use backend::service::request::IdentifyInput;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::request::RequestFlow;
use domain::flow::{Feedback, Notice};
use domain::kind::Kind;

use crate::support::people::recipients;
use crate::support::{Company, Person, TestBackend, on_both_engines};

on_both_engines![
    f_req_every_field_of_the_first_form_is_required,
    f_req_wrong_key_wrong_representative_and_unknown_company_get_the_same_error,
    f_req_a_provisional_key_cannot_file_a_request,
    f_req_a_wrong_captcha_is_replaced_and_nothing_else_is_checked,
    f_req_an_expired_or_foreign_captcha_is_refused,
    f_req_refrescar_keeps_what_was_typed,
    f_req_an_outage_of_sii_loses_no_data_and_counts_no_attempt,
    f_req_a_new_representative_is_stored_and_notified_once,
    security_wrong_keys_of_requests_and_changes_share_one_counter,
    security_wrong_representatives_of_requests_and_changes_share_one_counter,
];

async fn f_req_every_field_of_the_first_form_is_required(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let page = browser.identify(IdentifyInput::default()).await;
    let all = [Field::Rut, Field::Representative, Field::CurrentKey, Field::Captcha];
    assert_eq!(page.errors(), all.map(|field| (field, Reason::Missing)));
    let captcha = browser.letters_shown().await;
    let wrong = IdentifyInput { company: "76500001-9", captcha: &captcha, ..company.identifying() };
    let page = browser.identify(wrong).await;
    assert_eq!(page.errors(), [(Field::Rut, Reason::CheckDigit)]);
    assert_eq!(page.typed.get("captcha"), captcha, "the captcha was not checked, so it stays");
    let page = browser.identify(IdentifyInput { captcha: &captcha, ..company.identifying() }).await;
    assert!(page.asks_for_the_declaration(), "{:?}", page.feedback);
    assert_eq!(t.tries("").await, 0);
}

async fn f_req_wrong_key_wrong_representative_and_unknown_company_get_the_same_error(t: TestBackend) {
    let company = t.one_company().await;
    let (unknown, nowhere, other) = (Company::number(2), Company::number(3), Person::number(9));
    t.tax_knows(&[&company, &unknown]);
    let right = company.identifying();
    let mut said = Vec::new();
    for input in [
        IdentifyInput { key: "NoEsEsta1", ..right },
        IdentifyInput { key: "A00000A0", ..right },
        IdentifyInput { key: &"NoEsEsta1".repeat(20), ..right },
        IdentifyInput { representative: &other.rut_text, ..right },
        IdentifyInput { key: &company.key, ..unknown.identifying() },
        IdentifyInput { key: &company.key, ..nowhere.identifying() },
    ] {
        let mut browser = t.requesting();
        browser.begin().await;
        let page = browser.identify_right(input).await;
        assert_eq!(page.state, RequestFlow::Identify);
        assert_eq!(page.typed.get("rut"), input.company);
        assert_eq!(page.typed.get("rut_representante"), input.representative);
        assert_eq!((page.typed.get("clave_actual"), page.typed.get("captcha")), ("", ""));
        assert!(browser.declaration().await.is_none());
        said.push(page.feedback);
    }
    assert_eq!(
        (said[0].errors[0].field, said[0].errors[0].reason),
        (Field::CurrentKey, Reason::WrongForCompany)
    );
    assert!(said.iter().all(|feedback| *feedback == said[0]), "{said:?}");
    assert!(!t.dump("flow").await.contains("NoEsEsta1") && !t.dump("flow").await.contains(&company.key));
}

async fn f_req_a_provisional_key_cannot_file_a_request(t: TestBackend) {
    let company = t.one_company().await;
    let provisional = t.recover_by_answer(&company).await;
    let mut browser = t.requesting();
    browser.begin().await;
    let page = browser.identify_right(IdentifyInput { key: &provisional, ..company.identifying() }).await;
    assert_eq!(page.state, RequestFlow::Identify);
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::OnlyToChange)]);
    assert!(browser.send(&crate::support::samples::pdf("")).await.is_none(), "no file is accepted");
    // The provisional key is not spent, and the current key still works.
    assert!(browser.identify_right(company.identifying()).await.asks_for_the_declaration());
    let mut change = t.changing_as(Kind::Juridica);
    let representative = &company.representative.rut_text;
    let page = change.identify_company(&company.rut_text, representative, &provisional).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
}

async fn f_req_a_wrong_captcha_is_replaced_and_nothing_else_is_checked(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let mut shown = Vec::new();
    for key in [company.key.as_str(), "NoEsEsta1"] {
        shown.push(browser.captcha.clone());
        let page = browser.identify(IdentifyInput { key, captcha: "nada", ..company.identifying() }).await;
        assert_eq!(
            (page.state.clone(), page.errors()),
            (RequestFlow::Identify, vec![(Field::Captcha, Reason::Wrong)])
        );
        assert_eq!(page.typed.get("rut"), company.rut_text, "nothing typed is lost");
        assert_eq!(page.typed.get("rut_representante"), company.representative.rut_text);
        assert_eq!(page.typed.get("captcha"), "");
        assert!(!shown.contains(&browser.captcha), "a new captcha is shown");
    }
    assert_eq!((t.hasher.runs(), t.tries("key").await, t.tries("representative").await), (0, 0, 0));
    assert!(browser.identify_right(company.identifying()).await.asks_for_the_declaration());
}

async fn f_req_an_expired_or_foreign_captcha_is_refused(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    t.clock.advance(6 * MINUTE);
    let page = browser.identify_right(company.identifying()).await;
    assert_eq!(page.errors(), [(Field::Captcha, Reason::Stale)]);

    // The letters of a captcha that was shown to another browser.
    let mut other = t.requesting();
    other.begin().await;
    browser.captcha.clone_from(&other.captcha);
    let page = browser.identify_right(company.identifying()).await;
    assert_eq!(page.errors(), [(Field::Captcha, Reason::Stale)]);
    assert!(
        other.identify_right(company.identifying()).await.asks_for_the_declaration(),
        "the captcha is not spent"
    );

    // One attempt per captcha: a right one is spent even if the key was wrong.
    let (captcha, letters) = (browser.captcha.clone(), browser.letters_shown().await);
    let wrong = IdentifyInput { key: "NoEsEsta1", captcha: &letters, ..company.identifying() };
    assert_eq!(browser.identify(wrong).await.errors(), [(Field::CurrentKey, Reason::WrongForCompany)]);
    browser.captcha = captcha;
    let again = IdentifyInput { captcha: &letters, ..company.identifying() };
    assert_eq!(browser.identify(again).await.errors(), [(Field::Captcha, Reason::Stale)]);
}

async fn f_req_refrescar_keeps_what_was_typed(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let before = browser.captcha.clone();
    let input = IdentifyInput { captcha: "abc", ..company.identifying() };
    let moved = browser.service().new_captcha(browser.posted(), input).await.unwrap();
    let page = browser.arrive(moved).await;
    assert_eq!((page.state, page.feedback.notice), (RequestFlow::Identify, Some(Notice::NewCaptcha)));
    assert_eq!((page.typed.get("rut"), page.typed.get("captcha")), (company.rut_text.as_str(), ""));
    assert!(browser.captcha != before && !t.dump("flow").await.contains(&company.key));
    assert!(browser.identify_right(company.identifying()).await.asks_for_the_declaration());
    // At a later step it changes nothing.
    let moved = browser.service().new_captcha(browser.posted(), IdentifyInput::default()).await.unwrap();
    assert!(browser.arrive(moved).await.asks_for_the_declaration());
}

async fn f_req_an_outage_of_sii_loses_no_data_and_counts_no_attempt(t: TestBackend) {
    let company = t.one_company().await;
    t.tax_is_down();
    let mut browser = t.requesting();
    browser.begin().await;
    let before = t.hasher.runs();
    for key in ["NoEsEsta1", company.key.as_str()].repeat(4) {
        let page = browser.identify_right(IdentifyInput { key, ..company.identifying() }).await;
        assert_eq!(page.feedback, Feedback::from(Notice::TaxRegistryDown));
        assert_eq!(page.typed.get("rut"), company.rut_text, "nothing typed is lost");
        assert_eq!(page.typed.get("rut_representante"), company.representative.rut_text);
    }
    assert_eq!(t.hasher.runs(), before, "the response does not reveal whether the key was right");
    assert_eq!(t.tries("").await, 0, "no attempt was counted");
    t.tax_knows(&[&company]);
    assert!(browser.identify_right(company.identifying()).await.asks_for_the_declaration());
}

async fn f_req_a_new_representative_is_stored_and_notified_once(t: TestBackend) {
    let (company, new) = (t.one_company().await, Person::number(8));
    t.tax_says(&[(&company, &new)]);
    let of_new = IdentifyInput { representative: &new.rut_text, ..company.identifying() };
    let mut browser = t.requesting();
    browser.begin().await;
    let page = browser.identify_right(company.identifying()).await;
    assert_eq!(
        page.errors(),
        [(Field::CurrentKey, Reason::WrongForCompany)],
        "the old representative is refused"
    );
    browser.identify_right(IdentifyInput { key: "NoEsEsta1", ..of_new }).await;
    assert_eq!(
        t.on_file(&company).await.representative,
        Some(company.representative.rut),
        "unchanged before the proof"
    );
    assert!(t.messages().await.is_empty());
    for _ in 0..3 {
        let mut browser = t.requesting();
        browser.begin().await;
        let page = browser.identify_right(of_new).await;
        assert!(matches!(page.state, RequestFlow::Declaration(proven) if proven.representative() == new.rut));
    }
    assert_eq!(t.on_file(&company).await.representative, Some(new.rut));
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [company.email.as_str()], "notified once");
    assert!(letters[0].subject.contains("Cambió el representante legal"));
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE event = 'representative-changed'").await, 1);
}

async fn security_wrong_keys_of_requests_and_changes_share_one_counter(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let wrong = IdentifyInput { key: "NoEsEsta1", ..company.identifying() };
    let representative = &company.representative.rut_text;
    let plain = company.rut.plain();
    for tries in [1, 3] {
        browser.identify_right(wrong).await;
        assert_eq!(t.tries("key/rut").await, tries);
        t.changing_as(Kind::Juridica).identify_company(&plain, representative, "NoEsEsta1").await;
        assert_eq!(t.tries("key/rut").await, tries + 1);
    }
    let wait = Some(Notice::Wait { minutes: 1 });
    let page = browser.identify_right(wrong).await;
    assert_eq!((page.errors(), page.notice()), (vec![(Field::CurrentKey, Reason::WrongForCompany)], wait));
    // The sixth key has to wait in both flows, even the right one.
    let runs = t.hasher.runs();
    assert_eq!(browser.identify_right(company.identifying()).await.notice(), wait);
    let page = t.changing_as(Kind::Juridica).identify_company(&plain, representative, &company.key).await;
    assert_eq!((page.state.clone(), page.notice()), (Change::Identify, wait));
    assert_eq!(t.hasher.runs(), runs, "the key was not checked");
    t.clock.advance(MINUTE + 1000);
    assert!(browser.identify_right(company.identifying()).await.asks_for_the_declaration());
    assert_eq!(t.tries("key/rut").await, 0, "a success resets the counter");
}

async fn security_wrong_representatives_of_requests_and_changes_share_one_counter(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    for number in 10..13 {
        let other = Person::number(number).rut_text;
        browser.identify_right(IdentifyInput { representative: &other, ..company.identifying() }).await;
    }
    for number in 13..15 {
        let (rut, other) = (&company.rut_text, Person::number(number).rut_text);
        t.changing_as(Kind::Juridica).identify_company(rut, &other, &company.key).await;
    }
    assert_eq!(t.hasher.runs(), 0, "the key was not checked");
    let page = browser.identify_right(company.identifying()).await;
    assert_eq!(
        (page.state.clone(), page.notice()),
        (RequestFlow::Identify, Some(Notice::Wait { minutes: 1 }))
    );
}
