//! A valid key and a valid answer are kept while the rest of the form is corrected (docs/security.md#kept-secrets).

use backend::clock::MINUTE;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::registration::{RegisterProof, Registration, RegistrationInput};
use domain::kind::Kind;
use domain::question::SecretQuestion;

use crate::support::forms::{all_missing, left_empty, wrong_comuna};
use crate::support::{Company, Person, TestBackend, on_both_engines};

on_both_engines![
    n_reg_a_wrong_comuna_costs_nobody_a_key_or_an_answer,
    n_reg_key_and_answer_stay_kept_after_wrong_letters_and_new_ones,
    n_reg_key_and_answer_stay_kept_when_a_registry_is_down_or_tries_are_used_up,
    n_reg_an_expired_form_brings_key_and_answer_along,
    n_reg_what_is_not_valid_is_not_kept,
    n_reg_what_is_typed_takes_the_place_of_what_is_kept,
    n_reg_another_question_drops_the_answer,
    n_reg_a_slip_in_the_rut_costs_nobody_a_key_or_an_answer,
    security_another_rut_drops_key_and_answer,
    security_a_rut_that_cannot_be_read_keeps_nothing_for_another,
    security_kept_secrets_are_wiped_at_the_end_by_erasing_and_with_the_flow,
    n_reg_an_answer_that_is_long_in_bytes_is_typed_again,
    j_reg_a_company_types_key_and_answer_once,
];

const BOTH: [bool; 2] = [true, true];
const NONE: [bool; 2] = [false, false];

/// Key and answer of the account are those that were typed once.
async fn has_both(t: &TestBackend, person: &Person) {
    assert!(t.key_is(person, &person.key).await);
    t.proven_by_answer(person).await;
}

async fn n_reg_a_wrong_comuna_costs_nobody_a_key_or_an_answer(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let page = browser.create_right(wrong_comuna(&person)).await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::Comuna, Reason::OtherRegion)], BOTH));
    let flows = t.dump("flow").await;
    assert!(flows.contains("\"kept\"") && !flows.contains(&person.key) && !flows.contains("Guat"));
    let page = browser.create_right(left_empty(&person)).await;
    assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
    assert_eq!(page.kept(), NONE);
    has_both(&t, &person).await;
}

async fn n_reg_an_answer_that_is_long_in_bytes_is_typed_again(t: TestBackend) {
    let person = Person::number(1);
    // Sixty letters as some devices write them: three characters of three bytes each.
    for answer in [
        "\u{1112}\u{1161}\u{11ab}".repeat(60),
        "\u{3b1}\u{313}\u{300}\u{345}".repeat(58),
        "\u{1}a".repeat(30),
    ] {
        let mut browser = t.registering().await;
        let form = RegistrationInput { answer: &answer, ..wrong_comuna(&person) };
        let page = browser.create_right(form).await;
        assert_eq!(page.errors(), [(Field::Comuna, Reason::OtherRegion)]);
        let kept = answer.len() <= 200;
        assert_eq!(page.kept(), [true, kept]);
    }
}

async fn n_reg_key_and_answer_stay_kept_after_wrong_letters_and_new_ones(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let page = browser.create(person.form(), "nada").await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::Captcha, Reason::Wrong)], BOTH));
    for form in [left_empty(&person), wrong_comuna(&person), left_empty(&person)] {
        let moved = browser.service().new_captcha(browser.posted(), form).await.unwrap();
        let page = browser.arrive(moved).await;
        assert_eq!((page.notice(), page.kept()), (Some(Notice::NewCaptcha), BOTH));
    }
    let page = browser.create(left_empty(&person), "nada").await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::Captcha, Reason::Wrong)], BOTH));
    assert!(matches!(browser.create_right(left_empty(&person)).await.state, Registration::Done { .. }));
    has_both(&t, &person).await;
}

async fn n_reg_key_and_answer_stay_kept_when_a_registry_is_down_or_tries_are_used_up(mut t: TestBackend) {
    t.backend.settings.register_proof = RegisterProof::Serial;
    let person = Person::number(1);
    t.civil_is_down();
    let mut browser = t.registering().await;
    let page = browser.create_right(person.form()).await;
    assert_eq!((page.notice(), page.kept()), (Some(Notice::RegistryDown), BOTH));
    let page = browser.create_right(left_empty(&person)).await;
    assert_eq!((page.notice(), page.kept()), (Some(Notice::RegistryDown), BOTH));

    let waits = loop {
        let page = browser.create(left_empty(&person), "nada").await;
        if page.notice().is_some() {
            break page;
        }
        assert_eq!(page.kept(), BOTH);
    };
    assert!(matches!(waits.notice(), Some(Notice::Wait { .. })), "{:?}", waits.feedback);
    assert_eq!(waits.kept(), BOTH);
    t.civil_knows(&[&person]);
    // Until the counter lets the next form through; the flow lives from form to form.
    let done = loop {
        t.clock.advance(10 * MINUTE);
        let moved = browser.service().new_captcha(browser.posted(), left_empty(&person)).await.unwrap();
        assert_eq!(browser.arrive(moved).await.kept(), BOTH);
        let page = browser.create_right(left_empty(&person)).await;
        if page.notice().is_none() {
            break page;
        }
    };
    assert!(matches!(done.state, Registration::Done { .. }), "{:?}", done.feedback);
    has_both(&t, &person).await;
}

