//! R-SII: SII decides who the current representative is. A change is detected, recorded, and notified.

use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::kind::Kind;

use crate::support::people::recipients;
use crate::support::{Company, Person, TestBackend, on_both_engines};

on_both_engines![
    r_sii_only_the_current_representative_recovers_the_key,
    r_sii_a_new_representative_is_not_stored_without_a_proof,
    r_sii_a_change_of_key_stores_and_notifies_a_new_representative_once,
    r_sii_wrong_representatives_have_their_own_limit,
];

async fn r_sii_only_the_current_representative_recovers_the_key(t: TestBackend) {
    let (company, new) = (Company::number(1), Person::number(8));
    t.account(&company).await;
    t.tax_says(&[(&company, &new)]);
    t.civil_knows(&[&company.representative, &new]);
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    browser.forgotten().await;
    let page = browser.representative(&company.representative.rut_text).await;
    assert_eq!(page.errors(), [(Field::Representative, Reason::NotRepresentative)]);
    browser.representative(&new.rut_text).await;
    assert_eq!(
        t.on_file(&company).await.representative,
        Some(company.representative.rut),
        "unchanged before the proof"
    );
    assert!(t.messages().await.is_empty());
    let page = browser.serial(&new.serial).await;
    assert!(matches!(page.state, Recovery::Mail(_)), "{:?}", page.feedback);
    let account = t.on_file(&company).await;
    assert_eq!(account.representative, Some(new.rut));
    assert_eq!(account.names.as_deref(), Some(company.names.as_str()), "the company keeps its name");
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [company.email.as_str()]);
    assert!(letters[0].subject.contains("Cambió el representante legal"));
    assert!(!letters[0].text.contains(&new.rut_text), "no RUT in a mail");
}

async fn r_sii_a_new_representative_is_not_stored_without_a_proof(t: TestBackend) {
    let (company, new) = (Company::number(1), Person::number(8));
    t.account(&company).await;
    t.tax_says(&[(&company, &new)]);
    t.civil_knows(&[&new]);
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    browser.forgotten().await;
    browser.representative(&new.rut_text).await;
    browser.serial("A999999999").await;
    let page =
        t.changing_as(Kind::Juridica).identify_company(&company.rut_text, &new.rut_text, "NoEsEsta1").await;
    assert_eq!(page.state, Change::Identify);
    assert_eq!(t.on_file(&company).await.representative, Some(company.representative.rut));
    assert!(t.messages().await.is_empty());
}

async fn r_sii_a_change_of_key_stores_and_notifies_a_new_representative_once(t: TestBackend) {
    let (company, new) = (Company::number(1), Person::number(8));
    t.account(&company).await;
    t.tax_says(&[(&company, &new)]);
    for _ in 0..3 {
        let mut browser = t.changing_as(Kind::Juridica);
        let page = browser.identify_company(&company.rut_text, &new.rut_text, &company.key).await;
        assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    }
    assert_eq!(t.on_file(&company).await.representative, Some(new.rut));
    assert_eq!(recipients(&t.messages().await), [company.email.as_str()]);
}

async fn r_sii_wrong_representatives_have_their_own_limit(t: TestBackend) {
    let company = Company::number(1);
    t.account(&company).await;
    t.tax_knows(&[&company]);
    let mut browser = t.recovering_as(Kind::Juridica);
    browser.rut(&company.rut_text).await;
    browser.forgotten().await;
    for number in 10..15 {
        browser.representative(&Person::number(number).rut_text).await;
    }
    let page = browser.representative(&company.representative.rut_text).await;
    assert!(
        page.notice().is_some() && matches!(page.state, Recovery::Representative(_)),
        "{:?}",
        page.feedback
    );
    let page = t.proven_by_answer(&company).await.send_right().await;
    assert!(matches!(page.state, Recovery::Sent(_)), "recovery by the answer still works");
}
