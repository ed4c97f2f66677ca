//! What is left to a person who registered the identity of another, and so knows its key and its answer, once the owner comes with
//! the identity document.

use backend::clock::{DAY, MINUTE};
use backend::store::former_contact;
use domain::email::Email;
use domain::field::Field;
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::update::{Update, UpdateInput};

use super::identities::{at_the_mail, key_sent, recover_with_own_contact, set_key, squatter_of};
use crate::support::people::key_in;
use crate::support::{Company, Migrant, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    security_contact_data_that_another_registration_contradicts_is_not_offered,
    security_an_address_that_only_looks_like_the_owners_is_offered_once,
    security_a_new_address_of_the_squatter_is_not_offered_again,
    security_a_squatter_who_changes_the_key_ends_no_recovery_by_document,
    security_a_squatter_who_changes_the_key_ends_no_change_with_an_identity_key,
    security_few_keys_a_day_are_set_by_a_secret,
    security_a_better_proof_clears_what_was_registered_beside_the_contact_data,
    security_a_better_proof_clears_what_a_company_was_registered_with,
    security_an_owner_whose_date_of_birth_was_cleared_updates_by_document,
    security_former_contact_data_keeps_every_telephone,
    security_a_number_that_no_registry_checked_proves_no_contact_data,
    security_who_registers_a_rut_learns_no_name,
];

/// An address with the mask of another.
fn look_alike(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap();
    let alike = format!("{local}x@{}x.{}", &domain[..1], domain.rsplit('.').next().unwrap());
    let masked = |mail: &str| Email::parse(mail).unwrap().masked();
    assert_eq!(masked(&alike), masked(email));
    alike
}

/// Registers the RUT of `owner` with an address that looks like the owner's once it is masked, and no mobile.
async fn squat_with_look_alike(t: &TestBackend, owner: &Person) -> Person {
    let squatter = Person { email: look_alike(&owner.email), ..squatter_of(owner) };
    let contact = ContactInput { mobile: "", no_mobile: true, ..squatter.contact() };
    let form = RegistrationInput { contact, ..squatter.form() };
    let page = t.registering().await.create_right(form).await;
    assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
    t.messages().await;
    squatter
}

/// By the document, up to the question where the key shall go.
async fn proven_by_document(t: &TestBackend, owner: &Person) -> (Visit<Recovery>, Recovery) {
    let mut browser = t.recovering();
    if matches!(browser.rut(&owner.rut_text).await.state, Recovery::Question(_)) {
        browser.forgotten().await;
    }
    let page = browser.serial(&owner.serial).await;
    (browser, page.state)
}

/// Takes the identity back where contact data is asked for at once.
async fn take_back(t: &TestBackend, owner: &Person) {
    let (mut browser, state) = proven_by_document(t, owner).await;
    assert!(
        matches!(state, Recovery::Contact(_)),
        "the address is asked for, and none is offered: {state:?}"
    );
    browser.contact(&owner.email, &owner.mobile).await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    let letters = t.messages().await;
    let key = letters.iter().filter(|letter| letter.to == owner.email).find_map(key_in).unwrap();
    t.change_key(owner, &key, &owner.key).await;
    let on_file = t.on_file(owner).await;
    assert!(on_file.email.as_ref().unwrap().as_str() == owner.email && on_file.asked().is_none());
    assert!(t.key_is(owner, &owner.key).await);
}

fn owner() -> Person {
    Person { key: "Peumo#41".to_owned(), ..Person::number(1) }
}

async fn security_contact_data_that_another_registration_contradicts_is_not_offered(t: TestBackend) {
    let owner = owner();
    squat_with_look_alike(&t, &owner).await;
    t.civil_knows(&[&owner]);
    // The page and the mail of her registration lead to the recovery.
    t.register(&owner).await;
    t.messages().await;
    take_back(&t, &owner).await;
    // What she has confirmed by a key that came there is offered from then on.
    let (_, state) = proven_by_document(&t, &owner).await;
    assert!(matches!(state, Recovery::Mail(_)), "{state:?}");
}

