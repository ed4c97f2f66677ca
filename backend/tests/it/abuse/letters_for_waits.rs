//! The letters of a captcha in place of a wait that others have caused (backend/src/limits/letters.rs).

use backend::clock::{DAY, HOUR, MINUTE};
use backend::limits::{AttemptKind, Letters, Limits};
use backend::service::Caller;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::update::Update;
use domain::identifier::Identifier;
use domain::kind::Kind;

use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    security_letters_stand_in_for_the_wait_that_strangers_cause,
    security_letters_for_an_answer_and_an_update_stand_in_for_the_wait,
    security_the_wait_of_one_address_on_one_rut_stays,
    security_a_captcha_in_place_of_a_wait_is_for_one_try,
    security_letters_stand_in_for_a_hundred_waits_of_one_identity_a_day,
    security_letters_of_one_network_stand_in_for_few_waits,
    security_letters_of_one_address_stand_in_for_few_waits,
    security_a_right_key_by_letters_ends_no_wait_of_others,
    security_networks_are_asked_for_letters_and_never_wait,
    security_guesses_with_letters_reach_a_hash_a_hundred_times_a_day,
    security_letters_are_asked_for_only_where_they_end_every_wait,
];

const WRONG: &str = "NoEsEsta1";
/// What the page says that asks for letters because of tries on a RUT.
const ASKED: Option<Notice> = Some(Notice::WaitOrLetters { minutes: 1, of: Some(Kind::Natural) });

/// Strangers type wrong keys from so many addresses that everybody has to wait.
async fn guesses(t: &TestBackend, rut: &str) {
    for address in 0..4 {
        for _ in 0..5 {
            t.changing().at_address(&format!("198.51.{address}.1")).identify(rut, WRONG).await;
        }
    }
}

/// The address of a number.
type Address = fn(u32) -> String;

fn caller(address: &str) -> Caller {
    Caller { address: address.parse().ok(), ..Caller::default() }
}

fn who(number: u32) -> Identifier {
    Identifier::Rut(Person::number(number).rut)
}

impl TestBackend {
    /// Counts a try, and says whether it may go on, or else whether letters stand in for the wait.
    async fn counts(
        &self,
        purpose: AttemptKind,
        who: &Identifier,
        (address, letters): (&str, Letters),
    ) -> Result<(), bool> {
        let (caller, now) = (caller(address), self.now());
        let counted = self.limits.count(purpose, Some((Kind::Natural, who)), (&caller, letters), now).await;
        counted.unwrap().map(|_| ()).map_err(|wait| wait.takes_letters())
    }
}

async fn security_letters_stand_in_for_the_wait_that_strangers_cause(t: TestBackend) {
    let (person, unknown) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    guesses(&t, &person.rut_text).await;
    guesses(&t, &unknown.rut_text).await;
    let tries = t.tries("key").await;
    for who in [&person, &unknown] {
        let mut browser = t.changing();
        let page = browser.identify(&who.rut_text, &person.key).await;
        assert_eq!((page.notice(), page.errors()), (ASKED, Vec::new()));
        assert_eq!(page.typed.get("rut"), who.rut_text, "nothing typed is lost but the key");
        assert!(!browser.captcha.is_empty(), "the page asks for letters");
        // Wrong letters are no try, and get others; none wait as before.
        let captcha = browser.captcha.clone();
        browser.letters = "MALAS".to_owned();
        let page = browser.identify(&who.rut_text, &person.key).await;
        assert_eq!(page.errors(), [(Field::Captcha, Reason::Wrong)]);
        assert_eq!(page.typed.get("rut"), who.rut_text);
        assert!(!browser.captcha.is_empty() && browser.captcha != captcha);
        let page = browser.identify(&who.rut_text, &person.key).await;
        assert_eq!(page.notice(), ASKED);
        // “Refrescar”: others, and no try.
        let captcha = browser.captcha.clone();
        browser.type_letters().await;
        browser.other_letters = true;
        let page = browser.identify(&who.rut_text, &person.key).await;
        assert_eq!((page.notice(), page.errors()), (Some(Notice::NewCaptcha), Vec::new()));
        assert_eq!(page.typed.get("rut"), who.rut_text);
        assert!(!browser.captcha.is_empty() && browser.captcha != captcha);
        assert_eq!(t.tries("key").await, tries, "nothing was tried");
        browser.type_letters().await;
        let page = browser.identify(&who.rut_text, &person.key).await;
        if who.rut == person.rut {
            assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
        } else {
            assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Wrong)]);
            assert_eq!(page.notice(), None);
        }
    }
}

