//! N-UPD with a forgotten answer: the identity document, then another question and answer.

use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::recovery::Recovery;
use domain::flow::update::Update;
use domain::kind::Kind;
use domain::question::SecretQuestion;

use crate::support::people::recipients;
use crate::support::{Migrant, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    n_upd_a_forgotten_answer_is_replaced_after_the_serial,
    m_upd_a_forgotten_answer_is_replaced_after_the_document,
    n_upd_the_answer_is_accepted_after_choosing_forgotten,
    v_upd_date_and_serial_replace_a_forgotten_answer,
    n_upd_an_outage_of_registro_civil_loses_no_data_and_counts_no_attempt,
    security_of_two_new_questions_the_first_one_saved_stays,
];

/// A question other than the registered one.
fn other_question() -> SecretQuestion {
    SecretQuestion::by_index(5)
}

/// An update whose answer is forgotten, at the step of the document.
async fn forgot(t: &TestBackend, person: &Person) -> Visit<Update> {
    let mut browser = t.updating();
    browser.by_key(&person.rut_text, &person.key).await;
    let page = browser.forgotten().await;
    assert!(matches!(page.state, Update::Document(_)), "{:?}", page.feedback);
    browser
}

async fn n_upd_a_forgotten_answer_is_replaced_after_the_serial(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person, &other]);
    let mut browser = forgot(&t, &person).await;
    for state in [
        browser.choose(other_question().id(), "la nueva").await.state,
        browser.save(person.update(), "nada").await.state,
    ] {
        assert!(matches!(state, Update::Document(_)), "the document is required first");
    }
    let page = browser.document(&other.serial).await;
    assert_eq!(page.errors(), [(Field::Serial, Reason::Wrong)]);
    assert_eq!(page.typed.get("serie"), other.serial);
    let page = browser.document(&person.serial).await;
    assert!(matches!(page.state, Update::Choose(_)));
    let page = browser.choose(other_question().id(), "La Piedra Feliz").await;
    assert!(matches!(page.state, Update::Form(_)));
    // The old answer is valid until the form is sent.
    t.proven_by_answer(&person).await;
    let page = browser.save_right(person.update()).await;
    assert!(matches!(&page.state, Update::Done(done) if done.changed));
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [person.phone(), person.email.clone()]);
    assert!(letters.iter().any(|letter| letter.text.contains("pregunta secreta")));

    let mut recovery = t.recovering();
    let page = recovery.rut(&person.rut_text).await;
    let Recovery::Question(asked) = page.state else { panic!("{:?}", page.feedback) };
    assert_eq!(asked.question(), other_question());
    assert_eq!(recovery.answer(&person.answer).await.errors(), [(Field::Answer, Reason::Wrong)]);
    assert!(matches!(recovery.answer("la piedra feliz").await.state, Recovery::Captcha(_)));
    assert!(t.key_is(&person, &person.key).await);
}

async fn m_upd_a_forgotten_answer_is_replaced_after_the_document(t: TestBackend) {
    let migrant = Migrant::number(1);
    t.account(&migrant).await;
    t.civil_is_down();
    let mut browser = t.updating_as(Kind::Migrante);
    browser.by_key(&migrant.nie, &migrant.key).await;
    browser.forgotten().await;
    let page = browser.document("P-9999999").await;
    assert_eq!(page.errors(), [(Field::DocumentNumber, Reason::Wrong)]);
    assert!(matches!(browser.document(&migrant.document).await.state, Update::Choose(_)));
    browser.choose(migrant.form().question, "La Piedra Feliz").await;
    let page = browser.save_right(migrant.update()).await;
    assert!(matches!(&page.state, Update::Done(done) if done.changed), "the same question, another answer");
    let person = Person { answer: "la piedra feliz".to_owned(), ..migrant.person };
    t.recover_by_answer(&Migrant { person, ..Migrant::number(1) }).await;
}

async fn n_upd_the_answer_is_accepted_after_choosing_forgotten(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = forgot(&t, &person).await;
    let page = browser.answer("no es esta").await;
    assert!(matches!(page.state, Update::Question(_)));
    assert_eq!(page.errors(), [(Field::Answer, Reason::Wrong)]);
    browser.forgotten().await;
    assert!(matches!(browser.answer(&person.answer).await.state, Update::Form(_)));
    let page = browser.save_right(person.update()).await;
    assert!(matches!(&page.state, Update::Done(done) if !done.changed), "the question is unchanged");
    t.proven_by_answer(&person).await;
}

async fn v_upd_date_and_serial_replace_a_forgotten_answer(t: TestBackend) {
    let (t, person) = (t.by_birth_date(), Person::number(1));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.updating();
    browser.by_birth_date(&person.rut_text, &person.birth_date, &person.email).await;
    assert!(matches!(browser.forgotten().await.state, Update::Document(_)));
    assert!(matches!(browser.document(&person.serial).await.state, Update::Choose(_)));
    browser.choose(other_question().id(), "La Piedra Feliz").await;
    assert!(matches!(browser.save_right(person.update()).await.state, Update::Done(done) if done.changed));
    assert_eq!(t.on_file(&person).await.question, Some(other_question()));
}

async fn n_upd_an_outage_of_registro_civil_loses_no_data_and_counts_no_attempt(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_is_down();
    let mut browser = forgot(&t, &person).await;
    for _ in 0..7 {
        let page = browser.document(&person.serial).await;
        assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::RegistryDown)));
        assert_eq!(page.typed.get("serie"), person.serial);
    }
    assert_eq!(t.tries("document").await, 0);
    t.civil_knows(&[&person]);
    assert!(matches!(browser.document(&person.serial).await.state, Update::Choose(_)));
}

async fn security_of_two_new_questions_the_first_one_saved_stays(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browsers = Vec::new();
    for (question, answer) in [(5, "la primera"), (6, "la segunda")] {
        let mut browser = forgot(&t, &person).await;
        browser.document(&person.serial).await;
        browser.choose(SecretQuestion::by_index(question).id(), answer).await;
        browsers.push(browser);
    }
    for (browser, changed) in browsers.iter_mut().zip([true, false]) {
        let page = browser.save_right(person.update()).await;
        assert!(matches!(&page.state, Update::Done(done) if done.changed == changed), "{:?}", page.state);
    }
    assert_eq!(t.on_file(&person).await.question, Some(SecretQuestion::by_index(5)));
    assert_eq!(t.messages().await.len(), 2);
    t.recover_by_answer(&Person { answer: "la primera".to_owned(), ..person }).await;
}
