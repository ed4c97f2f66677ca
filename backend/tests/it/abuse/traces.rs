//! What a browser or its user leaves behind (docs/security.md#the-web).

use backend::clock::{DAY, MINUTE};
use backend::flows::Token;
use backend::limits::Limits;
use backend::service::request::IdentifyInput;
use domain::address::AddressInput;
use domain::company::CompanyInput;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::update::Update;
use domain::kind::Kind;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::support::peek::TABLES;
use crate::support::{Company, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    security_a_token_known_before_shows_nothing_of_a_registration,
    security_every_step_of_a_recovery_gives_a_new_token,
    security_every_step_of_a_change_gives_a_new_token,
    security_every_step_of_an_update_gives_a_new_token,
    security_every_step_of_a_request_gives_a_new_token,
    flow_a_second_click_with_the_new_token_is_the_same_form,
    flow_a_second_click_on_a_wrong_answer_counts_once,
    security_erasing_ends_the_flows_of_the_browser_and_no_other,
    security_opening_a_page_writes_no_row,
    security_a_large_form_keeps_little,
    security_the_rows_of_one_address_have_a_budget,
    security_erasing_ends_a_flow_whose_new_token_never_came,
    security_a_spent_captcha_is_kept_until_it_is_too_old,
    security_wrong_tries_are_counted_in_one_row_an_hour,
    security_messages_left_out_are_counted_in_one_row_an_hour,
    security_erasing_forgets_a_known_browser,
];

/// The tokens that a browser had: none but the last shows a page.
struct Former(Vec<Token>);

impl Former {
    fn new() -> Self {
        Self(Vec::new())
    }

    /// A form was sent and stored: the browser has a new token, and all before show nothing.
    async fn renewed<S>(&mut self, browser: &Visit<S>, step: &str)
    where
        S: Serialize + DeserializeOwned + Clone + PartialEq + std::fmt::Debug,
    {
        assert!(browser.flow().await.is_some(), "{step}");
        for former in &self.0 {
            let mut thief = browser.clone();
            thief.token = Some(former.clone());
            assert!(thief.flow().await.is_none(), "after {step} a token from before shows a page");
        }
        self.0.extend(browser.token.clone());
    }
}

async fn security_a_token_known_before_shows_nothing_of_a_registration(t: TestBackend) {
    // Who used the browser before kept its cookie.
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let mut former = Former(browser.token.clone().into_iter().collect());
    let page = browser.create(person.form(), "nada").await;
    assert_eq!(page.typed.get("rut"), person.rut_text);
    former.renewed(&browser, "a wrong captcha").await;

    let posted = browser.posted_with(&[("boton", "refrescar")]);
    let moved = browser.service().new_captcha(posted, person.form()).await.unwrap();
    browser.arrive(moved).await;
    former.renewed(&browser, "new letters").await;
    let state = browser.create_right(person.form()).await.state;
    assert!(matches!(state, Registration::Done { .. }));
    former.renewed(&browser, "the end").await;
}

async fn security_every_step_of_a_recovery_gives_a_new_token(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut former = Former::new();
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    former.renewed(&browser, "the RUT").await;
    browser.answer("no es esta").await;
    former.renewed(&browser, "a wrong answer").await;
    browser.forgotten().await;
    former.renewed(&browser, "the box").await;
    browser.serial("A000000000").await;
    former.renewed(&browser, "a wrong serial").await;
    browser.serial(&person.serial).await;
    former.renewed(&browser, "the serial").await;
    browser.mail("").await;
    former.renewed(&browser, "no choice").await;
    browser.mail("no").await;
    former.renewed(&browser, "“NO”").await;
    let page = browser.contact("nueva@ejemplo.cl", &person.mobile).await;
    assert!(matches!(page.state, Recovery::Captcha(_)), "{:?}", page.feedback);
    former.renewed(&browser, "new contact data").await;
    browser.send("nada").await;
    former.renewed(&browser, "a wrong captcha").await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    former.renewed(&browser, "the end").await;
}

async fn security_every_step_of_a_change_gives_a_new_token(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut former = Former::new();
    let mut browser = t.proven_by_key(&person, &person.key).await;
    former.renewed(&browser, "the key").await;
    browser.set_key("corta", "corta", "nada").await;
    former.renewed(&browser, "a short key").await;
    assert!(matches!(browser.set("Peumo#41").await.state, Change::Done { .. }));
    former.renewed(&browser, "the end").await;
}

async fn security_every_step_of_an_update_gives_a_new_token(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let mut former = Former::new();
    let mut browser = t.opened(&person).await;
    former.renewed(&browser, "the proofs").await;
    browser.new_captcha(new.update()).await;
    former.renewed(&browser, "new letters").await;
    browser.save(new.update(), "nada").await;
    former.renewed(&browser, "a wrong captcha").await;
    assert!(matches!(browser.save_right(new.update()).await.state, Update::Done(_)));
    former.renewed(&browser, "the end").await;
}

