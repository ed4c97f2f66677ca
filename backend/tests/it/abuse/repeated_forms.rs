//! Repeated forms, forms of another tab, and expired forms (docs/decisions/0004).

use backend::clock::MINUTE;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::registration::Registration;

use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    flow_a_double_click_on_an_answer_opens_one_flow,
    flow_concurrent_clicks_on_an_answer_open_one_flow,
    flow_a_double_click_on_a_serial_opens_one_flow,
    security_the_former_token_accepts_only_a_resubmission,
    security_the_former_token_expires_with_the_next_form,
    flow_an_answer_that_is_lost_for_minutes_is_found_again,
    flow_a_double_click_on_the_last_free_attempt_continues,
    flow_a_flow_expires_after_fifteen_minutes_without_a_step,
    flow_the_form_of_another_tab_changes_nothing,
];

async fn flow_a_double_click_on_an_answer_opens_one_flow(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut first = t.recovering();
    first.rut(&person.rut_text).await;
    let mut second = first.clone();
    let former = first.token.clone().unwrap();

    let page = first.answer(&person.answer).await;
    let hashes = t.hasher.runs();
    let again = second.answer(&person.answer).await;
    assert_eq!(page.state, again.state);
    assert_eq!(first.tag, second.tag);
    assert_ne!(second.token.as_ref().unwrap().expose(), former.expose());
    assert_eq!(t.hasher.runs(), hashes, "nothing is checked again");
    assert_eq!(t.number("SELECT COUNT(*) FROM flow").await, 1);
    assert!(matches!(second.send_right().await.state, Recovery::Sent(_)), "its token works");
}

async fn flow_concurrent_clicks_on_an_answer_open_one_flow(t: TestBackend) {
    for number in 0..4 {
        let person = Person::number(number);
        t.account(&person).await;
        let mut browser = t.recovering();
        browser.rut(&person.rut_text).await;
        let clicks = (0..3).map(|_| {
            let browser = if number % 2 == 0 { browser.clone() } else { browser.elsewhere() };
            let answer = person.answer.clone();
            async move { browser.post_answer(&answer, None).await.unwrap() }
        });
        let moved = at_once(clicks).await;
        for moved in &moved {
            assert!(matches!(moved.state, Recovery::Captcha(_)), "{:?}", moved.state);
        }
        // The browser gets only one of the responses: the token of each must work.
        let former = browser.token.clone().unwrap();
        for moved in moved {
            browser.token = moved.token;
            assert_ne!(browser.token.as_ref().unwrap().expose(), former.expose());
            let tag = browser.tag.clone();
            assert!(matches!(browser.load().await.state, Recovery::Captcha(_)));
            assert_eq!(browser.tag, tag);
        }
        assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    }
}

async fn flow_a_double_click_on_a_serial_opens_one_flow(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut first = t.recovering();
    first.rut(&person.rut_text).await;
    first.forgotten().await;
    let mut second = first.clone();
    let page = first.serial(&person.serial).await;
    let again = second.serial(&person.serial).await;
    assert_eq!((page.state.clone(), first.tag.clone()), (again.state, second.tag.clone()));
    second.mail("si").await;
    assert!(matches!(second.send_right().await.state, Recovery::Sent(_)));
}

async fn security_the_former_token_accepts_only_a_resubmission(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    // An attacker planted this token in the browser before its owner proved who they are.
    let mut owner = t.recovering();
    owner.rut(&person.rut_text).await;
    let planted = owner.clone();
    owner.answer(&person.answer).await;
    let before = t.texts("SELECT id || tag || body FROM flow").await;

    assert!(planted.flow().await.is_none(), "the planted token shows no page");
    for other in ["no es esta", "El Guaton Loyola"] {
        let mut thief = planted.clone();
        let page = thief.answer(other).await;
        assert_eq!(
            (page.state.clone(), page.notice()),
            (Recovery::Identify, Some(Notice::Expired)),
            "{other}"
        );
    }
    let mut thief = planted.clone();
    assert_eq!(thief.serial(&person.serial).await.state, Recovery::Identify);
    let mut thief = planted.clone();
    thief.captcha.clone_from(&owner.captcha);
    let letters = owner.letters_shown().await;
    assert_eq!(thief.send(&letters).await.state, Recovery::Identify);

    let after = t.texts("SELECT id || tag || body FROM flow").await;
    assert!(before.iter().all(|flow| after.contains(flow)), "the owner's flow is unchanged");
    let mut guessed = planted.clone();
    let state = guessed.answer(&person.answer).await.state;
    assert_eq!(state, Recovery::Identify, "after another form even the original one is refused");
    assert!(matches!(owner.send_right().await.state, Recovery::Sent(_)));
}

async fn flow_a_double_click_on_the_last_free_attempt_continues(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    for _ in 0..2 {
        assert!(matches!(browser.answer("no es esta").await.state, Recovery::Question(_)));
    }
    let clicks = (0..4).map(|_| {
        let (browser, answer) = (browser.clone(), person.answer.clone());
        async move { browser.post_answer(&answer, None).await.unwrap() }
    });
    for moved in at_once(clicks).await {
        assert!(matches!(moved.state, Recovery::Captcha(_)), "no click has to wait");
        browser.token = moved.token;
        browser.load().await;
    }
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
}

