//! Concurrent use of a one-time code: of sixteen at a time, exactly one wins
//! (docs/security.md#known-failures-of-others).

use std::collections::HashSet;

use backend::captcha::{self, Captcha, FlowOfCaptcha};
use backend::form::{FormFingerprint, FormMac};
use backend::store::provisional::{self, KeyProof};
use domain::field::{Field, Reason};
use domain::flow::CaptchaVerdict;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::registration::Registration;

use crate::support::{Person, TestBackend, Visit, at_once, on_both_engines};

on_both_engines![
    security_one_provisional_key_in_sixteen_flows_is_used_once,
    security_one_provisional_key_spent_sixteen_times_succeeds_once,
    security_one_captcha_answered_sixteen_times_is_accepted_once,
    security_the_same_send_form_sixteen_times_sends_one_key,
    security_the_same_registration_sixteen_times_makes_one_account,
    security_sixteen_registrations_of_one_rut_make_one_account,
    security_the_same_new_key_sixteen_times_is_set_once,
    security_sixteen_flows_of_one_account_set_one_key,
    security_setting_a_key_and_sending_keys_do_not_deadlock,
];

/// A different new key for each of the sixteen flows.
fn new_key(number: usize) -> String {
    format!("Peumo={number:02}x")
}

async fn sixteen_proven(t: &TestBackend, person: &Person, key: &str) -> Vec<(Visit<Change>, String)> {
    let mut browsers = Vec::new();
    for _ in 0..16 {
        let browser = t.proven_by_key(person, key).await;
        let letters = browser.letters_shown().await;
        browsers.push((browser, letters));
    }
    browsers
}

/// All set their own key at once; exactly one is set, notified, and shown as done.
async fn only_one_sets_its_key(t: &TestBackend, person: &Person, browsers: Vec<(Visit<Change>, String)>) {
    let set = browsers.into_iter().enumerate().map(|(number, (mut browser, letters))| async move {
        let key = new_key(number);
        let moved = browser.post_set_key(&key, &key, &letters).await.unwrap();
        if moved.token.is_some() {
            browser.token = moved.token;
        }
        (moved.state, browser)
    });
    let mut winners = Vec::new();
    for (number, (state, mut browser)) in at_once(set).await.into_iter().enumerate() {
        if matches!(state, Change::Done { .. }) {
            winners.push(number);
        }
        // The losers see a notice or an error instead of a page without a flow.
        let page = browser.load().await;
        assert_eq!(matches!(page.state, Change::Done { .. }), matches!(state, Change::Done { .. }));
        assert!(
            matches!(page.state, Change::Done { .. }) || page.feedback != domain::flow::Feedback::default()
        );
    }
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert!(t.key_is(person, &new_key(winners[0])).await);
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE event = 'key-set'").await, 1);
    assert_eq!(t.messages().await.len(), 2);
}

async fn security_one_provisional_key_in_sixteen_flows_is_used_once(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let key = t.recover_by_answer(&person).await;
    let browsers = sixteen_proven(&t, &person, &key).await;
    only_one_sets_its_key(&t, &person, browsers).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key WHERE used_at IS NOT NULL").await, 1);
}

async fn security_one_provisional_key_spent_sixteen_times_succeeds_once(t: TestBackend) {
    let account = t.account(&Person::number(1)).await;
    for _ in 0..5 {
        let now = t.now();
        let connection = &mut *t.store.connection().await.unwrap();
        let id = provisional::issue(
            connection,
            account,
            "hash",
            (KeyProof::Secret, None, None),
            now,
            now + 60_000,
        )
        .await
        .unwrap();
        let spend = (0..16).map(|_| {
            let store = t.store.clone();
            async move {
                let connection = &mut *store.connection().await.unwrap();
                provisional::spend(connection, id, now).await.unwrap().is_some()
            }
        });
        let spent = at_once(spend).await;
        assert_eq!(spent.iter().filter(|spent| **spent).count(), 1);
        let late = provisional::issue(connection, account, "hash", (KeyProof::Secret, None, None), now, now)
            .await
            .unwrap();
        assert!(
            provisional::spend(connection, late, now).await.unwrap().is_none(),
            "an expired key cannot be spent"
        );
    }
}

async fn security_sixteen_flows_of_one_account_set_one_key(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let browsers = sixteen_proven(&t, &person, &person.key).await;
    only_one_sets_its_key(&t, &person, browsers).await;
}

/// The flow of the captchas below.
const HERE: FlowOfCaptcha<'_> = FlowOfCaptcha { name: "registrar-natural", tag: "etiqueta" };

