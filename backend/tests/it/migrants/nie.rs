//! The NIE: all spellings are one identifier, a RUT is never a NIE, and the pages do not reveal which NIEs exist.

use std::sync::Arc;

use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::update::Update;
use domain::kind::Kind;
use domain::nie::NiePattern;

use crate::support::{Migrant, Page, Person, TestBackend, on_both_engines};

on_both_engines![
    security_all_spellings_of_a_nie_share_one_account_and_one_limit,
    security_a_nie_and_a_rut_with_the_same_text_are_two_accounts,
    security_known_and_unknown_nies_see_the_same_pages_at_the_same_cost,
    m_reg_the_configured_nie_pattern_is_enforced,
    security_a_key_that_contains_the_nie_is_refused,
    security_a_key_that_is_a_spelling_of_the_identifier_is_refused,
    security_three_wrong_answers_of_a_migrant_cause_a_wait_that_the_document_avoids,
];

const SPELLINGS: [&str; 6] =
    ["EX-700001", "ex700001", " Ex 700 001 ", "EX\u{2011}700001", "ex.700.001", "E-X-7-0-0-0-0-1"];

async fn security_all_spellings_of_a_nie_share_one_account_and_one_limit(t: TestBackend) {
    let migrant = Migrant::number(1);
    t.account(&migrant).await;
    for spelling in SPELLINGS {
        let page = t.changing_as(Kind::Migrante).identify(spelling, &migrant.key).await;
        assert!(matches!(page.state, Change::NewKey(_)), "{spelling}");
        let form = RegistrationInput { identifier: spelling, ..migrant.form() };
        if t.tries("register/pair").await < 4 {
            let page = t.registering_as(Kind::Migrante).await.create_right(form).await;
            assert!(matches!(page.state, Registration::Done { .. }), "{spelling}");
        }
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 1);
    for (number, spelling) in (1..).zip(SPELLINGS) {
        t.changing_as(Kind::Migrante).identify(spelling, "NoEsEsta1").await;
        assert_eq!(t.tries("key/rut").await, number.min(5), "{spelling}");
        let mut browser = t.recovering_as(Kind::Migrante);
        assert!(matches!(browser.nie(spelling).await.state, Recovery::Question(_)), "{spelling}");
        browser.answer("no es esta").await;
        assert_eq!(t.tries("answer/rut").await, number.min(3), "{spelling}");
        browser.forgotten().await;
        browser.document("P-9999999").await;
        assert_eq!(t.tries("document/pair").await, number.min(5), "{spelling}");
    }
}

async fn security_a_nie_and_a_rut_with_the_same_text_are_two_accounts(t: TestBackend) {
    // A RUT whose check digit is a digit can be typed as a NIE.
    let person = (0..).map(Person::number).find(|person| !person.rut.plain().ends_with('K')).unwrap();
    let migrant = Migrant { nie: person.rut_text.clone(), ..Migrant::number(1) };
    let migrant = Migrant { person: Person { key: "Canelo_05".to_owned(), ..migrant.person }, ..migrant };
    t.register(&person).await;
    t.register(&migrant).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 2);
    t.messages().await;
    let page = t.changing().identify(&person.rut_text, &migrant.key).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Wrong)]);
    let page = t.changing_as(Kind::Migrante).identify(&migrant.nie, &person.key).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::WrongForNie)]);
    let key = t.recover_by_answer(&migrant).await;
    let page = t.changing().identify(&person.rut_text, &key).await;
    assert_eq!(
        page.errors(),
        [(Field::CurrentKey, Reason::Wrong)],
        "the provisional key of the other account"
    );
    t.change_key(&migrant, &key, "Peumo#41").await;
    assert!(t.key_is(&person, &person.key).await && t.key_is(&migrant, "Peumo#41").await);

    // Attempts with one identifier do not count for the other.
    for _ in 0..6 {
        t.changing_as(Kind::Migrante).identify(&migrant.nie, "NoEsEsta1").await;
    }
    let page = t.changing_as(Kind::Migrante).identify(&migrant.nie, "Peumo#41").await;
    assert_eq!(page.notice(), Some(Notice::Wait { minutes: 1 }));
    t.proven_by_key(&person, &person.key).await;
}

/// What a person sees of a recovery: the step, the errors, the notice, the typed document.
fn seen(page: &Page<Recovery>) -> String {
    let step = match page.state {
        Recovery::Identify => "nie",
        Recovery::Question(_) => "question",
        Recovery::Document(_) => "document",
        _ => "further",
    };
    format!("{step} {:?} {}", page.feedback, page.typed.get("documento"))
}

/// Tries the steps of all flows with wrong proofs. Returns, for each step, what is seen and how many hashes it cost.
async fn probe(t: &TestBackend, migrant: &Migrant) -> Vec<(String, u64)> {
    let mut steps = Vec::new();
    let mut note = |seen: String, since: u64| steps.push((seen, t.hasher.runs() - since));
    let runs = || t.hasher.runs();
    let mut browser = t.recovering_as(Kind::Migrante);
    let before = runs();
    note(seen(&browser.nie(&migrant.nie).await), before);
    for _ in 0..2 {
        let before = runs();
        note(seen(&browser.answer("no es esta").await), before);
    }
    browser.forgotten().await;
    for number in ["P-9999999", "P9999998", "12/34", "P-9999999", "P-9999999", "P-9999999", "P-9999999"] {
        let before = runs();
        note(seen(&browser.document(number).await), before);
    }
    for key in ["NoEsEsta1", "A00000A0"] {
        let before = runs();
        let page = t.changing_as(Kind::Migrante).identify(&migrant.nie, key).await;
        note(format!("{:?}", page.feedback), before);
        let before = runs();
        let page = t.updating_as(Kind::Migrante).by_key(&migrant.nie, key).await;
        assert_eq!(page.state, Update::Identify);
        note(format!("{:?}", page.feedback), before);
    }
    steps
}

