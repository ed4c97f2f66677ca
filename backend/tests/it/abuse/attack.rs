//! A stranger who types wrong keys from changing addresses keeps no owner out (O-KNOWN), and guesses little
//! (docs/security.md#abuse-and-enumeration).

use backend::clock::{DAY, HOUR, MINUTE, SECOND};
use backend::limits::{AttemptKind, Letters};
use backend::service::Caller;
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::identifier::Identifier;
use domain::kind::Kind;

use crate::support::people::key_in;
use crate::support::{Company, Person, TestBackend, on_both_engines};

on_both_engines![
    security_the_owner_enters_from_a_known_browser_while_strangers_guess,
    security_a_fresh_browser_gets_in_by_document_while_strangers_guess,
    security_the_document_gets_through_while_strangers_guess_documents,
    security_a_new_key_elsewhere_ends_known_browsers,
    security_a_known_browser_is_known_to_its_own_account_only,
    security_five_thousand_guesses_of_a_day_reach_a_hash_a_hundred_times,
    security_guesses_from_many_addresses_reach_a_hash_a_hundred_times_a_day,
    security_no_cap_of_a_day_makes_the_first_key_of_a_facilitator_useless,
    security_wrong_representatives_do_not_bar_the_company,
    security_lookups_of_identities_are_counted_per_address,
    security_who_knows_the_key_fills_no_store_with_browsers,
];

/// One of the addresses of a stranger.
fn address(number: u32) -> String {
    format!("10.{}.{}.9", number % 200, number % 7)
}

async fn security_guesses_from_many_addresses_reach_a_hash_a_hundred_times_a_day(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    // From midnight (UTC): the counter starts again with each day.
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    let before = t.hasher.runs();
    // A day of guesses, each from the next of 200 addresses.
    for guess in 0..1_440 {
        t.changing().at_address(&address(guess)).identify(&person.rut_text, "NoEsEsta1").await;
        // The clock of the tests also runs on: a slow machine must not reach the next day.
        t.clock.advance(MINUTE - SECOND);
    }
    let reached = t.hasher.runs() - before;
    assert!((20..=100).contains(&reached), "{reached} guesses reached a hash");
}

/// The attack of the report: 25 minutes, 1.3 wrong keys a second, from changing addresses. The owner enters once in 20 seconds.
async fn security_the_owner_enters_from_a_known_browser_while_strangers_guess(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await.caller.browser.next();
    let (mut guesses, mut entered, mut tries) = (0, 0, 0);
    for second in 0..1_500_u32 {
        while guesses * 10 < second * 13 {
            t.changing().at_address(&address(guesses)).identify(&person.rut_text, "NoEsEsta1").await;
            guesses += 1;
        }
        if second % 20 == 0 && tries < 73 {
            let mut owner = t.changing().at_address("192.0.2.77");
            owner.caller.browser = browser.next();
            let page = owner.identify(&person.rut_text, &person.key).await;
            tries += 1;
            entered += u32::from(matches!(page.state, Change::NewKey(_)));
            browser = owner.caller.browser.next();
        }
        t.clock.advance(SECOND);
    }
    assert_eq!((entered, tries), (73, 73));
    assert!(guesses > 1_900, "{guesses}");
    // The right key in a browser that is not known waits like everybody's, and the page says how long.
    let page = t.changing().at_address("192.0.2.78").identify(&person.rut_text, &person.key).await;
    assert!(
        matches!(page.notice(), Some(Notice::WaitOrLetters { .. } | Notice::UseDocument)),
        "{:?}",
        page.feedback
    );
    // Somebody who uses the known browser and does not know the key has few tries.
    for _ in 0..5 {
        let mut owner = t.changing();
        owner.caller.browser = browser.next();
        owner.identify(&person.rut_text, "NoEsEsta1").await;
    }
    let mut owner = t.changing();
    owner.caller.browser = browser.next();
    let page = owner.identify(&person.rut_text, &person.key).await;
    assert_eq!(page.notice(), Some(Notice::Wait { minutes: 1 }));
}

