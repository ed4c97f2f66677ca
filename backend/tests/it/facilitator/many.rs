//! F-REQ: limits of pending files and open requests per company, one by one and under concurrency.

use backend::clock::DAY;
use backend::service::request::Received;
use backend::store::requests::{self, NewRequest, RequestState};
use backend::store::uploads;
use domain::document::ForeignDocument;
use domain::email::Email;
use domain::flow::request::{RequestFlow, RequestNumber};
use domain::flow::{Feedback, Notice};
use domain::question::SecretQuestion;

use crate::support::requests::Facilitator;
use crate::support::samples::{jpeg, pdf};
use crate::support::{Company, TestBackend, at_once, on_both_engines};

on_both_engines![
    f_req_a_company_may_have_fifty_pending_files,
    security_the_limit_of_fifty_files_holds_under_concurrency,
    security_replaced_files_are_deleted_at_once_and_not_counted,
    security_pending_and_expired_files_are_limited_to_a_hundred,
    f_req_a_company_may_have_a_hundred_open_requests,
    security_the_limit_of_a_hundred_requests_holds_under_concurrency,
];

/// Writes `many` open requests of a company directly to the store. Returns the number of the first.
async fn with_open(t: &TestBackend, company: &Company, many: u64) -> RequestNumber {
    let id = t.on_file(company).await.id;
    let mut tx = t.store.begin().await.unwrap();
    for number in 0..many {
        let new = NewRequest {
            number: &RequestNumber::from_random(number),
            company: id,
            representative: company.representative.rut,
            document: &ForeignDocument::parse("otro", &format!("X{:05}", number)).unwrap(),
            names: "Nadie",
            email: &Email::parse("nadie@correo.ejemplo.pe").unwrap(),
            phone: "+51987654321",
            question: SecretQuestion::by_index(1),
            answer_hash: "hash",
        };
        assert!(requests::insert(&mut tx, &new, t.now()).await.unwrap().is_some());
    }
    tx.commit().await.unwrap();
    RequestNumber::from_random(0)
}

async fn f_req_a_company_may_have_fifty_pending_files(t: TestBackend) {
    let [company, other] = t.companies().await;
    let mut browser = t.identified(&company).await;
    for _ in 0..50 {
        assert!(matches!(browser.send(&pdf("")).await, Some(Received::Complete(_))));
    }
    assert_eq!(browser.send(&pdf("")).await, Some(Received::TooMany));
    assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (50, 50));
    let page = browser.sign(Some(&pdf(""))).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::MostFiles)));
    // With an earlier declaration the flow continues; the document exceeds the limit.
    browser.sign(None).await;
    let facilitator = Facilitator::number(1);
    let page = browser.file(facilitator.input(), &jpeg()).await;
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::MostFiles)));
    assert_eq!(page.typed.get("nombres"), facilitator.names, "nothing typed is lost");
    // Other companies are not affected; after a day this one can send files again.
    t.filed(&other, &Facilitator::number(2)).await;
    t.clock.advance(DAY);
    t.sweep_files().await.unwrap();
    t.filed(&company, &facilitator).await;
}

async fn security_the_limit_of_fifty_files_holds_under_concurrency(t: TestBackend) {
    let company = t.one_company().await;
    let browser = t.identified(&company).await;
    for _ in 0..42 {
        browser.send(&pdf("")).await;
    }
    let send = (0..16).map(|_| {
        let browser = browser.clone();
        async move { browser.send(&pdf("")).await.unwrap() }
    });
    let sent = at_once(send).await;
    assert_eq!(sent.iter().filter(|sent| matches!(sent, Received::Complete(_))).count(), 8);
    assert_eq!(sent.iter().filter(|sent| **sent == Received::TooMany).count(), 8);
    assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (50, 50));
}

async fn security_replaced_files_are_deleted_at_once_and_not_counted(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.signed(&company).await;
    for number in 0..60 {
        // With “Subir otra declaración”, or from the previous page; and with the form of another tab.
        if number % 2 == 0 {
            browser.sign_again().await;
        }
        let page = browser.sign(Some(&pdf("otra"))).await;
        assert_eq!((page.feedback.clone(), page.signed().document()), (Feedback::default(), None));
        assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (1, 1));
        let mut tab = browser.clone();
        tab.tag = "x".repeat(22);
        tab.sign(Some(&pdf("de otra pestaña"))).await;
        // Tabs of one browser share the cookie.
        browser.token.clone_from(&tab.token);
        assert_eq!(t.kept_files().len(), 1);
    }
    browser.file(Facilitator::number(1).input(), &jpeg()).await.number();
}

async fn security_pending_and_expired_files_are_limited_to_a_hundred(t: TestBackend) {
    let company = t.one_company().await;
    let browser = t.identified(&company).await;
    let id = t.on_file(&company).await.id;
    for places in [50, 50] {
        for _ in 0..places {
            assert!(matches!(browser.send(&pdf("")).await, Some(Received::Complete(_))));
        }
        assert_eq!(browser.send(&pdf("")).await, Some(Received::TooMany));
        // Expired, but not deleted yet.
        uploads::expire_all(&mut t.store.connection().await.unwrap(), id, t.now()).await.unwrap();
    }
    assert_eq!((browser.send(&pdf("")).await, t.kept_files().len()), (Some(Received::TooMany), 100));
    t.sweep_files().await.unwrap();
    assert!(matches!(browser.send(&pdf("")).await, Some(Received::Complete(_))));
}

async fn f_req_a_company_may_have_a_hundred_open_requests(t: TestBackend) {
    let [company, other] = t.companies().await;
    let first = with_open(&t, &company, 100).await;
    let facilitator = Facilitator::number(1);
    let mut browser = t.signed(&company).await;
    let page = browser.file(facilitator.input(), &jpeg()).await;
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::MostRequests)));
    assert_eq!((page.signed().document().is_some(), t.requests().await), (true, 100));
    assert_eq!(page.typed.get("nombres"), facilitator.names, "nothing typed is lost");
    assert!(t.messages().await.is_empty());
    t.filed(&other, &facilitator).await;
    t.decide(&first, RequestState::Refused).await;
    browser.file_kept(facilitator.input()).await.number();
}

async fn security_the_limit_of_a_hundred_requests_holds_under_concurrency(t: TestBackend) {
    let t = t.hashing_at_once();
    let company = t.one_company().await;
    with_open(&t, &company, 97).await;
    let mut browsers = Vec::new();
    for number in 0..12 {
        let mut browser = t.identified(&company).await;
        browser.sign(Some(&pdf(&number.to_string()))).await;
        let sent = browser.send(&jpeg()).await;
        browsers.push((browser, Facilitator::number(number), sent));
    }
    let file = browsers.into_iter().map(|(mut browser, facilitator, sent)| async move {
        browser.file_with(facilitator.input(), sent, false).await
    });
    let pages = at_once(file).await;
    let done = pages.iter().filter(|page| matches!(page.state, RequestFlow::Done { .. })).count();
    let most = pages.iter().filter(|page| page.notice() == Some(Notice::MostRequests)).count();
    assert_eq!((done, most, t.requests().await), (3, 9, 100));
}
