//! I-AUDIO: work in place of the letters of a captcha (docs/decisions/0015-captcha.md). It counts once, in its flow, in its time, and only
//! while all is calm.

use backend::captcha::{self, Captcha, FlowOfCaptcha};
use backend::clock::MINUTE;
use backend::form::{FormFingerprint, FormMac};
use backend::limits::Limits;
use domain::field::{Field, Reason};
use domain::flow::CaptchaVerdict;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};

use crate::support::{Page, Person, TestBackend, Visit, at_once, on_both_engines};

on_both_engines![
    security_work_stands_in_for_the_letters_and_counts_once,
    security_one_proof_of_work_sixteen_times_at_once_counts_once,
    security_work_of_another_flow_or_past_its_time_is_refused,
    security_a_captcha_spent_by_letters_takes_no_work_later,
    security_skipped_work_is_refused_and_sends_nothing,
    security_an_address_that_brings_much_work_is_asked_for_letters,
    security_failed_tries_at_an_address_bring_back_the_letters,
    security_work_about_one_identity_is_bounded_known_or_unknown,
    security_with_fixed_letters_or_without_work_the_letters_are_asked_for,
];

const STALE: [(Field, Reason); 1] = [(Field::Captcha, Reason::Stale)];
const REFUSED: [(Field, Reason); 1] = [(Field::Captcha, Reason::WorkRefused)];

/// With little work, or these tests would take long.
fn with_little_work(mut t: TestBackend) -> TestBackend {
    t.backend.settings.captcha_work = 4;
    t
}

/// The same where 50 tries of an address are free: ten of its forms pass by work in ten minutes, and five are offered it.
fn with_small_amounts(t: TestBackend) -> TestBackend {
    let mut t = with_little_work(t);
    t.backend.limits = Limits::new(t.store.clone(), t.secrets.clone(), 50);
    t
}

fn is_done(page: &Page<Registration>) -> bool {
    matches!(page.state, Registration::Done { .. })
}

/// Does the work of the page and creates, without letters.
async fn create_by_work(
    browser: &mut Visit<Registration>,
    form: RegistrationInput<'_>,
) -> Page<Registration> {
    browser.solve();
    browser.create(form, "").await
}

async fn security_work_stands_in_for_the_letters_and_counts_once(t: TestBackend) {
    let t = with_little_work(t);
    let (person, thief) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let mut browser = t.proven_by_answer(&person).await;
    assert_eq!(browser.hashes, 4, "all is calm");
    browser.solve();
    let moved = browser.post_send("").await.unwrap();
    let again = browser.post_send("").await.unwrap();
    assert_eq!(again.state, moved.state, "a double click sees the same");
    assert!(matches!(browser.arrive(moved).await.state, Recovery::Sent(_)));
    assert_eq!(t.messages().await.len(), 2, "one key, by mail and SMS");

    // The page of a form that was accepted is sent again with another form.
    let mut browser = t.registering().await;
    browser.solve();
    let mut replay = browser.clone();
    assert!(is_done(&browser.create(Person::number(3).form(), "").await));
    assert_eq!(replay.create(thief.form(), "").await.errors(), STALE);
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 2);
}

async fn security_one_proof_of_work_sixteen_times_at_once_counts_once(t: TestBackend) {
    let t = with_little_work(t).hashing_at_once();
    let mut browser = t.registering().await;
    browser.solve();
    let posts = (0..16).map(|number| {
        let browser = if number % 2 == 0 { browser.clone() } else { browser.elsewhere() };
        async move {
            let person = Person::number(100 + number);
            let moved = browser.post_create(person.form(), "").await.unwrap();
            matches!(moved.state, Registration::Done { .. })
        }
    });
    let done = at_once(posts).await;
    assert_eq!(done.iter().filter(|done| **done).count(), 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 1);
}