async fn security_a_fresh_browser_gets_in_by_document_while_strangers_guess(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    // Strangers use up what a day allows, of keys and of provisional keys.
    for guess in 0..1_000 {
        for key in ["NoEsEsta1", "A00000A0"] {
            t.changing().at_address(&address(guess)).identify(&person.rut_text, key).await;
        }
        t.clock.advance(MINUTE);
    }
    let page = t.changing().at_address("192.0.2.77").identify(&person.rut_text, &person.key).await;
    assert_eq!(page.notice(), Some(Notice::UseDocument), "what is left is said plainly");
    let unknown = Person::number(2);
    for guess in 0..1_000 {
        t.changing().at_address(&address(guess)).identify(&unknown.rut_text, "NoEsEsta1").await;
        t.clock.advance(20 * SECOND);
    }
    let _ = t.messages().await;

    let mut fresh = t.proven_by_serial(&person).await;
    fresh.mail("si").await;
    let page = fresh.send_right().await;
    assert!(matches!(page.state, Recovery::Sent(_)), "{:?}", page.feedback);
    let key = t.messages().await.iter().find_map(key_in).expect("a key by mail");
    let mut change = t.changing();
    change.caller.browser = fresh.caller.browser.next();
    let page = change.identify(&person.rut_text, &key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    let page = change.set("Maiten4zQ").await;
    assert!(matches!(page.state, Change::Done { .. }), "{:?}", page.feedback);
}

/// The strongest proof: wrong serials from changing addresses make its holder wait nowhere.
async fn security_the_document_gets_through_while_strangers_guess_documents(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let (mut guesses, mut proven) = (0, 0);
    for second in 0..300_u32 {
        while guesses * 10 < second * 13 {
            let mut stranger = t.recovering().at_address(&address(guesses));
            stranger.rut(&person.rut_text).await;
            stranger.forgotten().await;
            stranger.serial("A999999999").await;
            guesses += 1;
        }
        if second % 20 == 10 {
            let mut owner = t.recovering().at_address("192.0.2.77");
            owner.rut(&person.rut_text).await;
            owner.forgotten().await;
            let page = owner.serial(&person.serial).await;
            proven += u32::from(matches!(page.state, Recovery::Mail(_)));
        }
        t.clock.advance(SECOND);
    }
    assert_eq!(proven, 15, "of 15 times");
    assert!(guesses > 380, "{guesses}");
    // One network has few tries, wherever in it they come from.
    let mut right = 0;
    for host in 1..60 {
        let mut stranger = t.recovering().at_address(&format!("198.51.100.{host}"));
        stranger.rut(&person.rut_text).await;
        stranger.forgotten().await;
        let page = stranger.serial("A999999999").await;
        right += u32::from(page.notice().is_none());
    }
    assert!((10..=20).contains(&right), "{right}");
}

async fn security_a_new_key_elsewhere_ends_known_browsers(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let first = t.proven_by_key(&person, &person.key).await.caller.browser.next();
    let known = "SELECT COUNT(*) FROM known_browser";
    assert_eq!(t.number(known).await, 1);
    // By the key in another browser, then by a recovery in a third.
    let mut second = t.proven_by_key(&person, &person.key).await;
    assert_eq!(t.number(known).await, 2);
    // The next request of the browser, with the cookie that it got.
    second.caller.browser = second.caller.browser.next();
    second.set("Maiten4zQ").await;
    assert_eq!(t.number(known).await, 1, "only the browser that set the key is known");
    for guess in 0..40 {
        t.changing().at_address(&address(guess)).identify(&person.rut_text, "NoEsEsta1").await;
    }
    let mut owner = t.changing();
    owner.caller.browser = first;
    let page = owner.identify(&person.rut_text, "Maiten4zQ").await;
    assert!(
        matches!(page.notice(), Some(Notice::WaitOrLetters { .. })),
        "the first browser is like any other"
    );
    let mut owner = t.changing();
    owner.caller.browser = second.caller.browser.next();
    let page = owner.identify(&person.rut_text, "Maiten4zQ").await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    // 180 days later it is known no more, and the sweeper takes the row.
    t.clock.advance(181 * DAY);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number(known).await, 0);
}

async fn security_a_known_browser_is_known_to_its_own_account_only(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account(&other).await;
    let browser = t.proven_by_key(&person, &person.key).await.caller.browser.next();
    let cookie = format!("{:?}", t.dump("known_browser").await);
    assert!(!cookie.contains(&person.rut.plain()), "{cookie}");
    for guess in 0..40 {
        t.changing().at_address(&address(guess)).identify(&other.rut_text, "NoEsEsta1").await;
    }
    let mut stranger = t.changing().at_address("192.0.2.77");
    stranger.caller.browser = browser.next();
    let page = stranger.identify(&other.rut_text, &other.key).await;
    assert!(matches!(page.notice(), Some(Notice::WaitOrLetters { .. })), "{:?}", page.feedback);
    // A browser of a family keeps both.
    t.clock.advance(2 * HOUR);
    let mut family = t.changing().at_address("192.0.2.77");
    family.caller.browser = browser.next();
    family.identify(&other.rut_text, &other.key).await;
    // So does one that never saw the answer with its new cookie.
    let mut lost = t.changing();
    lost.caller.browser = browser.next();
    assert!(matches!(lost.identify(&person.rut_text, &person.key).await.state, Change::NewKey(_)));
    assert_eq!(
        lost.caller.browser.issued(),
        browser.token(),
        "the cookie lasts as long as what the store keeps"
    );
    let browser = family.caller.browser.next();
    for (who, rut) in [(&person, &person.rut_text), (&other, &other.rut_text)] {
        for guess in 0..40 {
            t.changing().at_address(&address(guess)).identify(rut, "NoEsEsta1").await;
        }
        let mut visit = t.changing();
        visit.caller.browser = browser.next();
        let page = visit.identify(rut, &who.key).await;
        assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    }
}

