//! Nothing distinguishes RUTs with an account from those without (docs/security.md#abuse-and-enumeration).

use std::collections::HashSet;

use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::kind::Kind;

use crate::support::accounts::AccountData;
use crate::support::{Page, Person, TestBackend, on_both_engines};

on_both_engines![
    security_known_and_unknown_ruts_see_the_same_pages_at_the_same_cost,
    security_the_decoy_of_a_rut_is_always_the_same,
    security_some_decoys_have_no_question_when_some_accounts_have_none,
];

/// What a person sees of a recovery: the step, the errors, the notice.
fn seen(page: &Page<Recovery>) -> String {
    let step = match page.state {
        Recovery::Identify => "rut",
        Recovery::Question(_) => "question",
        Recovery::Document(_) => "serial",
        _ => "further",
    };
    format!("{step} {:?}", page.feedback)
}

/// Tries the steps of a recovery and a change with wrong proofs. Returns, for each step, what is seen and how many
/// hashes it cost.
async fn probe(t: &TestBackend, person: &Person) -> Vec<(String, u64)> {
    let mut steps = Vec::new();
    let mut note = |seen: String, since: u64| steps.push((seen, t.hasher.runs() - since));
    let runs = || t.hasher.runs();

    let mut browser = t.recovering();
    let before = runs();
    let page = browser.rut(&person.rut_text).await;
    note(seen(&page), before);
    for _ in 0..4 {
        let before = runs();
        let page = browser.answer("no es esta").await;
        note(seen(&page), before);
    }
    browser.forgotten().await;
    let page = browser.serial("A999999999").await;
    note(seen(&page), before);

    let mut browser = t.changing();
    for key in ["NoEsEsta1", "A00000A0"] {
        let before = runs();
        let page = browser.identify(&person.rut_text, key).await;
        assert_eq!(page.state, Change::Identify);
        note(format!("{:?} {}", page.feedback, page.typed.get("rut") == person.rut_text), before);
    }
    steps
}

async fn security_known_and_unknown_ruts_see_the_same_pages_at_the_same_cost(t: TestBackend) {
    let mut t = t;
    t.backend.limits =
        backend::limits::Limits::new(t.backend.store.clone(), t.backend.secrets.clone(), 10_000);
    let known: Vec<_> = (0..50).map(Person::number).collect();
    let unknown: Vec<_> = (50..100).map(Person::number).collect();
    t.civil_knows(&[]);
    for person in &known {
        t.account(person).await;
    }
    let first = probe(&t, &known[0]).await;
    assert_eq!(first[1].1, 1, "a wrong answer costs one hash");
    assert_eq!(first[4].1, 0, "a wait costs none");
    for person in known[1..].iter().chain(&unknown) {
        assert_eq!(probe(&t, person).await, first, "RUT {}", person.rut);
    }
}

async fn security_the_decoy_of_a_rut_is_always_the_same(t: TestBackend) {
    let people: Vec<_> = (0..40).map(Person::number).collect();
    let questions = async |t: &TestBackend| {
        let mut questions = Vec::new();
        for person in &people {
            let page = t.recovering().rut(&person.rut.plain()).await;
            let Recovery::Question(asked) = page.state else { panic!("{:?}", page.feedback) };
            questions.push(asked.question());
        }
        questions
    };
    let first = questions(&t).await;
    assert_eq!(questions(&t).await, first, "the same in new flows");
    assert!(first.iter().collect::<HashSet<_>>().len() > 6, "decoys have different questions");
    let t = t.restart().await;
    assert_eq!(questions(&t).await, first, "after a restart");
    let t = t.restart_with(b"otra clave larga que nadie usa fuera de las pruebas").await;
    assert_ne!(questions(&t).await, first, "decoys depend on the secret");
}

async fn security_some_decoys_have_no_question_when_some_accounts_have_none(t: TestBackend) {
    let mut t = t;
    t.backend.limits =
        backend::limits::Limits::new(t.backend.store.clone(), t.backend.secrets.clone(), 10_000);
    // How many of sixty RUTs without an account skip the question; each of them always takes the same path.
    let without = async || {
        let mut without = 0;
        for number in 100..160 {
            let person = Person::number(number);
            let page = t.recovering().rut(&person.rut_text).await;
            let again = t.recovering().rut(&person.rut.plain()).await;
            assert_eq!(page.state, again.state);
            without += u32::from(matches!(page.state, Recovery::Document(_)));
        }
        without
    };
    for number in 0..10 {
        t.account(&Person::number(number)).await;
    }
    t.refresh_decoys().await.unwrap();
    assert_eq!(without().await, 0, "every account has a question");
    for number in 10..20 {
        t.account_with(&Person::number(number), AccountData::NoQuestion).await;
    }
    assert_eq!(without().await, 0, "decoys change only when refreshed");
    t.refresh_decoys().await.unwrap();
    let half = without().await;
    assert!((15..45).contains(&half), "{half} of 60 decoys, when half of the accounts have no question");
    // Decoys of another kind still have a question.
    let page = t.recovering_as(Kind::Migrante).nie("EX-700001").await;
    assert!(matches!(page.state, Recovery::Question(_)));
}
