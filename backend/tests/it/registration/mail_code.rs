//! A-MAIL: the code of a mail shows that the address receives messages. It stops nobody and earns nothing.

use backend::clock::{DAY, HOUR, MINUTE};
use backend::store::mail_codes;
use domain::field::{Field, Reason};
use domain::flow::mail_check::MailCheck;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::update::Update;
use domain::flow::{Notice, contact::ContactInput};
use domain::kind::Kind;

use crate::support::decisions::{account_of, grant};
use crate::support::mesa::Facilitator;
use crate::support::people::{Holder, code_in, key_in};
use crate::support::{Company, Migrant, Page, Person, TestBackend, Visit, at_once, on_both_engines};

on_both_engines![
    a_mail_the_code_is_typed_at_the_end_of_a_registration,
    a_mail_the_code_of_a_new_address_is_typed_at_the_end_of_an_update,
    a_mail_the_code_is_typed_later_by_every_kind,
    a_mail_without_its_flow_the_last_page_leads_to_the_page_of_its_own,
    a_mail_a_code_works_for_30_days_and_its_row_goes,
    a_mail_a_code_of_the_address_before_confirms_nothing,
    a_mail_another_registration_with_the_same_address_leaves_both_codes_right,
    a_mail_of_several_codes_at_once_all_are_right,
    a_mail_a_recovery_says_that_nobody_confirmed_the_address,
    a_mail_a_key_that_went_by_mail_alone_confirms_the_address,
    a_mail_the_first_key_of_a_facilitator_confirms_the_address,
    security_a_code_counts_for_its_identity_only,
    security_few_codes_are_tried,
    security_strangers_make_nobody_wait_for_a_code,
    security_a_code_of_a_known_identity_looks_right_and_changes_nothing,
    security_codes_and_their_addresses_are_stored_hashed,
];

/// How many accounts have a confirmed address.
const CONFIRMED: &str = "SELECT COUNT(*) FROM account WHERE mail_confirmed_at IS NOT NULL";
const WRONG: (Field, Reason) = (Field::MailCode, Reason::Wrong);

fn is_confirmed(state: &Registration) -> bool {
    matches!(state, Registration::Done { code: Some(sent), .. } if sent.confirmed)
}

impl TestBackend {
    /// Registers, and gives the browser on the last page and the code of the mail.
    async fn with_code(&self, who: &impl Holder) -> (Visit<Registration>, String) {
        self.with_code_of(who.kind(), who.form()).await
    }

    async fn with_code_of(&self, kind: Kind, form: RegistrationInput<'_>) -> (Visit<Registration>, String) {
        let mut browser = self.registering_as(kind).await;
        let page = browser.create_right(form).await;
        assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
        let letters = self.messages().await;
        let mut mails = letters.iter().filter(|letter| letter.to == form.contact.email);
        let code = mails.find_map(code_in).expect("a mail with a code");
        (browser, code)
    }
}

async fn a_mail_the_code_is_typed_at_the_end_of_a_registration(t: TestBackend) {
    let person = Person::number(1);
    let (mut browser, code) = t.with_code(&person).await;
    let page = browser.load().await;
    let Registration::Done { code: Some(sent), .. } = &page.state else { panic!("{:?}", page.state) };
    assert_eq!((sent.email.as_str(), sent.confirmed), (person.email.as_str(), false));
    for (typed, reason) in [(" ", Reason::Missing), ("AAA", Reason::Format), ("AAAAAA", Reason::Wrong)] {
        let page = browser.confirm_mail(typed).await;
        assert_eq!(page.errors(), [(Field::MailCode, reason)]);
        assert_eq!(page.typed.get("codigo_correo"), "", "a code is not stored as it was typed");
    }
    assert_eq!(t.number(CONFIRMED).await, 0);
    let now = t.now();
    let page = browser.confirm_mail(&format!(" {}-{} ", &code[..3].to_lowercase(), &code[3..])).await;
    assert!(is_confirmed(&page.state) && page.errors().is_empty() && page.typed.is_empty());
    let confirmed_at = t.on_file(&person).await.mail_confirmed_at;
    assert!(confirmed_at.is_some_and(|at| (now..now + MINUTE).contains(&at)));
    // An older page of the same flow has its form still.
    t.clock.advance(MINUTE);
    let page = browser.confirm_mail("AAAAAA").await;
    assert!(is_confirmed(&page.state) && page.errors().is_empty());
    assert_eq!(t.confirming(Kind::Natural).confirm(&person.rut_text, &code).await.state, MailCheck::Done);
    assert_eq!(t.on_file(&person).await.mail_confirmed_at, confirmed_at, "the first time counts");
}

