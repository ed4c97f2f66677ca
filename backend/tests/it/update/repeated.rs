//! N-UPD: repeated, foreign, expired and concurrent forms are saved and notified once at most.

use std::collections::HashSet;

use backend::clock::MINUTE;
use backend::store::provisional::KeyProof;
use backend::store::{Engine, accounts, flows};
use domain::flow::Notice;
use domain::flow::update::Update;

use crate::support::accounts::AccountData;
use crate::support::people::recipients;
use crate::support::{Person, TestBackend, Visit, at_once, on_both_engines};

on_both_engines![
    flow_the_same_update_twice_is_saved_once,
    flow_a_double_click_on_an_answer_of_an_update_opens_one_flow,
    flow_a_double_click_on_a_chosen_question_opens_one_flow,
    flow_an_update_of_another_tab_changes_nothing,
    flow_an_update_expires,
    security_the_same_update_sixteen_times_is_saved_once,
    security_sixteen_updates_of_one_account_are_notified_once,
    security_of_sixteen_chosen_questions_one_is_saved_with_its_answer,
    security_an_update_changes_nothing_when_a_new_key_is_set_meanwhile,
];

const UPDATED: &str = "SELECT COUNT(*) FROM audit WHERE event = 'updated' AND outcome = 'done'";

async fn flow_the_same_update_twice_is_saved_once(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let mut first = t.opened(&person).await;
    let (mut second, letters) = (first.clone(), first.letters_shown().await);
    let page = first.save(new.update(), &letters).await;
    assert!(matches!(&page.state, Update::Done(done) if done.changed));
    assert_eq!(t.messages().await.len(), 4);
    // The same form again and another form: the last page.
    for form in [new.update(), Person::number(3).update()] {
        assert_eq!(second.save(form, &letters).await.state, page.state);
    }
    assert!(t.messages().await.is_empty());
    assert_eq!(t.on_file(&person).await.email.unwrap().as_str(), new.email);
    assert_eq!(t.number(UPDATED).await, 1);
}

async fn flow_a_double_click_on_an_answer_of_an_update_opens_one_flow(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut first = t.updating();
    first.by_key(&person.rut_text, &person.key).await;
    let mut second = first.clone();
    let page = first.answer(&person.answer).await;
    let hashes = t.hasher.runs();
    let again = second.answer(&person.answer).await;
    assert_eq!((page.state, first.tag), (again.state, second.tag.clone()));
    assert_eq!(page.typed, again.typed);
    assert_eq!(t.hasher.runs(), hashes, "nothing is checked again");
    assert!(matches!(second.save_right(person.update()).await.state, Update::Done(_)));
}

async fn flow_a_double_click_on_a_chosen_question_opens_one_flow(t: TestBackend) {
    let person = Person::number(1);
    t.account_with(&person, AccountData::NoQuestion).await;
    let mut browser = t.updating();
    browser.by_key(&person.rut_text, &person.key).await;
    let clicks = (0..3).map(|_| {
        let (browser, person) = (browser.elsewhere(), person.clone());
        async move {
            let form = person.form();
            browser.post_choose(form.question, form.answer).await.unwrap()
        }
    });
    // The browser gets only one of the responses: the token of each must work.
    for moved in at_once(clicks).await {
        assert!(matches!(moved.state, Update::Form(_)), "{:?}", moved.state);
        browser.token = moved.token;
        assert!(matches!(browser.load().await.state, Update::Form(_)));
    }
    assert!(matches!(browser.save_right(person.update()).await.state, Update::Done(_)));
    t.recover_by_answer(&person).await;
}

async fn flow_an_update_of_another_tab_changes_nothing(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account(&other).await;
    let before = t.dump("account").await;
    let mut first_tab = t.opened(&person).await;
    let mut second_tab = first_tab.clone();
    let shown = second_tab.by_key(&other.rut_text, &other.key).await;
    // Tabs of one browser share the cookie.
    first_tab.token.clone_from(&second_tab.token);
    let page = first_tab.save(Person::number(3).update(), "nada").await;
    assert_eq!((page.state.clone(), page.notice()), (shown.state, Some(Notice::OtherTab)));
    assert_eq!(t.dump("account").await, before);
    second_tab.token.clone_from(&first_tab.token);
    assert!(
        matches!(second_tab.answer(&other.answer).await.state, Update::Form(_)),
        "the flow of the second tab continues"
    );
}