async fn security_every_step_of_a_request_gives_a_new_token(t: TestBackend) {
    let company: Company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let mut former = Former(browser.token.clone().into_iter().collect());
    let wrong = IdentifyInput { captcha: "nada", ..company.identifying() };
    assert_eq!(browser.identify(wrong).await.typed.get(Field::Rut.name()), wrong.company);
    former.renewed(&browser, "a wrong captcha").await;
    let letters = browser.letters_shown().await;
    let right = IdentifyInput { captcha: &letters, ..company.identifying() };
    assert!(browser.identify(right).await.asks_for_the_declaration());
    former.renewed(&browser, "the key").await;
}

async fn flow_a_second_click_with_the_new_token_is_the_same_form(t: TestBackend) {
    // The answer to the first click has come, with its cookie, before the second is sent from the same page.
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let letters = browser.letters_shown().await;
    let mut second = browser.clone();
    assert!(matches!(browser.create(person.form(), &letters).await.state, Registration::Done { .. }));
    second.token.clone_from(&browser.token);
    assert!(matches!(second.create(person.form(), &letters).await.state, Registration::Done { .. }));

    let other = Person::number(2);
    let mut browser = t.registering().await;
    let mut second = browser.clone();
    let errors = browser.create(other.form(), "nada").await.errors();
    second.token.clone_from(&browser.token);
    assert_eq!(second.create(other.form(), "nada").await.errors(), errors);
}

async fn flow_a_second_click_on_a_wrong_answer_counts_once(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    let mut second = browser.clone();
    let errors = browser.answer("no es esta").await.errors();
    let (tries, hashes) = (t.tries("answer").await, t.hasher.runs());
    assert_eq!(second.answer("no es esta").await.errors(), errors);
    assert_eq!((t.tries("answer").await, t.hasher.runs()), (tries, hashes));
}

async fn rows(t: &TestBackend) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    for table in TABLES {
        rows.push((table, t.dump(table).await));
    }
    rows
}

async fn security_opening_a_page_writes_no_row(t: TestBackend) {
    let before = rows(&t).await;
    t.registering().await;
    t.registering_as(Kind::Juridica).await;
    t.registering_as(Kind::Migrante).await;
    t.requesting().begin().await;
    let (recovery, change) = (t.recovering(), t.changing());
    assert!(recovery.service().page(None).await.unwrap().is_none());
    assert!(change.service().page(None).await.unwrap().is_none());
    assert_eq!(rows(&t).await, before);
}

async fn security_a_large_form_keeps_little(t: TestBackend) {
    let person = Person::number(1);
    // Control characters are the largest in JSON, and emoji in UTF-8.
    for long in ["\u{1}".repeat(1000), "🌵".repeat(1000), "x".repeat(1000)] {
        let good = person.form();
        let long = long.as_str();
        let address =
            AddressInput { street: long, number: long, block: long, flat: long, region: long, comuna: long };
        let contact = ContactInput {
            email: long,
            home_phone: (long, long),
            work_phone: (long, long),
            mobile: long,
            ..good.contact
        };
        let company =
            CompanyInput { name: long, kind: long, representative: long, representative_names: long };
        let form = RegistrationInput {
            identifier: long,
            birth_date: long,
            serial: long,
            question: long,
            company,
            address,
            contact,
            ..good
        };
        t.registering().await.create(form, long).await;
        let kept = t.number("SELECT MAX(LENGTH(body)) FROM flow").await;
        assert!(kept < 6 * 1024, "{kept} characters are kept");
        // In bytes, too.
        assert!(t.texts("SELECT body FROM flow").await.iter().all(|body| body.len() < 6 * 1024));
    }
    let mut browser = t.registering().await;
    let page = browser.create(person.form(), "nada").await;
    assert_eq!(page.typed.get("email"), person.email, "an ordinary form is kept whole");
    assert_eq!(page.typed.get("sin_celular"), "");
}

async fn security_the_rows_of_one_address_have_a_budget(mut t: TestBackend) {
    t.backend.limits = Limits::new(t.store.clone(), t.secrets.clone(), 5);
    let person = Person::number(1);
    t.account(&person).await;
    let owner = t.proven_by_answer(&person).await;
    let mut elsewhere = t.recovering().at_address("198.51.100.9");
    elsewhere.rut(&person.rut_text).await;
    for number in 0..60 {
        match number % 2 {
            0 => {
                t.recovering().service().identify(t.recovering().posted(), &person.rut_text).await.map(|_| ())
            }
            _ => t.registering().await.post_create(person.form(), "nada").await.map(|_| ()),
        }
        .unwrap();
    }
    let rows = t.number("SELECT COUNT(*) FROM flow").await;
    assert!((20..=22).contains(&rows), "{rows}");
    assert!(elsewhere.flow().await.is_some(), "the oldest of all, but of another address");
    assert!(owner.flow().await.is_some(), "older than all, but proven");

    // An IPv6 network is a /48, and has four times as many.
    let mut first = t.recovering().at_address("2001:db8:7:1::1");
    first.rut(&person.rut_text).await;
    for number in 0..100 {
        let browser = t.recovering().at_address(&format!("2001:db8:7:{number:x}::1"));
        browser.service().identify(browser.posted(), &person.rut_text).await.unwrap();
    }
    let all = t.number("SELECT COUNT(*) FROM flow").await;
    assert_eq!(all - rows, 80);
    assert!(first.flow().await.is_none(), "the oldest of that network has made place");
}

