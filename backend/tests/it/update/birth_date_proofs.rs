//! V-UPD: limits for wrong dates of birth, and the further proof required when no question is on file.

use backend::clock::{MINUTE, SECOND};
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::update::{Update, UpdateInput, UpdateProof};
use domain::kind::Kind;

use crate::support::accounts::AccountData;
use crate::support::{Migrant, Person, TestBackend, on_both_engines};
use crate::update::birth_date::refused;

on_both_engines![
    v_upd_wrong_dates_have_their_own_counter,
    v_upd_every_spelling_shares_one_counter,
    v_upd_without_a_question_the_serial_is_required,
    v_upd_without_a_question_a_migrant_needs_the_document,
    v_upd_a_date_of_birth_is_refused_when_the_key_is_required,
];

async fn v_upd_wrong_dates_have_their_own_counter(t: TestBackend) {
    let (t, person) = (t.by_birth_date(), Person::number(1));
    t.account(&person).await;
    let wait = Some(Notice::Wait { minutes: 1 });
    for notice in [None, None, None, None, wait] {
        let page = t.updating().by_birth_date(&person.rut_text, "02-12-1941", &person.email).await;
        refused(&page);
        assert_eq!(page.notice(), notice);
    }
    let right =
        async || t.updating().by_birth_date(&person.rut_text, &person.birth_date, &person.email).await;
    let page = right().await;
    assert_eq!((page.state.clone(), page.errors(), page.notice()), (Update::Identify, vec![], wait));
    assert_eq!(t.tries("key").await + t.tries("answer").await, 0);
    let page = t.changing().identify(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "the key is not limited by it");

    t.clock.advance(MINUTE + SECOND);
    for _ in 0..5 {
        t.changing().identify(&person.rut_text, "NoEsEsta1").await;
    }
    assert!(matches!(right().await.state, Update::Question(_)), "wrong keys do not limit the date either");
    assert_eq!(t.tries("birth-date/rut").await + t.tries("birth-date/pair").await, 0);
}

async fn v_upd_every_spelling_shares_one_counter(t: TestBackend) {
    let (t, person) = (t.by_birth_date(), Person::number(1));
    let (dotted, plain) = (person.rut_text.clone(), person.rut.plain());
    let bare = plain.replace('-', "");
    for (tries, spelling) in [dotted.as_str(), &plain, &bare, &format!(" {plain} "), &bare].iter().enumerate()
    {
        t.updating().by_birth_date(spelling, "02-12-1941", &person.email).await;
        assert_eq!(t.tries("birth-date/rut").await, i64::try_from(tries).unwrap() + 1);
    }
    let page = t.updating().by_birth_date(&dotted, "02-12-1941", &person.email).await;
    assert_eq!(page.notice(), Some(Notice::Wait { minutes: 1 }));
}

async fn v_upd_without_a_question_the_serial_is_required(t: TestBackend) {
    let (t, person, other) = (t.by_birth_date(), Person::number(1), Person::number(2));
    t.account_with(&person, AccountData::NoQuestion).await;
    t.civil_is_down();
    let mut browser = t.updating();
    let page = browser.by_birth_date(&person.rut_text, &person.birth_date, &person.email).await;
    assert!(matches!(page.state, Update::Document(_)), "{:?}", page.feedback);
    for _ in 0..7 {
        let page = browser.document(&person.serial).await;
        assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::RegistryDown)));
        assert_eq!(page.typed.get("serie"), person.serial, "nothing typed is lost");
    }
    assert_eq!(t.tries("document").await, 0, "an attempt during an outage is not counted");

    t.civil_says(&[(&person, "vigente"), (&other, "vigente")]);
    for (serial, reason) in
        [("", Reason::Missing), ("A12", Reason::Format), (other.serial.as_str(), Reason::Wrong)]
    {
        let page = browser.document(serial).await;
        assert!(matches!(page.state, Update::Document(_)));
        assert_eq!(page.errors(), [(Field::Serial, reason)]);
    }
    let page = browser.choose(person.form().question, "no se puede").await;
    assert!(matches!(page.state, Update::Document(_)), "a question cannot be chosen without the document");
    let before = browser.clone();
    let page = browser.document(&person.serial.to_lowercase()).await;
    assert!(matches!(page.state, Update::Choose(_)));
    assert_eq!(page.typed.get("serie"), "", "a right serial is not shown again");
    assert!(before.flow().await.is_none(), "a new proof replaces the token");
    browser.choose(person.form().question, &person.answer).await;
    assert!(matches!(browser.save_right(person.update()).await.state, Update::Done(done) if done.changed));
    let page = t.updating().by_birth_date(&person.rut_text, &person.birth_date, &person.email).await;
    assert!(matches!(page.state, Update::Question(_)));
    t.recover_by_answer(&person).await;
}

async fn v_upd_without_a_question_a_migrant_needs_the_document(t: TestBackend) {
    let (t, migrant) = (t.by_birth_date(), Migrant::number(1));
    t.account_with(&migrant, AccountData::NoQuestion).await;
    t.civil_is_down();
    let mut browser = t.updating_as(Kind::Migrante);
    let page = browser.by_birth_date(&migrant.nie, &migrant.birth_date, &migrant.email).await;
    assert!(matches!(page.state, Update::Document(_)), "{:?}", page.feedback);
    let page = browser.document("P-9999999").await;
    assert_eq!(page.errors(), [(Field::DocumentNumber, Reason::Wrong)]);
    assert_eq!(page.typed.get("documento"), "P-9999999");
    let page = browser.document(&migrant.document.to_lowercase()).await;
    assert!(matches!(page.state, Update::Choose(_)));
    browser.choose(migrant.form().question, &migrant.answer).await;
    let contact = ContactInput { home_phone: ("2", "23456789"), ..migrant.contact() };
    let page = browser.save_right(UpdateInput { contact, ..migrant.update() }).await;
    assert!(matches!(page.state, Update::Done(done) if done.changed));
    t.recover_by_answer(&migrant).await;
}

async fn v_upd_a_date_of_birth_is_refused_when_the_key_is_required(t: TestBackend) {
    let (mut t, person) = (t.by_birth_date(), Person::number(1));
    t.account(&person).await;
    // The dates stay on file when the operator returns to the newer guides.
    t.backend.settings.update_proof = UpdateProof::Key;
    let page = t.updating().by_birth_date(&person.rut_text, &person.birth_date, &person.email).await;
    assert_eq!(page.state, Update::Identify, "the weaker proof is refused");
}
