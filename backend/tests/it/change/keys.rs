//! N-CHG, “CS Nueva”: which new keys are accepted (docs/security.md#proofs-and-keys).

use backend::clock::DAY;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;

use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    n_chg_a_key_that_is_easy_to_guess_is_refused,
    n_chg_the_last_five_keys_are_refused,
    n_chg_a_wrong_captcha_sets_nothing_and_reveals_no_former_keys,
];

async fn n_chg_a_key_that_is_easy_to_guess_is_refused(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    let hashes = t.hasher.runs();
    for (key, reason) in [
        ("", Reason::Missing),
        ("Peumo#4", Reason::TooShort),
        ("Peumo#41234", Reason::TooLong),
        ("Peumo#4\n1", Reason::Characters),
        ("x31000001", Reason::ContainsRut),
        ("zutana##1", Reason::ContainsName),
        ("7QuilTRANA", Reason::ContainsName),
        ("12345678", Reason::Common),
    ] {
        let letters = browser.letters_shown().await;
        let again = if key.is_empty() { "x" } else { key };
        let page = browser.set_key(key, again, &letters).await;
        assert!(matches!(page.state, Change::NewKey(_)));
        assert_eq!(page.errors().first(), Some(&(Field::NewKey, reason)), "{key}");
        assert_eq!(page.typed.get("captcha"), letters, "the captcha was not checked, so it stays");
        assert_eq!((page.typed.get("clave"), page.typed.get("clave_otra_vez")), ("", ""));
    }
    let page = browser.set_key("Peumo#41", "Peumo#42", "").await;
    assert_eq!(page.errors(), [(Field::NewKeyAgain, Reason::Mismatch), (Field::Captcha, Reason::Missing)]);
    assert_eq!(t.hasher.runs(), hashes, "cheap checks come before expensive ones");
    assert!(matches!(browser.set("Peumo#41").await.state, Change::Done { .. }));
}

async fn n_chg_the_last_five_keys_are_refused(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let keys = [person.key.as_str(), "Peumo#41", "Boldo#123", "Maiten=77", "Canelo_05", "Arrayan.9"];
    for pair in keys.windows(2) {
        t.clock.advance(DAY);
        t.change_key(&person, pair[0], pair[1]).await;
    }
    let mut browser = t.proven_by_key(&person, "Arrayan.9").await;
    for key in &keys[1..] {
        let page = browser.set(key).await;
        assert!(matches!(page.state, Change::NewKey(_)));
        assert_eq!(page.errors(), [(Field::NewKey, Reason::UsedBefore)], "{key}");
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM former_key").await, 5);
    assert!(
        matches!(browser.set(&person.key).await.state, Change::Done { .. }),
        "the sixth key back is allowed"
    );
}

async fn n_chg_a_wrong_captcha_sets_nothing_and_reveals_no_former_keys(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    for (key, captcha) in [(person.key.as_str(), "nada"), ("Peumo#41", "nada")] {
        let page = browser.set_key(key, key, captcha).await;
        assert_eq!(page.errors(), [(Field::Captcha, Reason::Wrong)]);
    }
    let moved = browser.service().new_captcha(browser.posted(), "", "").await.unwrap();
    assert_eq!(browser.arrive(moved).await.notice(), Some(Notice::NewCaptcha));
    assert!(t.key_is(&person, &person.key).await);
    assert!(matches!(browser.set("Peumo#41").await.state, Change::Done { .. }));
}
