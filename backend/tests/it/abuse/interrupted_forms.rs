//! A form with a captcha that the server began to process and did not finish: it was restarted, or another instance is
//! processing it. The browser sends it again (a reload, or the second of two clicks), and both count as one attempt.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use backend::clock::{Clock, Millis};
use backend::service::request::IdentifyInput;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::request::RequestFlow;
use domain::flow::update::Update;
use futures_util::FutureExt as _;

use crate::support::{Company, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    flow_interrupted_registration_completes_when_resubmitted,
    flow_interrupted_recovery_completes_when_resubmitted,
    flow_interrupted_change_completes_when_resubmitted,
    flow_interrupted_update_completes_when_resubmitted,
    flow_interrupted_company_proof_completes_when_resubmitted,
    flow_resubmitted_form_returns_the_same_errors,
    security_captcha_of_an_interrupted_form_is_stale_for_other_forms,
];

/// A clock that panics after `left` reads, to interrupt the server in the middle of a form.
struct Last {
    clock: Arc<dyn Clock>,
    left: AtomicU32,
}

impl Clock for Last {
    fn now(&self) -> Millis {
        assert_ne!(self.left.fetch_sub(1, Ordering::SeqCst), 0, "the server stops here");
        self.clock.now()
    }
}

/// Interrupts the server while it processes a form, one clock read later each time, until the captcha is spent.
async fn interrupt<S>(t: &TestBackend, browser: &Visit<S>, form: impl AsyncFn(&Visit<S>)) {
    let spent = "SELECT COUNT(*) FROM captcha_spent";
    let before = t.number(spent).await;
    for looks in 0.. {
        let mut stopping = browser.clone();
        stopping.backend.clock = Arc::new(Last { clock: t.backend.clock.clone(), left: looks.into() });
        let done = AssertUnwindSafe(form(&stopping)).catch_unwind().await;
        assert!(done.is_err(), "the form was not interrupted");
        if t.number(spent).await > before {
            return;
        }
    }
}

/// An interrupted first form of a request (F-REQ): its company, its browser, and the letters typed.
async fn interrupted_identify(t: &TestBackend) -> (Company, Visit<RequestFlow>, String) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let letters = browser.letters_shown().await;
    let input = IdentifyInput { captcha: &letters, ..company.identifying() };
    interrupt(t, &browser, async |browser| drop(browser.post_identify(input).await)).await;
    (company, browser, letters)
}

async fn flow_interrupted_registration_completes_when_resubmitted(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let letters = browser.letters_shown().await;
    interrupt(&t, &browser, async |browser| drop(browser.post_create(person.form(), &letters).await)).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);

    assert!(matches!(browser.create(person.form(), &letters).await.state, Registration::Done { .. }));
    assert!(t.key_is(&person, &person.key).await);
    assert_eq!(t.messages().await.len(), 2);
    assert!(matches!(browser.create(person.form(), &letters).await.state, Registration::Done { .. }));
    assert_eq!(t.messages().await.len(), 0, "a third time changes nothing");
}

async fn flow_interrupted_recovery_completes_when_resubmitted(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_answer(&person).await;
    let letters = browser.letters_shown().await;
    interrupt(&t, &browser, async |browser| drop(browser.post_send(&letters).await)).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 0);

    assert!(matches!(browser.send(&letters).await.state, Recovery::Sent(_)));
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 1);
}

async fn flow_interrupted_change_completes_when_resubmitted(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let provisional = t.recover_by_answer(&person).await;
    let mut browser = t.proven_by_key(&person, &provisional).await;
    let letters = browser.letters_shown().await;
    interrupt(&t, &browser, async |browser| {
        drop(browser.post_set_key("Peumo#41", "Peumo#41", &letters).await)
    })
    .await;
    assert!(!t.key_is(&person, "Peumo#41").await);

    assert!(matches!(browser.set_key("Peumo#41", "Peumo#41", &letters).await.state, Change::Done { .. }));
    assert!(t.key_is(&person, "Peumo#41").await);
}

