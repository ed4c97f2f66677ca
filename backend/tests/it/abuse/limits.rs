//! Limits on failed attempts, and waits that end without help (docs/security.md#abuse-and-enumeration).

use backend::clock::{HOUR, MINUTE, SECOND};
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::kind::Kind;
use domain::rut::Rut;

use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    n_rec_three_wrong_answers_cause_a_wait_that_the_serial_avoids,
    security_every_spelling_of_a_rut_shares_one_counter,
    security_waits_double_then_expire_and_the_count_resets,
    security_attempts_with_one_proof_do_not_limit_the_others,
    security_attempts_from_other_addresses_do_not_lock_out_the_owner,
    security_attempts_refused_by_a_wait_are_not_counted,
    security_one_address_waits_after_its_limit_of_attempts,
    security_provisional_keys_per_account_and_day_are_limited,
];

const WRONG: &str = "no es esta";

async fn n_rec_three_wrong_answers_cause_a_wait_that_the_serial_avoids(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    for _ in 0..2 {
        let page = browser.answer(WRONG).await;
        assert_eq!((page.errors(), page.notice()), (vec![(Field::Answer, Reason::Wrong)], None));
        assert_eq!(page.typed.get("respuesta"), "");
    }
    let wait = Some(Notice::WaitOrSerial { minutes: 1 });
    let page = browser.answer(WRONG).await;
    assert_eq!((page.errors(), page.notice()), (vec![(Field::Answer, Reason::Wrong)], wait));

    let hashes = t.hasher.runs();
    let page = browser.answer(&person.answer).await;
    assert_eq!((page.errors(), page.notice()), (vec![], wait), "even the right answer has to wait a minute");
    assert_eq!(t.hasher.runs(), hashes, "the answer was not checked");

    browser.forgotten().await;
    assert!(
        matches!(browser.serial(&person.serial).await.state, Recovery::Mail(_)),
        "the serial is accepted during the wait"
    );
}

async fn security_every_spelling_of_a_rut_shares_one_counter(t: TestBackend) {
    let rut = Rut::parse("12667869-K").unwrap();
    let person = Person { rut, rut_text: rut.to_string(), ..Person::number(1) };
    t.account(&person).await;
    for (spelling, tries) in [
        ("12.667.869-K", 1),
        ("12667869k", 2),
        (" 12667869-k ", 3),
        ("12.667.869-k", 3),
        ("1 2 6 6 7 8 6 9 K", 3),
        ("12667869\u{2013}K", 3),
    ] {
        let mut browser = t.recovering();
        assert!(matches!(browser.rut(spelling).await.state, Recovery::Question(_)), "{spelling}");
        browser.answer(WRONG).await;
        assert_eq!(t.tries("answer/rut").await, tries, "{spelling}");
        assert_eq!(t.hasher.runs(), tries.cast_unsigned(), "{spelling}");
    }
    for (spelling, tries) in [("12.667.869-K", 1), ("12667869k", 2), (" 12667869-k ", 3)] {
        t.changing().identify(spelling, "NoEsEsta1").await;
        assert_eq!(t.tries("key/rut").await, tries, "{spelling}");
    }
}

async fn security_waits_double_then_expire_and_the_count_resets(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    browser.answer(WRONG).await;
    browser.answer(WRONG).await;
    for minutes in [1, 2, 4, 8] {
        let page = browser.answer(WRONG).await;
        assert_eq!(page.notice(), Some(Notice::WaitOrSerial { minutes }));
        t.clock.advance(i64::from(minutes) * MINUTE - 30 * SECOND);
        let page = browser.answer(WRONG).await;
        assert_eq!(
            page.notice(),
            Some(Notice::WaitOrSerial { minutes: 1 }),
            "attempts during a wait do not extend it"
        );
        t.clock.advance(31 * SECOND);
    }
    let page = browser.answer(&person.answer).await;
    assert!(matches!(page.state, Recovery::Captcha(_)), "the wait is over");
    assert_eq!(
        t.tries("answer").await,
        2 * (7 - 1),
        "a success keeps only the attempts of the address and of its network, less its own"
    );
    assert_eq!(t.tries("answer/rut").await + t.tries("answer/pair").await, 0);

    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    for _ in 0..3 {
        browser.answer(WRONG).await;
    }
    t.clock.advance(HOUR + MINUTE);
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    assert_eq!(browser.answer(WRONG).await.notice(), None, "after an hour the count starts at zero");
}