/// The MAC of a form in which this was typed.
fn form(t: &TestBackend, typed: &str) -> FormMac {
    FormMac::new(&t.secrets, "captcha", "token", FormFingerprint::of([("campo", typed)]))
}

async fn security_one_captcha_answered_sixteen_times_is_accepted_once(t: TestBackend) {
    for _ in 0..5 {
        let expires = t.now() + 60_000;
        let sealed =
            Captcha::random(&t.secrets, HERE, Some("ABCDE"), expires).unwrap().seal(&t.secrets).unwrap();
        let answers = (0..16).map(|number| {
            let (store, secrets, sealed, now) = (t.store.clone(), t.secrets.clone(), sealed.clone(), t.now());
            let form = form(&t, &number.to_string());
            async move {
                let connection = &mut *store.connection().await.unwrap();
                captcha::check(connection, &secrets, &sealed, (HERE, &form), "abcde", now).await.unwrap()
            }
        });
        let verdicts = at_once(answers).await;
        assert_eq!(verdicts.iter().filter(|verdict| **verdict == CaptchaVerdict::Right).count(), 1);
        assert_eq!(verdicts.iter().filter(|verdict| **verdict == CaptchaVerdict::Stale).count(), 15);
    }
    let connection = &mut *t.store.connection().await.unwrap();
    let captcha = Captcha::random(&t.secrets, HERE, Some("ABCDE"), t.now() + 60_000).unwrap();
    let sealed = captcha.seal(&t.secrets).unwrap();
    let mut check = async |tag, typed_before, letters| {
        let form = form(&t, typed_before);
        let flow = FlowOfCaptcha { tag, ..HERE };
        captcha::check(connection, &t.secrets, &sealed, (flow, &form), letters, t.now()).await.unwrap()
    };
    assert_eq!(check("otra", "a", "abcde").await, CaptchaVerdict::Stale, "of another flow");
    assert_eq!(check("etiqueta", "a", "xxxxx").await, CaptchaVerdict::Wrong);
    assert_eq!(check("etiqueta", "b", "abcde").await, CaptchaVerdict::Stale, "one attempt per captcha");
    assert_eq!(
        check("etiqueta", "a", "xxxxx").await,
        CaptchaVerdict::Wrong,
        "the same form is the same attempt"
    );
    assert_eq!(check("otra", "a", "xxxxx").await, CaptchaVerdict::Stale, "the same form in another flow");
    t.clock.advance(60_000);
    assert_eq!(check("etiqueta", "a", "xxxxx").await, CaptchaVerdict::Stale, "the captcha has expired");
}

async fn security_the_same_send_form_sixteen_times_sends_one_key(t: TestBackend) {
    for number in 0..5 {
        let person = Person::number(number);
        t.account(&person).await;
        let mut browser = t.proven_by_answer(&person).await;
        let letters = browser.letters_shown().await;
        let one_server = number % 2 == 0;
        let clicks = (0..16).map(|_| {
            let browser = if one_server { browser.clone() } else { browser.elsewhere() };
            let letters = letters.clone();
            async move { browser.post_send(&letters).await.unwrap() }
        });
        for moved in at_once(clicks).await {
            let done = matches!(moved.state, Recovery::Sent(_)) && moved.token.is_some();
            assert!(done || !one_server, "every click sees the result");
            if done {
                browser.token = moved.token;
            }
        }
        let keys = t.number("SELECT COUNT(*) FROM provisional_key").await;
        assert_eq!(keys, i64::from(number) + 1, "one key");
        assert!(matches!(browser.load().await.state, Recovery::Sent(_)), "the page shows it");
        assert_eq!(t.messages().await.len(), 2, "one mail and one SMS");
    }
}

async fn security_the_same_registration_sixteen_times_makes_one_account(t: TestBackend) {
    for number in 0..5 {
        let person = Person::number(number);
        let mut browser = t.registering().await;
        let letters = browser.letters_shown().await;
        let one_server = number % 2 == 0;
        let clicks = (0..16).map(|_| {
            let browser = if one_server { browser.clone() } else { browser.elsewhere() };
            let (letters, person) = (letters.clone(), person.clone());
            async move { browser.post_create(person.form(), &letters).await.unwrap() }
        });
        for moved in at_once(clicks).await {
            let done = matches!(moved.state, Registration::Done { .. }) && moved.token.is_some();
            assert!(done || !one_server, "every click sees the result");
            if done {
                browser.token = moved.token;
            }
        }
        assert_eq!(t.number("SELECT COUNT(*) FROM account").await, i64::from(number) + 1);
        assert!(matches!(browser.load().await.state, Registration::Done { .. }));
        let letters = t.messages().await;
        assert_eq!(letters.len(), 2, "a double click is not a second registration");
        assert!(letters.iter().all(|letter| letter.text.contains("Recibimos un registro")));
    }
}