async fn flow_an_update_expires(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let before = t.dump("account").await;
    let mut browser = t.opened(&person).await;
    let letters = browser.letters_shown().await;
    t.clock.advance(16 * MINUTE);
    let page = browser.save(Person::number(2).update(), &letters).await;
    assert_eq!((page.state.clone(), page.notice()), (Update::Identify, Some(Notice::Expired)));
    assert_eq!(t.dump("account").await, before);
    // Each step extends the flow by fifteen minutes.
    let mut browser = t.opened(&person).await;
    for _ in 0..3 {
        t.clock.advance(14 * MINUTE);
        browser.new_captcha(person.update()).await;
    }
    assert!(matches!(browser.save_right(person.update()).await.state, Update::Done(_)));
}

async fn security_the_same_update_sixteen_times_is_saved_once(t: TestBackend) {
    for number in 0..4 {
        let (person, new) = (Person::number(number), Person::number(900 + number));
        t.account(&person).await;
        let mut browser = t.opened(&person).await;
        let letters = browser.letters_shown().await;
        let clicks = (0..16).map(|_| {
            let browser = if number % 2 == 0 { browser.clone() } else { browser.elsewhere() };
            let (letters, new) = (letters.clone(), new.clone());
            async move { browser.post_save(new.update(), &letters).await.unwrap() }
        });
        browser.arrive_with_any(at_once(clicks).await);
        assert!(matches!(browser.load().await.state, Update::Done(done) if done.changed));
        assert_eq!(
            recipients(&t.messages().await),
            [person.phone(), new.phone(), person.email.clone(), new.email.clone()]
        );
        assert_eq!(t.number(UPDATED).await, i64::from(number) + 1);
    }
}

/// Sixteen flows of one account at the form, each with the letters of its captcha.
async fn sixteen(t: &TestBackend, person: &Person) -> Vec<(Visit<Update>, String)> {
    let mut browsers = Vec::new();
    for _ in 0..16 {
        let browser = t.opened(person).await;
        let letters = browser.letters_shown().await;
        browsers.push((browser, letters));
    }
    browsers
}

async fn security_sixteen_updates_of_one_account_are_notified_once(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let save = sixteen(&t, &person).await.into_iter().map(|(mut browser, letters)| {
        let new = new.clone();
        async move { browser.save(new.update(), &letters).await.state }
    });
    let states = at_once(save).await;
    let changed = states.iter().filter(|state| matches!(state, Update::Done(done) if done.changed)).count();
    assert_eq!(changed, 1, "only the first save changes the data: {states:?}");
    assert!(states.iter().all(|state| matches!(state, Update::Done(_))));
    assert_eq!(t.messages().await.len(), 4);
}

async fn security_of_sixteen_chosen_questions_one_is_saved_with_its_answer(t: TestBackend) {
    let person = Person::number(1);
    t.account_with(&person, AccountData::NoQuestion).await;
    let mut browsers = Vec::new();
    for number in 0..16 {
        let mut browser = t.updating();
        browser.by_key(&person.rut_text, &person.key).await;
        let question = domain::question::SecretQuestion::by_index(number).id();
        browser.choose(question, &format!("respuesta {number}")).await;
        let letters = browser.letters_shown().await;
        browsers.push((browser, letters));
    }
    let save = browsers.into_iter().map(|(mut browser, letters)| {
        let person = person.clone();
        async move { browser.save(person.update(), &letters).await.state }
    });
    let states = at_once(save).await;
    let winners: HashSet<_> =
        (0..16).filter(|number| matches!(&states[*number], Update::Done(done) if done.changed)).collect();
    let [winner] = winners.into_iter().collect::<Vec<_>>()[..] else { panic!("{states:?}") };
    assert_eq!(t.messages().await.len(), 2);
    let question = domain::question::SecretQuestion::by_index(winner as u64);
    assert_eq!(t.on_file(&person).await.question, Some(question));
    let person = Person { answer: format!("respuesta {winner}"), ..person };
    t.recover_by_answer(&person).await;
}

async fn security_an_update_changes_nothing_when_a_new_key_is_set_meanwhile(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    let account = t.account(&person).await;
    let before = t.dump("account").await;
    let mut browser = t.opened(&person).await;
    let letters = browser.letters_shown().await;
    // A new key ends the flows of the account while this form waits for the lock of the account.
    let mut tx = t.store.begin().await.unwrap();
    accounts::lock(&mut tx, account).await.unwrap();
    let save = tokio::spawn(async move { browser.save(new.update(), &letters).await });
    while t.store.engine() == Engine::Postgres && t.number("SELECT COUNT(*) FROM captcha_spent").await == 0 {
        tokio::task::yield_now().await;
    }
    flows::end_others(&mut tx, account.0, "", KeyProof::Secret).await.unwrap();
    tx.commit().await.unwrap();
    let page = save.await.unwrap();
    assert_eq!((page.state.clone(), page.notice()), (Update::Identify, Some(Notice::Expired)));
    assert_eq!(t.dump("account").await, before);
    assert!(t.messages().await.is_empty());
}