async fn security_an_address_that_only_looks_like_the_owners_is_offered_once(t: TestBackend) {
    let owner = owner();
    let squatter = squat_with_look_alike(&t, &owner).await;
    t.civil_knows(&[&owner]);
    let mut browser = at_the_mail(&t, &owner).await;
    browser.mail("si").await;
    let key = key_sent(&t, &mut browser).await;
    // The key has gone to the squatter, who had one before.
    t.change_key(&squatter, &key, "Ajena#2027").await;
    take_back(&t, &owner).await;
    let page = t.changing().identify(&owner.rut_text, "Ajena#2027").await;
    assert_eq!(page.errors().len(), 1, "the squatter's key is over");
}

async fn security_a_new_address_of_the_squatter_is_not_offered_again(t: TestBackend) {
    let owner = owner();
    let squatter = squat_with_look_alike(&t, &owner).await;
    t.civil_knows(&[&owner]);
    let mut browser = at_the_mail(&t, &owner).await;
    browser.mail("si").await;
    key_sent(&t, &mut browser).await;
    let mut update = t.opened(&squatter).await;
    let contact = ContactInput { email: &owner.email, ..squatter.contact() };
    let page = update.save_right(UpdateInput { contact, ..squatter.update() }).await;
    assert!(matches!(page.state, Update::Done(_)), "{:?}", page.feedback);
    t.messages().await;
    take_back(&t, &owner).await;
}

async fn security_a_squatter_who_changes_the_key_ends_no_recovery_by_document(t: TestBackend) {
    let owner = owner();
    let squatter = squatter_of(&owner);
    t.register(&squatter).await;
    t.civil_knows(&[&owner]);
    let mut browser = at_the_mail(&t, &owner).await;
    t.change_key(&squatter, &squatter.key, "Ajena#2027").await;
    browser.mail("no").await;
    browser.contact(&owner.email, &owner.mobile).await;
    t.change_key(&squatter, "Ajena#2027", "Ajena#2028").await;
    t.messages().await;
    let key = key_sent(&t, &mut browser).await;
    t.change_key(&owner, &key, &owner.key).await;
    assert!(t.key_is(&owner, &owner.key).await);
}

async fn security_a_squatter_who_changes_the_key_ends_no_change_with_an_identity_key(t: TestBackend) {
    let owner = owner();
    let squatter = squatter_of(&owner);
    t.register(&squatter).await;
    t.civil_knows(&[&owner]);
    t.messages().await;
    let key = recover_with_own_contact(&t, &owner).await;
    let mut change = t.proven_by_key(&owner, &key).await;
    let mut second = t.proven_by_key(&owner, &key).await;
    let mut theirs = t.proven_by_key(&squatter, &squatter.key).await;
    t.change_key(&squatter, &squatter.key, "Ajena#2027").await;
    let page = theirs.set("Ajena#2028").await;
    assert_eq!(page.state, Change::Identify, "what the former key opened is over");
    let mut theirs = t.proven_by_key(&squatter, "Ajena#2027").await;
    let page = change.set(&owner.key).await;
    assert!(matches!(page.state, Change::Done { .. }), "{:?} {:?}", page.state, page.feedback);
    assert!(t.key_is(&owner, &owner.key).await);
    // A proof of identity ends everything: what the squatter had open, and what the same key opened.
    assert_eq!(theirs.set("Ajena#2029").await.state, Change::Identify);
    assert_eq!(second.set("Quillay8y").await.state, Change::Identify);
    assert!(matches!(change.load().await.state, Change::Done { .. }), "the owner reads how it ended");
}

