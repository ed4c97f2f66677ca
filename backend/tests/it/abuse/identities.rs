//! An identity belongs to the person who can prove it, no matter who registered it first.

use backend::clock::{DAY, MINUTE};
use backend::courier::DemoMessage;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::recovery::Recovery;
use domain::flow::update::{Update, UpdateInput};
use domain::kind::Kind;
use domain::phone::Mobile;

use crate::support::people::{Holder, code_in, key_in};
use crate::support::{Company, Migrant, Page, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    security_a_squatted_rut_keeps_nothing_of_the_squatter,
    security_a_squatted_company_keeps_nothing_of_the_squatter,
    security_the_owners_mail_earns_a_squatter_no_key,
    security_a_key_earned_by_document_ends_the_secret_question,
    security_a_key_earned_by_the_answer_keeps_the_question,
    security_a_squatter_cannot_end_the_key_that_a_document_earned,
    security_contact_data_that_is_replaced_while_the_owner_confirms_it_gets_no_key,
    security_contact_data_that_only_looks_the_same_is_not_what_the_owner_confirmed,
    security_the_address_of_a_registration_gets_the_same_messages_known_or_unknown,
    security_a_former_token_in_the_cookie_of_another_flow_begins_anew,
];

/// Proves an identity by its document, up to “El email es correcto?”.
pub(super) async fn at_the_mail(t: &TestBackend, who: &impl Holder) -> Visit<Recovery> {
    let mut browser = t.recovering_as(who.kind());
    let page = browser.rut(who.who()).await;
    if matches!(page.state, Recovery::Question(_)) {
        browser.forgotten().await;
    }
    if who.kind() == Kind::Juridica {
        browser.representative(&who.person().rut_text).await;
    }
    let page = browser.serial(who.document()).await;
    assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.feedback);
    browser
}

/// The provisional key out of the messages, after the captcha.
pub(super) async fn key_sent(t: &TestBackend, browser: &mut Visit<Recovery>) -> String {
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    t.messages().await.iter().find_map(key_in).expect("a letter with a key")
}

/// Recovers by document with the contact data of `who`, and gives the provisional key.
pub(super) async fn recover_with_own_contact(t: &TestBackend, who: &impl Holder) -> String {
    let mut browser = at_the_mail(t, who).await;
    browser.mail("no").await;
    let mobile = if who.kind() == Kind::Juridica { "" } else { &who.person().mobile };
    browser.contact(&who.person().email, mobile).await;
    key_sent(t, &mut browser).await
}

/// Sets a key with a provisional one.
pub(super) async fn set_key(
    t: &TestBackend,
    who: &impl Holder,
    provisional: &str,
    key: &str,
) -> Page<Change> {
    let mut browser = t.changing_as(who.kind());
    if who.kind() == Kind::Juridica {
        browser.identify_company(who.who(), &who.person().rut_text, provisional).await;
    } else {
        browser.identify(who.who(), provisional).await;
    }
    browser.set(key).await
}

/// Registers the identity of `owner` with everything else of another person.
pub(super) fn squatter_of(owner: &Person) -> Person {
    let stranger = Person::number(90);
    Person {
        rut: owner.rut,
        rut_text: owner.rut_text.clone(),
        answer: "respuesta ajena".to_owned(),
        key: "Ajena#2026".to_owned(),
        ..stranger
    }
}

