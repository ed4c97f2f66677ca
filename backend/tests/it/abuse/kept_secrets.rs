//! New keys and answers that a flow keeps: for one browser, for one owner, and never a proof (docs/security.md#kept-secrets).

use backend::flows::Token;
use backend::hashing::Hasher;
use backend::secrets::token_id;
use backend::service::ServiceError;
use backend::service::request::IdentifyInput;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::registration::{RegisterProof, Registration, RegistrationInput};
use domain::flow::request::RequestInput;
use domain::flow::update::Update;
use domain::question::SecretQuestion;
use sqlx::Row as _;

use crate::support::accounts::AccountData;
use crate::support::forms::{all_missing, left_empty, wrong_comuna};
use crate::support::requests::Facilitator;
use crate::support::samples::png;
use crate::support::{Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    security_a_copy_of_the_row_with_another_token_does_not_open,
    security_two_browsers_keep_their_own,
    security_a_token_known_before_opens_nothing,
    security_another_secret_opens_nothing,
    security_proofs_are_never_kept,
    n_chg_a_new_key_is_typed_once,
    n_chg_a_kept_key_that_became_wrong_gets_its_error,
    n_chg_a_key_that_was_used_before_is_not_kept,
    n_chg_a_new_key_stays_kept_when_the_hashing_queue_is_full,
    n_upd_a_new_answer_is_typed_once,
    f_req_the_answer_of_a_facilitator_is_typed_once,
];

/// A browser whose flow keeps the key and the answer of a person.
async fn keeping(t: &TestBackend, person: &Person) -> Visit<Registration> {
    let mut browser = t.registering().await;
    assert_eq!(browser.create_right(wrong_comuna(person)).await.kept(), [true, true]);
    browser
}

fn id(token: &Token) -> String {
    token_id(token.expose())
}

async fn run(t: &TestBackend, sql: &'static str, [one, other]: [&str; 2]) {
    let connection = &mut *t.store.connection().await.unwrap();
    let done = sqlx::query(sql).bind(one).bind(other).execute(connection).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
}

async fn body(t: &TestBackend, token: &Token) -> String {
    let connection = &mut *t.store.connection().await.unwrap();
    let query = sqlx::query("SELECT body FROM flow WHERE id = $1").bind(id(token));
    query.fetch_one(connection).await.unwrap().get(0)
}

async fn security_a_copy_of_the_row_with_another_token_does_not_open(t: TestBackend) {
    let person = Person::number(1);
    let mut thief = keeping(&t, &person).await;
    // The very same row, under the hash of a token that the thief has.
    let token = Token::from_cookie(&"A".repeat(22)).unwrap();
    let owner = thief.token.replace(token.clone()).unwrap();
    run(&t, "UPDATE flow SET id = $1 WHERE id = $2", [&id(&token), &id(&owner)]).await;
    assert_eq!(thief.load().await.kept(), [true, true]);
    assert_eq!(thief.create_right(left_empty(&person)).await.errors(), all_missing());
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);
}

async fn security_two_browsers_keep_their_own(t: TestBackend) {
    let person = Person::number(1);
    let other = Person { key: "Peumo#41".to_owned(), ..Person::number(1) };
    let (one, two) = (keeping(&t, &person).await, keeping(&t, &other).await);
    let mut three = t.registering().await;
    assert_eq!(three.create(left_empty(&person), "nada").await.errors(), all_missing());
    // What is kept for one, in the flow of the other.
    let bodies = [body(&t, one.token.as_ref().unwrap()).await, body(&t, two.token.as_ref().unwrap()).await];
    let [ones, twos]: [serde_json::Value; 2] = bodies.map(|body| serde_json::from_str(&body).unwrap());
    let mut mixed = twos.clone();
    mixed["kept"] = ones["kept"].clone();
    let at = id(two.token.as_ref().unwrap());
    run(&t, "UPDATE flow SET body = $1 WHERE id = $2", [&mixed.to_string(), &at]).await;
    assert_eq!(two.clone().create_right(left_empty(&other)).await.errors(), all_missing());

    let mut two = keeping(&t, &other).await;
    assert!(matches!(two.create_right(left_empty(&other)).await.state, Registration::Done { .. }));
    assert!(t.key_is(&other, "Peumo#41").await);
}