async fn flow_interrupted_update_completes_when_resubmitted(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let mut browser = t.opened(&person).await;
    let letters = browser.letters_shown().await;
    let before = t.dump("account").await;
    interrupt(&t, &browser, async |browser| drop(browser.post_save(new.update(), &letters).await)).await;
    assert_eq!(t.dump("account").await, before);

    let page = browser.save(new.update(), &letters).await;
    assert!(matches!(page.state, Update::Done(done) if done.changed));
}

async fn flow_interrupted_company_proof_completes_when_resubmitted(t: TestBackend) {
    let (company, mut browser, letters) = interrupted_identify(&t).await;
    let input = IdentifyInput { captcha: &letters, ..company.identifying() };
    assert!(browser.identify(input).await.asks_for_the_declaration());
}

async fn flow_resubmitted_form_returns_the_same_errors(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    let letters = browser.letters_shown().await;
    let mut second = browser.clone();
    let used_before = [(Field::NewKey, Reason::UsedBefore)];
    assert_eq!(browser.set_key(&person.key, &person.key, &letters).await.errors(), used_before);
    let hashes = t.hasher.runs();
    // The second of two clicks, sent from the same page.
    assert_eq!(second.set_key(&person.key, &person.key, &letters).await.errors(), used_before);
    assert_eq!(t.hasher.runs(), hashes, "nothing is checked again");
    assert!(
        matches!(browser.set("Peumo#41").await.state, Change::Done { .. }),
        "the new captcha is accepted"
    );

    let other = Person::number(2);
    let mut browser = t.registering().await;
    let mut second = browser.clone();
    let wrong = [(Field::Captcha, Reason::Wrong)];
    assert_eq!(browser.create(other.form(), "nada").await.errors(), wrong);
    assert_eq!(second.create(other.form(), "nada").await.errors(), wrong);
}

async fn security_captcha_of_an_interrupted_form_is_stale_for_other_forms(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    let stale = [(Field::Captcha, Reason::Stale)];
    let mut browser = t.registering().await;
    let letters = browser.letters_shown().await;
    interrupt(&t, &browser, async |browser| drop(browser.post_create(person.form(), &letters).await)).await;
    // Only one thing of it is another: an answer, a key, a letter.
    let answer = RegistrationInput { answer: "otra cosa", ..person.form() };
    assert_eq!(browser.create(answer, &letters).await.errors(), stale);
    for (form, small) in [(other.form(), false), (person.form(), true)] {
        let mut browser = t.registering().await;
        let letters = browser.letters_shown().await;
        interrupt(&t, &browser, async |browser| drop(browser.post_create(person.form(), &letters).await))
            .await;
        let typed = if small { letters.to_lowercase() } else { letters };
        assert_eq!(browser.create(form, &typed).await.errors(), stale);
    }
    // After 300 spaces the typed text is too long to be kept, yet the rules accept it.
    let [hidden, another] = [&person, &other].map(|who| format!("{}{}", " ".repeat(300), who.rut_text));
    let mut browser = t.registering().await;
    let letters = browser.letters_shown().await;
    let form = RegistrationInput { identifier: &hidden, ..person.form() };
    interrupt(&t, &browser, async |browser| drop(browser.post_create(form, &letters).await)).await;
    let form = RegistrationInput { identifier: &another, ..form };
    assert_eq!(browser.create(form, &letters).await.errors(), stale);

    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    let letters = browser.letters_shown().await;
    interrupt(&t, &browser, async |browser| {
        drop(browser.post_set_key("Peumo#41", "Peumo#41", &letters).await)
    })
    .await;
    assert_eq!(browser.set_key("Peumo#42", "Peumo#42", &letters).await.errors(), stale);

    // In another flow even the same form is refused.
    let (company, browser, letters) = interrupted_identify(&t).await;
    let input = IdentifyInput { captcha: &letters, ..company.identifying() };
    let mut thief = t.requesting();
    thief.begin().await;
    thief.captcha.clone_from(&browser.captcha);
    let page = thief.identify(input).await;
    assert_eq!((page.state.clone(), page.notice()), (RequestFlow::Identify, Some(Notice::ExpiredForm)));
}
