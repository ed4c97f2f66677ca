//! A step takes the same statements whether or not the identity has an account, so that its time does not show it
//! (docs/security.md#abuse-and-enumeration).

use backend::clock::MINUTE;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};

use crate::support::accounts::AccountData;
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    security_the_first_page_of_a_recovery_takes_the_same_statements_known_or_unknown,
    security_a_registration_takes_the_same_statements_known_or_unknown,
];

async fn security_the_first_page_of_a_recovery_takes_the_same_statements_known_or_unknown(t: TestBackend) {
    let (known, without_question) = (Person::number(1), Person::number(2));
    t.account(&known).await;
    t.account_with(&without_question, AccountData::NoQuestion).await;
    let mut counts = Vec::new();
    for person in [&known, &without_question, &Person::number(3)] {
        // The browser has no cookie, then that of the flow before.
        let mut browser = t.recovering();
        let (first, page) = t.statements_of(browser.rut(&person.rut_text)).await;
        assert!(page.state != Recovery::Identify, "{:?}", page.feedback);
        let (second, _) = t.statements_of(browser.rut(&person.rut_text)).await;
        assert!(first.len() > 2 && second.len() > 2, "{first:?}");
        counts.push((first, second));
    }
    assert_eq!(counts[0], counts[1], "an account without a question");
    assert_eq!(counts[0], counts[2], "no account");
}

async fn security_a_registration_takes_the_same_statements_known_or_unknown(t: TestBackend) {
    t.account(&Person::number(1)).await;
    t.account_with(&Person::number(2), AccountData::NoContact).await;
    let statements_for = async |number: u32, no_mobile: bool| {
        let (person, other) = (Person::number(number), Person::number(77));
        let mut form = RegistrationInput { contact: other.contact(), ..person.form() };
        if no_mobile {
            (form.contact.mobile, form.contact.no_mobile) = ("", true);
        }
        t.clock.advance(61 * MINUTE);
        let mut browser = t.registering().await;
        let (statements, page) = t.statements_of(browser.create_right(form)).await;
        assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
        statements
    };
    for no_mobile in [false, true] {
        let fresh = if no_mobile { 4 } else { 3 };
        let unknown = statements_for(fresh, no_mobile).await;
        assert!(unknown.len() > 10, "{unknown:?}");
        let without_contact = statements_for(2, no_mobile).await;
        assert_eq!(without_contact.len(), unknown.len(), "{without_contact:#?} {unknown:#?}");
        // More often than the owner is notified in a day.
        for _ in 0..5 {
            let known = statements_for(1, no_mobile).await;
            assert_eq!(known.len(), unknown.len(), "{known:#?} {unknown:#?}");
        }
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 4);
    let notices = t.number("SELECT COUNT(*) FROM outbox WHERE template = 'registered-again'").await;
    assert_eq!(notices, 6, "three notices by mail and SMS: rehearsals left nothing");
    let keys = t.number("SELECT COUNT(*) FROM former_key").await;
    assert_eq!(keys, 4, "one for each account");
}