async fn security_a_squatted_rut_keeps_nothing_of_the_squatter(t: TestBackend) {
    let owner = Person { key: "Peumo#41".to_owned(), ..Person::number(1) };
    let squatter = squatter_of(&owner);
    t.register(&squatter).await;
    t.civil_knows(&[&owner]);
    // What the squatter has open when the owner comes.
    let mut recovery = t.proven_by_answer(&squatter).await;
    let mut update = t.opened(&squatter).await;
    let provisional = t.recover_by_answer(&squatter).await;
    let mut change = t.proven_by_key(&squatter, &provisional).await;

    let key = recover_with_own_contact(&t, &owner).await;
    let on_file = t.on_file(&owner).await;
    assert_eq!(on_file.email.unwrap().as_str(), squatter.email, "asking changes nothing");
    assert!(on_file.question.is_some() && t.key_is(&owner, &squatter.key).await);
    t.change_key(&owner, &key, &owner.key).await;

    let on_file = t.on_file(&owner).await;
    assert!(on_file.asked().is_none() && on_file.answer_hash.is_none(), "the squatter's question is dropped");
    assert_eq!(on_file.email.unwrap().as_str(), owner.email);
    assert_eq!(on_file.mobile.unwrap().as_str(), owner.phone());
    // No way in is left: open flows, keys, answer.
    assert_eq!(recovery.send("nada").await.state, Recovery::Identify);
    assert_eq!(update.save(squatter.update(), "nada").await.state, Update::Identify);
    assert!(!matches!(change.set("Ajena#2027").await.state, Change::Done { .. }));
    for key in [&squatter.key, &provisional] {
        let page = t.changing().identify(&owner.rut_text, key).await;
        assert_eq!(page.errors().len(), 1, "{key} is refused");
    }
    let mut browser = t.recovering();
    assert!(
        matches!(browser.rut(&owner.rut_text).await.state, Recovery::Document(_)),
        "no question is asked"
    );
    let page = browser.answer(&squatter.answer).await;
    assert!(matches!(page.state, Recovery::Document(_)));
    // In the same sitting the owner chooses a question (A-MIN).
    t.messages().await;
    let mut update = t.updating();
    let page = update.by_key(&owner.rut_text, &owner.key).await;
    assert!(matches!(page.state, Update::Choose(_)), "{:?}", page.feedback);
    let page = update.choose(owner.form().question, &owner.answer).await;
    assert!(matches!(page.state, Update::Form(_)), "{:?}", page.feedback);
    assert!(matches!(update.save_right(owner.update()).await.state, Update::Done(_)));
    t.recover_by_answer(&owner).await;

    // The contact data before is kept 30 days, sealed.
    assert_eq!(t.number("SELECT COUNT(*) FROM former_contact").await, 1);
    let kept = t.dump("former_contact").await;
    assert!(!kept.contains(&squatter.email) && !kept.contains(&squatter.mobile), "{kept}");
    t.clock.advance(29 * DAY);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM former_contact").await, 1);
    t.clock.advance(DAY + MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM former_contact").await, 0);
}

async fn security_a_squatted_company_keeps_nothing_of_the_squatter(t: TestBackend) {
    let owner = Company::number(1);
    let stranger = Person { answer: "respuesta ajena".to_owned(), ..Person::number(90) };
    let squatter = Company { person: stranger, ..owner.clone() };
    t.tax_knows(&[&owner]);
    t.civil_knows(&[&owner.representative]);
    t.register(&squatter).await;
    let key = recover_with_own_contact(&t, &owner).await;
    set_key(&t, &owner, &key, "Peumo#41").await;
    assert!(t.key_is(&owner, "Peumo#41").await);
    let on_file = t.on_file(&owner).await;
    assert!(on_file.asked().is_none(), "the squatter's question is dropped");
    assert_eq!(on_file.email.unwrap().as_str(), owner.email);
    let mut browser = t.recovering_as(Kind::Juridica);
    let page = browser.rut(&owner.rut_text).await;
    assert!(matches!(page.state, Recovery::Representative(_)), "{:?}", page.state);
}

async fn security_the_owners_mail_earns_a_squatter_no_key(t: TestBackend) {
    let owner = Person { key: "Peumo#41".to_owned(), ..Person::number(1) };
    let squatter = Person { email: owner.email.clone(), ..squatter_of(&owner) };
    t.register(&squatter).await;
    t.civil_knows(&[&owner]);
    t.messages().await;
    let mut browser = t.proven_by_serial(&owner).await;
    let Recovery::Mail(choice) = browser.load().await.state else { panic!("not at the mail") };
    let mobile = Mobile::parse(&squatter.mobile).unwrap().masked();
    assert_eq!(choice.on_file().mobile.as_ref(), Some(&mobile), "the owner sees that it is not hers");
    browser.mail("no").await;
    browser.contact(&owner.email, &owner.mobile).await;
    browser.send_right().await;
    let letters = t.messages().await;
    let (to_squatter, to_owner): (Vec<_>, Vec<_>) =
        letters.iter().partition(|letter| letter.to == squatter.phone());
    assert!(to_squatter.iter().all(|letter| key_in(letter).is_none()));
    let key = to_owner.iter().find_map(|letter| key_in(letter)).unwrap();
    t.change_key(&owner, &key, &owner.key).await;
    let on_file = t.on_file(&owner).await;
    assert!(on_file.asked().is_none() && on_file.mobile.unwrap().as_str() == owner.phone());
    assert_eq!(t.number("SELECT COUNT(*) FROM former_contact").await, 1);
}

async fn security_a_key_earned_by_document_ends_the_secret_question(t: TestBackend) {
    let (person, migrant, company) = (Person::number(1), Migrant::number(2), Company::number(3));
    t.civil_knows(&[&person, &company.representative]);
    t.tax_knows(&[&company]);
    confirm_and_set_key(&t, &person).await;
    confirm_and_set_key(&t, &migrant).await;
    confirm_and_set_key(&t, &company).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM former_contact").await, 0);
}

/// Recovers by document to the contact data on file, and sets a key.
async fn confirm_and_set_key(t: &TestBackend, who: &impl Holder) {
    t.account(who).await;
    let before = t.on_file(who).await;
    let mut browser = at_the_mail(t, who).await;
    browser.mail("si").await;
    let key = key_sent(t, &mut browser).await;
    assert!(t.on_file(who).await.asked().is_some(), "asking changes nothing");
    let page = set_key(t, who, &key, "Peumo#41").await;
    assert!(matches!(page.state, Change::Done { question_deleted: true, .. }), "{:?}", page.feedback);
    let on_file = t.on_file(who).await;
    assert!(on_file.asked().is_none(), "another person may have set it");
    assert!((on_file.email, on_file.mobile) == (before.email, before.mobile), "they were confirmed");
}

async fn security_a_key_earned_by_the_answer_keeps_the_question(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let key = t.recover_by_answer(&person).await;
    t.change_key(&person, &key, "Peumo#41").await;
    assert!(t.on_file(&person).await.asked().is_some());
}

async fn security_a_squatter_cannot_end_the_key_that_a_document_earned(t: TestBackend) {
    let owner = Person { key: "Peumo#41".to_owned(), ..Person::number(1) };
    let squatter = squatter_of(&owner);
    t.register(&squatter).await;
    t.civil_knows(&[&owner]);
    t.messages().await;
    let key = recover_with_own_contact(&t, &owner).await;
    // With what the squatter set: new keys by the answer, each ending the one before, and another key.
    let mut earned = Vec::new();
    for _ in 0..3 {
        t.clock.advance(MINUTE);
        earned.push(t.recover_by_answer(&squatter).await);
    }
    let page = t.changing().identify(&owner.rut_text, &earned[1]).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Wrong)]);
    t.change_key(&squatter, &squatter.key, "Ajena#2027").await;
    let page = t.changing().identify(&owner.rut_text, &earned[2]).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Spent)]);

    t.change_key(&owner, &key, &owner.key).await;
    assert!(t.key_is(&owner, &owner.key).await);
    assert_eq!(t.on_file(&owner).await.email.unwrap().as_str(), owner.email);
    assert_eq!(
        t.number("SELECT COUNT(*) FROM provisional_key WHERE used_at IS NULL AND replaced_at IS NULL").await,
        0
    );
}