async fn security_attempts_with_one_proof_do_not_limit_the_others(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    browser.forgotten().await;
    for _ in 0..4 {
        assert_eq!(browser.serial("A999999999").await.errors(), [(Field::Serial, Reason::Wrong)]);
    }
    let page = browser.serial("A999999999").await;
    assert_eq!(page.notice(), Some(Notice::Wait { minutes: 1 }), "after the fifth wrong serial");
    assert_eq!(browser.serial(&person.serial).await.notice(), Some(Notice::Wait { minutes: 1 }));
    assert_eq!(browser.answer(WRONG).await.notice(), None, "answers have their own counter");

    for _ in 0..5 {
        t.changing().identify(&person.rut_text, "NoEsEsta1").await;
    }
    let page = t.changing().identify(&person.rut_text, &person.key).await;
    assert_eq!(page.notice(), Some(Notice::Wait { minutes: 1 }));
    for _ in 0..5 {
        t.changing().identify(&person.rut_text, "A00000A0").await;
    }
    let page = t.changing().identify(&person.rut_text, "A00000A0").await;
    assert_eq!(page.notice(), Some(Notice::Wait { minutes: 1 }), "provisional keys too");
    let page = browser.answer(&person.answer).await;
    assert!(matches!(page.state, Recovery::Captcha(_)), "the answer still works");
}

async fn security_attempts_from_other_addresses_do_not_lock_out_the_owner(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    for _ in 0..10 {
        t.changing().at_address("198.51.100.66").identify(&person.rut_text, "NoEsEsta1").await;
    }
    let page = t.changing().identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "from another address the right key is accepted");

    // Attempts from many addresses cause a wait for every address, which is short and expires.
    for address in 0..6 {
        let address = format!("198.51.{address}.1");
        for _ in 0..5 {
            t.changing().at_address(&address).identify(&person.rut_text, "NoEsEsta1").await;
        }
    }
    let page = t.changing().identify(&person.rut_text, &person.key).await;
    assert_eq!(page.notice(), Some(Notice::WaitOrLetters { minutes: 1, of: Some(Kind::Natural) }));
    t.clock.advance(MINUTE + SECOND);
    let page = t.changing().identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Change::NewKey(_)));
}

async fn security_attempts_refused_by_a_wait_are_not_counted(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    for address in 0..4 {
        let address = format!("198.51.100.{address}");
        for _ in 0..5 {
            t.changing().at_address(&address).identify(&person.rut_text, "NoEsEsta1").await;
        }
    }
    let counted = t.tries("key").await;
    for _ in 0..8 {
        let page = t.changing().identify(&person.rut_text, &person.key).await;
        assert_eq!(
            page.notice(),
            Some(Notice::WaitOrLetters { minutes: 1, of: Some(Kind::Natural) }),
            "every address waits"
        );
    }
    assert_eq!(t.tries("key").await, counted);
    t.clock.advance(MINUTE + SECOND);
    let page = t.changing().identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "refused attempts do not extend the owner's wait");
}

async fn security_one_address_waits_after_its_limit_of_attempts(t: TestBackend) {
    let mut t = t;
    t.backend.limits = backend::limits::Limits::new(t.backend.store.clone(), t.backend.secrets.clone(), 10);
    for number in 0..10 {
        let person = Person::number(number);
        let page = t.changing().identify(&person.rut_text, "NoEsEsta1").await;
        assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Wrong)]);
    }
    let person = Person::number(10);
    let page = t.changing().identify(&person.rut_text, "NoEsEsta1").await;
    assert_eq!(
        page.notice(),
        Some(Notice::WaitOrLetters { minutes: 1, of: None }),
        "another RUT has to wait too"
    );
    let other = t.changing().at_address("198.51.100.7").identify(&person.rut_text, "NoEsEsta1").await;
    assert_eq!(other.notice(), None);
    // An IPv6 /64 network counts as one address.
    for number in 20..30 {
        let address = format!("2001:db8:1:2::{number:x}");
        let person = Person::number(number);
        t.changing().at_address(&address).identify(&person.rut_text, "NoEsEsta1").await;
    }
    let page = t.changing().at_address("2001:db8:1:2:ffff::1").identify(&person.rut_text, "NoEsEsta1").await;
    assert_eq!(page.notice(), Some(Notice::WaitOrLetters { minutes: 1, of: None }));
}

async fn security_provisional_keys_per_account_and_day_are_limited(t: TestBackend) {
    let mut t = t;
    t.backend.settings.keys_per_day = 3;
    let person = Person::number(1);
    t.account(&person).await;
    for _ in 0..3 {
        t.recover_by_answer(&person).await;
    }
    let mut browser = t.proven_by_answer(&person).await;
    let page = browser.send_right().await;
    assert!(matches!(page.state, Recovery::Captcha(_)));
    assert_eq!(page.notice(), Some(Notice::DailyCap));
    assert!(t.messages().await.is_empty());
    t.clock.advance(backend::clock::DAY);
    t.recover_by_answer(&person).await;
}
