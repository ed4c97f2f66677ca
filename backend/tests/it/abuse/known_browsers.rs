//! What makes a browser known (O-KNOWN), what that is good for, and how many rows it takes (docs/security.md#abuse-and-enumeration).

use backend::clock::{DAY, MINUTE};
use backend::store::accounts::{self, AccountVersion};
use backend::store::browsers::{self, KnownBy};
use backend::store::provisional::KeyProof;
use domain::flow::change::Change;
use domain::kind::Kind;

use crate::support::people::key_in;
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    security_who_knows_the_document_guesses_no_more_keys_than_others,
    security_a_key_that_a_secret_set_leaves_the_browsers_of_a_document,
    security_a_former_key_makes_no_browser_known,
    security_a_double_click_on_a_new_key_leaves_its_browser_known,
    security_a_browser_of_many_people_keeps_few_rows,
    security_a_cookie_that_is_used_again_and_again_keeps_few_rows,
];

async fn security_who_knows_the_document_guesses_no_more_keys_than_others(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    let before = t.hasher.runs();
    for round in 0..40 {
        let browser = t.proven_by_serial(&person).await.caller.browser.next();
        for guess in ["NoEsEsta1", "TampocoEs2", "NiEsta33", "NiEsta44", "NiEsta55"] {
            let mut change = t.changing();
            change.caller.browser = browser.next();
            change.identify(&person.rut_text, guess).await;
        }
        if round % 4 == 0 {
            t.clock.advance(10 * MINUTE);
        }
    }
    let reached = t.hasher.runs() - before;
    assert!((5..=100).contains(&reached), "{reached} guesses reached a hash");
}

async fn security_a_key_that_a_secret_set_leaves_the_browsers_of_a_document(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut owner = t.proven_by_serial(&person).await;
    owner.mail("si").await;
    owner.send_right().await;
    let key = t.messages().await.iter().find_map(key_in).expect("a key by mail");
    let known = "SELECT COUNT(*) FROM known_browser";
    assert_eq!(t.number(known).await, 1);
    // Somebody who knows the key sets another one, and strangers type wrong provisional keys.
    t.change_key(&person, &person.key, "Ajena#2027").await;
    assert_eq!(t.number(known).await, 2, "that of the document, and that of the key");
    for guess in 0..60 {
        t.changing().at_address(&format!("10.7.{guess}.9")).identify(&person.rut_text, "A00000A0").await;
    }
    let mut change = t.changing();
    change.caller.browser = owner.caller.browser.next();
    let page = change.identify(&person.rut_text, &key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    assert!(matches!(change.set("Maiten4zQ").await.state, Change::Done { .. }));
    assert_eq!(t.number(known).await, 1, "a key that a document earned ends all others");
}

async fn security_a_former_key_makes_no_browser_known(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account(&other).await;
    let on_file = async |person: &Person| {
        let connection = &mut *t.store.connection().await.unwrap();
        accounts::find(connection, Kind::Natural, &person.rut.plain()).await.unwrap().unwrap()
    };
    let known = async |browser: &str| {
        let connection = &mut *t.store.connection().await.unwrap();
        browsers::known_by(connection, browser, on_file(&person).await.id, t.now()).await.unwrap()
    };
    let remember = async |hashes: (Option<&str>, &str), of: AccountVersion| {
        let connection = &mut *t.store.connection().await.unwrap();
        browsers::remember(connection, hashes, of, t.now()).await.unwrap();
    };
    let before = on_file(&person).await.version(KeyProof::Secret);
    t.change_key(&person, &person.key, "Maiten4zQ").await;
    // A request that had checked the former key remembers its browser only now, or another account's key carries that along.
    remember((None, "late"), before).await;
    assert_eq!(known("late").await, None);
    remember((Some("late"), "later"), on_file(&other).await.version(KeyProof::Secret)).await;
    assert_eq!(known("later").await, None);
    remember((None, "late"), on_file(&person).await.version(KeyProof::Secret)).await;
    assert_eq!(known("late").await, Some(KnownBy::Key), "the current key makes it known");
}

async fn security_a_double_click_on_a_new_key_leaves_its_browser_known(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut first = t.proven_by_key(&person, &person.key).await;
    first.caller.browser = first.caller.browser.next();
    let mut second = first.clone();
    second.caller.browser = first.caller.browser.next();
    let letters = first.letters_shown().await;
    assert!(matches!(first.set_key("Maiten4zQ", "Maiten4zQ", &letters).await.state, Change::Done { .. }));
    assert!(matches!(second.set_key("Maiten4zQ", "Maiten4zQ", &letters).await.state, Change::Done { .. }));
    for guess in 0..60 {
        t.changing().at_address(&format!("10.7.{guess}.9")).identify(&person.rut_text, "NoEsEsta1").await;
    }
    // The browser reads only one of the two answers.
    for visit in [first, second] {
        let mut change = t.changing();
        change.caller.browser = visit.caller.browser.next();
        let page = change.identify(&person.rut_text, "Maiten4zQ").await;
        assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    }
}

/// Rows in all, and of the account that has most.
async fn rows(t: &TestBackend) -> (i64, i64) {
    let most = "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM known_browser GROUP BY account_id) AS of_one";
    (t.number("SELECT COUNT(*) FROM known_browser").await, t.number(most).await)
}

async fn security_a_browser_of_many_people_keeps_few_rows(t: TestBackend) {
    let mut browser = None;
    for number in 1..=25 {
        let person = Person::number(number);
        t.account(&person).await;
        let mut change = t.changing();
        change.caller.browser = browser.take().unwrap_or_default();
        let page = change.identify(&person.rut_text, &person.key).await;
        assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
        browser = Some(change.caller.browser.next());
        t.clock.advance(MINUTE);
    }
    let (all, of_one) = rows(&t).await;
    assert!(all <= 25 * 11 && of_one <= 20, "{all} rows, {of_one} of one account");
    t.clock.advance(DAY + MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert!(rows(&t).await.0 <= 11, "the former tokens have ended");
}

async fn security_a_cookie_that_is_used_again_and_again_keeps_few_rows(t: TestBackend) {
    let (first, second) = (Person::number(1), Person::number(2));
    t.account(&first).await;
    t.account(&second).await;
    let browser = t.proven_by_key(&first, &first.key).await.caller.browser.next();
    for _ in 0..40 {
        let mut change = t.changing();
        change.caller.browser = browser.next();
        let page = change.identify(&second.rut_text, &second.key).await;
        assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    }
    let (all, of_one) = rows(&t).await;
    assert!(all <= 40 && of_one <= 20, "{all} rows, {of_one} of one account");
}