async fn security_a_token_known_before_opens_nothing(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = keeping(&t, &person).await;
    let (before, kept) = (browser.token.clone().unwrap(), body(&t, browser.token.as_ref().unwrap()).await);
    browser.create(left_empty(&person), "nada").await;
    // Who used the browser before has the former cookie, and a copy of the row as it is now.
    let (now, after) = (browser.token.clone().unwrap(), body(&t, browser.token.as_ref().unwrap()).await);
    let [kept, after]: [serde_json::Value; 2] =
        [kept, after].map(|body| serde_json::from_str(&body).unwrap());
    assert_ne!(kept["kept"], after["kept"]);
    run(&t, "UPDATE flow SET id = $1 WHERE id = $2", [&id(&before), &id(&now)]).await;
    browser.token = Some(before);
    browser.load().await;
    assert_eq!(browser.create_right(left_empty(&person)).await.errors(), all_missing());
}

async fn security_another_secret_opens_nothing(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = keeping(&t, &person).await;
    let t = t.restart_with(&[9; 48]).await;
    browser.backend = t.backend.clone();
    let page = browser.create(left_empty(&person), "nada").await;
    assert_eq!((page.errors(), page.kept()), (all_missing(), [false, false]));
}

async fn security_proofs_are_never_kept(mut t: TestBackend) {
    t.backend.settings.register_proof = RegisterProof::Serial;
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let none = async |after: &str| {
        assert!(!t.dump("flow").await.contains("\"kept\""), "{after}");
    };
    let provisional = t.recover_by_answer(&person).await;
    t.changing().identify(&person.rut_text, "Robada#91").await;
    none("a wrong key").await;
    t.changing().identify(&person.rut_text, &provisional).await;
    none("a provisional key").await;
    t.updating().by_key(&person.rut_text, "Robada#91").await;
    none("a wrong key of an update").await;
    let mut update = t.updating();
    update.by_key(&person.rut_text, &person.key).await;
    update.answer("no es esta").await;
    none("a wrong answer of an update").await;
    update.answer(&person.answer).await;
    none("a right answer of an update").await;
    let mut recovery = t.recovering();
    recovery.rut(&person.rut_text).await;
    recovery.answer("no es esta").await;
    none("a wrong answer").await;
    recovery.forgotten().await;
    recovery.serial("A000000000").await;
    none("a wrong serial").await;
    recovery.serial(&person.serial).await;
    none("a right serial").await;
    let company = t.one_company().await;
    let mut request = t.requesting();
    request.begin().await;
    request.identify(IdentifyInput { captcha: "nada", ..company.identifying() }).await;
    none("the key of a company").await;
    // Of a registration with a wrong serial the key and the answer are kept, and the serial is not among them.
    let mut browser = t.registering().await;
    let other = Person::number(2);
    let page = browser.create_right(RegistrationInput { serial: "A999999999", ..other.form() }).await;
    assert_eq!(page.kept(), [true, true]);
    let body: serde_json::Value =
        serde_json::from_str(&body(&t, browser.token.as_ref().unwrap()).await).unwrap();
    let kept: Vec<&String> = body["kept"].as_object().unwrap().keys().collect();
    assert_eq!(kept, ["answer", "key"]);
    let page = browser.create_right(RegistrationInput { serial: "", ..left_empty(&other) }).await;
    assert_eq!(page.errors(), [(Field::Serial, Reason::Missing)]);
}

async fn n_chg_a_new_key_is_typed_once(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    let page = browser.set_key("Peumo#41", "Peumo#41", "nada").await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::Captcha, Reason::Wrong)], [true, false]));
    assert!(!t.dump("flow").await.contains("Peumo"));
    for keys in [["", ""], ["Boldo.58", "Boldo.58"], ["", ""]] {
        let moved = browser.service().new_captcha(browser.posted(), keys[0], keys[1]).await.unwrap();
        let page = browser.arrive(moved).await;
        assert_eq!((page.notice(), page.kept()), (Some(Notice::NewCaptcha), [true, false]));
    }
    let page = browser.set("").await;
    assert!(matches!(page.state, Change::Done { .. }), "{:?}", page.feedback);
    assert_eq!(page.kept(), [false, false]);
    assert!(t.key_is(&person, "Boldo.58").await);
}

