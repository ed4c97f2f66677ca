//! M-REC-1…3: recovery of a persona migrante, with the number of the identity document or the answer.

use domain::field::{Field, Reason};
use domain::flow::recovery::Recovery;
use domain::flow::registration::RegisterProof;
use domain::kind::Kind;

use crate::support::accounts::AccountData;
use crate::support::people::{key_in, recipients};
use crate::support::{Migrant, TestBackend, on_both_engines};

on_both_engines![
    m_rec_1_without_a_question_the_document_sends_the_key_to_the_registered_mail,
    m_rec_1_no_sends_the_key_to_new_contact_data_and_notifies_the_old,
    m_rec_2_a_forgotten_answer_is_replaced_by_the_document,
    m_rec_3_the_answer_sends_the_key,
    security_registro_civil_is_never_asked_for_a_migrant,
];

async fn m_rec_1_without_a_question_the_document_sends_the_key_to_the_registered_mail(t: TestBackend) {
    let (migrant, other) = (Migrant::number(1), Migrant::number(2));
    t.account_with(&migrant, AccountData::NoQuestion).await;
    t.account(&other).await;
    let mut browser = t.recovering_as(Kind::Migrante);
    let page = browser.nie(&migrant.nie).await;
    assert!(matches!(page.state, Recovery::Document(_)), "no question on file: {:?}", page.feedback);
    for (number, reason) in [
        ("", Reason::Missing),
        ("P-1", Reason::Format),
        (other.document.as_str(), Reason::Wrong),
        (migrant.serial.as_str(), Reason::Wrong),
    ] {
        let page = browser.document(number).await;
        assert_eq!(page.errors(), [(Field::DocumentNumber, reason)], "{number}");
        assert_eq!(page.typed.get("documento"), number, "the number stays, to be corrected");
    }
    let page = browser.document(" p4000001 ").await;
    let Recovery::Mail(choice) = &page.state else { panic!("{:?}", page.feedback) };
    assert_eq!(choice.on_file().mail.as_deref(), Some("f•••••@c•••••.cl"));
    assert_eq!(page.typed.get("documento"), "", "a right number is not shown again");
    browser.mail("si").await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(sent) if sent.by_sms));
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [migrant.phone(), migrant.email.clone()]);
    t.change_key(&migrant, &key_in(&letters[0]).unwrap(), "Peumo#41").await;
    assert!(t.key_is(&migrant, "Peumo#41").await);
}

async fn m_rec_1_no_sends_the_key_to_new_contact_data_and_notifies_the_old(t: TestBackend) {
    let (migrant, new) = (Migrant::number(1), Migrant::number(2));
    t.account(&migrant).await;
    let mut browser = t.proven_by_serial(&migrant).await;
    assert!(matches!(browser.mail("no").await.state, Recovery::Contact(_)));
    browser.contact(&new.email, &new.mobile).await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    let letters = t.messages().await;
    assert_eq!(
        recipients(&letters),
        [migrant.phone(), new.phone(), migrant.email.clone(), new.email.clone()]
    );
    for letter in &letters {
        let to_new = letter.to == new.email || letter.to == new.phone();
        assert_eq!(key_in(letter).is_some(), to_new, "the key goes to the new contact only");
    }
    let old = letters.iter().find(|letter| letter.to == migrant.email).unwrap();
    assert!(old.text.contains("su NIE y el número de su documento de identidad"), "{}", old.text);
    let key = letters.iter().find_map(key_in).unwrap();
    t.change_key(&migrant, &key, "Peumo#41").await;
    assert_eq!(t.on_file(&migrant).await.email.unwrap().as_str(), new.email);
}

async fn m_rec_2_a_forgotten_answer_is_replaced_by_the_document(t: TestBackend) {
    let migrant = Migrant::number(1);
    t.account(&migrant).await;
    let mut browser = t.recovering_as(Kind::Migrante);
    assert!(matches!(browser.nie(&migrant.nie).await.state, Recovery::Question(_)));
    assert!(matches!(browser.forgotten().await.state, Recovery::Document(_)));
    let page = browser.answer("no es esta").await;
    assert_eq!(
        page.errors(),
        [(Field::Answer, Reason::Wrong)],
        "an answer is checked after choosing “forgotten”"
    );
    browser.forgotten().await;
    assert!(matches!(browser.document(&migrant.document).await.state, Recovery::Mail(_)));
    browser.mail("si").await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    let key = t.messages().await.iter().find_map(key_in).unwrap();
    t.change_key(&migrant, &key, "Peumo#41").await;
}

async fn m_rec_3_the_answer_sends_the_key(t: TestBackend) {
    let migrant = Migrant::number(1);
    t.account(&migrant).await;
    let key = t.recover_by_answer(&migrant).await;
    t.proven_by_key(&migrant, &migrant.key).await;
    t.change_key(&migrant, &key, "Peumo#41").await;
    assert!(t.key_is(&migrant, "Peumo#41").await);
}

async fn security_registro_civil_is_never_asked_for_a_migrant(t: TestBackend) {
    let (mut t, migrant) = (t, Migrant::number(1));
    t.backend.settings.register_proof = RegisterProof::Serial;
    t.civil_is_down();
    t.register(&migrant).await;
    let mut browser = t.proven_by_serial(&migrant).await;
    browser.mail("si").await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    t.opened(&migrant).await;
    let mut browser = t.recovering_as(Kind::Migrante);
    browser.nie(&migrant.nie).await;
    browser.forgotten().await;
    let page = browser.document("P-9999999").await;
    assert_eq!((page.errors(), page.notice()), (vec![(Field::DocumentNumber, Reason::Wrong)], None));
}