async fn security_few_keys_a_day_are_set_by_a_secret(t: TestBackend) {
    let owner = owner();
    let squatter = squatter_of(&owner);
    t.register(&squatter).await;
    t.civil_knows(&[&owner]);
    let keys = [squatter.key.as_str(), "Ajena#21", "Ajena#22", "Ajena#23", "Ajena#24", "Ajena#25"];
    let mut early = t.proven_by_answer(&squatter).await;
    let mail = key_sent(&t, &mut early).await;
    for pair in keys.windows(2) {
        t.clock.advance(MINUTE);
        t.change_key(&squatter, pair[0], pair[1]).await;
    }
    t.messages().await;
    // Neither the key nor a provisional key of the answer sets a sixth.
    let earned = t.recover_by_answer(&squatter).await;
    assert_ne!(earned, mail);
    for key in ["Ajena#25", &earned] {
        let page = t.changing().identify(&owner.rut_text, key).await;
        assert_eq!(
            (page.state, page.feedback.errors),
            (Change::Identify, vec![]),
            "{:?}",
            page.feedback.notice
        );
        assert!(page.feedback.notice.is_some());
    }
    assert!(t.messages().await.is_empty());
    // The owner, who has the document, is not held up.
    let key = recover_with_own_contact(&t, &owner).await;
    t.change_key(&owner, &key, &owner.key).await;
    assert!(t.key_is(&owner, &owner.key).await);
    t.clock.advance(DAY);
    t.change_key(&owner, &owner.key, "Quillay8y").await;
}

async fn security_a_better_proof_clears_what_was_registered_beside_the_contact_data(t: TestBackend) {
    let (t, owner) = (t.by_birth_date(), owner());
    let squatter = Person { birth_date: "02-02-1962".to_owned(), ..squatter_of(&owner) };
    t.register(&squatter).await;
    t.civil_knows(&[&owner]);
    assert!(t.on_file(&owner).await.birth_date.is_some() && t.on_file(&owner).await.has_address);
    let key = recover_with_own_contact(&t, &owner).await;
    assert!(t.on_file(&owner).await.birth_date.is_some(), "asking changes nothing");
    t.change_key(&owner, &key, &owner.key).await;
    let on_file = t.on_file(&owner).await;
    assert_eq!(on_file.birth_date, None);
    assert!(!on_file.has_address);
    assert_eq!(on_file.names.as_deref(), Some(owner.names.as_str()), "Registro Civil gave them");
}

async fn security_a_better_proof_clears_what_a_company_was_registered_with(t: TestBackend) {
    for (number, registered) in [(1, ""), (2, "Quillay Registrada SpA")] {
        let owner = Company::number(number);
        let sii = Company {
            person: Person { names: registered.to_owned(), ..owner.person.clone() },
            ..owner.clone()
        };
        t.tax_says(&[(&sii, &owner.representative)]);
        t.civil_knows(&[&owner.representative]);
        let stranger = Person {
            answer: "respuesta ajena".to_owned(),
            names: "Ajena SpA".to_owned(),
            ..Person::number(90)
        };
        let squatter = Company { person: stranger, ..owner.clone() };
        t.register(&squatter).await;
        let key = recover_with_own_contact(&t, &owner).await;
        let page = set_key(&t, &owner, &key, "Peumo#41").await;
        assert!(t.key_is(&owner, "Peumo#41").await, "{:?}", page.feedback);
        let on_file = t.on_file(&owner).await;
        let name = (!registered.is_empty()).then_some(registered);
        assert_eq!(on_file.names.as_deref(), name, "only SII names a company");
        assert!(!on_file.has_address && on_file.asked().is_none());
    }
    let left =
        "SELECT COUNT(*) FROM account WHERE company_kind IS NOT NULL OR representative_names IS NOT NULL";
    assert_eq!(t.number(left).await, 0);
}