async fn security_letters_for_an_answer_and_an_update_stand_in_for_the_wait(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    for address in 0..8 {
        let mut stranger = t.recovering().at_address(&format!("198.51.{address}.1"));
        stranger.rut(&person.rut_text).await;
        for _ in 0..3 {
            stranger.answer("no es esa").await;
        }
    }
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    let page = browser.answer(&person.answer).await;
    assert_eq!(page.notice(), ASKED);
    let captcha = browser.captcha.clone();
    browser.other_letters = true;
    let page = browser.answer("").await;
    assert_eq!((page.notice(), page.errors()), (Some(Notice::NewCaptcha), Vec::new()));
    assert!(!browser.captcha.is_empty() && browser.captcha != captcha);
    let mut other = t.recovering();
    other.rut(&person.rut_text).await;
    other.answer(&person.answer).await;
    assert!(!other.captcha.is_empty());
    other.forgotten().await;
    assert!(other.captcha.is_empty(), "the page of the document has no wait, and asks for no letters");
    browser.type_letters().await;
    let page = browser.answer(&person.answer).await;
    assert!(matches!(page.state, Recovery::Captcha(_)), "{:?}", page.feedback);

    guesses(&t, &person.rut_text).await;
    let mut browser = t.updating();
    let page = browser.by_key(&person.rut_text, &person.key).await;
    assert_eq!(page.notice(), ASKED);
    browser.type_letters().await;
    let page = browser.by_key(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Update::Question(_)), "{:?}", page.feedback);
}

async fn security_the_wait_of_one_address_on_one_rut_stays(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.changing();
    for _ in 0..6 {
        browser.identify(&person.rut_text, WRONG).await;
    }
    let page = browser.identify(&person.rut_text, &person.key).await;
    assert_eq!(page.notice(), Some(Notice::Wait { minutes: 1 }));
    assert!(browser.captcha.is_empty(), "letters would not help");
    for letters in [Letters::None, Letters::Right] {
        let counted = t.counts(AttemptKind::Key, &who(1), ("203.0.113.7", letters)).await;
        assert_eq!(counted, Err(false));
    }
}

async fn security_a_captcha_in_place_of_a_wait_is_for_one_try(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    guesses(&t, &person.rut_text).await;
    let mut browser = t.changing();
    browser.identify(&person.rut_text, WRONG).await;
    browser.type_letters().await;
    let other_form = browser.clone();
    let page = browser.identify(&person.rut_text, WRONG).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Wrong)]);
    // The same captcha again, with another key: from the flow before, and from the one that began.
    let mut again = other_form.clone();
    let page = again.identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.notice(), Some(Notice::WaitOrLetters { .. })), "{:?}", page.feedback);
    let mut again = other_form;
    again.token = browser.token.clone();
    let page = again.identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.notice(), Some(Notice::WaitOrLetters { .. })), "{:?}", page.feedback);
}

async fn security_letters_stand_in_for_a_hundred_waits_of_one_identity_a_day(t: TestBackend) {
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    for purpose in [AttemptKind::Answer, AttemptKind::BirthDate] {
        let mut allowed = 0;
        for guess in 0..300 {
            let address = format!("198.18.{guess}.1").replace("198.18.256", "198.19.0");
            let address = if guess < 256 { address } else { format!("198.19.{}.1", guess - 256) };
            allowed += u32::from(t.counts(purpose, &who(1), (&address, Letters::Right)).await.is_ok());
        }
        assert_eq!(allowed, 20 + 100, "{purpose:?}");
        let last = t.counts(purpose, &who(1), ("203.0.113.7", Letters::Right)).await;
        assert_eq!(last, Err(false), "then there is only the wait");
        assert_eq!(t.counts(purpose, &who(2), ("203.0.113.7", Letters::None)).await, Ok(()));
    }
    t.clock.advance(DAY);
    for guess in 0..20 {
        t.counts(AttemptKind::Answer, &who(1), (&format!("198.18.{guess}.1"), Letters::None)).await.unwrap();
    }
    let next = t.counts(AttemptKind::Answer, &who(1), ("203.0.113.7", Letters::None)).await;
    assert_eq!(next, Err(true), "the next day has its own");
}

async fn security_letters_of_one_network_stand_in_for_few_waits(t: TestBackend) {
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    for purpose in [AttemptKind::Document, AttemptKind::Answer, AttemptKind::BirthDate, AttemptKind::Key] {
        let mut allowed = 0;
        for host in 1..200 {
            let address = format!("198.51.100.{host}");
            let counted = t.counts(purpose, &who(1), (&address, Letters::Right)).await;
            allowed += u32::from(counted.is_ok());
        }
        assert_eq!(allowed, 20 + 20, "{purpose:?}");
        // Others still have letters; the document never makes them wait.
        let other = t.counts(purpose, &who(1), ("203.0.113.7", Letters::None)).await;
        let expected = if purpose == AttemptKind::Document { Ok(()) } else { Err(true) };
        assert_eq!(other, expected, "{purpose:?}");
    }
}

async fn security_letters_of_one_address_stand_in_for_few_waits(t: TestBackend) {
    let mut t = t;
    t.backend.limits = Limits::new(t.backend.store.clone(), t.backend.secrets.clone(), 10);
    t.clock.advance(HOUR - t.now().rem_euclid(HOUR));
    let mut allowed = [0, 0];
    for number in 0..60 {
        let letters = if number < 20 { Letters::None } else { Letters::Right };
        let counted = t.counts(AttemptKind::Key, &who(number), ("203.0.113.7", letters)).await;
        allowed[usize::from(number >= 20)] += u32::from(counted.is_ok());
    }
    assert_eq!(allowed, [10, 10]);
    assert_eq!(t.counts(AttemptKind::Key, &who(70), ("203.0.113.7", Letters::Right)).await, Err(false));
    assert_eq!(t.counts(AttemptKind::Key, &who(70), ("203.0.113.8", Letters::None)).await, Ok(()));
}

