//! J-REC-1, J-REC-2, J-REC-3: recovery of a company's key.

use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::kind::Kind;

use crate::support::accounts::AccountData;
use crate::support::people::{key_in, recipients};
use crate::support::{Company, Page, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    j_rec_1_representative_and_serial_send_the_key_to_the_registered_mail,
    j_rec_1_no_sends_the_key_to_a_new_mail,
    j_rec_1_no_with_the_registered_mail_sends_no_warning,
    j_rec_2_a_forgotten_answer_is_replaced_by_the_serial,
    j_rec_3_the_answer_sends_the_key,
    j_rec_2_representative_and_serial_are_given_with_the_box,
    j_chg_the_browser_that_recovered_by_the_cedula_sets_a_key_without_a_second_captcha,
    j_chg_after_an_answer_the_last_page_asks_whom_sii_names,
    security_sii_is_asked_again_when_the_key_is_used,
    security_the_representative_of_a_recovery_is_not_shown_after_a_wrong_key,
    j_rec_an_outage_of_a_registry_loses_no_data_and_counts_no_attempt,
    j_rec_only_the_serial_of_the_representative_is_accepted,
    security_known_and_unknown_companies_see_the_same_pages,
];

fn knows(t: &TestBackend, company: &Company) {
    t.tax_knows(&[company]);
    t.civil_knows(&[&company.representative]);
}

async fn at_the_mail(t: &TestBackend, company: &Company) -> Visit<Recovery> {
    let mut browser = t.recovering_as(Kind::Juridica);
    let page = browser.rut(&company.rut_text).await;
    if matches!(page.state, Recovery::Question(_)) {
        browser.forgotten().await;
    }
    let page = browser.representative(&company.representative.rut_text).await;
    assert!(matches!(page.state, Recovery::Document(_)), "{:?}", page.feedback);
    let page = browser.serial(&company.representative.serial).await;
    assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.feedback);
    browser
}

/// The provisional key of the messages, which went to exactly these addresses.
async fn key_sent_to(t: &TestBackend, to: &[&str]) -> String {
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), to);
    letters.iter().find_map(key_in).expect("a message with a key")
}

/// Sets a new key with the provisional one.
async fn sets_a_key(t: &TestBackend, company: &Company, key: &str) {
    let mut browser = t.changing_as(Kind::Juridica);
    browser.identify_company(&company.rut_text, &company.representative.rut_text, key).await;
    browser.set("Boldo88zz").await;
    assert!(t.key_is(company, "Boldo88zz").await);
}

fn sent(page: &Page<Recovery>) {
    assert!(matches!(&page.state, Recovery::Sent(sent) if !sent.by_sms), "{:?}", page.feedback);
}

async fn j_rec_1_representative_and_serial_send_the_key_to_the_registered_mail(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account_with(&company, AccountData::NoQuestion).await;
    let mut browser = at_the_mail(&t, &company).await;
    browser.mail("si").await;
    sent(&browser.send_right().await);
    let key = key_sent_to(&t, &[&company.email]).await;
    sets_a_key(&t, &company, &key).await;
}

async fn j_rec_1_no_sends_the_key_to_a_new_mail(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account_with(&company, AccountData::NoQuestion).await;
    let mut browser = at_the_mail(&t, &company).await;
    browser.mail("no").await;
    let page = browser.contact("", "").await;
    assert_eq!(page.errors(), [(Field::Email, Reason::Missing)], "a mobile is not required");
    browser.contact("hoy@empresa.ejemplo.cl", "").await;
    let page = browser.send_right().await;
    sent(&page);
    assert!(matches!(page.state, Recovery::Sent(sent) if sent.to_new));
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [company.email.as_str(), "hoy@empresa.ejemplo.cl"]);
    let old = letters.iter().find(|letter| letter.to == company.email).unwrap();
    assert!(key_in(old).is_none() && old.text.contains("otro correo.") && !old.text.contains("celular"));
    let key = letters.iter().find_map(key_in).unwrap();
    sets_a_key(&t, &company, &key).await;
    assert_eq!(t.on_file(&company).await.email.unwrap().as_str(), "hoy@empresa.ejemplo.cl");
}

async fn j_rec_1_no_with_the_registered_mail_sends_no_warning(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account(&company).await;
    let mut browser = at_the_mail(&t, &company).await;
    browser.mail("no").await;
    browser.contact(&company.email, "").await;
    let page = browser.send_right().await;
    assert!(matches!(&page.state, Recovery::Sent(sent) if !sent.to_new), "{:?}", page.feedback);
    let key = key_sent_to(&t, &[&company.email]).await;
    sets_a_key(&t, &company, &key).await;
    assert_eq!(t.on_file(&company).await.email.unwrap().as_str(), company.email);
}

