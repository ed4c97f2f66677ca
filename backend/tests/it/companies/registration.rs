//! J-REG and J-CHG: companies with their legal representative.

use domain::company::CompanyInput;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::registration::{RegisterProof, Registration, RegistrationInput};
use domain::kind::Kind;

use crate::support::people::recipients;
use crate::support::{Company, Person, TestBackend, on_both_engines};

on_both_engines![
    j_reg_a_company_registers_and_is_notified_by_mail_only,
    j_reg_the_representative_is_checked_with_sii,
    j_reg_an_outage_of_sii_is_reported_and_loses_no_data,
    j_reg_with_proof_requires_the_serial_of_the_representative,
    j_reg_a_company_and_a_person_with_the_same_rut_are_two_accounts,
    j_chg_a_company_sets_a_new_key,
    j_chg_wrong_key_and_wrong_representative_get_the_same_error,
    j_chg_an_outage_of_sii_loses_no_data_and_counts_no_attempt,
];

async fn j_reg_a_company_registers_and_is_notified_by_mail_only(t: TestBackend) {
    let company = Company::number(1);
    t.tax_knows(&[&company]);
    t.register(&company).await;
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [company.email.as_str()]);
    assert!(letters[0].text.contains(&company.names) && letters[0].text.contains("RUT de empresa"));
    let account = t.on_file(&company).await;
    assert_eq!(account.representative, Some(company.representative.rut));
    assert!(account.mobile.is_none());
    // A second registration shows the same page and notifies the owner.
    t.register(&company).await;
    let letters = t.messages().await;
    assert!(letters.iter().any(|letter| letter.text.contains("Como usted ya tiene una, nada cambió")));
}

async fn j_reg_the_representative_is_checked_with_sii(t: TestBackend) {
    let (company, other) = (Company::number(1), Person::number(2));
    t.tax_says(&[(&company, &other)]);
    let page = t.registering_as(Kind::Juridica).await.create_right(company.form()).await;
    assert_eq!(page.errors(), [(Field::Representative, Reason::NotRepresentative)]);
    assert_eq!(page.typed.get("razon_social"), company.names, "nothing typed is lost");
    let input = CompanyInput { representative: &other.rut_text, ..company.form().company };
    let form = RegistrationInput { company: input, ..company.form() };
    let page = t.registering_as(Kind::Juridica).await.create_right(form).await;
    assert!(
        matches!(page.state, Registration::Done { by_sms: false, by_mail: true, .. }),
        "{:?}",
        page.feedback
    );
}

async fn j_reg_an_outage_of_sii_is_reported_and_loses_no_data(t: TestBackend) {
    let company = Company::number(1);
    t.tax_is_down();
    let mut browser = t.registering_as(Kind::Juridica).await;
    for _ in 0..8 {
        let page = browser.create_right(company.form()).await;
        assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::TaxRegistryDown)));
        assert_eq!(page.typed.get("rut_representante"), company.representative.rut_text);
    }
    t.tax_knows(&[&company]);
    let page = browser.create_right(company.form()).await;
    assert!(matches!(page.state, Registration::Done { .. }), "no attempt was counted: {:?}", page.feedback);
}

async fn j_reg_with_proof_requires_the_serial_of_the_representative(t: TestBackend) {
    let mut t = t;
    t.backend.settings.register_proof = RegisterProof::Serial;
    let company = Company::number(1);
    t.tax_knows(&[&company]);
    t.civil_knows(&[&company.representative]);
    let wrong = RegistrationInput { serial: "A999999999", ..company.form() };
    let mut browser = t.registering_as(Kind::Juridica).await;
    assert_eq!(browser.create_right(wrong).await.errors(), [(Field::Serial, Reason::Wrong)]);
    let page = browser.create_right(company.form()).await;
    assert!(matches!(page.state, Registration::Done { .. }), "{:?}", page.feedback);
    assert_eq!(
        t.on_file(&company).await.names.as_deref(),
        Some(company.names.as_str()),
        "the name of the company, not of the representative"
    );
}

async fn j_reg_a_company_and_a_person_with_the_same_rut_are_two_accounts(t: TestBackend) {
    let mut company = Company::number(1);
    let person = Person::number(7);
    (company.rut, company.rut_text) = (person.rut, person.rut_text.clone());
    t.tax_knows(&[&company]);
    t.register(&person).await;
    t.register(&company).await;
    assert_ne!(t.on_file(&company).await.id, t.on_file(&person).await.id);
}

async fn j_chg_a_company_sets_a_new_key(t: TestBackend) {
    let company = Company::number(1);
    t.tax_knows(&[&company]);
    t.account(&company).await;
    let mut browser = t.changing_as(Kind::Juridica);
    let representative = company.representative.rut.plain();
    let page = browser.identify_company(&company.rut.plain(), &representative, &company.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
    let page = browser.set("Boldo88zz").await;
    assert_eq!(page.state, Change::Done { by_sms: false, question_deleted: false });
    assert!(t.key_is(&company, "Boldo88zz").await);
    assert_eq!(recipients(&t.messages().await), [company.email.as_str()]);
}

async fn j_chg_wrong_key_and_wrong_representative_get_the_same_error(t: TestBackend) {
    let (company, unknown, other) = (Company::number(1), Company::number(2), Person::number(9));
    t.tax_says(&[
        (&company, &company.representative),
        (&unknown, &unknown.representative),
        (&company, &other),
    ]);
    t.account(&company).await;
    let mut seen = Vec::new();
    for (rut, representative, key) in [
        (&company.rut_text, &company.representative.rut_text, "NoEsEsta1"),
        (&company.rut_text, &Person::number(5).rut_text, company.key.as_str()),
        (&unknown.rut_text, &unknown.representative.rut_text, company.key.as_str()),
    ] {
        let page = t.changing_as(Kind::Juridica).identify_company(rut, representative, key).await;
        assert_eq!(page.state, Change::Identify);
        seen.push(page.feedback);
    }
    assert_eq!(seen[0].errors[0].reason, Reason::WrongForCompany);
    assert_eq!(seen[0].errors[0].field, Field::CurrentKey);
    assert!(seen.iter().all(|feedback| *feedback == seen[0]), "{seen:?}");
    // An empty form: every field has its error.
    let page = t.changing_as(Kind::Juridica).identify_company("", "", "").await;
    let missing =
        [Field::Rut, Field::Representative, Field::CurrentKey].map(|field| (field, Reason::Missing));
    assert_eq!(page.errors(), missing);
}

async fn j_chg_an_outage_of_sii_loses_no_data_and_counts_no_attempt(t: TestBackend) {
    let company = Company::number(1);
    t.account(&company).await;
    t.tax_is_down();
    let mut browser = t.changing_as(Kind::Juridica);
    let representative = &company.representative.rut_text;
    let before = t.hasher.runs();
    for key in ["NoEsEsta1", company.key.as_str()].repeat(5) {
        let page = browser.identify_company(&company.rut_text, representative, key).await;
        assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::TaxRegistryDown)));
        assert_eq!(page.typed.get("rut"), company.rut_text, "nothing typed is lost");
    }
    assert_eq!(t.hasher.runs(), before, "the response does not reveal whether the key was right");
    t.tax_knows(&[&company]);
    let page = browser.identify_company(&company.rut_text, representative, &company.key).await;
    assert!(matches!(page.state, Change::NewKey(_)), "{:?}", page.feedback);
}
