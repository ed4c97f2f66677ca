//! No step can be skipped, and no earlier step can be repeated (docs/security.md#known-failures-of-others).

use backend::service::NextStep;
use backend::service::recovery::Forgotten;
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::recovery::Recovery;

use crate::support::accounts::AccountData;
use crate::support::{Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    security_a_step_without_its_proof_changes_nothing,
    security_without_a_flow_every_step_returns_to_the_first,
    security_a_change_requires_its_key,
];

const STEPS: [&str; 6] = ["answer", "forgotten", "serial", "mail", "contact", "send"];

/// Posts the form of this step with the right values.
async fn post(browser: &Visit<Recovery>, step: &str, person: &Person) -> NextStep<Recovery> {
    let (service, posted) = (browser.service(), browser.posted());
    let thief =
        ContactInput { email: "ladron@correo.ejemplo.cl", mobile: "66666666", ..ContactInput::default() };
    let letters = match browser.captcha.as_str() {
        "" => "nada".to_owned(),
        _ => browser.letters_shown().await,
    };
    match step {
        "answer" => browser.post_answer(&person.answer, None).await,
        "forgotten" => browser.post_answer("", Some(Forgotten::Later)).await,
        "serial" => browser.post_document(&person.serial).await,
        "mail" => service.mail(posted, "no", ContactInput::default()).await,
        "contact" => service.contact(posted, thief).await,
        _ => browser.post_send(&letters).await,
    }
    .unwrap()
}

/// Posts the form of every step except `earned`; flow, outbox and attempts must not change by a byte.
async fn only(t: &TestBackend, browser: &mut Visit<Recovery>, person: &Person, earned: &[&str]) {
    let state = browser.load().await.state;
    let before = [t.dump("flow").await, t.dump("outbox").await, t.dump("attempt").await];
    for step in STEPS.iter().filter(|step| !earned.contains(step)) {
        let moved = post(browser, step, person).await;
        assert_eq!(moved.state, state, "{step}");
        assert!(moved.token.is_none(), "{step}");
        let after = [t.dump("flow").await, t.dump("outbox").await, t.dump("attempt").await];
        assert_eq!(after, before, "{step} at {state:?}");
    }
}

async fn security_a_step_without_its_proof_changes_nothing(t: TestBackend) {
    let (person, plain) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account_with(&plain, AccountData::NoQuestion).await;
    t.civil_knows(&[&person, &plain]);

    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    only(&t, &mut browser, &person, &["answer", "forgotten"]).await;
    browser.forgotten().await;
    only(&t, &mut browser, &person, &["answer", "forgotten", "serial"]).await;
    browser.serial(&person.serial).await;
    only(&t, &mut browser, &person, &["mail", "contact"]).await;
    browser.mail("no").await;
    only(&t, &mut browser, &person, &["mail", "contact"]).await;
    browser.mail("si").await;
    only(&t, &mut browser, &person, &["mail", "contact", "send"]).await;
    browser.send_right().await;
    only(&t, &mut browser, &person, &[]).await;

    // A right answer allows the registered address only.
    let mut browser = t.proven_by_answer(&person).await;
    only(&t, &mut browser, &person, &["send"]).await;

    // Without a question on file no answer is processed; without an account nothing is sent.
    let mut browser = t.recovering();
    browser.rut(&plain.rut_text).await;
    only(&t, &mut browser, &plain, &["serial"]).await;
    let stranger = Person::number(3);
    t.civil_knows(&[&stranger]);
    browser.rut(&stranger.rut_text).await;
    browser.forgotten().await;
    assert_eq!(browser.serial(&stranger.serial).await.state, Recovery::NoAccount);
    only(&t, &mut browser, &stranger, &[]).await;
}

async fn security_without_a_flow_every_step_returns_to_the_first(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    for step in STEPS {
        let moved = post(&t.recovering(), step, &person).await;
        assert_eq!(moved.state, Recovery::Identify, "{step}");
    }
    // The cookie of one kind of flow does not open another.
    let change = t.proven_by_key(&person, &person.key).await;
    let mut browser = t.recovering();
    browser.token.clone_from(&change.token);
    browser.tag.clone_from(&change.tag);
    for step in STEPS {
        assert_eq!(post(&browser, step, &person).await.state, Recovery::Identify, "{step}");
    }
    assert_eq!((t.tries("answer").await, t.tries("document").await), (0, 0));
}

async fn security_a_change_requires_its_key(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.changing();
    assert_eq!(browser.set_key("Peumo#41", "Peumo#41", "nada").await.state, Change::Identify);
    browser.identify(&person.rut_text, "NoEsEsta1").await;
    assert_eq!(browser.set_key("Peumo#41", "Peumo#41", "nada").await.state, Change::Identify);

    let mut browser = t.proven_by_key(&person, &person.key).await;
    browser.set("Peumo#41").await;
    assert_eq!(
        browser.set_key("Boldo#123", "Boldo#123", "nada").await.state,
        Change::Done { by_sms: true, question_deleted: false },
        "a proof sets one key only"
    );
    assert!(t.key_is(&person, "Peumo#41").await);
}
