//! N-UPD: no data is shown or changed without the key and the answer, and wrong attempts with both are counted.

use backend::clock::{MINUTE, SECOND};
use backend::service::NextStep;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::update::Update;

use crate::support::accounts::AccountData;
use crate::support::{Page, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    n_upd_a_wrong_key_is_refused_at_the_same_cost_for_all,
    n_upd_a_provisional_key_cannot_open_an_update,
    n_upd_three_wrong_answers_cause_a_wait_shared_with_recovery,
    n_upd_wrong_keys_of_updates_and_changes_share_one_counter,
    security_an_update_requires_its_proofs,
    security_an_update_without_its_cookie_returns_to_the_first_step,
];

fn refused(page: &Page<Update>, reason: Reason) {
    assert_eq!((page.state.clone(), page.errors()), (Update::Identify, vec![(Field::CurrentKey, reason)]));
}

async fn n_upd_a_wrong_key_is_refused_at_the_same_cost_for_all(t: TestBackend) {
    let [known, plain, unknown] = [1, 2, 3].map(Person::number);
    t.account(&known).await;
    t.account_with(&plain, AccountData::Nothing).await;
    for person in [&known, &plain, &unknown] {
        let hashes = t.hasher.runs();
        let page = t.updating().by_key(&person.rut_text, "NoEsEsta1").await;
        refused(&page, Reason::NotTheKey);
        assert_eq!((page.typed.get("rut"), page.typed.get("clave_actual")), (person.rut_text.as_str(), ""));
        assert_eq!(t.hasher.runs() - hashes, 1);
        let hashes = t.hasher.runs();
        refused(&t.updating().by_key(&person.rut_text, "A00000A0").await, Reason::NotTheKey);
        assert_eq!(t.hasher.runs() - hashes, 3, "a text that may be a provisional key costs three hashes");
    }
    let page = t.updating().by_key("12345678-9", "").await;
    assert_eq!(page.errors(), [(Field::Rut, Reason::CheckDigit), (Field::CurrentKey, Reason::Missing)]);
    assert!(!t.dump("flow").await.contains("NoEsEsta"));
}

async fn n_upd_a_provisional_key_cannot_open_an_update(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let key = t.recover_by_answer(&person).await;
    refused(&t.updating().by_key(&person.rut_text, &key).await, Reason::OnlyToChange);
    t.change_key(&person, &key, "Peumo#41").await;
    refused(&t.updating().by_key(&person.rut_text, &key).await, Reason::Spent);
    assert!(matches!(t.updating().by_key(&person.rut_text, "Peumo#41").await.state, Update::Question(_)));
}

async fn n_upd_three_wrong_answers_cause_a_wait_shared_with_recovery(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.updating();
    browser.by_key(&person.rut_text, &person.key).await;
    let page = browser.answer(" ").await;
    assert_eq!((page.errors(), t.tries("answer").await), (vec![(Field::Answer, Reason::Missing)], 0));
    for notice in [None, None, Some(Notice::WaitOrSerial { minutes: 1 })] {
        let page = browser.answer("no es esta").await;
        assert!(matches!(page.state, Update::Question(_)));
        assert_eq!((page.errors(), page.notice()), (vec![(Field::Answer, Reason::Wrong)], notice));
    }
    let hashes = t.hasher.runs();
    // A new flow keeps the count; so does a recovery, which asks for the same answer.
    let mut again = t.updating();
    again.by_key(&person.rut_text, &person.key).await;
    for browser in [&mut browser, &mut again] {
        let page = browser.answer(&person.answer).await;
        assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::WaitOrSerial { minutes: 1 })));
    }
    let mut recovery = t.recovering();
    recovery.rut(&person.rut_text).await;
    let page = recovery.answer(&person.answer).await;
    assert_eq!(page.notice(), Some(Notice::WaitOrSerial { minutes: 1 }));
    assert_eq!(t.hasher.runs() - hashes, 1, "only the key was hashed");
    t.clock.advance(MINUTE + SECOND);
    assert!(matches!(browser.answer(&person.answer).await.state, Update::Form(_)), "the wait is over");
}