async fn security_contact_data_that_is_replaced_while_the_owner_confirms_it_gets_no_key(t: TestBackend) {
    let (owner, stranger) = (Person::number(1), Person::number(90));
    t.account(&owner).await;
    t.civil_knows(&[&owner]);
    let mut update = t.opened(&owner).await;
    let mut browser = t.proven_by_serial(&owner).await;
    browser.mail("si").await;
    // Who knows key and answer gives a mobile of their own now.
    let contact = ContactInput { mobile: &stranger.mobile, ..owner.contact() };
    update.save_right(UpdateInput { contact, ..owner.update() }).await;
    t.messages().await;
    let page = browser.send_right().await;
    assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.state);
    assert!(t.messages().await.is_empty());
    browser.mail("si").await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)), "the owner has seen it");
}

async fn security_contact_data_that_only_looks_the_same_is_not_what_the_owner_confirmed(t: TestBackend) {
    let owner = Person::number(1);
    t.account(&owner).await;
    t.civil_knows(&[&owner]);
    let mut update = t.opened(&owner).await;
    let mut browser = t.proven_by_serial(&owner).await;
    browser.mail("si").await;
    // The same mask: first letter, first letter of the domain, ending.
    let (local, domain) = owner.email.split_once('@').unwrap();
    let alike = format!("{}x@{}x.{}", local, &domain[..1], domain.rsplit('.').next().unwrap());
    let masked = |mail: &str| domain::email::Email::parse(mail).unwrap().masked();
    assert_eq!(masked(&alike), masked(&owner.email));
    let contact = ContactInput { email: &alike, ..owner.contact() };
    update.save_right(UpdateInput { contact, ..owner.update() }).await;
    t.messages().await;
    let page = browser.send_right().await;
    assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.state);
    assert!(t.messages().await.is_empty());
}