async fn security_the_former_token_expires_with_the_next_form(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut owner = t.recovering();
    owner.rut(&person.rut_text).await;
    let [mut second, mut late] = [owner.clone(), owner.clone()];
    owner.answer(&person.answer).await;
    t.clock.advance(3 * MINUTE);
    assert!(matches!(second.answer(&person.answer).await.state, Recovery::Captcha(_)), "its answer was lost");
    assert!(matches!(owner.send_right().await.state, Recovery::Sent(_)));
    assert_eq!(late.answer(&person.answer).await.state, Recovery::Identify, "even the same form is refused");
}

async fn flow_an_answer_that_is_lost_for_minutes_is_found_again(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut change = t.proven_by_key(&person, &person.key).await;
    let mut again = change.clone();
    let letters = change.letters_shown().await;
    change.set_key("Peumo#41", "Peumo#41", &letters).await;
    t.clock.advance(3 * MINUTE);
    assert!(matches!(again.set_key("Peumo#41", "Peumo#41", &letters).await.state, Change::Done { .. }));

    // A registration that had wrong letters first; nobody registers it twice.
    let other = Person::number(2);
    let mut browser = t.registering().await;
    browser.create(other.form(), "nada").await;
    let again = browser.clone();
    let letters = browser.letters_shown().await;
    assert!(matches!(browser.create(other.form(), &letters).await.state, Registration::Done { .. }));
    t.clock.advance(3 * MINUTE);
    let moved = again.post_create(other.form(), &letters).await.unwrap();
    assert!(moved.token.is_some() && matches!(moved.state, Registration::Done { .. }));
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox WHERE template = 'registered-again'").await, 0);
}

async fn flow_a_flow_expires_after_fifteen_minutes_without_a_step(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut recovery = t.proven_by_answer(&person).await;
    let mut change = t.proven_by_key(&person, &person.key).await;
    let mut registration = t.registering().await;
    let letters = [recovery.letters_shown().await, change.letters_shown().await];
    t.clock.advance(16 * MINUTE);

    let page = recovery.send(&letters[0]).await;
    assert_eq!((page.state.clone(), page.notice()), (Recovery::Identify, Some(Notice::Expired)));
    let page = change.set_key("Peumo#41", "Peumo#41", &letters[1]).await;
    assert_eq!((page.state.clone(), page.notice()), (Change::Identify, Some(Notice::Expired)));
    let other = Person::number(2);
    let page = registration.create_right(other.form()).await;
    assert_eq!((page.state.clone(), page.notice()), (Registration::Form, Some(Notice::ExpiredForm)));
    assert_eq!(page.typed.get("email"), other.email, "the form keeps what was typed");
    assert_eq!(page.typed.get("respuesta"), "");
    assert!(matches!(registration.create_right(other.form()).await.state, Registration::Done { .. }));

    // Each step extends the flow by fifteen minutes.
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    for _ in 0..4 {
        t.clock.advance(14 * MINUTE);
        browser.forgotten().await;
    }
    assert_eq!(browser.answer("x").await.errors(), [(Field::Answer, Reason::TooShort)]);
}

async fn flow_the_form_of_another_tab_changes_nothing(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account(&other).await;
    let mut first_tab = t.recovering();
    first_tab.rut(&person.rut_text).await;
    let mut second_tab = first_tab.clone();
    let shown = second_tab.rut(&other.rut_text).await;
    // Tabs of one browser share the cookie.
    first_tab.token.clone_from(&second_tab.token);

    let lookups = t.tries("").await;
    let page = first_tab.answer(&person.answer).await;
    assert_eq!((page.state.clone(), page.notice()), (shown.state, Some(Notice::OtherTab)));
    assert_eq!((t.tries("").await, t.hasher.runs()), (lookups, 0), "no attempt was counted, no hash checked");
    second_tab.token.clone_from(&first_tab.token);
    assert!(matches!(second_tab.answer(&other.answer).await.state, Recovery::Captcha(_)));

    let mut first_tab = t.proven_by_key(&person, &person.key).await;
    let mut second_tab = first_tab.clone();
    second_tab.identify(&other.rut_text, &other.key).await;
    first_tab.token.clone_from(&second_tab.token);
    let page = first_tab.set("Peumo#41").await;
    assert_eq!(page.notice(), Some(Notice::OtherTab));
    assert!(t.key_is(&other, &other.key).await && t.key_is(&person, &person.key).await);
    // Sent after the other flow has ended, it gets no new cookie of a known browser either.
    second_tab.set("Maiten4zQ").await;
    first_tab.token.clone_from(&second_tab.token);
    first_tab.caller.browser = second_tab.caller.browser.next();
    first_tab.set("Peumo#41").await;
    assert_eq!(first_tab.caller.browser.issued(), None);

    // Each page of a registration begins a flow of its own, whichever cookie comes with its form.
    let (mut first_tab, mut second_tab) = (t.registering().await, t.registering().await);
    let (third, fourth) = (Person::number(3), Person::number(4));
    second_tab.create(fourth.form(), "nada").await;
    first_tab.token.clone_from(&second_tab.token);
    assert!(matches!(first_tab.create_right(third.form()).await.state, Registration::Done { .. }));
    second_tab.token.clone_from(&first_tab.token);
    assert!(matches!(second_tab.create_right(fourth.form()).await.state, Registration::Done { .. }));
    assert!(t.key_is(&third, &third.key).await && t.key_is(&fourth, &fourth.key).await);
}