async fn n_upd_wrong_keys_of_updates_and_changes_share_one_counter(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    for _ in 0..2 {
        t.changing().identify(&person.rut_text, "NoEsEsta1").await;
    }
    for notice in [None, None, Some(Notice::Wait { minutes: 1 })] {
        let page = t.updating().by_key(&person.rut.plain(), "NoEsEsta1").await;
        assert_eq!(page.notice(), notice);
    }
    let page = t.changing().identify(&person.rut_text, &person.key).await;
    assert_eq!((page.state.clone(), page.notice()), (Change::Identify, Some(Notice::Wait { minutes: 1 })));
    t.clock.advance(MINUTE + SECOND);
    let page = t.updating().by_key(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Update::Question(_)));
    assert_eq!(t.tries("key/rut").await + t.tries("key/pair").await, 0, "a success resets the counter");
}

const STEPS: [&str; 5] = ["document", "answer", "forgotten", "choose", "save"];

/// Posts the form of this step with the right values.
async fn post(browser: &Visit<Update>, step: &str, person: &Person) -> NextStep<Update> {
    let (service, posted) = (browser.service(), browser.posted());
    let letters = match browser.captcha.as_str() {
        "" => "nada".to_owned(),
        _ => browser.letters_shown().await,
    };
    match step {
        "document" => browser.post_document(&person.serial).await,
        "answer" => browser.post_answer(&person.answer).await,
        "forgotten" => service.forgotten(posted).await,
        "choose" => browser.post_choose(person.form().question, "otra respuesta").await,
        _ => browser.post_save(Person::number(66).update(), &letters).await,
    }
    .unwrap()
}

/// Posts the form of every step except `earned`; the tables must not change by a byte.
async fn only(t: &TestBackend, browser: &mut Visit<Update>, person: &Person, earned: &[&str]) {
    let state = browser.load().await.state;
    let tables = async || {
        let mut tables = Vec::new();
        for table in ["flow", "account", "outbox", "attempt"] {
            tables.push(t.dump(table).await);
        }
        tables
    };
    let before = tables().await;
    for step in STEPS.iter().filter(|step| !earned.contains(step)) {
        let moved = post(browser, step, person).await;
        assert_eq!((moved.state, moved.token.is_none()), (state.clone(), true), "{step}");
        assert_eq!(tables().await, before, "{step} at {state:?}");
    }
}

async fn security_an_update_requires_its_proofs(t: TestBackend) {
    let (person, plain) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account_with(&plain, AccountData::NoQuestion).await;
    t.civil_knows(&[&person, &plain]);

    let mut browser = t.updating();
    browser.by_key(&person.rut_text, "NoEsEsta1").await;
    only(&t, &mut browser, &person, &[]).await;
    browser.by_key(&person.rut_text, &person.key).await;
    only(&t, &mut browser, &person, &["answer", "forgotten"]).await;
    browser.forgotten().await;
    only(&t, &mut browser, &person, &["answer", "document"]).await;
    browser.answer(&person.answer).await;
    only(&t, &mut browser, &person, &["save"]).await;
    browser.save_right(person.update()).await;
    only(&t, &mut browser, &person, &[]).await;

    let mut browser = t.updating();
    browser.by_key(&plain.rut_text, &plain.key).await;
    only(&t, &mut browser, &plain, &["choose"]).await;
}

async fn security_an_update_without_its_cookie_returns_to_the_first_step(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let change = t.proven_by_key(&person, &person.key).await;
    let before = t.dump("account").await;
    for cookie in [None, change.token.clone()] {
        let mut browser = t.updating();
        browser.token = cookie;
        browser.tag.clone_from(&change.tag);
        for step in STEPS {
            let moved = post(&browser, step, &person).await;
            assert_eq!((moved.state, moved.token.is_some()), (Update::Identify, true), "{step}");
        }
    }
    // The token from before the answer accepts only a resubmission of that answer.
    let mut owner = t.updating();
    owner.by_key(&person.rut_text, &person.key).await;
    let planted = owner.clone();
    owner.answer(&person.answer).await;
    assert!(planted.flow().await.is_none());
    let mut thief = planted.clone();
    assert_eq!(thief.save(Person::number(66).update(), "nada").await.notice(), Some(Notice::Expired));
    assert_eq!(t.dump("account").await, before);
}