async fn security_who_knows_the_key_fills_no_store_with_browsers(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut newest = None;
    for _ in 0..25 {
        t.clock.advance(MINUTE);
        newest = Some(t.proven_by_key(&person, &person.key).await.caller.browser.next());
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM known_browser").await, 20);
    for guess in 0..40 {
        t.changing().at_address(&address(guess)).identify(&person.rut_text, "NoEsEsta1").await;
    }
    let mut owner = t.changing();
    owner.caller.browser = newest.unwrap();
    let page = owner.identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "the newest stays known: {:?}", page.feedback);
}

/// Counts guesses without the whole step, which would take minutes. The environment variable GUESSES says how many, at least 100.
async fn security_five_thousand_guesses_of_a_day_reach_a_hash_a_hundred_times(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let known = t.proven_by_key(&person, &person.key).await.caller.browser.next();
    let who = Identifier::Rut(person.rut);
    let guesses = std::env::var("GUESSES").map_or(5_000, |guesses| guesses.parse().unwrap());
    let mut reached = 0;
    let begin = t.now().div_euclid(DAY) * DAY + DAY;
    for guess in 0..guesses {
        let now = begin + i64::from(guess) * DAY / i64::from(guesses);
        let caller = Caller { address: address(guess).parse().ok(), ..Caller::default() };
        let counted = t
            .limits
            .count(AttemptKind::Key, Some((Kind::Natural, &who)), (&caller, Letters::None), now)
            .await
            .unwrap();
        reached += u32::from(counted.is_ok());
    }
    assert_eq!(reached, 100);
    // Half an hour before the end of that day.
    t.clock.advance(begin + DAY - 30 * MINUTE - t.now());
    let mut owner = t.changing();
    owner.caller.browser = known;
    let page = owner.identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
}

/// A facilitator has no way by document. 150 guesses in a day, each after the wait of the one before.
async fn security_no_cap_of_a_day_makes_the_first_key_of_a_facilitator_useless(t: TestBackend) {
    let who = Identifier::Rut(Person::number(1).rut);
    let begin = t.now().div_euclid(DAY) * DAY + DAY;
    for (kind, allowed) in [(Kind::Facilitador, 150), (Kind::Natural, 100)] {
        let mut reached = 0;
        for guess in 0..150_u32 {
            let now = begin + i64::from(guess) * 9 * MINUTE;
            let caller = Caller { address: address(guess).parse().ok(), ..Caller::default() };
            let counted = t
                .limits
                .count(AttemptKind::Provisional, Some((kind, &who)), (&caller, Letters::None), now)
                .await;
            reached += u32::from(counted.unwrap().is_ok());
        }
        assert_eq!(reached, allowed, "{kind:?}");
    }
}

async fn security_wrong_representatives_do_not_bar_the_company(t: TestBackend) {
    let company = Company::number(1);
    t.account(&company).await;
    t.tax_knows(&[&company]);
    for number in 0..60 {
        let mut browser = t.recovering_as(Kind::Juridica).at_address(&address(number));
        browser.rut(&company.rut_text).await;
        browser.forgotten().await;
        browser.representative(&Person::number(number).rut_text).await;
    }
    let mut browser = t.changing_as(Kind::Juridica);
    let page = browser
        .identify_company(&company.rut_text, &company.representative.rut_text, &company.person.key)
        .await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
}

async fn security_lookups_of_identities_are_counted_per_address(t: TestBackend) {
    let known = Person::number(1);
    t.account(&known).await;
    // To the start of a period, since the clock of the tests also runs on.
    t.clock.advance(10 * MINUTE - t.now().rem_euclid(10 * MINUTE));
    for (network, person) in [("198.51.100.1", &known), ("198.51.100.2", &Person::number(2))] {
        let (mut shown, mut without) = (0, 0);
        for _ in 0..400 {
            let page = t.recovering().at_address(network).rut(&person.rut_text).await;
            match page.state {
                Recovery::Question(_) => shown += 1,
                Recovery::Document(_) => {
                    assert!(
                        matches!(page.notice(), Some(Notice::DocumentForNow { .. })),
                        "{:?}",
                        page.feedback
                    );
                    without += 1;
                }
                state => panic!("{state:?}"),
            }
        }
        assert_eq!((shown, without), (300, 100), "as many for a RUT with an account as for one without");
    }
    t.civil_knows(&[&known]);
    let mut owner = t.recovering().at_address("198.51.100.1");
    owner.rut(&known.rut_text).await;
    let page = owner.serial(&known.serial).await;
    assert!(
        matches!(page.state, Recovery::Mail(_)),
        "the document is accepted however many lookups others made"
    );
    let page = t.recovering().rut(&known.rut_text).await;
    assert!(matches!(page.state, Recovery::Question(_)), "other addresses are not stopped");
    t.clock.advance(HOUR);
    let page = t.recovering().at_address("198.51.100.1").rut(&known.rut_text).await;
    assert!(matches!(page.state, Recovery::Question(_)), "the wait ends by itself");
}
