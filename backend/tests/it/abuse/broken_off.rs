//! A form with a captcha that the server began and did not finish: it was restarted, or another instance has it in hand. The
//! browser sends it again (a reload, or the second of two clicks), and it counts as the one try that it is.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use backend::clock::{Clock, Millis};
use backend::service::request::IdentifyInput;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::request::RequestFlow;
use domain::flow::update::Update;
use futures_util::FutureExt as _;

use crate::support::{Company, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    flow_a_registration_that_broke_off_is_carried_out_when_it_comes_again,
    flow_a_recovery_that_broke_off_is_carried_out_when_it_comes_again,
    flow_a_change_that_broke_off_is_carried_out_when_it_comes_again,
    flow_an_update_that_broke_off_is_carried_out_when_it_comes_again,
    flow_a_proof_of_a_company_that_broke_off_is_carried_out_when_it_comes_again,
    flow_the_same_form_refused_twice_keeps_its_reason,
    security_a_captcha_of_a_form_that_broke_off_serves_no_other_form,
];

/// A clock that stops the server when it is looked at for the last time.
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

/// Stops the server while it works on a form, later and later, until the captcha was spent when it stopped.
async fn break_off<S>(t: &TestBackend, browser: &Visit<S>, form: impl AsyncFn(&Visit<S>)) {
    let spent = "SELECT COUNT(*) FROM captcha WHERE used_at IS NOT NULL";
    let before = t.number(spent).await;
    for looks in 0.. {
        let mut stopping = browser.clone();
        stopping.backend.clock = Arc::new(Last { clock: t.backend.clock.clone(), left: looks.into() });
        let done = AssertUnwindSafe(form(&stopping)).catch_unwind().await;
        assert!(done.is_err(), "it was not broken off");
        if t.number(spent).await > before {
            return;
        }
    }
}

/// The first form of a request (F-REQ) that broke off: whose it was, where, and the letters in it.
async fn identifying_broke_off(t: &TestBackend) -> (Company, Visit<RequestFlow>, String) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let letters = browser.letters_shown().await;
    let input = IdentifyInput { captcha: &letters, ..company.identifying() };
    break_off(t, &browser, async |browser| drop(browser.post_identify(input).await)).await;
    (company, browser, letters)
}

async fn flow_a_registration_that_broke_off_is_carried_out_when_it_comes_again(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let letters = browser.letters_shown().await;
    break_off(&t, &browser, async |browser| drop(browser.post_create(person.form(), &letters).await)).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);

    assert!(matches!(browser.create(person.form(), &letters).await.state, Registration::Done { .. }));
    assert!(t.key_is(&person, &person.key).await);
    assert_eq!(t.letters().await.len(), 2);
    assert!(matches!(browser.create(person.form(), &letters).await.state, Registration::Done { .. }));
    assert_eq!(t.letters().await.len(), 0, "a third time changes nothing");
}

async fn flow_a_recovery_that_broke_off_is_carried_out_when_it_comes_again(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_answer(&person).await;
    let letters = browser.letters_shown().await;
    break_off(&t, &browser, async |browser| drop(browser.post_send(&letters).await)).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 0);

    assert!(matches!(browser.send(&letters).await.state, Recovery::Sent(_)));
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 1);
}

async fn flow_a_change_that_broke_off_is_carried_out_when_it_comes_again(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let provisional = t.recover_by_answer(&person).await;
    let mut browser = t.proven_by_key(&person, &provisional).await;
    let letters = browser.letters_shown().await;
    break_off(&t, &browser, async |browser| {
        drop(browser.post_set_key("Peumo#41", "Peumo#41", &letters).await)
    })
    .await;
    assert!(!t.key_is(&person, "Peumo#41").await);

    assert!(matches!(browser.set_key("Peumo#41", "Peumo#41", &letters).await.state, Change::Done { .. }));
    assert!(t.key_is(&person, "Peumo#41").await);
}