/// What came to the contact data of `who`: subject and text, an SMS first.
/// The messages that somebody got; a code, which is another one each time, is as long as any other.
async fn messages_to(t: &TestBackend, who: &Person) -> Vec<(String, String)> {
    let letters = t.messages().await;
    let mut to: Vec<_> = letters.iter().filter(|l| l.to == who.email || l.to == who.phone()).collect();
    to.sort_by_key(|letter| letter.to.clone());
    let text = |letter: &DemoMessage| match code_in(letter) {
        Some(code) => letter.text.replace(&code, "······"),
        None => letter.text.clone(),
    };
    to.into_iter().map(|letter| (letter.subject.clone(), text(letter))).collect()
}

async fn security_the_address_of_a_registration_gets_the_same_messages_known_or_unknown(t: TestBackend) {
    let stranger = Person::number(90);
    // Of each kind: the form with the contact data of a stranger, of an identity without an account and of one with one.
    let person = |number| Person { rut_text: Person::number(number).rut_text, ..stranger.clone() };
    let migrant = |number| Migrant { person: stranger.clone(), ..Migrant::number(number) };
    let company = |number| {
        let company = Company::number(number);
        // SII's name of both is the same, and so may not tell them apart.
        Company { person: Person { names: "Quillay SpA".to_owned(), ..stranger.clone() }, ..company }
    };
    t.tax_knows(&[&company(1), &company(2)]);
    t.account(&Person::number(1)).await;
    t.account(&Migrant::number(1)).await;
    t.account(&Company::number(1)).await;
    let mut seen = Vec::new();
    for number in [2, 1] {
        t.register(&person(number)).await;
        seen.push(messages_to(&t, &stranger).await);
    }
    // One mailbox gets few such messages a day.
    t.clock.advance(DAY);
    for number in [2, 1] {
        t.register(&migrant(number)).await;
        seen.push(messages_to(&t, &stranger).await);
    }
    for number in [2, 1] {
        t.register(&company(number)).await;
        seen.push(messages_to(&t, &stranger).await);
    }
    for pair in seen.chunks(2) {
        assert!(!pair[0].is_empty());
        assert_eq!(pair[0], pair[1], "the messages do not tell whether there was an account");
    }
}

async fn security_a_former_token_in_the_cookie_of_another_flow_begins_anew(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut recovery = t.recovering();
    recovery.rut(&person.rut_text).await;
    recovery.forgotten().await;
    // The step has the same name and the same form in “Actualizar datos”.
    let mut update = t.updating();
    (update.token, update.tag) = (recovery.token.clone(), recovery.tag.clone());
    update.captcha.clone_from(&recovery.captcha);
    let page = recovery.serial(&person.serial).await;
    assert!(matches!(page.state, Recovery::Mail(_)));
    let moved = update.post_document(&person.serial).await.expect("no failure of the service");
    assert_eq!(moved.state, Update::Identify);
    assert_ne!(moved.token.as_ref().unwrap().expose(), recovery.token.as_ref().unwrap().expose());
    assert_eq!(update.arrive(moved).await.notice(), Some(Notice::Expired));
}