async fn j_rec_2_a_forgotten_answer_is_replaced_by_the_serial(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account(&company).await;
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    let page = browser.forgotten().await;
    assert!(matches!(page.state, Recovery::Representative(_)));
    // The answer is accepted after choosing “forgotten”.
    let page = browser.answer(&company.answer).await;
    assert!(matches!(page.state, Recovery::Captcha(_)), "{:?}", page.feedback);
    let mut browser = at_the_mail(&t, &company).await;
    browser.mail("si").await;
    sent(&browser.send_right().await);
    key_sent_to(&t, &[&company.email]).await;
}

async fn j_rec_3_the_answer_sends_the_key(t: TestBackend) {
    let company = Company::number(1);
    t.tax_is_down();
    t.civil_is_down();
    t.account(&company).await;
    let page = t.proven_by_answer(&company).await.send_right().await;
    sent(&page);
    key_sent_to(&t, &[&company.email]).await;
}

async fn j_rec_2_representative_and_serial_are_given_with_the_box(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account(&company).await;
    let (rut, serial) = (&company.representative.rut_text, &company.representative.serial);
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    for (representative, document, missing) in
        [(rut.as_str(), "", Field::Serial), ("", serial.as_str(), Field::Representative)]
    {
        let page = browser.forgotten_by(representative, document).await;
        assert!(matches!(page.state, Recovery::Question(_)), "{:?}", page.state);
        assert_eq!(page.errors(), [(missing, Reason::Missing)]);
        assert_eq!(
            [page.typed.get("rut_representante"), page.typed.get("serie")],
            [representative, document]
        );
    }
    let page = browser.forgotten_by(rut, serial).await;
    assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.feedback);

    // What is wrong is said where it is asked for alone, and the other is there still.
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    let page = browser.forgotten_by("12.345.678-5", serial).await;
    assert!(matches!(page.state, Recovery::Representative(_)), "{:?}", page.state);
    assert_eq!(page.errors(), [(Field::Representative, Reason::NotRepresentative)]);
    assert_eq!(page.typed.get("serie"), serial);
    let page = browser.representative(rut).await;
    assert!(matches!(page.state, Recovery::Document(_)), "{:?}", page.state);
    // Both left empty: both are missing, on the same page.
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    let page = browser.forgotten_by("", " ").await;
    assert!(matches!(page.state, Recovery::Question(_)), "{:?}", page.state);
    assert_eq!(page.errors(), [(Field::Representative, Reason::Missing), (Field::Serial, Reason::Missing)]);
}

/// Recovers by the cédula of the representative: the browser at the end, and the provisional key.
async fn recovered(t: &TestBackend, company: &Company) -> (Visit<Recovery>, String) {
    let mut browser = at_the_mail(t, company).await;
    browser.mail("si").await;
    sent(&browser.send_right().await);
    (browser, key_sent_to(t, &[&company.email]).await)
}

async fn j_chg_the_browser_that_recovered_by_the_cedula_sets_a_key_without_a_second_captcha(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account(&company).await;
    let (mut recovery, key) = recovered(&t, &company).await;
    let mut browser = t.changing_as(Kind::Juridica);
    // The representative who showed the cédula counts, whatever else is sent.
    let page = browser.after_recovery_by(&mut recovery, "12.345.678-5", &key).await.unwrap();
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    let page = browser.set_key("Boldo88zz", "Boldo88zz", "").await;
    assert!(matches!(page.state, Change::Done { .. }), "{:?}", page.feedback);
    assert!(t.key_is(&company, "Boldo88zz").await);
}

async fn j_chg_after_an_answer_the_last_page_asks_whom_sii_names(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account(&company).await;
    let mut recovery = t.proven_by_answer(&company).await;
    let page = recovery.send_right().await;
    assert!(matches!(&page.state, Recovery::Sent(sent) if sent.asks_representative(Kind::Juridica)));
    let key = key_sent_to(&t, &[&company.email]).await;
    let mut browser = t.changing_as(Kind::Juridica);
    let representative = &company.representative.rut_text;
    for (representative, key, error) in [
        ("", key.as_str(), (Field::Representative, Reason::Missing)),
        (representative.as_str(), "", (Field::CurrentKey, Reason::NoProvisional)),
        ("12.345.678-5", key.as_str(), (Field::CurrentKey, Reason::WrongAtTheEnd)),
        (representative.as_str(), "A11111A1", (Field::CurrentKey, Reason::WrongAtTheEnd)),
    ] {
        let page = browser.after_recovery_by(&mut recovery, representative, key).await.unwrap_err();
        assert!(matches!(page.state, Recovery::Sent(_)));
        assert_eq!(page.errors(), [error]);
        assert_eq!(page.typed.get("rut_representante"), representative, "what was typed stays");
    }
    let page = browser.after_recovery_by(&mut recovery, representative, &key).await.unwrap();
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    let page = browser.set_key("Boldo88zz", "Boldo88zz", "").await;
    assert!(matches!(page.state, Change::Done { .. }), "{:?}", page.feedback);
}