async fn flow_an_update_that_broke_off_is_carried_out_when_it_comes_again(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let mut browser = t.opened(&person).await;
    let letters = browser.letters_shown().await;
    let before = t.dump("account").await;
    break_off(&t, &browser, async |browser| drop(browser.post_save(new.update(), &letters).await)).await;
    assert_eq!(t.dump("account").await, before);

    let page = browser.save(new.update(), &letters).await;
    assert!(matches!(page.state, Update::Done(done) if done.changed));
}

async fn flow_a_proof_of_a_company_that_broke_off_is_carried_out_when_it_comes_again(t: TestBackend) {
    let (company, mut browser, letters) = identifying_broke_off(&t).await;
    let input = IdentifyInput { captcha: &letters, ..company.identifying() };
    assert!(browser.identify(input).await.asks_for_the_declaration());
}

async fn flow_the_same_form_refused_twice_keeps_its_reason(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    let letters = browser.letters_shown().await;
    let mut second = browser.clone();
    let used_before = [(Field::NewKey, Reason::UsedBefore)];
    assert_eq!(browser.set_key(&person.key, &person.key, &letters).await.errors(), used_before);
    let hashes = t.hasher.runs();
    // The second of two clicks, from the page as it was.
    assert_eq!(second.set_key(&person.key, &person.key, &letters).await.errors(), used_before);
    assert_eq!(t.hasher.runs(), hashes, "nothing is checked again");
    assert!(matches!(browser.set("Peumo#41").await.state, Change::Done { .. }), "the new picture counts");

    let other = Person::number(2);
    let mut browser = t.registering().await;
    let mut second = browser.clone();
    let wrong = [(Field::Captcha, Reason::Wrong)];
    assert_eq!(browser.create(other.form(), "nada").await.errors(), wrong);
    assert_eq!(second.create(other.form(), "nada").await.errors(), wrong);
}

async fn security_a_captcha_of_a_form_that_broke_off_serves_no_other_form(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    let stale = [(Field::Captcha, Reason::Stale)];
    let mut browser = t.registering().await;
    let letters = browser.letters_shown().await;
    break_off(&t, &browser, async |browser| drop(browser.post_create(person.form(), &letters).await)).await;
    // Only one thing of it is another: an answer, a key, a letter.
    let answer = RegistrationInput { answer: "otra cosa", ..person.form() };
    assert_eq!(browser.create(answer, &letters).await.errors(), stale);
    for (form, small) in [(other.form(), false), (person.form(), true)] {
        let mut browser = t.registering().await;
        let letters = browser.letters_shown().await;
        break_off(&t, &browser, async |browser| drop(browser.post_create(person.form(), &letters).await))
            .await;
        let typed = if small { letters.to_lowercase() } else { letters };
        assert_eq!(browser.create(form, &typed).await.errors(), stale);
    }
    // Behind so many spaces nobody keeps what was typed, and the rules do not mind them.
    let [hidden, another] = [&person, &other].map(|who| format!("{}{}", " ".repeat(300), who.rut_text));
    let mut browser = t.registering().await;
    let letters = browser.letters_shown().await;
    let form = RegistrationInput { identifier: &hidden, ..person.form() };
    break_off(&t, &browser, async |browser| drop(browser.post_create(form, &letters).await)).await;
    let form = RegistrationInput { identifier: &another, ..form };
    assert_eq!(browser.create(form, &letters).await.errors(), stale);

    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    let letters = browser.letters_shown().await;
    break_off(&t, &browser, async |browser| {
        drop(browser.post_set_key("Peumo#41", "Peumo#41", &letters).await)
    })
    .await;
    assert_eq!(browser.set_key("Peumo#42", "Peumo#42", &letters).await.errors(), stale);

    // In another flow not even the same form counts.
    let (company, browser, letters) = identifying_broke_off(&t).await;
    let input = IdentifyInput { captcha: &letters, ..company.identifying() };
    let mut thief = t.requesting();
    thief.begin().await;
    thief.captcha.clone_from(&browser.captcha);
    assert_eq!(thief.identify(input).await.errors(), stale);
}