async fn n_reg_an_expired_form_brings_key_and_answer_along(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    t.clock.advance(16 * MINUTE);
    let page = browser.create_right(person.form()).await;
    assert_eq!((page.notice(), page.kept()), (Some(Notice::ExpiredForm), BOTH));
    assert_eq!(page.typed.get("rut"), person.rut_text);
    let page = browser.create_right(left_empty(&person)).await;
    assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
    has_both(&t, &person).await;

    // What a flow had kept is gone with it, and the page says so.
    let other = Person::number(2);
    let mut browser = t.registering().await;
    assert_eq!(browser.create_right(wrong_comuna(&other)).await.kept(), BOTH);
    t.clock.advance(16 * MINUTE);
    let page = browser.create_right(left_empty(&other)).await;
    assert_eq!((page.notice(), page.kept()), (Some(Notice::ExpiredForm), NONE));
    assert_eq!(browser.create_right(left_empty(&other)).await.errors(), all_missing());
}

async fn n_reg_what_is_not_valid_is_not_kept(t: TestBackend) {
    let person = Person::number(1);
    let good = wrong_comuna(&person);
    let cases = [
        (RegistrationInput { key_again: "", ..good }, [false, true]),
        (RegistrationInput { key_again: "Quillay7y", ..good }, [false, true]),
        (RegistrationInput { key: "", ..good }, [false, true]),
        (RegistrationInput { key: "corta", key_again: "corta", ..good }, [false, true]),
        (RegistrationInput { key: "x31000001", key_again: "x31000001", ..good }, [false, true]),
        (RegistrationInput { key: "password", key_again: "password", ..good }, [false, true]),
        (RegistrationInput { answer: "x", ..good }, [true, false]),
        (RegistrationInput { answer: " ", ..good }, [true, false]),
        (RegistrationInput { question: "", ..good }, [true, false]),
        (RegistrationInput { identifier: "", ..good }, NONE),
        (RegistrationInput { identifier: "12345-K", ..good }, NONE),
    ];
    for (form, kept) in cases {
        let mut browser = t.registering().await;
        let page = browser.create_right(form).await;
        assert_eq!(page.kept(), kept, "{:?}", page.feedback);
        // Nor where nothing is said about it.
        let mut browser = t.registering().await;
        let moved = browser.service().new_captcha(browser.posted(), form).await.unwrap();
        assert_eq!(browser.arrive(moved).await.kept(), kept);
    }
}

async fn n_reg_what_is_typed_takes_the_place_of_what_is_kept(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    assert_eq!(browser.create_right(wrong_comuna(&person)).await.kept(), BOTH);
    // “Cambiar”, wrongly: what was kept before is not what the person wants.
    let half = RegistrationInput { key: "Peumo#41", ..left_empty(&person) };
    let page = browser.create_right(half).await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::NewKeyAgain, Reason::Missing)], [false, true]));
    let page = browser.create_right(left_empty(&person)).await;
    assert_eq!(page.errors(), all_missing()[1..]);
    let other = Person { key: "Peumo#41".to_owned(), answer: "La Piedra Feliz".to_owned(), ..person };
    assert_eq!(browser.create_right(wrong_comuna(&other)).await.kept(), BOTH);
    let third = Person { key: "Boldo.58".to_owned(), ..other };
    let page = browser.create(RegistrationInput { answer: "", ..third.form() }, "nada").await;
    assert_eq!(page.kept(), BOTH);
    assert!(matches!(browser.create_right(left_empty(&third)).await.state, Registration::Done { .. }));
    has_both(&t, &third).await;
}

async fn n_reg_another_question_drops_the_answer(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    assert_eq!(browser.create_right(wrong_comuna(&person)).await.kept(), BOTH);
    let other = RegistrationInput { question: SecretQuestion::by_index(3).id(), ..left_empty(&person) };
    let page = browser.create_right(other).await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::Answer, Reason::Missing)], [true, false]));
    let page = browser.create_right(left_empty(&person)).await;
    assert_eq!(
        page.errors(),
        [(Field::Answer, Reason::Missing)],
        "nor does the first question bring it back"
    );
    let page = browser.create_right(RegistrationInput { answer: &person.answer, ..other }).await;
    assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
    assert!(t.key_is(&person, &person.key).await);
}