async fn security_known_and_unknown_nies_see_the_same_pages_at_the_same_cost(t: TestBackend) {
    let known: Vec<_> = (0..5).map(Migrant::number).collect();
    let unknown: Vec<_> = (5..10).map(Migrant::number).collect();
    for migrant in &known {
        t.account(migrant).await;
    }
    t.refresh_decoys().await.unwrap();
    let first = probe(&t, &known[0]).await;
    assert_eq!((first[3].1, first[5].1), (1, 0), "a wrong number costs one hash, a malformed one none");
    assert!(first[8].0.contains("minutes"), "the fifth wrong number causes a wait: {}", first[8].0);
    for migrant in known[1..].iter().chain(&unknown) {
        assert_eq!(probe(&t, migrant).await, first, "{}", migrant.nie);
    }
}

async fn m_reg_the_configured_nie_pattern_is_enforced(t: TestBackend) {
    let mut t = t;
    t.backend.settings.nie = Arc::new(NiePattern::parse("EX[0-9]{6}").unwrap());
    let migrant = Migrant::number(1);
    let format = vec![(Field::Nie, Reason::Format)];
    for nie in ["700001", "EX-70000", "EX-7000012", "XEX-700001", "EX-70000A"] {
        let form = RegistrationInput { identifier: nie, ..migrant.form() };
        let page = t.registering_as(Kind::Migrante).await.create_right(form).await;
        assert_eq!((page.state.clone(), page.errors()), (Registration::Form, format.clone()), "{nie}");
        let page = t.recovering_as(Kind::Migrante).nie(nie).await;
        assert_eq!((page.state.clone(), page.errors()), (Recovery::Identify, format.clone()), "{nie}");
        assert_eq!(page.typed.get("nie"), nie);
        assert_eq!(t.changing_as(Kind::Migrante).identify(nie, "NoEsEsta1").await.errors(), format, "{nie}");
        assert_eq!(t.updating_as(Kind::Migrante).by_key(nie, "NoEsEsta1").await.errors(), format, "{nie}");
    }
    assert_eq!((t.tries("").await, t.hasher.runs()), (t.tries("captcha").await, 0));
    t.register(&migrant).await;
    t.recover_by_answer(&Migrant { nie: "ex 700001".to_owned(), ..migrant }).await;
}

async fn security_a_key_that_contains_the_nie_is_refused(t: TestBackend) {
    let migrant = Migrant { nie: "EX-70001".to_owned(), ..Migrant::number(1) };
    let mut browser = t.registering_as(Kind::Migrante).await;
    for key in ["ex70001##", "-EX70001-", "Ex70001Ex"] {
        let page = browser.create_right(RegistrationInput { key, key_again: key, ..migrant.form() }).await;
        assert_eq!(page.errors(), [(Field::NewKey, Reason::ContainsNie)], "{key}");
    }
    t.register(&migrant).await;
    let mut browser = t.proven_by_key(&migrant, &migrant.key).await;
    assert_eq!(browser.set("eX70001#1").await.errors(), [(Field::NewKey, Reason::ContainsNie)]);
    assert!(
        matches!(browser.set("EX7000#1x").await.state, Change::Done { .. }),
        "a part of the NIE is allowed"
    );
}

async fn security_a_key_that_is_a_spelling_of_the_identifier_is_refused(t: TestBackend) {
    let (person, migrant) = (Person::number(1), Migrant::number(1));
    t.account(&person).await;
    t.account(&migrant).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    for key in ["31.000.001", "31-000-001", "31000 001"] {
        assert_eq!(browser.set(key).await.errors(), [(Field::NewKey, Reason::ContainsRut)], "{key}");
    }
    let mut browser = t.proven_by_key(&migrant, &migrant.key).await;
    for key in ["EX-700001", "ex 700001", "ex.700001x"] {
        assert_eq!(browser.set(key).await.errors(), [(Field::NewKey, Reason::ContainsNie)], "{key}");
    }
}

async fn security_three_wrong_answers_of_a_migrant_cause_a_wait_that_the_document_avoids(t: TestBackend) {
    let migrant = Migrant::number(1);
    t.account(&migrant).await;
    let mut browser = t.recovering_as(Kind::Migrante);
    browser.nie(&migrant.nie).await;
    for notice in [None, None, Some(Notice::WaitOrDocument { minutes: 1 })] {
        assert_eq!(browser.answer("no es esta").await.notice(), notice);
    }
    let page = browser.answer(&migrant.answer).await;
    assert_eq!(page.notice(), Some(Notice::WaitOrDocument { minutes: 1 }));
    browser.forgotten().await;
    assert!(matches!(browser.document(&migrant.document).await.state, Recovery::Mail(_)));
}