async fn security_work_of_another_flow_or_past_its_time_is_refused(t: TestBackend) {
    let t = with_little_work(t);
    let mut other = t.registering().await;
    other.solve();
    let mut browser = t.registering().await;
    browser.solve();
    let own = (browser.captcha.clone(), browser.work.clone());
    // With the captcha of another page this form is of no page at all, and with the work of another it is no work.
    browser.work.clone_from(&other.work);
    assert_eq!(browser.create(Person::number(1).form(), "").await.errors(), REFUSED);
    (browser.captcha, browser.work) = (other.captcha.clone(), other.work.clone());
    assert_eq!(browser.create(Person::number(1).form(), "").await.errors(), STALE);
    (browser.captcha, browser.work) = own;
    assert_eq!(browser.create(Person::number(1).form(), "").await.errors(), STALE, "it was spent above");

    // The letters count for five minutes, the work for as long as the page.
    for (minutes, counts) in [(14, true), (15, false)] {
        let person = Person::number(10 + minutes);
        let mut browser = t.registering().await;
        t.clock.advance(6 * MINUTE);
        browser.solve();
        let half = RegistrationInput { answer: "", ..person.form() };
        let page = browser.create(half, "").await;
        assert_eq!(page.errors(), [(Field::Answer, Reason::Missing)], "the flow lives longer from here on");
        assert_eq!(browser.hashes, 4, "the captcha of the page is the same");
        t.clock.advance(i64::from(minutes - 6) * MINUTE);
        let page = create_by_work(&mut browser, person.form()).await;
        assert_eq!((is_done(&page), page.errors() == STALE), (counts, !counts), "{minutes} minutes");
    }
}