async fn security_erasing_ends_a_flow_whose_new_token_never_came(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    let old = browser.token.clone().unwrap();
    browser.answer(&person.answer).await;
    t.erase(&[("recuperar", old)], &browser.caller).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM flow").await, 0);
}

async fn security_a_spent_captcha_is_kept_until_it_is_too_old(t: TestBackend) {
    let (one, two) = (Person::number(1), Person::number(2));
    let mut browser = t.registering().await;
    let mut again = browser.clone();
    let letters = browser.letters_shown().await;
    assert!(matches!(browser.create(one.form(), &letters).await.state, Registration::Done { .. }));
    t.store.sweep(t.now()).await.unwrap();
    let page = again.create(two.form(), &letters).await;
    assert_eq!(page.errors(), [(Field::Captcha, Reason::Stale)]);
    let spent = "SELECT COUNT(*) FROM captcha_spent";
    let until = t.number("SELECT MAX(expires_at) FROM captcha_spent").await;
    t.clock.advance(until - t.now() + MINUTE / 2);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number(spent).await, 1, "the clock of another server may be behind");
    t.clock.advance(MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number(spent).await, 0);
}

async fn security_wrong_tries_are_counted_in_one_row_an_hour(t: TestBackend) {
    let (known, unknown) = (Person::number(1), Person::number(2));
    t.account(&known).await;
    for person in [&known, &unknown] {
        for number in 0..15 {
            let mut browser = t.recovering().at_address(&format!("198.51.{number}.9"));
            browser.rut(&person.rut_text).await;
            assert_eq!(browser.answer("no es esta").await.errors().len(), 1);
        }
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM audit").await, 0);
    let counted = "SELECT COUNT(*) FROM audit_try WHERE account_id <> 0";
    assert_eq!(t.number(counted).await, 1);
    assert_eq!(t.number("SELECT CAST(SUM(times) AS BIGINT) FROM audit_try WHERE account_id <> 0").await, 15);
    assert_eq!(t.number("SELECT CAST(SUM(times) AS BIGINT) FROM audit_try").await, 30);
    // The record is not for ever.
    t.store.sweep(t.now() + 30 * DAY).await.unwrap();
    assert_eq!(t.number("SELECT CAST(SUM(times) AS BIGINT) FROM audit_try").await, 30);
    t.store.sweep(t.now() + 400 * DAY).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM audit_try").await, 0);
}

async fn security_erasing_ends_the_flows_of_the_browser_and_no_other(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let (recovery, change, other) = (
        t.proven_by_answer(&person).await,
        t.proven_by_key(&person, &person.key).await,
        t.proven_by_answer(&person).await,
    );
    // A token erases only where it belongs.
    t.erase(&[("cambiar", recovery.token.clone().unwrap())], &other.caller).await.unwrap();
    t.erase(&[("recuperar-natura", recovery.token.clone().unwrap())], &other.caller).await.unwrap();
    assert!(recovery.flow().await.is_some());
    let both = [("recuperar", recovery.token.clone().unwrap()), ("cambiar", change.token.clone().unwrap())];
    t.erase(&both, &other.caller).await.unwrap();
    assert!(recovery.flow().await.is_none() && change.flow().await.is_none());
    assert!(other.flow().await.is_some());
    t.erase(&both, &other.caller).await.unwrap();
}

async fn security_messages_left_out_are_counted_in_one_row_an_hour(t: TestBackend) {
    let victim = Person::number(1);
    for number in 2..27 {
        let Person { email, mobile, .. } = victim.clone();
        t.register(&Person { email, mobile, ..Person::number(number) }).await;
    }
    let rows = t.number("SELECT COUNT(*) FROM audit_try WHERE event = 'message-left-out'").await;
    assert!(t.left_out().await > 10 && rows == 1, "{} in {rows} rows", t.left_out().await);
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE event = 'message-left-out'").await, 0);
}

async fn security_erasing_forgets_a_known_browser(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account(&other).await;
    let browser = t.proven_by_key(&person, &person.key).await;
    t.proven_by_key(&other, &other.key).await;
    let known = "SELECT COUNT(*) FROM known_browser";
    assert_eq!(t.number(known).await, 2);
    let mut caller = browser.caller.clone();
    caller.browser = caller.browser.next();
    t.erase(&[], &caller).await.unwrap();
    assert_eq!(t.number(known).await, 1, "the browser of the other stays known");
}
