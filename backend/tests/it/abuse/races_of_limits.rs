//! Limits hold under concurrency: the counter is raised before the check (docs/security.md#abuse-and-enumeration).

use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;

use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    security_concurrent_wrong_answers_are_checked_up_to_the_free_limit,
    security_concurrent_wrong_keys_are_checked_up_to_the_free_limit,
    security_many_people_at_one_address_do_not_delay_each_other,
    security_the_daily_cap_holds_under_concurrency,
];

async fn security_concurrent_wrong_answers_are_checked_up_to_the_free_limit(t: TestBackend) {
    for number in 0..4 {
        let person = Person::number(number);
        t.account(&person).await;
        let mut browsers = Vec::new();
        for _ in 0..16 {
            let mut browser = t.recovering();
            browser.rut(&person.rut_text).await;
            browsers.push(browser);
        }
        let hashes = t.hasher.runs();
        let answers =
            browsers.into_iter().map(|mut browser| async move { browser.answer("no es esta").await });
        let pages = at_once(answers).await;
        assert_eq!(t.hasher.runs() - hashes, 3);
        let checked = pages.iter().filter(|page| page.errors() == [(Field::Answer, Reason::Wrong)]).count();
        assert_eq!(checked, 3);
        assert!(pages.iter().filter(|page| page.errors().is_empty()).all(|page| page.notice().is_some()));
    }
    // The same limit holds for one form of one flow, sent sixteen times.
    let person = Person::number(9);
    t.account(&person).await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    let hashes = t.hasher.runs();
    let answers = (0..16).map(|_| {
        let browser = browser.elsewhere();
        async move { browser.post_answer("no es esta", None).await.unwrap() }
    });
    at_once(answers).await;
    assert_eq!(t.hasher.runs() - hashes, 3);
}

async fn security_concurrent_wrong_keys_are_checked_up_to_the_free_limit(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    // Eight addresses, five attempts each; all addresses together have twenty free attempts.
    let tries = (0..40).map(|number| {
        let mut browser = t.changing().at_address(&format!("198.51.100.{}", number % 8));
        let rut = person.rut_text.clone();
        async move { browser.identify(&rut, "NoEsEsta1").await }
    });
    let hashes = t.hasher.runs();
    at_once(tries).await;
    assert_eq!(t.hasher.runs() - hashes, 20);
}

async fn security_many_people_at_one_address_do_not_delay_each_other(t: TestBackend) {
    for round in 0..4 {
        let mut people = Vec::new();
        for number in 0..24 {
            let person = Person::number(100 * round + number);
            t.account(&person).await;
            people.push(person);
        }
        let identify = people.into_iter().map(|person| {
            let mut browser = t.changing();
            async move { browser.identify(&person.rut_text, &person.key).await }
        });
        for page in at_once(identify).await {
            assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
        }
    }
}

async fn security_the_daily_cap_holds_under_concurrency(t: TestBackend) {
    let mut t = t.hashing_at_once();
    t.backend.settings.keys_per_day = 3;
    let person = Person::number(1);
    t.account(&person).await;
    let mut browsers = Vec::new();
    for _ in 0..16 {
        let browser = t.proven_by_answer(&person).await;
        let letters = browser.letters_shown().await;
        browsers.push((browser, letters));
    }
    let send = browsers.into_iter().map(|(mut browser, letters)| async move {
        matches!(browser.send(&letters).await.state, Recovery::Sent(_))
    });
    let sent = at_once(send).await.into_iter().filter(|sent| *sent).count();
    assert_eq!((sent, t.number("SELECT COUNT(*) FROM provisional_key").await), (3, 3));
    assert_eq!(t.messages().await.len(), 6);
}
