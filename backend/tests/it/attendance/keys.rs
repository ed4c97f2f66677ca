//! The key: three tries, three minutes, and whose it is.

use backend::clock::SECOND;
use domain::field::{Field, FieldError, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;

use super::support::{Browser, Otec, codes, field, write_courses};
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    security_l_rce_the_third_wrong_key_ends_the_request,
    security_l_rce_a_provisional_key_counts_as_wrong,
    security_l_rce_after_three_minutes_no_key_is_checked,
    security_l_rce_wrong_keys_count_here_only,
    security_l_rce_a_hundred_wrong_keys_a_day_reach_a_hash_from_whatever_addresses,
    security_l_rce_before_a_right_key_nobody_learns_of_a_person,
    l_rce_who_goes_back_gets_100,
];

async fn opened(t: &TestBackend) -> i64 {
    t.number("SELECT COUNT(*) FROM rce_session").await
}

async fn security_l_rce_the_third_wrong_key_ends_the_request(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let (rut, key) = (&otec.student.rut_text, &otec.student.key);
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[])).await;
    // What is not typed is no try.
    browser.key(rut, "").await;
    browser.key("11.111.111-2", key).await;
    assert_eq!(browser.asked().await.tries_left, 3);
    for left in [2, 1] {
        browser.key(rut, &format!("Malvavisco#{left}")).await;
        let page = browser.asked().await;
        assert_eq!(page.tries_left, left);
        assert_eq!(page.flow.feedback.errors, [FieldError::new(Field::CurrentKey, Reason::Wrong)]);
    }
    // A right key of before the last try would still do.
    let mut other = Browser::new(&t);
    other.start(&otec.form(&[])).await;
    other.key(rut, "Malvavisco#3").await;
    other.key(rut, key).await;
    assert_eq!(field(&other.end().await, "IdSesionSence").len(), 36);
    browser.key(rut, "Malvavisco#0").await;
    let end = browser.end().await;
    assert_eq!((codes(&end).as_str(), field(&end, "IdSesionSence").as_str()), ("100", ""));
    assert_eq!(end.answer.clone().unwrap().to.as_str(), "https://aula.ejemplo.cl/error");
    browser.key(rut, key).await;
    assert_eq!(browser.end().await, end, "it is too late for the right one");
    assert_eq!(opened(&t).await, 1);
}

async fn security_l_rce_a_provisional_key_counts_as_wrong(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let provisional = t.recover_by_answer(&otec.student).await;
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[])).await;
    browser.key(&otec.student.rut_text, &provisional).await;
    let page = browser.asked().await;
    assert_eq!(page.tries_left, 2);
    assert_eq!(page.flow.feedback.errors, [FieldError::new(Field::CurrentKey, Reason::OnlyToChange)]);
    assert_eq!(opened(&t).await, 0);
    // It was not spent.
    t.change_key(&otec.student, &provisional, "Peumo#41").await;
}

async fn security_l_rce_after_three_minutes_no_key_is_checked(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let (rut, key) = (&otec.student.rut_text, &otec.student.key);
    let (mut late, mut looks) = (Browser::new(&t), Browser::new(&t));
    late.start(&otec.form(&[])).await;
    looks.start(&otec.form(&[])).await;
    t.clock.advance(182 * SECOND);
    let (tries, hashes) = (t.tries("attendance").await, t.hasher.runs());
    late.key(rut, key).await;
    assert_eq!((t.tries("attendance").await, t.hasher.runs()), (tries, hashes));
    assert_eq!((codes(&late.end().await), codes(&looks.end().await)), ("210".to_owned(), "210".to_owned()));
    assert_eq!(opened(&t).await, 0);
    let mut in_time = Browser::new(&t);
    in_time.start(&otec.form(&[])).await;
    t.clock.advance(170 * SECOND);
    in_time.key(rut, key).await;
    assert_eq!(field(&in_time.end().await, "IdSesionSence").len(), 36);
}

