//! N-CHG, “Cambiar CS”: who may set a new key, and which flows and keys end when it is set.

use backend::clock::{DAY, HOUR, MINUTE};
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;

use crate::support::people::{key_in, recipients};
use crate::support::{Page, Person, TestBackend, on_both_engines};

on_both_engines![
    n_chg_sets_a_new_key_with_the_current_one,
    n_chg_a_provisional_key_works_once,
    n_chg_spent_expired_and_wrong_provisional_keys_have_their_own_errors,
    n_chg_a_provisional_key_that_expires_halfway_sets_nothing,
    n_chg_a_wrong_key_is_reported_and_not_stored,
    security_a_new_key_ends_the_other_flows_of_the_account,
];

fn refused(page: &Page<Change>, reason: Reason) {
    assert_eq!((page.state.clone(), page.errors()), (Change::Identify, vec![(Field::CurrentKey, reason)]));
}

async fn n_chg_sets_a_new_key_with_the_current_one(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    assert_eq!(browser.set("Peumo#41").await.state, Change::Done { by_sms: true, question_deleted: false });
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [person.phone().as_str(), person.email.as_str()]);
    assert!(
        letters.iter().all(|letter| letter.text.contains("cambiada") || letter.text.contains("clave nueva"))
    );
    assert!(letters.iter().all(|letter| !letter.text.contains("Peumo#41")));

    refused(&t.changing().identify(&person.rut_text, &person.key).await, Reason::Wrong);
    t.change_key(&person, "Peumo#41", "ñandú ríe").await;
    refused(&t.changing().identify(&person.rut_text, "ÑANDÚ RÍE").await, Reason::Wrong);
}

async fn n_chg_a_provisional_key_works_once(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let key = t.recover_by_answer(&person).await;
    t.change_key(&person, &format!(" {} ", key.to_lowercase()), "Peumo#41").await;
    assert!(t.key_is(&person, "Peumo#41").await && !t.key_is(&person, &person.key).await);
    refused(&t.changing().identify(&person.rut_text, &key).await, Reason::Spent);
}

async fn n_chg_spent_expired_and_wrong_provisional_keys_have_their_own_errors(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let provisional = t.recover_by_answer(&person).await;
    t.clock.advance(DAY - HOUR);
    t.proven_by_key(&person, &provisional).await;
    t.clock.advance(HOUR);
    refused(&t.changing().identify(&person.rut_text, &provisional).await, Reason::Expired);

    let first = t.recover_by_answer(&person).await;
    let second = t.recover_by_answer(&person).await;
    refused(&t.changing().identify(&person.rut_text, &first).await, Reason::Spent);
    t.change_key(&person, &person.key, "Peumo#41").await;
    refused(&t.changing().identify(&person.rut_text, &second).await, Reason::Spent);
    refused(&t.changing().identify(&person.rut_text, "A00000A0").await, Reason::Wrong);

    // For another person it is a wrong key.
    let other = Person::number(2);
    t.account(&other).await;
    let third = t.recover_by_answer(&person).await;
    refused(&t.changing().identify(&other.rut_text, &third).await, Reason::Wrong);
}

async fn n_chg_a_provisional_key_that_expires_halfway_sets_nothing(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let first = t.recover_by_answer(&person).await;
    let mut browser = t.proven_by_key(&person, &first).await;
    let second = t.recover_by_answer(&person).await;
    refused(&browser.set("Peumo#41").await, Reason::Spent);

    t.clock.advance(DAY - 10 * MINUTE);
    let mut browser = t.proven_by_key(&person, &second).await;
    t.clock.advance(10 * MINUTE);
    let moved = browser.service().new_captcha(browser.posted(), "", "").await.unwrap();
    browser.arrive(moved).await;
    refused(&browser.set("Peumo#41").await, Reason::Spent);
    assert!(t.key_is(&person, &person.key).await);
    assert!(t.messages().await.is_empty());
}

async fn n_chg_a_wrong_key_is_reported_and_not_stored(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.changing();
    for (rut, key, errors) in [
        ("", "", vec![(Field::Rut, Reason::Missing), (Field::CurrentKey, Reason::Missing)]),
        ("12345678-9", "Secreta#1", vec![(Field::Rut, Reason::CheckDigit)]),
        (person.rut_text.as_str(), "Secreta#1", vec![(Field::CurrentKey, Reason::Wrong)]),
        (person.rut_text.as_str(), &"Secreta#1".repeat(20), vec![(Field::CurrentKey, Reason::Wrong)]),
    ] {
        let page = browser.identify(rut, key).await;
        assert_eq!((page.state.clone(), page.errors()), (Change::Identify, errors));
        assert_eq!((page.typed.get("rut"), page.typed.get("clave_actual")), (rut, ""));
        assert!(!t.dump("flow").await.contains("Secreta"));
    }
    assert_eq!(t.hasher.runs(), 1, "a text that cannot be a key is not hashed");
}

async fn security_a_new_key_ends_the_other_flows_of_the_account(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account(&other).await;
    t.civil_knows(&[&person]);
    let mut by_answer = t.proven_by_answer(&person).await;
    let mut by_serial = t.proven_by_serial(&person).await;
    let mut by_key = t.proven_by_key(&person, &person.key).await;
    let mut of_other = t.proven_by_answer(&other).await;
    let provisional = t.recover_by_answer(&person).await;

    let mut browser = t.proven_by_key(&person, &person.key).await;
    assert!(matches!(browser.set("Peumo#41").await.state, Change::Done { .. }));
    t.messages().await;

    let page = by_answer.send("nada").await;
    assert_eq!((page.state.clone(), page.notice()), (Recovery::Identify, Some(Notice::Expired)));
    let page = by_serial.mail("si").await;
    assert!(
        matches!(page.state, Recovery::Captcha(_)),
        "a secret ends no proof of identity: {:?}",
        page.state
    );
    let page = by_key.set_key("Boldo#123", "Boldo#123", "nada").await;
    assert_eq!((page.state.clone(), page.notice()), (Change::Identify, Some(Notice::Expired)));
    refused(&t.changing().identify(&person.rut_text, &provisional).await, Reason::Spent);
    assert!(matches!(browser.load().await.state, Change::Done { .. }), "the last page of this flow stays");
    assert!(
        matches!(of_other.send_right().await.state, Recovery::Sent(_)),
        "flows of other accounts continue"
    );
    assert!(t.key_is(&person, "Peumo#41").await);

    // The key that a document earned ends every flow.
    let mut again = t.proven_by_serial(&person).await;
    t.messages().await;
    assert!(matches!(by_serial.send_right().await.state, Recovery::Sent(_)));
    let provisional = t.messages().await.iter().find_map(key_in).unwrap();
    t.change_key(&person, &provisional, "Boldo#123").await;
    let page = again.mail("si").await;
    assert_eq!((page.state.clone(), page.notice()), (Recovery::Identify, Some(Notice::Expired)));
}
