//! F-REQ, “Solicitud de CS para facilitador extranjero”: the whole flow, and what it stores and sends at its end.

use argon2::password_hash::{PasswordHash, PasswordVerifier};
use backend::store::requests::RequestState;
use domain::answer::SecretAnswer;
use domain::flow::Feedback;
use domain::flow::request::{RequestFlow, RequestInput, RequestNumber, UploadPurpose};

use crate::support::people::recipients;
use crate::support::requests::Facilitator;
use crate::support::samples::{jpeg, pdf, png, sha256};
use crate::support::{Company, TestBackend, on_both_engines};

on_both_engines![
    f_req_a_complete_flow_files_a_request,
    f_req_both_files_belong_to_the_request_without_expiry,
    f_req_the_company_is_sent_the_number_and_no_data_of_the_facilitator,
    f_req_the_answer_is_stored_as_a_hash_only,
    f_req_the_audit_records_the_number,
    f_req_numbers_are_unique_and_can_be_read_aloud,
];

async fn f_req_a_complete_flow_files_a_request(t: TestBackend) {
    let (company, facilitator) = (Company::number(1), Facilitator::number(1));
    t.files.prepare().await.unwrap();
    t.tax_knows(&[&company]);
    t.register(&company).await;
    t.messages().await;

    let mut browser = t.requesting();
    let page = browser.begin().await;
    assert_eq!((page.state, page.feedback), (RequestFlow::Identify, Feedback::default()));
    let page = browser.identify_right(company.identifying()).await;
    let RequestFlow::Declaration(proven) = &page.state else { panic!("{:?}", page.feedback) };
    assert_eq!((proven.rut(), proven.representative()), (company.rut, company.representative.rut));
    assert!(page.typed.is_empty() && browser.captcha.is_empty());

    let declaration = browser.declaration().await.expect("a declaration at this step");
    assert!(declaration.starts_with(b"%PDF-1."));

    let page = browser.sign(Some(&pdf("firmada"))).await;
    assert_eq!((page.signed().document(), &page.feedback), (None, &Feedback::default()));
    let page = browser.file(facilitator.input(), &jpeg()).await;
    let number = page.number();
    assert!(page.typed.is_empty() && page.feedback == Feedback::default());
    assert_eq!(browser.load().await.number(), number, "the last page stays");

    let request = t.request_of(&number).await;
    assert_eq!((request.company, request.company_rut), (t.on_file(&company).await.id, company.rut));
    assert_eq!(request.company_name.as_deref(), Some(company.names.as_str()));
    assert_eq!(request.representative, company.representative.rut);
    assert_eq!(request.document.plain(), "pasaporte:FX600001");
    assert_eq!(request.names, facilitator.names);
    assert_eq!((request.email.as_str(), request.phone.as_str()), (&*facilitator.email, "+51987600001"));
    assert_eq!(request.question.id(), facilitator.question);
    assert!(request.state == RequestState::Open && request.decision.is_none());
}

async fn f_req_both_files_belong_to_the_request_without_expiry(t: TestBackend) {
    let company = t.one_company().await;
    let (signed, document) = (pdf("firmada"), png());
    let mut browser = t.identified(&company).await;
    browser.sign(Some(&signed)).await;
    let number = browser.file(Facilitator::number(1).input(), &document).await.number();

    let files = t.files_of(&number).await;
    let sent = [(UploadPurpose::Declaration, "pdf", &signed), (UploadPurpose::Document, "png", &document)];
    assert_eq!(files.len(), 2);
    for (file, (purpose, format, bytes)) in files.iter().zip(sent) {
        assert_eq!((file.purpose, file.format.as_str()), (purpose, format));
        assert_eq!((usize::try_from(file.size).unwrap(), &file.sha256), (bytes.len(), &sha256(bytes)));
        assert_eq!(t.content(&file.id).await.as_ref(), Some(bytes));
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM upload WHERE expires_at IS NOT NULL").await, 0);
    assert_eq!(t.kept_files().len(), 2);
}

async fn f_req_the_company_is_sent_the_number_and_no_data_of_the_facilitator(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let number = t.filed(&company, &facilitator).await;
    let letters = t.messages().await;
    assert_eq!(
        recipients(&letters),
        [company.email.as_str()],
        "one mail to the company and no other message"
    );
    let letter = format!("{} {}", letters[0].subject, letters[0].text);
    assert!(letter.contains(number.as_str()));
    let secrets = [
        facilitator.names.as_str(),
        &facilitator.email,
        "600001",
        "600 001",
        &facilitator.answer,
        &company.rut_text,
        &company.representative.rut_text,
        &company.representative.names,
        &company.key,
    ];
    for secret in secrets {
        assert!(!letter.contains(secret), "{secret}");
    }
}

async fn f_req_the_answer_is_stored_as_a_hash_only(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    // With an error first, so that the form is stored once.
    let page = browser.file(RequestInput { email: "", ..facilitator.input() }, &jpeg()).await;
    assert_eq!((page.typed.get("nombres"), page.typed.get("respuesta")), (facilitator.names.as_str(), ""));
    assert!(!t.dump("flow").await.to_lowercase().contains("gato"));
    let number = browser.file_kept(facilitator.input()).await.number();

    let hash = t.request_of(&number).await.answer_hash;
    let answer = SecretAnswer::parse("un gato de nunoa").unwrap();
    let hash = PasswordHash::new(&hash).unwrap();
    assert!(argon2::Argon2::default().verify_password(answer.expose().as_bytes(), &hash).is_ok());
    for table in ["flow", "facilitator_request", "upload", "audit", "outbox", "attempt", "account"] {
        let rows = t.dump(table).await;
        assert!(!rows.to_lowercase().contains("gato") && !rows.contains(&company.key), "{table}");
    }
    let raw = String::from_utf8_lossy(&t.database.raw()).into_owned();
    assert!(!raw.to_lowercase().contains("gato") && !raw.contains(&company.key));
}

async fn f_req_the_audit_records_the_number(t: TestBackend) {
    let company = t.one_company().await;
    let number = t.filed(&company, &Facilitator::number(1)).await;
    let rows = "SELECT event || ' ' || outcome || ' ' || network || ' ' || request || ' ' || request_number FROM audit
         WHERE request_number IS NOT NULL";
    assert_eq!(
        t.texts(rows).await,
        [format!("request-filed done 203.0.113.0/24 pedido-1 {}", number.as_str())]
    );
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE officer IS NOT NULL").await, 0);
    let of_company = "SELECT COUNT(*) FROM audit JOIN account ON account.id = audit.account_id
         WHERE event = 'request-filed' AND kind = 'juridica'";
    assert_eq!(t.number(of_company).await, 1);
    assert!(!t.dump("audit").await.contains("FX600001"));
}

async fn f_req_numbers_are_unique_and_can_be_read_aloud(t: TestBackend) {
    let company = t.one_company().await;
    let mut numbers = std::collections::HashSet::new();
    for facilitator in 1..=4 {
        let number = t.filed(&company, &Facilitator::number(facilitator)).await;
        let spoken = number.as_str().replace('-', " ").to_lowercase();
        assert_eq!(RequestNumber::parse(&spoken), Some(number.clone()), "{spoken}");
        assert!(numbers.insert(number));
    }
    assert_eq!(t.requests().await, 4);
}
