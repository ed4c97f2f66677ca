//! Fewer taps (N-REC-1, N-REC-2, N-REC-END): the document below “No recuerdo…”, new contact data below “NO”, and the provisional key on the last page, each in the form
//! that is there anyway. Without them, the steps are as they always were.

use backend::clock::MINUTE;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::recovery::Recovery;
use domain::flow::{Feedback, Notice};

use crate::support::people::key_in;
use crate::support::{Page, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    n_rec_2_the_document_is_given_with_the_box,
    n_rec_1_new_contact_data_is_given_with_no,
    n_chg_the_browser_that_asked_for_a_key_sets_it_without_its_rut_and_a_captcha,
    n_rec_end_what_is_wrong_with_a_provisional_key_is_said_on_its_page,
    n_rec_end_letters_stand_in_for_a_wait_that_others_caused,
    security_only_the_browser_that_asked_for_a_key_goes_on_without_a_captcha,
];

async fn n_rec_2_the_document_is_given_with_the_box(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    // Left empty, the page stays as it is, and says so.
    let page = browser.forgotten_with(" ").await;
    assert!(matches!(page.state, Recovery::Question(_)), "{:?}", page.state);
    assert_eq!(page.errors(), [(Field::Serial, Reason::Missing)]);
    let page = browser.forgotten_with("A000000001").await;
    assert!(matches!(page.state, Recovery::Document(_)));
    assert_eq!(page.errors(), [(Field::Serial, Reason::Wrong)]);

    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    let page = browser.forgotten_with(&person.serial).await;
    assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.feedback);
    assert_eq!(page.typed.get("serie"), "", "a proof is not kept");
}

async fn n_rec_1_new_contact_data_is_given_with_no(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    let given = ContactInput { email: &new.email, mobile: &new.mobile, ..ContactInput::default() };
    let page = browser.mail_with("no", ContactInput { mobile: "", ..given }).await;
    assert!(matches!(page.state, Recovery::Contact(_)));
    assert_eq!(page.errors(), [(Field::Mobile, Reason::Missing)]);
    assert_eq!(page.typed.get("email"), new.email);

    // What stands below NO does not count with SI.
    let page = browser.mail_with("si", given).await;
    let Recovery::Captcha(ready) = page.state else { panic!("{:?}", page.feedback) };
    assert_ne!(ready.destination().shown(ready.on_file()).0.as_deref(), Some(new.email.as_str()));
    let page = browser.mail_with("no", given).await;
    let Recovery::Captcha(ready) = page.state else { panic!("{:?}", page.feedback) };
    assert_eq!(ready.destination().shown(ready.on_file()).0.as_deref(), Some(new.email.as_str()));
    assert!(
        matches!(browser.send_right().await.state, Recovery::Sent(sent) if sent.to.as_deref() == Some(&new.email))
    );
}

/// Recovers by the answer: the browser at the end, and the provisional key.
async fn recovered(t: &TestBackend, person: &Person) -> (Visit<Recovery>, String) {
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    browser.answer(&person.answer).await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    let key = t.messages().await.iter().find_map(key_in).unwrap();
    (browser, key)
}

async fn n_chg_the_browser_that_asked_for_a_key_sets_it_without_its_rut_and_a_captcha(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let (mut recovery, key) = recovered(&t, &person).await;
    let mut browser = t.changing();
    for (typed, reason) in [("A11111A1", Reason::WrongProvisional), ("", Reason::NoProvisional)] {
        let page = browser.after_recovery(&mut recovery, typed).await.unwrap_err();
        assert!(matches!(page.state, Recovery::Sent(_)), "the page of the key stays");
        assert_eq!(page.errors(), [(Field::CurrentKey, reason)]);
    }

    let page = browser.after_recovery(&mut recovery, &key).await.unwrap();
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    assert_eq!(recovery.load().await.feedback, Feedback::default(), "“Volver” brings no error back");
    assert!(matches!(browser.set_key("Quillay77", "Quillay77", "").await.state, Change::Done { .. }));
    t.change_key(&person, "Quillay77", "Peumo4455").await;
}

async fn n_rec_end_what_is_wrong_with_a_provisional_key_is_said_on_its_page(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let (mut recovery, key) = recovered(&t, &person).await;
    let mut browser = t.changing();
    // As many tries as anywhere, and then the same wait.
    for minutes in [None, None, None, None, Some(1)] {
        let page = browser.after_recovery(&mut recovery, "A11111A1").await.unwrap_err();
        assert_eq!(page.errors(), [(Field::CurrentKey, Reason::WrongProvisional)]);
        assert_eq!(page.notice(), minutes.map(|minutes| Notice::Wait { minutes }));
    }
    let page = browser.after_recovery(&mut recovery, &key).await.unwrap_err();
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::Wait { minutes: 1 })));
    assert!(recovery.captcha.is_empty(), "this wait is the browser's own");
    t.clock.advance(MINUTE);
    assert!(matches!(browser.after_recovery(&mut recovery, &key).await.unwrap().state, Change::NewKey(_)));
}

async fn n_rec_end_letters_stand_in_for_a_wait_that_others_caused(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let (mut recovery, key) = recovered(&t, &person).await;
    for host in 1..=30 {
        let mut stranger = t.changing().at_address(&format!("198.51.{host}.9"));
        stranger.identify(&person.rut_text, "A11111A1").await;
    }
    let mut browser = t.changing();
    let page = browser.after_recovery(&mut recovery, &key).await.unwrap_err();
    assert!(matches!(page.state, Recovery::Sent(_)));
    assert!(!recovery.captcha.is_empty(), "{:?}", page.feedback);
    recovery.type_letters().await;
    let page = browser.after_recovery(&mut recovery, &key).await.unwrap();
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
}

async fn security_only_the_browser_that_asked_for_a_key_goes_on_without_a_captcha(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let (mut recovery, key) = recovered(&t, &person).await;
    let begins = |page: Page<Change>, notice| {
        assert_eq!((page.state, page.feedback), (Change::Identify, Feedback::from(notice)));
    };
    let page = t.changing().after_recovery(&mut t.recovering(), &key).await.unwrap();
    begins(page, Notice::Expired);

    // A recovery that has not come to its end names nobody; nor does the page of another one.
    let mut other = t.recovering();
    other.rut(&person.rut_text).await;
    begins(t.changing().after_recovery(&mut other, &key).await.unwrap(), Notice::OtherTab);
    let mut copied = recovery.clone();
    copied.tag = other.tag.clone();
    begins(t.changing().after_recovery(&mut copied, &key).await.unwrap(), Notice::OtherTab);

    // The key itself, typed in place of the provisional one, asks for a captcha like everywhere else.
    let mut browser = t.changing();
    let page = browser.after_recovery(&mut recovery, &person.key).await.unwrap();
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    let page = browser.set_key("Quillay77", "Quillay77", "").await;
    assert_eq!(page.errors(), [(Field::Captcha, Reason::Missing)]);

    // And so does the usual first page.
    let mut browser = t.changing();
    browser.identify(&person.rut_text, &key).await;
    let page = browser.set_key("Quillay77", "Quillay77", "").await;
    assert_eq!(page.errors(), [(Field::Captcha, Reason::Missing)]);
}
