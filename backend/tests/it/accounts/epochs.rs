//! A proof is valid until what it proved changes (ASVS 7.4.3), and an hour at most.

use backend::clock::MINUTE;
use backend::hashing::Hasher;
use backend::service::ServiceError;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::update::Update;
use domain::flow::{Feedback, Notice};
use domain::identifier::IdentifierInput;
use domain::kind::Kind;

use crate::support::{Company, Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    security_flows_opened_with_the_old_key_during_a_change_are_lost,
    security_a_proof_from_before_a_change_is_void_after_it,
    security_no_flow_lives_longer_than_an_hour,
    security_a_new_representative_voids_the_proofs_of_the_old_one,
    security_a_success_of_one_kind_keeps_the_counters_of_another,
    security_the_provisional_key_does_not_become_the_key,
    f_req_the_form_is_kept_when_the_hashing_queue_is_full,
];

async fn security_flows_opened_with_the_old_key_during_a_change_are_lost(t: TestBackend) {
    let t = t.hashing_at_once();
    let person = Person::number(1);
    t.account(&person).await;
    let owner = t.proven_by_key(&person, &person.key).await;
    let letters = owner.letters_shown().await;
    let thieves = (0..15).map(|_| {
        let (mut browser, person) = (t.changing(), person.clone());
        async move {
            let posted = browser.posted();
            let moved = browser
                .service()
                .identify(posted, IdentifierInput::Number(&person.rut_text), "", &person.key)
                .await
                .unwrap();
            browser.token = moved.token;
            browser
        }
    });
    let sets =
        tokio::spawn(async move { owner.post_set_key("Peumo#41", "Peumo#41", &letters).await.unwrap() });
    let thieves = at_once(thieves).await;
    assert!(matches!(sets.await.unwrap().state, Change::Done { .. }));
    for thief in thieves {
        let left = thief.flow().await.map(|flow| flow.state);
        assert!(
            matches!(left, None | Some(Change::Identify)),
            "a flow opened with the old key is left: {left:?}"
        );
    }
    assert!(t.key_is(&person, "Peumo#41").await);
}

/// The case of an HTTP request that checks the key before the change and writes its flow after it.
async fn security_a_proof_from_before_a_change_is_void_after_it(t: TestBackend) {
    let (person, company) = (Person::number(1), t.one_company().await);
    t.account(&person).await;
    let mut change = t.proven_by_key(&person, &person.key).await;
    let mut recovery = t.proven_by_answer(&person).await;
    let mut update = t.updating();
    update.by_key(&person.rut_text, &person.key).await;
    let request = t.signed(&company).await;
    assert!(matches!(update.load().await.state, Update::Question(_)));
    let letters = [change.letters_shown().await, recovery.letters_shown().await];
    t.number("UPDATE account SET epoch = epoch + 1 RETURNING 1").await;
    let page = change.set_key("Peumo#41", "Peumo#41", &letters[0]).await;
    assert_eq!((page.state, page.feedback.notice), (Change::Identify, Some(Notice::Expired)));
    assert_eq!(recovery.send(&letters[1]).await.state, Recovery::Identify);
    assert_eq!(update.answer(&person.answer).await.state, Update::Identify);
    assert!(request.flow().await.is_none());
    assert!(t.key_is(&person, &person.key).await && t.messages().await.is_empty());
}

async fn security_no_flow_lives_longer_than_an_hour(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    for _ in 0..5 {
        t.clock.advance(11 * MINUTE);
        assert!(matches!(browser.set_key("corta", "corta", "nada").await.state, Change::NewKey(_)));
    }
    let letters = browser.letters_shown().await;
    t.clock.advance(6 * MINUTE);
    assert_eq!(browser.set_key("Peumo#41", "Peumo#41", &letters).await.state, Change::Identify);
    assert!(t.key_is(&person, &person.key).await);
}

async fn security_a_new_representative_voids_the_proofs_of_the_old_one(t: TestBackend) {
    let (company, new) = (Company::number(1), Person::number(8));
    t.account(&company).await;
    t.tax_says(&[(&company, &company.representative)]);
    t.civil_knows(&[&company.representative, &new]);
    let mut old = t.recovering_as(Kind::Juridica);
    old.rut(&company.rut_text).await;
    old.forgotten().await;
    old.representative(&company.representative.rut_text).await;
    old.serial(&company.representative.serial).await;
    old.mail("no").await;
    assert!(matches!(old.contact("ex@ejemplo.cl", "").await.state, Recovery::Captcha(_)));

    let letters = old.letters_shown().await;
    t.tax_says(&[(&company, &new)]);
    let mut browser = t.changing_as(Kind::Juridica);
    let page = browser.identify_company(&company.rut_text, &new.rut_text, &company.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    t.messages().await;
    assert_eq!(old.send(&letters).await.state, Recovery::Identify);
    assert!(t.messages().await.is_empty(), "no key is sent to the old representative");
    assert!(
        matches!(browser.set("Peumo#41").await.state, Change::Done { .. }),
        "the new representative continues"
    );
    assert!(matches!(browser.load().await.state, Change::Done { .. }));
}

async fn security_a_success_of_one_kind_keeps_the_counters_of_another(t: TestBackend) {
    let company = t.one_company().await;
    // Without a proof at registration, anybody may register a person with the company's RUT.
    let mut person = Person::number(7);
    (person.rut, person.rut_text) = (company.rut, company.rut_text.clone());
    t.account(&person).await;
    let mut waited = false;
    for _ in 0..12 {
        let mut browser = t.changing_as(Kind::Juridica);
        let page =
            browser.identify_company(&company.rut_text, &company.representative.rut_text, "NoEsEsta1").await;
        waited |= matches!(page.feedback, Feedback { notice: Some(Notice::Wait { .. }), .. });
        t.proven_by_key(&person, &person.key).await;
    }
    assert!(waited, "twelve wrong keys of the company from one address cause a wait");
}

async fn security_the_provisional_key_does_not_become_the_key(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let first = t.recover_by_answer(&person).await;
    let second = t.recover_by_answer(&person).await;
    let mut browser = t.proven_by_key(&person, &second).await;
    for key in [second.clone(), second.to_lowercase(), first] {
        let page = browser.set(&key).await;
        assert_eq!(page.errors(), [(Field::NewKey, Reason::Provisional)]);
    }
    // A key in the format of a provisional key that was never sent is allowed.
    assert!(matches!(browser.set("Q20417W6").await.state, Change::Done { .. }));
}

async fn f_req_the_form_is_kept_when_the_hashing_queue_is_full(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let letters = browser.letters_shown().await;
    let free = browser.backend.hasher.clone();
    browser.backend.hasher = Hasher::new(1, 0).unwrap();
    let input = backend::service::request::IdentifyInput { captcha: &letters, ..company.identifying() };
    let refused = browser.post_identify(input).await;
    let Err(ServiceError::BusyFlow(_, token)) = refused else { panic!("{refused:?}") };
    browser.token = Some(token);
    browser.backend.hasher = free;
    let page = browser.load().await;
    assert_eq!(page.feedback.notice, Some(Notice::Busy));
    let page = browser.identify_right(company.identifying()).await;
    assert!(page.asks_for_the_declaration(), "its new captcha is accepted: {:?}", page.feedback);
}