async fn security_sixteen_registrations_of_one_rut_make_one_account(t: TestBackend) {
    let t = t.hashing_at_once();
    let mut browsers = Vec::new();
    for number in 0..16 {
        let browser = t.registering().await.at_address(&format!("198.51.100.{number}"));
        let letters = browser.letters_shown().await;
        let (rut, key) = (Person::number(1).rut_text, format!("Quillay={number:02}"));
        browsers.push((browser, letters, Person { rut_text: rut, key, ..Person::number(number) }));
    }
    let people: Vec<_> = browsers.iter().map(|(_, _, person)| person.clone()).collect();
    let create = browsers.into_iter().map(|(mut browser, letters, person)| async move {
        browser.create(person.form(), &letters).await.state
    });
    for state in at_once(create).await {
        assert!(
            matches!(state, Registration::Done { by_sms: true, by_mail: true, .. }),
            "every browser sees the same"
        );
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 1);
    let email = t.texts("SELECT email FROM account").await.remove(0);
    let winner = people.iter().find(|person| person.email == email).unwrap();
    assert_eq!(t.texts("SELECT mobile FROM account").await, [winner.phone()], "the data comes from one form");
    assert!(t.key_is(&Person::number(1), &winner.key).await);

    let letters = t.messages().await;
    let to: HashSet<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(to.len(), 16 * 2, "every sender gets the same messages");
    let (received, notices): (Vec<_>, Vec<_>) =
        letters.iter().partition(|letter| letter.text.contains("Recibimos un registro"));
    assert_eq!(received.len(), 16 * 2);
    assert!(
        notices.iter().all(|letter| letter.to == winner.email || letter.to == winner.phone()),
        "only the owner is notified"
    );
    assert!(notices.len() <= 3 * 2, "{} notices: at most three a day", notices.len());
}

async fn security_the_same_new_key_sixteen_times_is_set_once(t: TestBackend) {
    for number in 0..3 {
        let person = Person::number(number);
        t.account(&person).await;
        let provisional = t.recover_by_answer(&person).await;
        let mut browser = t.proven_by_key(&person, &provisional).await;
        let letters = browser.letters_shown().await;
        let one_server = number % 2 == 0;
        let clicks = (0..16).map(|_| {
            let browser = if one_server { browser.clone() } else { browser.elsewhere() };
            let letters = letters.clone();
            async move { browser.post_set_key("Peumo#41", "Peumo#41", &letters).await.unwrap() }
        });
        for moved in at_once(clicks).await {
            let done = matches!(moved.state, Change::Done { .. }) && moved.token.is_some();
            assert!(done || !one_server, "every click sees the result");
            if done {
                browser.token = moved.token;
            }
        }
        assert!(matches!(browser.load().await.state, Change::Done { .. }));
        assert!(t.key_is(&person, "Peumo#41").await);
        assert_eq!(t.messages().await.len(), 2);
        let page = t.changing().identify(&person.rut_text, &provisional).await;
        assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Spent)]);
    }
}

async fn security_setting_a_key_and_sending_keys_do_not_deadlock(t: TestBackend) {
    for number in 0..6 {
        let person = Person::number(number);
        t.account(&person).await;
        let provisional = t.recover_by_answer(&person).await;
        let changing = t.proven_by_key(&person, &provisional).await;
        let mut sending = Vec::new();
        for _ in 0..6 {
            let browser = t.proven_by_answer(&person).await;
            let letters = browser.letters_shown().await;
            sending.push((browser, letters));
        }
        let letters = changing.letters_shown().await;
        let set = tokio::spawn(async move { changing.post_set_key("Peumo#41", "Peumo#41", &letters).await });
        let send = sending
            .into_iter()
            .map(|(browser, letters)| async move { browser.post_send(&letters).await.is_ok() });
        assert!(at_once(send).await.into_iter().all(|sent| sent), "no request fails");
        assert!(set.await.unwrap().is_ok(), "no request fails");
        let counting = "SELECT COUNT(*) FROM provisional_key WHERE used_at IS NULL AND replaced_at IS NULL";
        assert!(t.number(counting).await <= i64::from(number) + 1, "at most one valid key for each account");
        t.messages().await;
    }
}