async fn security_an_owner_whose_date_of_birth_was_cleared_updates_by_document(t: TestBackend) {
    let (t, owner) = (t.by_birth_date(), owner());
    t.register(&Person { birth_date: "02-02-1962".to_owned(), ..squatter_of(&owner) }).await;
    t.civil_knows(&[&owner]);
    let key = recover_with_own_contact(&t, &owner).await;
    t.change_key(&owner, &key, &owner.key).await;
    let refused = t.updating().by_birth_date(&owner.rut_text, &owner.birth_date, "otra@correo.cl").await;
    assert_eq!(refused.errors().first().map(|(field, _)| *field), Some(Field::BirthDate));
    let mut update = t.updating();
    let page = update.by_birth_date(&owner.rut_text, &owner.birth_date, &owner.email).await;
    assert!(matches!(page.state, Update::Document(_)), "{:?} {:?}", page.state, page.feedback);
    update.document(&owner.serial).await;
    update.choose(owner.form().question, &owner.answer).await;
    assert!(matches!(update.save_right(owner.update()).await.state, Update::Done(done) if done.changed));
    // The date that came with the document is on file now, and the next time it opens the way.
    let page = t.updating().by_birth_date(&owner.rut_text, &owner.birth_date, &owner.email).await;
    assert!(matches!(page.state, Update::Question(_)), "{:?} {:?}", page.state, page.feedback);
}

/// Registro Civil names the holder of a RUT once she proves it. The notices to the address of a stranger who registered it name nobody.
async fn security_who_registers_a_rut_learns_no_name(t: TestBackend) {
    let owner = owner();
    let squatter = squatter_of(&owner);
    t.register(&squatter).await;
    t.civil_knows(&[&owner]);
    // She proves it and goes no further; another registration, a change of the key and an update follow.
    proven_by_document(&t, &owner).await;
    t.register(&owner).await;
    t.change_key(&squatter, &squatter.key, "Ajena#2027").await;
    let with_new_key = Person { key: "Ajena#2027".to_owned(), ..squatter.clone() };
    t.opened(&with_new_key).await.save_right(Person::number(91).update()).await;
    let mut letters = t.messages().await;
    // Then she takes it back.
    let (mut browser, _) = proven_by_document(&t, &owner).await;
    browser.contact(&owner.email, &owner.mobile).await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    letters.extend(t.messages().await);
    let key = letters.iter().filter(|letter| letter.to == owner.email).find_map(key_in).unwrap();
    t.change_key(&owner, &key, &owner.key).await;
    letters.extend(t.messages().await);
    let to_others: Vec<_> = letters.iter().filter(|letter| letter.to != owner.email).collect();
    assert!(to_others.len() >= 6, "{}", to_others.len());
    assert!(to_others.iter().all(|letter| !letter.text.contains(&owner.names)));
}

async fn security_former_contact_data_keeps_every_telephone(t: TestBackend) {
    let owner = owner();
    let squatter = squatter_of(&owner);
    let contact =
        ContactInput { home_phone: ("2", "21234567"), work_phone: ("32", "2123456"), ..squatter.contact() };
    let page = t.registering().await.create_right(RegistrationInput { contact, ..squatter.form() }).await;
    assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
    t.civil_knows(&[&owner]);
    let key = recover_with_own_contact(&t, &owner).await;
    t.change_key(&owner, &key, &owner.key).await;
    let id = t.on_file(&owner).await.id;
    let connection = &mut *t.store.connection().await.unwrap();
    let kept = former_contact::of_account(connection, &t.secrets, id, t.now()).await.unwrap();
    let kept = serde_json::to_value(&kept).unwrap();
    assert_eq!(kept[0]["home_phone"], "+56221234567");
    assert_eq!(kept[0]["work_phone"], "+56322123456");
    assert_eq!(kept[0]["email"], squatter.email.as_str());
}

/// Without a registry the number of a document is the one that was typed at the registration.
async fn security_a_number_that_no_registry_checked_proves_no_contact_data(t: TestBackend) {
    let migrant = Migrant::number(1);
    t.register(&migrant).await;
    let key = recover_with_own_contact(&t, &migrant).await;
    set_key(&t, &migrant, &key, "Maiten4zQ").await;
    assert_ne!(t.number("SELECT contact_proof FROM account").await, 2);
}
