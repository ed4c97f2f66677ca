//! N-REC, “Recuperar CS”: the three cases of the guide and their end.

use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::recovery::Recovery;

use crate::support::accounts::AccountData;
use crate::support::people::{key_in, recipients};
use crate::support::{Page, Person, TestBackend, on_both_engines};

on_both_engines![
    n_rec_1_without_a_question_the_serial_sends_the_key_to_the_registered_mail,
    n_rec_2_a_forgotten_answer_is_replaced_by_the_serial,
    n_rec_3_the_answer_sends_the_key,
    n_rec_end_the_key_is_sent_by_mail_and_sms_and_the_old_one_still_works,
    n_rec_end_a_second_recovery_voids_the_first_key,
    n_rec_an_invalid_rut_is_reported_at_once,
    n_rec_a_missing_account_is_reported_only_after_a_valid_serial,
    n_rec_no_key_is_sent_without_the_right_captcha,
];

/// The page is “Éxito”, with mail and SMS, and does not show the key.
fn sent(page: &Page<Recovery>) {
    let Recovery::Sent(sent) = &page.state else { panic!("{:?}", page.feedback) };
    assert_eq!((sent.by_sms, sent.shown.as_ref()), (true, None));
}

async fn n_rec_1_without_a_question_the_serial_sends_the_key_to_the_registered_mail(t: TestBackend) {
    let person = Person::number(1);
    t.account_with(&person, AccountData::NoQuestion).await;
    t.civil_knows(&[&person]);
    let mut browser = t.recovering();

    let page = browser.rut(&person.rut_text).await;
    assert!(matches!(page.state, Recovery::Document(_)), "no question on file");
    let page = browser.serial(&person.serial.to_lowercase()).await;
    let Recovery::Mail(choice) = &page.state else { panic!("{:?}", page.feedback) };
    assert_eq!(choice.on_file().mail.as_deref(), Some("z•••••@c•••••.cl"));
    assert_eq!(page.typed.get("serie"), "", "a right serial is not shown again");
    let page = browser.mail("").await;
    assert_eq!(page.errors(), [(Field::MailIsRight, Reason::Missing)]);
    let page = browser.mail("si").await;
    assert!(matches!(page.state, Recovery::Captcha(_)));
    sent(&browser.send_right().await);

    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [person.phone().as_str(), person.email.as_str()]);
    let key = key_in(&letters[0]).unwrap();
    assert_eq!(key_in(&letters[1]).as_ref(), Some(&key));
    t.change_key(&person, &key, "Peumo#41").await;
    assert!(t.key_is(&person, "Peumo#41").await);
}

async fn n_rec_2_a_forgotten_answer_is_replaced_by_the_serial(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.recovering();

    let page = browser.rut(&person.rut_text).await;
    assert!(matches!(page.state, Recovery::Question(_)));
    assert!(matches!(browser.forgotten().await.state, Recovery::Document(_)), "the checkbox “forgotten”");
    let back = browser.answer("no es esta").await;
    assert_eq!(
        (back.state.clone(), back.errors()),
        (page.state, vec![(Field::Answer, Reason::Wrong)]),
        "an answer is checked after choosing “forgotten”"
    );
    browser.forgotten().await;
    let page = browser.serial(&person.serial).await;
    assert!(matches!(page.state, Recovery::Mail(_)));
    browser.mail("si").await;
    sent(&browser.send_right().await);
    assert_eq!(t.messages().await.len(), 2);
    // The names from Registro Civil are stored and used in later mails.
    assert_eq!(t.texts("SELECT names FROM account").await, [person.names.as_str()]);
}

async fn n_rec_3_the_answer_sends_the_key(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.recovering();
    let page = browser.rut(&person.rut_text).await;
    let Recovery::Question(asked) = page.state else { panic!("{:?}", page.feedback) };
    assert_eq!(asked.question().id(), person.form().question);
    let page = browser.answer(" ").await;
    assert_eq!(page.errors(), [(Field::Answer, Reason::Missing)]);
    assert_eq!(t.tries("answer").await, 0, "nothing was checked");
    let page = browser.answer("el GUATON, loyola").await;
    assert!(matches!(page.state, Recovery::Captcha(_)), "case, accents and spaces are ignored");
    assert!(!t.dump("flow").await.contains("loyola"));
    sent(&browser.send_right().await);
}

async fn n_rec_end_the_key_is_sent_by_mail_and_sms_and_the_old_one_still_works(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.proven_by_answer(&person).await.send_right().await;

    let letters = t.messages().await;
    let (sms, mail) = if letters[0].sms { (&letters[0], &letters[1]) } else { (&letters[1], &letters[0]) };
    let key = key_in(mail).unwrap();
    assert!(mail.text.contains(&person.names) && mail.text.contains("24 horas"));
    assert!(mail.text.contains("https://clave.ejemplo.cl/cambiar/natural"));
    assert!(sms.text.contains(&key) && !mail.subject.contains(&key));

    // A recovery does not void the old key: it still opens “CS Nueva” until a new key is set.
    t.proven_by_key(&person, &person.key).await;
    assert!(t.key_is(&person, &person.key).await);
    t.change_key(&person, &key.to_lowercase(), "Peumo#41").await;
    assert!(!t.key_is(&person, &person.key).await);
}

async fn n_rec_end_a_second_recovery_voids_the_first_key(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let first = t.recover_by_answer(&person).await;
    let second = t.recover_by_answer(&person).await;
    assert_ne!(first, second);
    let page = t.changing().identify(&person.rut_text, &first).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Spent)]);
    t.change_key(&person, &second, "Peumo#41").await;
}

async fn n_rec_an_invalid_rut_is_reported_at_once(t: TestBackend) {
    let mut browser = t.recovering();
    for (typed, reason) in [
        ("", Reason::Missing),
        ("12345678-9", Reason::CheckDigit),
        ("1-9", Reason::Format),
        ("hola", Reason::Characters),
    ] {
        let page = browser.rut(typed).await;
        assert_eq!((page.state.clone(), page.errors()), (Recovery::Identify, vec![(Field::Rut, reason)]));
        assert_eq!(page.typed.get("rut"), typed);
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM flow").await, 1, "each form ends the previous flow");
}

async fn n_rec_a_missing_account_is_reported_only_after_a_valid_serial(t: TestBackend) {
    let stranger = Person::number(1);
    t.civil_knows(&[&stranger]);
    let mut browser = t.recovering();
    assert!(
        matches!(browser.rut(&stranger.rut_text).await.state, Recovery::Question(_)),
        "a decoy question is shown"
    );
    browser.forgotten().await;
    assert_eq!(browser.serial(&stranger.serial).await.state, Recovery::NoAccount);
}

async fn n_rec_no_key_is_sent_without_the_right_captcha(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_answer(&person).await;
    let first = browser.captcha.clone();
    let letters = browser.letters_shown().await;
    assert_eq!(browser.send("nada").await.errors(), [(Field::Captcha, Reason::Wrong)]);
    browser.captcha = first;
    assert_eq!(browser.send(&letters).await.errors(), [(Field::Captcha, Reason::Stale)]);
    assert_eq!(browser.send("").await.errors(), [(Field::Captcha, Reason::Missing)]);
    let moved = browser.service().new_captcha(browser.posted()).await.unwrap();
    let page = browser.arrive(moved).await;
    assert_eq!(page.notice(), Some(Notice::NewCaptcha));
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 0);
    sent(&browser.send_right().await);
}