async fn n_reg_a_slip_in_the_rut_costs_nobody_a_key_or_an_answer(t: TestBackend) {
    for (number, typed) in [(1, "31.000.011-"), (2, "31.000.020-"), (3, "3.100.003-"), (4, "310.000.004-")] {
        let person = Person::number(number);
        let typed = format!("{typed}{}", person.rut_text.chars().last().unwrap());
        let mut browser = t.registering().await;
        let slip = RegistrationInput { identifier: &typed, ..person.form() };
        let page = browser.create_right(slip).await;
        assert_eq!((page.errors().len(), page.errors()[0].0, page.kept()), (1, Field::Rut, BOTH), "{typed}");
        // Sent again as it is, while something else is looked at.
        let again = RegistrationInput { identifier: &typed, ..left_empty(&person) };
        assert_eq!(browser.create_right(again).await.kept(), BOTH);
        let page = browser.create_right(left_empty(&person)).await;
        assert!(matches!(page.state, Registration::Done { .. }), "{typed}: {:?}", page.feedback);
        has_both(&t, &person).await;
    }
}

async fn security_a_rut_that_cannot_be_read_keeps_nothing_for_another(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    let typed = "31.000.091-1";
    for (identifier, kept) in [(other.rut_text.as_str(), NONE), ("31.000.092-1", NONE), ("", NONE)] {
        let mut browser = t.registering().await;
        let slip = RegistrationInput { identifier: typed, ..person.form() };
        assert_eq!(browser.create_right(slip).await.kept(), BOTH);
        let page = browser.create_right(RegistrationInput { identifier, ..left_empty(&person) }).await;
        assert!(page.errors().ends_with(&all_missing()), "{:?}", page.feedback);
        assert_eq!(page.kept(), kept);
    }
    // The key of a RUT that was misread is checked against the RUT that is meant.
    let mut browser = t.registering().await;
    let form = RegistrationInput {
        identifier: "31.000.011-9",
        key: "x31000001",
        key_again: "x31000001",
        ..person.form()
    };
    assert_eq!(browser.create_right(form).await.kept(), BOTH);
    let page = browser.create_right(left_empty(&person)).await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::NewKey, Reason::ContainsRut)], [false, true]));
}

async fn security_another_rut_drops_key_and_answer(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    for identifier in [other.rut_text.as_str(), "12345678-9", ""] {
        let mut browser = t.registering().await;
        assert_eq!(browser.create_right(wrong_comuna(&person)).await.kept(), BOTH);
        let page = browser.create_right(RegistrationInput { identifier, ..left_empty(&person) }).await;
        assert!(page.errors().ends_with(&all_missing()), "{:?}", page.feedback);
        assert_eq!(page.notice(), Some(Notice::OtherIdentity { of: Kind::Natural }), "it says why");
        assert_eq!(page.kept(), NONE);
        let page = browser.create_right(left_empty(&person)).await;
        assert_eq!(page.errors(), all_missing(), "nor does the first RUT bring them back");
        assert_eq!(page.notice(), None, "it was said");

        // The same by “Refrescar”.
        let mut browser = t.registering().await;
        assert_eq!(browser.create_right(wrong_comuna(&person)).await.kept(), BOTH);
        let form = RegistrationInput { identifier, ..left_empty(&person) };
        let moved = browser.service().new_captcha(browser.posted(), form).await.unwrap();
        assert_eq!(browser.arrive(moved).await.kept(), NONE);
        assert!(!t.dump("flow").await.contains("\"kept\""));
    }
    // The same RUT, written otherwise.
    let mut browser = t.registering().await;
    assert_eq!(browser.create_right(wrong_comuna(&person)).await.kept(), BOTH);
    let plain = person.rut.plain();
    let page = browser.create_right(RegistrationInput { identifier: &plain, ..left_empty(&person) }).await;
    assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 1);
}

async fn security_kept_secrets_are_wiped_at_the_end_by_erasing_and_with_the_flow(t: TestBackend) {
    let person = Person::number(1);
    let kept = async || t.dump("flow").await.contains("\"kept\"");
    let mut browser = t.registering().await;
    browser.create_right(wrong_comuna(&person)).await;
    assert!(kept().await);
    assert!(matches!(browser.create_right(left_empty(&person)).await.state, Registration::Done { .. }));
    assert!(!kept().await && t.number("SELECT COUNT(*) FROM flow").await == 1, "at the end");

    let mut browser = t.registering().await;
    browser.create_right(wrong_comuna(&person)).await;
    assert!(kept().await);
    let tokens = [("registrar", browser.token.clone().unwrap())];
    t.erase(&tokens, &browser.caller).await.unwrap();
    assert!(!kept().await, "by “Terminar y borrar”");

    let mut browser = t.registering().await;
    browser.create_right(wrong_comuna(&person)).await;
    t.clock.advance(16 * MINUTE);
    assert!(browser.flow().await.is_none(), "no page shows it");
    t.store.sweep(t.now()).await.unwrap();
    assert!(!kept().await, "with the flow");
}

async fn j_reg_a_company_types_key_and_answer_once(t: TestBackend) {
    let company = Company::number(1);
    t.tax_is_down();
    let mut browser = t.registering_as(Kind::Juridica).await;
    let form = company.form();
    let page = browser.create_right(form).await;
    assert_eq!((page.notice(), page.kept()), (Some(Notice::TaxRegistryDown), BOTH));
    t.tax_knows(&[&company]);
    let page = browser.create_right(RegistrationInput { key: "", key_again: "", answer: "", ..form }).await;
    assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
}
