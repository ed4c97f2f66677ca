//! F-REQ: no step without the previous one, whatever a browser sends and in any order.

use backend::clock::MINUTE;
use domain::field::{Field, Reason};
use domain::flow::request::{RequestFlow, RequestInput, UploadPurpose};
use domain::kind::Kind;

use crate::support::requests::Facilitator;
use crate::support::samples::{jpeg, pdf};
use crate::support::{TestBackend, on_both_engines};

on_both_engines![
    f_req_no_step_is_processed_without_its_proof,
    f_req_the_declaration_is_available_at_its_steps_only,
    f_req_every_field_of_the_facilitator_is_required,
    f_req_the_declaration_can_be_replaced_later,
    f_req_a_file_is_offered_only_for_its_purpose,
    f_req_an_opened_form_is_not_stored_and_a_filed_request_starts_a_new_one,
    f_req_a_flow_continues_after_a_restart,
];

async fn f_req_no_step_is_processed_without_its_proof(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    // At the first form: no file is accepted and no later step is processed.
    let mut browser = t.requesting();
    browser.begin().await;
    assert!(browser.send(&pdf("")).await.is_none() && browser.offered().await.is_none());
    assert_eq!(browser.sign(None).await.state, RequestFlow::Identify);
    assert_eq!(browser.sign_again().await.state, RequestFlow::Identify);
    assert_eq!(browser.file_kept(facilitator.input()).await.state, RequestFlow::Identify);

    // At the declaration: a file is required, and no later step is processed.
    let mut browser = t.identified(&company).await;
    let page = browser.sign(None).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    let early = browser.send(&pdf("antes")).await;
    assert!(browser.file_with(facilitator.input(), early, true).await.asks_for_the_declaration());

    // At the facilitator's form: a document is required.
    let mut browser = t.signed(&company).await;
    let page = browser.file_with(facilitator.input(), None, false).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::Missing)]);
    let page = browser.file_kept(facilitator.input()).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileUnavailable)]);
    let signed = browser.load().await.signed().clone();
    assert_eq!(browser.sign(None).await.signed(), &signed, "the declaration is signed already");
    assert_eq!(t.requests().await, 0);

    // At the end: no step changes anything.
    let number = browser.file(facilitator.input(), &jpeg()).await.number();
    assert!(browser.send(&pdf("")).await.is_none() && browser.offered().await.is_none());
    for page in [
        browser.file_kept(Facilitator::number(2).input()).await,
        browser.sign(None).await,
        browser.sign_again().await,
        browser.identify(company.identifying()).await,
    ] {
        assert_eq!(page.number(), number);
    }
    assert_eq!(t.requests().await, 1);
}

async fn f_req_the_declaration_is_available_at_its_steps_only(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    assert!(browser.declaration().await.is_none(), "without a cookie");
    browser.begin().await;
    assert!(browser.declaration().await.is_none(), "before the key");
    let mut browser = t.identified(&company).await;
    assert!(browser.declaration().await.unwrap().starts_with(b"%PDF-1."));
    browser.sign(Some(&pdf(""))).await;
    assert!(browser.declaration().await.unwrap().starts_with(b"%PDF-1."), "again, to send another");
    let mut change = t.changing_as(Kind::Juridica);
    change.identify_company(&company.rut_text, &company.representative.rut_text, &company.key).await;
    assert!(t.request(&change.caller).declaration(change.token.as_ref()).await.unwrap().is_none());
    browser.file(Facilitator::number(1).input(), &jpeg()).await;
    assert!(browser.declaration().await.is_none(), "the request is filed");
    let browser = t.identified(&company).await;
    t.clock.advance(16 * MINUTE);
    assert!(browser.declaration().await.is_none(), "the flow has expired");
}

async fn f_req_every_field_of_the_facilitator_is_required(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    let page = browser.file_with(RequestInput::default(), None, false).await;
    let all = [
        Field::DocumentNumber,
        Field::DocumentKind,
        Field::DocumentFile,
        Field::Names,
        Field::Email,
        Field::Phone,
        Field::Question,
        Field::Answer,
    ];
    assert_eq!(page.errors(), all.map(|field| (field, Reason::Missing)));
    browser.send(&jpeg()).await;
    let right = facilitator.input();
    for (input, errors) in [
        (RequestInput { document_kind: "carnet", ..right }, vec![(Field::DocumentKind, Reason::Missing)]),
        (RequestInput { document_number: "a:b", ..right }, vec![(Field::DocumentNumber, Reason::Format)]),
        (RequestInput { names: "<b>Ana</b>", ..right }, vec![(Field::Names, Reason::Characters)]),
        (RequestInput { email: "ana@", ..right }, vec![(Field::Email, Reason::Format)]),
        (RequestInput { phone: "987 654", ..right }, vec![(Field::Phone, Reason::Format)]),
        (RequestInput { question: "cual", ..right }, vec![(Field::Question, Reason::Missing)]),
        (RequestInput { answer: "¿?", ..right }, vec![(Field::Answer, Reason::Missing)]),
        (
            RequestInput { email: "", names: "", ..right },
            vec![(Field::Names, Reason::Missing), (Field::Email, Reason::Missing)],
        ),
    ] {
        let page = browser.file_kept(input).await;
        assert_eq!(page.errors(), errors);
        let typed = ["documento_tipo", "documento", "nombres", "email", "telefono", "pregunta", "respuesta"];
        let expected = [
            input.document_kind,
            input.document_number,
            input.names,
            input.email,
            input.phone,
            input.question,
            "",
        ];
        assert_eq!(typed.map(|name| page.typed.get(name)), expected, "shown again as typed");
    }
    assert_eq!(
        (t.requests().await, t.hasher.runs()),
        (0, 1),
        "the answer is hashed only when every field is right"
    );
    browser.file_kept(right).await.number();
}