async fn security_l_rce_wrong_keys_count_here_only(mut t: TestBackend) {
    t.backend.limits = backend::limits::Limits::new(t.store.clone(), t.secrets.clone(), 12);
    let otec = Otec::register(&mut t).await;
    let (rut, key) = (&otec.student.rut_text, &otec.student.key);
    let wrong = async |browser: &mut Browser, rut: &str| {
        for _ in 0..2 {
            browser.start(&otec.form(&[])).await;
            for number in 0..3 {
                browser.key(rut, &format!("Malvavisco#{number}")).await;
            }
        }
    };
    let mut browser = Browser::new(&t);
    wrong(&mut browser, rut).await;
    browser.start(&otec.form(&[])).await;
    browser.key(rut, key).await;
    let page = browser.asked().await;
    assert!(matches!(page.flow.feedback.notice, Some(Notice::Wait { .. })), "{:?}", page.flow.feedback);
    assert_eq!(page.tries_left, 3, "what waits is no try");
    // Elsewhere, and for anything else, the key is as good as before; also from this address.
    let mut elsewhere = Browser::new(&t).at_address("198.51.100.4");
    elsewhere.open(&otec).await;
    let page = t.changing_as(domain::kind::Kind::Natural).identify(rut, key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    // The limit of the address counts tries for any RUN.
    let mut address = Browser::new(&t).at_address("198.51.100.77");
    for number in 2..5 {
        wrong(&mut address, &Person::number(number).rut_text).await;
    }
    address.start(&otec.form(&[])).await;
    address.key(rut, key).await;
    let page = address.asked().await;
    assert!(matches!(page.flow.feedback.notice, Some(Notice::Wait { .. })), "{:?}", page.flow.feedback);
}

async fn security_l_rce_a_hundred_wrong_keys_a_day_reach_a_hash_from_whatever_addresses(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let (rut, key) = (&otec.student.rut_text, &otec.student.key);
    let hashes = t.hasher.runs();
    for number in 0..110 {
        let mut browser =
            Browser::new(&t).at_address(&format!("198.{}.{}.7", 18 + number / 100, number % 100));
        browser.start(&otec.form(&[])).await;
        browser.key(rut, "Malvavisco#1").await;
    }
    assert_eq!(t.hasher.runs() - hashes, 100);
    // Not the right one either, and nothing of it keeps the key from its other uses.
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[])).await;
    browser.key(rut, key).await;
    assert_eq!(opened(&t).await, 0);
    assert_eq!(browser.asked().await.tries_left, 3, "a key that was not looked at is no try");
    t.change_key(&otec.student, key, "Peumo#41").await;
}

async fn security_l_rce_before_a_right_key_nobody_learns_of_a_person(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let (other, nobody) = (Person::number(2), Person::number(3));
    t.account(&other).await;
    let run = other.rut.plain();
    // Who is on no course, and has an account, or none: asked for the key like anybody.
    for person in [&other, &nobody] {
        let mut browser = Browser::new(&t);
        browser.start(&otec.form(&[("RunAlumno", &person.rut.plain())])).await;
        for number in 0..3 {
            assert_eq!(browser.asked().await.tries_left, 3 - number);
            browser.key(&person.rut_text, &format!("Malvavisco#{number}")).await;
        }
        assert_eq!(codes(&browser.end().await), "100");
    }
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[("RunAlumno", &run)])).await;
    browser.key(&other.rut_text, &other.key).await;
    assert_eq!(codes(&browser.end().await), "208", "with the key");
    browser.start(&otec.form(&[])).await;
    browser.key(&other.rut_text, &other.key).await;
    assert_eq!(codes(&browser.end().await), "311", "the key of another");
    assert!(browser.session.is_none(), "nobody was signed in by that");
    // The list has changed since the request came.
    browser.start(&otec.form(&[])).await;
    write_courses(&t, "");
    browser.key(&otec.student.rut_text, &otec.student.key).await;
    assert_eq!(codes(&browser.end().await), "205");
    assert_eq!(opened(&t).await, 0);
}

async fn l_rce_who_goes_back_gets_100(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[])).await;
    assert_eq!(browser.leave().await, None);
    let end = browser.end().await;
    assert_eq!(codes(&end), "100");
    browser.key(&otec.student.rut_text, &otec.student.key).await;
    assert_eq!(browser.end().await, end);
    assert_eq!(opened(&t).await, 0);
}