/// Who has an account could else open the way for a guess, and take nothing of what letters may do in a period.
async fn security_a_right_key_by_letters_ends_no_wait_of_others(t: TestBackend) {
    let mut t = t;
    t.backend.limits = Limits::new(t.backend.store.clone(), t.backend.secrets.clone(), 10);
    let person = Person::number(1);
    t.account(&person).await;
    for number in 10..21 {
        t.changing().identify(&Person::number(number).rut_text, WRONG).await;
    }
    let mut browser = t.changing();
    let page = browser.identify(&person.rut_text, &person.key).await;
    let by_network = Some(Notice::WaitOrLetters { minutes: 1, of: None });
    assert_eq!(page.notice(), by_network);
    browser.type_letters().await;
    let page = browser.identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    let page = t.changing().identify(&Person::number(30).rut_text, WRONG).await;
    assert_eq!((page.notice(), page.errors()), (by_network, Vec::new()), "not checked");
    assert_eq!(t.tries("key/address-letters").await, 0, "what was right takes nothing");
}

async fn security_networks_are_asked_for_letters_and_never_wait(t: TestBackend) {
    let mut t = t;
    t.backend.limits = Limits::new(t.backend.store.clone(), t.backend.secrets.clone(), 5);
    // A /24, a /56 and a /48, each address of which types few keys.
    let networks: [(&str, u32, Address); 3] = [
        ("/24", 20, |n| format!("198.51.100.{}", n % 250)),
        ("/56", 10, |n| format!("2001:db8:1:{:x}::1", n % 250)),
        ("/48", 20, |n| format!("2001:db8:2:{:x}00::1", n % 250)),
    ];
    for (name, free, address) in networks {
        t.clock.advance(HOUR - t.now().rem_euclid(HOUR));
        for number in 0..free {
            let counted = t.counts(AttemptKind::Key, &who(number), (&address(number), Letters::None)).await;
            assert_eq!(counted, Ok(()), "{name} {number}");
        }
        for number in free..free + 100 {
            let who = who(number);
            let counted = t.counts(AttemptKind::Key, &who, (&address(number), Letters::None)).await;
            assert_eq!(counted, Err(true), "{name} {number}");
            let counted = t.counts(AttemptKind::Key, &who, (&address(number), Letters::Right)).await;
            assert_eq!(counted, Ok(()), "{name} {number}");
        }
        // A network that is never without a try for long is asked for none in the next hour.
        for number in 200..207 {
            t.clock.advance(9 * MINUTE);
            let _ = t.counts(AttemptKind::Key, &who(number), (&address(number), Letters::Right)).await;
        }
        let next = t.counts(AttemptKind::Key, &who(1), (&address(1), Letters::None)).await;
        assert_eq!(next, Ok(()), "{name}");
    }
    let other = t.counts(AttemptKind::Key, &who(1), ("203.0.113.7", Letters::None)).await;
    assert_eq!(other, Ok(()));
}

async fn security_guesses_with_letters_reach_a_hash_a_hundred_times_a_day(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    let mut reached = 0;
    for guess in 0..150 {
        let mut stranger = t.changing().at_address(&format!("198.18.{guess}.1"));
        let mut page = stranger.identify(&person.rut_text, WRONG).await;
        if !stranger.captcha.is_empty() {
            stranger.type_letters().await;
            page = stranger.identify(&person.rut_text, WRONG).await;
        }
        reached += u32::from(page.errors() == [(Field::CurrentKey, Reason::Wrong)]);
    }
    assert_eq!(reached, 100);
    let page = t.changing().identify(&person.rut_text, &person.key).await;
    assert_eq!(page.notice(), Some(Notice::UseDocument), "letters would lead to the end of the day");
}

/// The counters are looked at one after the other; each of the others has its own letters.
async fn security_letters_are_asked_for_only_where_they_end_every_wait(t: TestBackend) {
    let mut t = t;
    t.backend.limits = Limits::new(t.backend.store.clone(), t.backend.secrets.clone(), 10);
    t.clock.advance(HOUR - t.now().rem_euclid(HOUR));
    // All waits of one address that letters stand in for.
    for number in 0..60 {
        let letters = if number < 20 { Letters::None } else { Letters::Right };
        let _ = t.counts(AttemptKind::Key, &who(number), ("203.0.113.7", letters)).await;
    }
    for host in 0..20 {
        let address = format!("198.51.{host}.1");
        t.counts(AttemptKind::Key, &who(70), (&address, Letters::None)).await.unwrap();
    }
    for letters in [Letters::None, Letters::Right] {
        let counted = t.counts(AttemptKind::Key, &who(70), ("203.0.113.7", letters)).await;
        assert_eq!(counted, Err(false), "with letters the address still waits");
    }
    assert_eq!(t.counts(AttemptKind::Key, &who(70), ("203.0.113.8", Letters::None)).await, Err(true));
}