async fn f_req_the_declaration_can_be_replaced_later(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.signed(&company).await;
    let first = browser.load().await.signed().declaration().clone();
    // With the fields typed so far and the document of the same form.
    let facilitator = Facilitator::number(1);
    let sent = browser.send_as(UploadPurpose::Document, &jpeg()).await;
    let moved = browser.service().sign_again(browser.posted(), facilitator.input(), sent).await.unwrap();
    assert!(matches!(browser.arrive(moved).await.state, RequestFlow::Declaration(_)));
    assert_eq!(browser.offered().await.unwrap().id, first, "the declaration need not be sent again");
    let page = browser.sign(Some(&pdf("mejor"))).await;
    let second = page.signed().declaration().clone();
    assert_ne!(first, second);
    assert_eq!(page.typed.get("nombres"), facilitator.input().names);
    assert!(page.typed.get("respuesta").is_empty(), "the answer is never shown again");
    let number = browser.file_kept(facilitator.input()).await.number();
    let files = t.files_of(&number).await;
    assert_eq!((&files[0].id, t.content(&files[1].id).await), (&second, Some(jpeg())));
}

async fn f_req_a_file_is_offered_only_for_its_purpose(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    // “Subir solicitud” again, by a double click or from the previous page: the flow is already at the next step.
    let mut browser = t.signed(&company).await;
    t.clock.advance(1000);
    let first = browser.load().await.signed().declaration().clone();
    let second = browser.sign(Some(&pdf("otra vez"))).await.signed().declaration().clone();
    assert_ne!(first, second, "the newest declaration is used");
    assert!(browser.offered().await.is_none(), "a declaration is not offered as the document");
    let page = browser.file_kept(facilitator.input()).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileUnavailable)]);

    // “Realizar solicitud” from an older page, after returning to the declaration.
    let declaration = page.signed().declaration().clone();
    browser.sign_again().await;
    t.clock.advance(1000);
    assert!(browser.file(facilitator.input(), &jpeg()).await.asks_for_the_declaration());
    assert_eq!(
        browser.offered().await.unwrap().id,
        declaration,
        "a document is not offered as the declaration"
    );

    // The form of another tab, whose flow is at another step.
    let mut second_tab = t.identified(&company).await;
    let mut first_tab = browser.clone();
    first_tab.token.clone_from(&second_tab.token);
    t.clock.advance(1000);
    first_tab.file(facilitator.input(), &jpeg()).await;
    second_tab.token.clone_from(&first_tab.token);
    assert_eq!(second_tab.offered().await.unwrap().id, declaration);
    second_tab.sign(None).await;
    second_tab.file(facilitator.input(), &jpeg()).await.number();

    // A form sent from the last page leaves no file either.
    let mut late = t.signed(&company).await;
    let sent = late.send(&jpeg()).await;
    late.file(Facilitator::number(2).input(), &jpeg()).await.number();
    late.file_with(Facilitator::number(2).input(), sent, false).await.number();
    assert!(t.signed(&company).await.offered().await.is_none());
}

async fn f_req_an_opened_form_is_not_stored_and_a_filed_request_starts_a_new_one(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.requesting();
    browser.begin().await;
    let (tag, captcha) = (browser.tag.clone(), browser.captcha.clone());
    browser.begin().await;
    assert!(browser.tag != tag && browser.captcha != captcha, "each page has its own");
    assert_eq!(t.number("SELECT COUNT(*) FROM flow").await, 0, "and nothing is stored of it");
    let mut browser = t.signed(&company).await;
    let first = browser.file(Facilitator::number(1).input(), &jpeg()).await.number();
    assert_eq!(browser.begin().await.state, RequestFlow::Identify, "for the next facilitator");
    browser.identify_right(company.identifying()).await;
    browser.sign(Some(&pdf("otra"))).await;
    assert_ne!(browser.file(Facilitator::number(2).input(), &jpeg()).await.number(), first);
}

async fn f_req_a_flow_continues_after_a_restart(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut before = t.signed(&company).await;
    before.file(RequestInput { names: "", ..facilitator.input() }, &jpeg()).await;
    let (token, tag) = (before.token.clone(), before.tag.clone());
    drop(before);
    let t = t.restart().await;
    let mut browser = t.requesting();
    (browser.token, browser.tag) = (token, tag);
    let number = browser.file_kept(facilitator.input()).await.number();
    assert_eq!(t.messages().await.len(), 1);
    let files = t.files_of(&number).await;
    assert_eq!(t.content(&files[1].id).await, Some(jpeg()));
}