async fn a_mail_the_code_is_typed_later_by_every_kind(t: TestBackend) {
    let (person, migrant, company) = (Person::number(1), Migrant::number(2), Company::number(3));
    t.tax_knows(&[&company]);
    let codes = [
        (Kind::Natural, person.who().to_owned(), t.with_code(&person).await.1),
        (Kind::Migrante, migrant.who().to_owned(), t.with_code(&migrant).await.1),
        (Kind::Juridica, company.who().to_owned(), t.with_code(&company).await.1),
    ];
    t.clock.advance(29 * DAY);
    let mut confirmed = 0;
    for (kind, who, code) in codes {
        let mut browser = t.confirming(kind);
        let page = browser.confirm("", "").await;
        let missing = [
            (domain::identifier::Identifier::field(kind), Reason::Missing),
            (Field::MailCode, Reason::Missing),
        ];
        assert_eq!((page.state, page.errors()), (MailCheck::Ask, missing.to_vec()));
        let page = browser.confirm(&who, "AAAAAA").await;
        assert_eq!((page.state, page.errors()), (MailCheck::Ask, vec![WRONG]));
        assert_eq!(t.number(CONFIRMED).await, confirmed);
        let page = browser.confirm(&who.to_lowercase(), &code).await;
        assert!(page.state == MailCheck::Done && page.typed.is_empty(), "{:?}", page.feedback);
        confirmed += 1;
        assert_eq!(t.number(CONFIRMED).await, confirmed);
    }
}

async fn a_mail_the_code_of_a_new_address_is_typed_at_the_end_of_an_update(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let new = Person { email: "otra.persona@ejemplo.cl".to_owned(), ..person.clone() };
    let mut browser = t.opened(&person).await;
    let page = browser.save_right(new.update()).await;
    let sent = |page: &Page<Update>| match &page.state {
        Update::Done(done) => done.code.clone().map(|sent| (sent.email.as_str().to_owned(), sent.confirmed)),
        state => panic!("{state:?} {:?}", page.feedback),
    };
    assert_eq!(sent(&page), Some((new.email.clone(), false)));
    let code = t.messages().await.iter().find_map(code_in).unwrap();
    assert_eq!(browser.confirm_mail("AAAAAA").await.errors(), [WRONG]);
    assert_eq!(t.number(CONFIRMED).await, 0);
    let page = browser.confirm_mail(&code).await;
    assert_eq!((sent(&page), page.errors()), (Some((new.email.clone(), true)), Vec::new()));
    assert_eq!(t.number(CONFIRMED).await, 1);

    // Only another mobile: no code, and no field for one.
    let moved = Person { mobile: Person::number(2).mobile, ..new.clone() };
    let page = t.opened(&person).await.save_right(moved.update()).await;
    assert_eq!(sent(&page), None);
    assert!(t.messages().await.iter().all(|letter| code_in(letter).is_none()));
}

async fn a_mail_without_its_flow_the_last_page_leads_to_the_page_of_its_own(t: TestBackend) {
    let (browser, code) = t.with_code(&Person::number(1)).await;
    t.clock.advance(HOUR);
    let posted = browser.posted_with(&[("codigo_correo", &code)]);
    assert!(browser.service().confirm_mail(posted, &code).await.unwrap().is_none());
    assert_eq!(t.number(CONFIRMED).await, 0);
}

