//! F-REQ: how much one company may have under way at a time, one by one and at once.

use backend::clock::DAY;
use backend::service::request::Sent;
use backend::store::requests::{self, NewRequest, RequestState};
use domain::document::ForeignDocument;
use domain::email::Email;
use domain::flow::Notice;
use domain::flow::request::{Purpose, Request, RequestNumber};
use domain::question::SecretQuestion;

use crate::support::requests::Facilitator;
use crate::support::samples::{jpeg, pdf};
use crate::support::{Company, TestBackend, at_once, on_both_engines};

on_both_engines![
    f_req_fifty_files_wait_for_a_request_and_no_more_are_taken,
    security_fifty_files_are_the_most_at_once_too,
    security_files_that_were_replaced_count_until_they_are_deleted,
    f_req_a_hundred_requests_are_open_and_no_more_are_filed,
    security_a_hundred_requests_are_the_most_at_once_too,
];

/// Open requests of a company, written by the store; the number of the first.
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

async fn f_req_fifty_files_wait_for_a_request_and_no_more_are_taken(t: TestBackend) {
    let [company, other] = t.companies().await;
    let mut browser = t.identified(&company).await;
    for _ in 0..50 {
        assert!(matches!(browser.send(&pdf("")).await, Some(Sent::Whole(_))));
    }
    assert_eq!(browser.send(&pdf("")).await, Some(Sent::TooMany));
    assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (50, 50));
    let page = browser.sign(Some(&pdf(""))).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::MostFiles)));
    // With one that was sent before it goes on; the document is one too many.
    browser.sign(None).await;
    let facilitator = Facilitator::number(1);
    let page = browser.file(facilitator.input(), &jpeg()).await;
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::MostFiles)));
    assert_eq!(page.typed.get("nombres"), facilitator.names, "nothing typed is lost");
    // Other companies do not wait for it; nor does it, after a day.
    t.filed(&other, &Facilitator::number(2)).await;
    t.clock.advance(DAY);
    t.sweep_files().await.unwrap();
    t.filed(&company, &facilitator).await;
}

async fn security_fifty_files_are_the_most_at_once_too(t: TestBackend) {
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
    assert_eq!(sent.iter().filter(|sent| matches!(sent, Sent::Whole(_))).count(), 8);
    assert_eq!(sent.iter().filter(|sent| **sent == Sent::TooMany).count(), 8);
    assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (50, 50));
}

async fn security_files_that_were_replaced_count_until_they_are_deleted(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    browser.tag.push('x');
    let mut taken = 0;
    for _ in 0..60 {
        let sent = browser.send_as(Purpose::Declaration, &pdf("")).await;
        taken += usize::from(matches!(sent, Some(Sent::Whole(_))));
        browser.sign_with(sent).await;
        browser.tag.truncate(22);
        browser.tag.push('x');
    }
    assert_eq!((taken, t.kept_files().len()), (50, 50), "a form of another tab frees no room");
    t.sweep_files().await.unwrap();
    assert_eq!(t.kept_files().len(), 0);
}

async fn f_req_a_hundred_requests_are_open_and_no_more_are_filed(t: TestBackend) {
    let [company, other] = t.companies().await;
    let first = with_open(&t, &company, 100).await;
    let facilitator = Facilitator::number(1);
    let mut browser = t.signed(&company).await;
    let page = browser.file(facilitator.input(), &jpeg()).await;
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::MostRequests)));
    assert_eq!((page.signed().document().is_some(), t.requests().await), (true, 100));
    assert_eq!(page.typed.get("nombres"), facilitator.names, "nothing typed is lost");
    assert!(t.letters().await.is_empty());
    t.filed(&other, &facilitator).await;
    t.decide(&first, RequestState::Refused).await;
    browser.file_kept(facilitator.input()).await.number();
}

async fn security_a_hundred_requests_are_the_most_at_once_too(t: TestBackend) {
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
    let done = pages.iter().filter(|page| matches!(page.state, Request::Done { .. })).count();
    let most = pages.iter().filter(|page| page.notice() == Some(Notice::MostRequests)).count();
    assert_eq!((done, most, t.requests().await), (3, 9, 100));
}