async fn security_a_captcha_spent_by_letters_takes_no_work_later(t: TestBackend) {
    let flow = FlowOfCaptcha { name: "registrar-natural", tag: "etiqueta" };
    let [first, second] = ["uno", "dos"]
        .map(|text| FormMac::new(&t.secrets, "create", "etiqueta", FormFingerprint::of([("a", text)])));
    let made = Captcha::random(&t.secrets, flow, Some("ABCDE"), t.now() + 5 * MINUTE).unwrap();
    let sealed = made.clone().with_work(4, t.now() + 15 * MINUTE).seal(&t.secrets).unwrap();
    let letters_only = made.seal(&t.secrets).unwrap();
    let spend = async |sealed: &str, form: &FormMac| {
        let connection = &mut *t.store.connection().await.unwrap();
        captcha::spend_by_work(connection, &t.secrets, sealed, (flow, form), t.now()).await.unwrap()
    };
    assert!(spend(&letters_only, &first).await.is_none(), "a captcha that takes no work");
    let verdict = {
        let connection = &mut *t.store.connection().await.unwrap();
        captcha::check(connection, &t.secrets, &sealed, (flow, &first), "abcde", t.now()).await.unwrap()
    };
    assert_eq!(verdict, CaptchaVerdict::Right);
    assert!(spend(&sealed, &second).await.is_none());
    t.clock.advance(6 * MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert!(
        spend(&sealed, &second).await.is_none(),
        "what was spent is remembered as long as the work counts"
    );
}

async fn security_skipped_work_is_refused_and_sends_nothing(t: TestBackend) {
    let t = with_little_work(t);
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_answer(&person).await;
    for skip in [0..64, 0..48, 16..64] {
        browser.solve();
        let digits = "7".repeat(skip.len());
        browser.work.replace_range(skip, &digits);
        let spent = browser.captcha.clone();
        assert_eq!(browser.send("").await.errors(), REFUSED);
        assert_ne!(browser.captcha, spent, "one try each");
    }
    for (number, short) in (10..).zip(["0", "no", "\u{f1}", &"0".repeat(10_000)]) {
        let mut registering = t.registering().await;
        registering.work = short.to_owned();
        assert_eq!(registering.create(Person::number(number).form(), "").await.errors(), REFUSED);
    }
    assert!(t.messages().await.is_empty());
    let letters = browser.letters_shown().await;
    assert!(matches!(browser.send(&letters).await.state, Recovery::Sent(_)), "the letters still count");
}

async fn security_an_address_that_brings_much_work_is_asked_for_letters(t: TestBackend) {
    let t = with_small_amounts(t);
    let mut early = t.registering().await;
    early.solve();
    let mut offered = 0;
    for number in 0..10 {
        let mut browser = t.registering().await;
        if browser.hashes == 0 {
            break;
        }
        offered += 1;
        assert!(is_done(&create_by_work(&mut browser, Person::number(number).form()).await), "{number}");
    }
    assert_eq!(offered, 5);
    assert!(
        is_done(&early.create(Person::number(900).form(), "").await),
        "who was offered it is not asked after all"
    );
    let mut letters = t.registering().await;
    assert!(is_done(&letters.create_right(Person::number(901).form()).await), "the letters count as before");

    // Pages that were opened while all was calm are no store of work.
    let mut elsewhere = t.registering().await.at_address("203.0.114.9");
    elsewhere.begin().await;
    assert_eq!(elsewhere.hashes, 4, "another network is calm");
    let mut stored = Vec::new();
    for _ in 0..12 {
        let mut browser = elsewhere.clone();
        browser.begin().await;
        browser.solve();
        stored.push(browser);
    }
    let mut passed = 0;
    for (number, mut browser) in (200..).zip(stored) {
        passed += u32::from(is_done(&browser.create(Person::number(number).form(), "").await));
    }
    assert_eq!(passed, 10);
    t.clock.advance(10 * MINUTE);
    elsewhere.begin().await;
    assert_eq!(elsewhere.hashes, 4, "calm again");
}

async fn security_failed_tries_at_an_address_bring_back_the_letters(t: TestBackend) {
    let t = with_small_amounts(t);
    for number in 0..3 {
        assert_eq!(t.registering().await.hashes, 4, "{number}");
        let person = Person::number(number);
        t.account(&person).await;
        let mut guess = t.recovering();
        guess.rut(&person.rut_text).await;
        guess.answer("no es esa").await;
    }
    assert_eq!(t.registering().await.hashes, 0);
    let mut elsewhere = t.registering().await.at_address("203.0.113.8");
    elsewhere.begin().await;
    assert_eq!(elsewhere.hashes, 4, "another address is calm");
    t.clock.advance(11 * MINUTE);
    assert_eq!(t.registering().await.hashes, 4);
}

async fn security_work_about_one_identity_is_bounded_known_or_unknown(t: TestBackend) {
    let t = with_little_work(t);
    let (known, unknown) = (Person::number(1), Person::number(2));
    t.account(&known).await;
    for person in [&known, &unknown] {
        let mut passed = Vec::new();
        for address in 1..=8 {
            let mut browser = t.registering().await.at_address(&format!("198.51.{address}.7"));
            browser.begin().await;
            passed.push(is_done(&create_by_work(&mut browser, person.form()).await));
            if address > 6 {
                assert_eq!(browser.load().await.errors(), REFUSED);
                assert_eq!(browser.hashes, 0, "the page that asks for letters offers no work");
                assert!(is_done(&browser.create_right(person.form()).await));
            }
        }
        assert_eq!(passed, [true, true, true, true, true, true, false, false]);
    }
}

async fn security_with_fixed_letters_or_without_work_the_letters_are_asked_for(t: TestBackend) {
    let mut t = with_little_work(t);
    let mut before = t.registering().await;
    before.solve();
    t.backend.settings.captcha_fixed = Some("ABCDE".to_owned());
    before.backend = t.backend.clone();
    assert_eq!(
        before.create(Person::number(1).form(), "").await.errors(),
        REFUSED,
        "a page of an earlier setting"
    );
    let fixed = t.registering().await;
    assert_eq!(fixed.hashes, 0);
    t.backend.settings.captcha_fixed = None;
    t.backend.settings.captcha_work = 0;
    let mut off = t.registering().await;
    assert_eq!(off.hashes, 0);
    off.work = "00".repeat(32);
    assert_eq!(off.create(Person::number(1).form(), "").await.errors(), REFUSED);
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);
}