async fn a_mail_a_code_works_for_30_days_and_its_row_goes(t: TestBackend) {
    let person = Person::number(1);
    let (_, code) = t.with_code(&person).await;
    t.clock.advance(mail_codes::VALID_FOR - MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM mail_code").await, 1);
    t.clock.advance(MINUTE);
    assert_eq!(t.confirming(Kind::Natural).confirm(&person.rut_text, &code).await.errors(), [WRONG]);
    assert_eq!(t.number(CONFIRMED).await, 0);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM mail_code").await, 0);
}

async fn a_mail_a_code_of_the_address_before_confirms_nothing(t: TestBackend) {
    let person = Person::number(1);
    let other = Person { email: "otra.persona@ejemplo.cl".to_owned(), ..person.clone() };
    let (_, first) = t.with_code(&person).await;
    t.opened(&person).await.save_right(other.update()).await;
    let letters = t.messages().await;
    for letter in &letters {
        assert_eq!(code_in(letter).is_some(), letter.to == other.email, "only the new address gets a code");
    }
    let second = letters.iter().find_map(code_in).unwrap();
    let mut browser = t.confirming(Kind::Natural);
    // As it would look where another registration gave that address.
    assert_eq!(browser.confirm(&person.rut_text, &first).await.state, MailCheck::Done);
    assert_eq!(t.number(CONFIRMED).await, 0);
    assert_eq!(browser.confirm(&person.rut_text, &second).await.state, MailCheck::Done);
    assert_eq!(t.number(CONFIRMED).await, 1);

    // Another spelling of its capitals is the same address; another address is to be confirmed again.
    let capitals = Person { email: "OTRA.persona@ejemplo.cl".to_owned(), ..person.clone() };
    t.opened(&person).await.save_right(capitals.update()).await;
    assert_eq!(t.number(CONFIRMED).await, 1);
    assert!(t.messages().await.iter().all(|letter| code_in(letter).is_none()), "nothing to confirm");
    t.opened(&person).await.save_right(person.update()).await;
    assert_eq!(t.number(CONFIRMED).await, 0);
}

async fn a_mail_another_registration_with_the_same_address_leaves_both_codes_right(t: TestBackend) {
    let person = Person::number(1);
    let (mut first, first_code) = t.with_code(&person).await;
    let (mut second, second_code) = t.with_code(&person).await;
    assert_ne!(first_code, second_code);
    assert!(is_confirmed(&second.confirm_mail(&first_code).await.state));
    assert_eq!(t.number(CONFIRMED).await, 1, "it is the address on file that received it");
    assert!(is_confirmed(&first.confirm_mail(&second_code).await.state));
}

async fn a_mail_of_several_codes_at_once_all_are_right(t: TestBackend) {
    let person = Person::number(1);
    let (browser, code) = t.with_code(&person).await;
    let ends = at_once((0..4).map(|_| {
        let (mut browser, code) = (browser.elsewhere(), code.clone());
        async move { browser.confirm_mail(&code).await.state }
    }));
    assert!(ends.await.iter().all(is_confirmed));
    let ends = at_once((0..4).map(|_| {
        let (mut browser, who, code) = (t.confirming(Kind::Natural), person.rut_text.clone(), code.clone());
        async move { browser.confirm(&who, &code).await.state }
    }));
    assert!(ends.await.iter().all(|end| *end == MailCheck::Done));
    assert_eq!(t.number(CONFIRMED).await, 1);
    assert_eq!(t.tries("mail-code").await, 0, "right codes are no tries");
}

async fn a_mail_a_recovery_says_that_nobody_confirmed_the_address(t: TestBackend) {
    let person = Person::number(1);
    let (mut browser, code) = t.with_code(&person).await;
    t.civil_knows(&[&person]);
    let unconfirmed = async || {
        let by_answer = match t.proven_by_answer(&person).await.load().await.state {
            Recovery::Captcha(ready) => ready.on_file().unconfirmed,
            state => panic!("{state:?}"),
        };
        let by_document = match t.proven_by_serial(&person).await.load().await.state {
            Recovery::Mail(choice) => choice.on_file().unconfirmed,
            state => panic!("{state:?}"),
        };
        [by_answer, by_document]
    };
    assert_eq!(unconfirmed().await, [true, true]);
    // Confirmed while its holder looks at it, it is still the address that was confirmed there.
    let mut recovery = t.proven_by_serial(&person).await;
    browser.confirm_mail(&code).await;
    assert_eq!(unconfirmed().await, [false, false]);
    assert!(matches!(recovery.mail("si").await.state, Recovery::Captcha(_)));
    assert!(matches!(recovery.send_right().await.state, Recovery::Sent(_)));
}

async fn a_mail_a_key_that_went_by_mail_alone_confirms_the_address(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let form = RegistrationInput {
        contact: ContactInput { mobile: "", no_mobile: true, ..other.contact() },
        ..other.form()
    };
    t.with_code_of(Kind::Natural, form).await;
    // By SMS too: the key may have been read there.
    let key = t.recover_by_answer(&person).await;
    t.change_key(&person, &key, "Peumo#41").await;
    assert_eq!(t.number(CONFIRMED).await, 0);
    let key = t.recover_by_answer(&other).await;
    assert_eq!(t.number(CONFIRMED).await, 0, "it was only sent");
    t.change_key(&other, &key, "Peumo#41").await;
    assert_eq!(t.number(CONFIRMED).await, 1);
    assert!(t.on_file(&other).await.mail_confirmed_at.is_some());

    // New contact data without a mobile: confirmed with the key that puts it on file.
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    let contact =
        ContactInput { email: "solo.correo@ejemplo.cl", no_mobile: true, ..ContactInput::default() };
    browser.contact_of(contact).await;
    browser.send_right().await;
    let key = t.messages().await.iter().find_map(key_in).unwrap();
    t.change_key(&person, &key, "Boldo#123").await;
    assert!(t.on_file(&person).await.mail_confirmed_at.is_some());
}

async fn a_mail_the_first_key_of_a_facilitator_confirms_the_address(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let who = Facilitator::number(1);
    let number = t.filed_request(company, &who).await;
    grant(&t, &number).await.unwrap();
    let key = t.messages().await.iter().find_map(key_in).unwrap();
    assert!(account_of(&t, &who).await.unwrap().mail_confirmed_at.is_none());
    let mut browser = t.changing_as(Kind::Facilitador);
    browser.identify(&who.document.plain(), &key).await;
    browser.set("Peumo#41").await;
    assert!(account_of(&t, &who).await.unwrap().mail_confirmed_at.is_some());
}

async fn security_a_code_counts_for_its_identity_only(t: TestBackend) {
    let (one, other, nobody) = (Person::number(1), Person::number(2), Person::number(3));
    let (mut browser, code) = t.with_code(&one).await;
    let (mut other_browser, other_code) = t.with_code(&other).await;
    assert_eq!(browser.confirm_mail(&other_code).await.errors(), [WRONG]);
    assert_eq!(other_browser.confirm_mail(&code).await.errors(), [WRONG]);
    let mut later = t.confirming(Kind::Natural);
    for who in [&other, &nobody] {
        assert_eq!(later.confirm(&who.rut_text, &code).await.errors(), [WRONG], "{}", who.rut_text);
    }
    assert_eq!(t.number(CONFIRMED).await, 0);
    assert!(is_confirmed(&browser.confirm_mail(&code).await.state));
}

async fn security_few_codes_are_tried(t: TestBackend) {
    let person = Person::number(1);
    let (mut browser, code) = t.with_code(&person).await;
    for time in 1..=5 {
        let page = browser.confirm_mail("AAAAAA").await;
        assert_eq!(page.errors(), [WRONG]);
        assert_eq!(page.notice().is_some(), time == 5, "the fifth says that one has to wait");
    }
    // On both pages, and also with the right one.
    let page = browser.confirm_mail(&code).await;
    assert_eq!((page.notice(), is_confirmed(&page.state)), (Some(Notice::Wait { minutes: 1 }), false));
    let page = t.confirming(Kind::Natural).confirm(&person.rut_text, &code).await;
    assert_eq!((page.notice(), page.state), (Some(Notice::Wait { minutes: 1 }), MailCheck::Ask));
    assert_eq!(t.number(CONFIRMED).await, 0);
    // Nobody at another address waits for that.
    let page = t.confirming(Kind::Natural).at_address("198.51.100.9").confirm(&person.rut_text, &code).await;
    assert_eq!(page.state, MailCheck::Done);

    // An address has 20 tries an hour, whatever it types them for.
    let mut waits = 0;
    for number in 0..25 {
        let page =
            t.confirming(Kind::Natural).confirm(&Person::number(100 + number).rut_text, "AAAAAA").await;
        waits += usize::from(page.errors().is_empty());
    }
    assert_eq!(waits, 10, "15 more after the first five");
    t.clock.advance(HOUR + MINUTE);
    assert_eq!(t.confirming(Kind::Natural).confirm(&person.rut_text, "AAAAAA").await.errors(), [WRONG]);
}

async fn security_strangers_make_nobody_wait_for_a_code(t: TestBackend) {
    let person = Person::number(1);
    let (mut browser, code) = t.with_code(&person).await;
    for network in 0..30 {
        let mut stranger = t.confirming(Kind::Natural).at_address(&format!("198.51.100.{network}"));
        assert_eq!(stranger.confirm(&person.rut_text, "AAAAAA").await.errors(), [WRONG]);
    }
    assert!(is_confirmed(&browser.confirm_mail(&code).await.state));
}

async fn security_a_code_of_a_known_identity_looks_right_and_changes_nothing(t: TestBackend) {
    let (owner, stranger, new) = (Person::number(1), Person::number(2), Person::number(3));
    t.account(&owner).await;
    let (mut known, known_code) = t
        .with_code_of(Kind::Natural, RegistrationInput { contact: stranger.contact(), ..owner.form() })
        .await;
    let sent = t.texts("SELECT template FROM outbox").await;
    let before = t.dump("account").await;
    let (mut unknown, unknown_code) = t.with_code(&new).await;
    let before_all = t.dump("account").await;

    let mut counts = Vec::new();
    for (browser, code) in [(&mut known, &known_code), (&mut unknown, &unknown_code)] {
        let (wrong, page) = t.statements_of(browser.confirm_mail("AAAAAA")).await;
        assert_eq!(page.errors(), [WRONG]);
        let (right, page) = t.statements_of(browser.confirm_mail(code)).await;
        assert!(is_confirmed(&page.state), "{:?}", page.feedback);
        counts.push((wrong, right));
    }
    assert!(counts[0].0.len() > 3 && counts[0].1.len() > 3, "{counts:?}");
    assert_eq!(counts[0], counts[1], "the same statements, with another account or without");
    assert!(t.dump("account").await.contains(&before), "nothing of the owner's account changes");
    assert_ne!(t.dump("account").await, before_all, "that of the new one does");
    assert!(t.on_file(&owner).await.mail_confirmed_at.is_none());
    assert!(t.on_file(&new).await.mail_confirmed_at.is_some());

    // And later, on the page of its own, and nothing is sent.
    for (who, code) in [(&owner, &known_code), (&new, &unknown_code)] {
        let mut browser = t.confirming(Kind::Natural);
        assert_eq!(browser.confirm(&who.rut_text, code).await.state, MailCheck::Done);
    }
    assert!(t.on_file(&owner).await.mail_confirmed_at.is_none());
    assert!(sent.len() < 6 && t.messages().await.is_empty());
    let record = t.record_of_accounts().await;
    assert_eq!(record.iter().filter(|row| *row == "mail-code nothing-changed").count(), 2, "{record:?}");
}

async fn security_codes_and_their_addresses_are_stored_hashed(t: TestBackend) {
    let person = Person::number(1);
    let (_, code) = t.with_code(&person).await;
    let rows = t.dump("mail_code").await;
    assert!(!rows.is_empty() && !rows.contains(&code) && !rows.contains(&person.email), "{rows}");
    assert!(!rows.contains(&person.rut.plain()) && !t.dump("outbox").await.contains(&code));
}