async fn n_chg_a_kept_key_that_became_wrong_gets_its_error(t: TestBackend) {
    let person = Person::number(1);
    let account = t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    assert_eq!(browser.set_key("Peumo#41", "Peumo#41", "nada").await.kept(), [true, false]);
    t.write("UPDATE account SET names = $2 WHERE id = $1", account, "Zutana Peumo").await;
    let page = browser.set("").await;
    assert_eq!(page.errors(), [(Field::NewKey, Reason::ContainsName)]);
    assert_eq!(page.kept(), [false, false], "and the fields are there again");
    assert!(t.key_is(&person, &person.key).await);
}

async fn n_chg_a_key_that_was_used_before_is_not_kept(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    // Valid as far as the letters let anybody know.
    assert_eq!(browser.set_key(&person.key, &person.key, "nada").await.kept(), [true, false]);
    let page = browser.set("").await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::NewKey, Reason::UsedBefore)], [false, false]));
    assert!(!t.dump("flow").await.contains("\"kept\""));
}

async fn n_chg_a_new_key_stays_kept_when_the_hashing_queue_is_full(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_key(&person, &person.key).await;
    let letters = browser.letters_shown().await;
    let free = browser.backend.hasher.clone();
    browser.backend.hasher = Hasher::new(1, 0).unwrap();
    let refused = browser.post_set_key("Peumo#41", "Peumo#41", &letters).await;
    let Err(ServiceError::BusyFlow(_, token)) = refused else { panic!("{refused:?}") };
    browser.token = Some(token);
    browser.backend.hasher = free;
    let page = browser.load().await;
    assert_eq!((page.notice(), page.kept()), (Some(Notice::Busy), [true, false]));
    assert!(matches!(browser.set("").await.state, Change::Done { .. }));
    assert!(t.key_is(&person, "Peumo#41").await);
}

async fn n_upd_a_new_answer_is_typed_once(t: TestBackend) {
    let person = Person::number(1);
    t.account_with(&person, AccountData::NoQuestion).await;
    let mut browser = t.updating();
    assert!(matches!(browser.by_key(&person.rut_text, &person.key).await.state, Update::Choose(_)));
    let page = browser.choose("", "La Piedra Feliz").await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::Question, Reason::Missing)], [false, false]));
    let free = browser.backend.hasher.clone();
    browser.backend.hasher = Hasher::new(1, 0).unwrap();
    let first = SecretQuestion::by_index(2).id();
    let refused = browser.post_choose(first, "La Piedra Feliz").await;
    browser.backend.hasher = free;
    let Err(ServiceError::BusyFlow(_, token)) = refused else { panic!("{refused:?}") };
    browser.token = Some(token);
    assert_eq!(browser.load().await.kept(), [false, true]);
    let page = browser.choose(first, "").await;
    assert!(matches!(page.state, Update::Form(_)), "{:?}", page.feedback);
    assert!(!t.dump("flow").await.contains("\"kept\""), "the hash is enough from here on");
    assert!(matches!(browser.save_right(person.update()).await.state, Update::Done(_)));
    t.recover_by_answer(&Person { answer: "la piedra feliz".to_owned(), ..person }).await;
}

async fn f_req_the_answer_of_a_facilitator_is_typed_once(t: TestBackend) {
    let company = t.one_company().await;
    let who = Facilitator::number(1);
    let mut browser = t.signed(&company).await;
    let input = RequestInput { phone: "", ..who.input() };
    let page = browser.file(input, &png()).await;
    assert_eq!((page.errors(), page.kept()), (vec![(Field::Phone, Reason::Missing)], [false, true]));
    let empty = RequestInput { answer: "", ..who.input() };
    let other = Facilitator::number(2);
    let mut another = browser.clone();
    let page =
        another.file_kept(RequestInput { document_number: other.input().document_number, ..empty }).await;
    assert_eq!(page.errors(), [(Field::Answer, Reason::Missing)], "the answer of another person");
    assert_eq!(page.kept(), [false, false]);
    browser.token = another.token.clone();
    browser.load().await;
    let page = browser.file_kept(input).await;
    assert_eq!(page.kept(), [false, true]);
    let page = browser.file_kept(empty).await;
    assert_eq!(page.kept(), [false, false], "{:?}", page.feedback);
    assert!(!t.dump("flow").await.contains("\"kept\""));
}
