//! F-REQ: a company may have one open request per document; requests of other companies do not matter and stay hidden.

use backend::store::requests::RequestState;
use domain::field::{Field, Reason};
use domain::flow::request::{RequestFlow, RequestInput, UploadPurpose};

use crate::support::requests::Facilitator;
use crate::support::samples::{jpeg, pdf};
use crate::support::{Page, TestBackend, at_once, on_both_engines};

on_both_engines![
    f_req_a_company_has_one_open_request_per_document,
    f_req_all_spellings_of_a_number_are_the_same_document,
    f_req_two_companies_may_ask_for_the_same_facilitator,
    f_req_after_a_decision_the_company_may_ask_again,
    security_the_same_form_sixteen_times_files_one_request,
    security_the_same_form_and_file_sixteen_times_files_one_request,
    security_sixteen_flows_for_one_document_file_one_request,
];

fn asked_already(page: &Page<RequestFlow>) {
    assert_eq!(page.errors(), [(Field::DocumentNumber, Reason::AlreadyAsked)]);
    assert!(page.signed().document().is_some(), "both files are kept");
}

async fn f_req_a_company_has_one_open_request_per_document(t: TestBackend) {
    let (company, same) = (t.one_company().await, Facilitator::number(1));
    t.filed(&company, &same).await;
    t.messages().await;
    let mut browser = t.signed(&company).await;
    let other_names = RequestInput { names: "Otra Persona", ..same.input() };
    let page = browser.file(other_names, &jpeg()).await;
    asked_already(&page);
    assert_eq!(page.typed.get("nombres"), "Otra Persona");
    assert_eq!((t.requests().await, t.messages().await.len()), (1, 0));
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE event = 'request-filed'").await, 1);
    // With the right number the flow continues, and no file is sent again.
    let sent = page.signed().clone();
    let number = browser.file_kept(Facilitator::number(2).input()).await.number();
    let files = t.files_of(&number).await;
    assert_eq!([Some(&files[0].id), Some(&files[1].id)], [Some(sent.declaration()), sent.document()]);
}

async fn f_req_all_spellings_of_a_number_are_the_same_document(t: TestBackend) {
    let (company, same) = (t.one_company().await, Facilitator::number(1));
    t.filed(&company, &same).await;
    let mut browser = t.signed(&company).await;
    browser.send(&jpeg()).await;
    for number in ["FX600001", "fx-600.001", " f x 6 0 0 0 0 1 ", "Fx\u{2013}600001"] {
        asked_already(&browser.file_kept(RequestInput { document_number: number, ..same.input() }).await);
    }
    // A document of another type is another document.
    browser.file_kept(RequestInput { document_kind: "cedula", ..same.input() }).await.number();
}

async fn f_req_two_companies_may_ask_for_the_same_facilitator(t: TestBackend) {
    let [company, other] = t.companies().await;
    let same = Facilitator::number(1);
    let first = t.filed(&company, &same).await;
    let second = t.filed(&other, &same).await;
    let (first, second) = (t.request_of(&first).await, t.request_of(&second).await);
    assert!(first.state == RequestState::Open && second.state == RequestState::Open);
    assert_eq!((first.company_rut, second.company_rut), (company.rut, other.rut));
    // Neither company learns of the other.
    let letters = t.messages().await;
    assert_eq!(letters.len(), 2);
    assert!(letters.iter().all(|letter| !letter.text.contains("Forastera")));
}

async fn f_req_after_a_decision_the_company_may_ask_again(t: TestBackend) {
    let (company, same) = (t.one_company().await, Facilitator::number(1));
    let mut number = t.filed(&company, &same).await;
    for decision in [RequestState::Refused, RequestState::Granted] {
        let mut browser = t.signed(&company).await;
        asked_already(&browser.file(same.input(), &jpeg()).await);
        t.decide(&number, decision).await;
        let next = browser.file_kept(same.input()).await.number();
        assert_ne!(next, number);
        assert!(t.request_of(&number).await.state == decision, "the decision of the first request stays");
        number = next;
    }
    assert_eq!(t.requests().await, 3);
}

async fn security_the_same_form_sixteen_times_files_one_request(t: TestBackend) {
    let t = t.hashing_at_once();
    let company = t.one_company().await;
    for round in 1..=3 {
        let facilitator = Facilitator::number(round);
        let mut browser = t.signed(&company).await;
        browser.send(&jpeg()).await;
        let kept = browser.brought(None, true).await;
        let clicks = (0..16).map(|_| {
            let browser = if round % 2 == 0 { browser.clone() } else { browser.elsewhere() };
            let (facilitator, kept) = (facilitator.clone(), kept.clone());
            async move {
                let service = browser.service();
                service.file(browser.posted(), facilitator.input(), kept).await.unwrap()
            }
        });
        let states = browser.arrive_with_any(at_once(clicks).await);
        let number = browser.load().await.number();
        assert!(
            states.iter().all(|state| *state == RequestFlow::Done { number: number.clone() }),
            "{states:?}"
        );
        assert_eq!(t.requests().await, i64::from(round));
        assert_eq!(t.messages().await.len(), 1, "a double click is not a second request");
    }
}

async fn security_the_same_form_and_file_sixteen_times_files_one_request(t: TestBackend) {
    let t = t.hashing_at_once();
    let company = t.one_company().await;
    let mut browser = t.signed(&company).await;
    let clicks = (0..16).map(|_| {
        let browser = browser.elsewhere();
        async move {
            let flow = browser.flow().await.unwrap();
            let file = crate::support::requests::sending(&jpeg());
            let sent = browser.service().receive(&flow, UploadPurpose::Document, file).await.unwrap();
            let facilitator = Facilitator::number(1);
            browser
                .service()
                .file(browser.posted(), facilitator.input(), browser.brought(sent, false).await)
                .await
                .unwrap()
        }
    });
    let states = browser.arrive_with_any(at_once(clicks).await);
    let number = browser.load().await.number();
    assert!(states.iter().all(|state| *state == RequestFlow::Done { number: number.clone() }), "{states:?}");
    assert_eq!((t.requests().await, t.messages().await.len()), (1, 1));
    assert_eq!(t.number("SELECT COUNT(*) FROM upload WHERE request_id IS NOT NULL").await, 2);
    for file in t.files_of(&number).await {
        assert!(t.content(&file.id).await.is_some(), "its files are stored");
    }
}

async fn security_sixteen_flows_for_one_document_file_one_request(t: TestBackend) {
    let t = t.hashing_at_once();
    let company = t.one_company().await;
    let mut browsers = Vec::new();
    for number in 0..16 {
        let mut browser = t.identified(&company).await;
        browser.sign(Some(&pdf(&format!("firmada {number}")))).await;
        let sent = browser.send(&jpeg()).await;
        browsers.push((browser, sent));
    }
    let file = browsers.into_iter().map(|(mut browser, sent)| async move {
        browser.file_with(Facilitator::number(1).input(), sent, false).await
    });
    let pages = at_once(file).await;
    let (done, others): (Vec<_>, Vec<_>) =
        pages.iter().partition(|page| matches!(page.state, RequestFlow::Done { .. }));
    assert_eq!((done.len(), t.requests().await), (1, 1));
    others.into_iter().for_each(asked_already);
    assert_eq!(t.messages().await.len(), 1);
    assert_eq!(
        t.number("SELECT COUNT(*) FROM upload WHERE request_id IS NULL").await,
        30,
        "the files of the others are kept"
    );
}