async fn security_sii_is_asked_again_when_the_key_is_used(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account(&company).await;
    let (mut recovery, key) = recovered(&t, &company).await;
    t.tax_says(&[(&company, &Person::number(8))]);
    let page = t.changing_as(Kind::Juridica).after_recovery_by(&mut recovery, "", &key).await.unwrap_err();
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::NotRepresentative)]);
    t.tax_is_down();
    let page = t.changing_as(Kind::Juridica).after_recovery_by(&mut recovery, "", &key).await.unwrap_err();
    assert_eq!(page.notice(), Some(Notice::TaxRegistryDown));
}

async fn security_the_representative_of_a_recovery_is_not_shown_after_a_wrong_key(t: TestBackend) {
    let company = Company::number(1);
    knows(&t, &company);
    t.account(&company).await;
    let (mut recovery, _) = recovered(&t, &company).await;
    let mut browser = t.changing_as(Kind::Juridica);
    let page = browser.after_recovery_by(&mut recovery, "", "A11111A1").await.unwrap_err();
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::WrongProvisional)]);
    assert_eq!(page.typed.get("rut_representante"), "", "whoever uses the browser next sees that page");
}

async fn j_rec_an_outage_of_a_registry_loses_no_data_and_counts_no_attempt(t: TestBackend) {
    let company = Company::number(1);
    t.account(&company).await;
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    browser.forgotten().await;
    t.tax_is_down();
    for _ in 0..8 {
        let page = browser.representative(&company.representative.rut_text).await;
        assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::TaxRegistryDown)));
        assert_eq!(page.typed.get("rut_representante"), company.representative.rut_text);
    }
    t.tax_knows(&[&company]);
    browser.representative(&company.representative.rut_text).await;
    t.civil_is_down();
    for _ in 0..8 {
        let page = browser.serial(&company.representative.serial).await;
        assert_eq!(page.notice(), Some(Notice::RegistryDown));
    }
    t.civil_knows(&[&company.representative]);
    let page = browser.serial(&company.representative.serial).await;
    assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.feedback);
}

async fn j_rec_only_the_serial_of_the_representative_is_accepted(t: TestBackend) {
    let (company, other) = (Company::number(1), Person::number(2));
    t.tax_knows(&[&company]);
    t.civil_knows(&[&company.representative, &other]);
    t.account(&company).await;
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    browser.forgotten().await;
    let page = browser.representative(&other.rut_text).await;
    assert_eq!(page.errors(), [(Field::Representative, Reason::NotRepresentative)]);
    // A later step is not processed before its proof.
    let page = browser.serial(&company.representative.serial).await;
    assert!(matches!(page.state, Recovery::Representative(_)));
    browser.representative(&company.representative.rut_text).await;
    let page = browser.serial(&other.serial).await;
    assert_eq!(page.errors(), [(Field::Serial, Reason::Wrong)]);
}

async fn security_known_and_unknown_companies_see_the_same_pages(t: TestBackend) {
    let (known, unknown) = (Company::number(1), Company::number(2));
    t.tax_knows(&[&known, &unknown]);
    t.civil_knows(&[]);
    t.account(&known).await;
    let mut walks = Vec::new();
    for company in [&known, &unknown] {
        let (mut walk, before) = (Vec::new(), t.hasher.runs());
        let mut browser = t.recovering_as(Kind::Juridica);
        let page = browser.rut(&company.rut_text).await;
        walk.push(format!("{} {:?}", matches!(page.state, Recovery::Question(_)), page.feedback));
        walk.push(format!("{:?}", browser.answer("no es esta").await.feedback));
        browser.forgotten().await;
        let page = browser.representative(&company.representative.rut_text).await;
        walk.push(format!("{} {:?}", matches!(page.state, Recovery::Document(_)), page.feedback));
        walk.push(format!("{:?}", browser.serial("A999999999").await.feedback));
        walks.push((walk, t.hasher.runs() - before));
    }
    assert_eq!(walks[0], walks[1]);
}
