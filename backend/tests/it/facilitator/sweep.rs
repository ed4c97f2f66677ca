//! F-REQ: files that no request uses within a day are deleted; no other file ever is.

use std::time::Duration;

use backend::clock::{DAY, MINUTE};
use backend::store::uploads;
use domain::flow::request::{RequestFlow, RequestInput};

use crate::support::requests::Facilitator;
use crate::support::samples::{jpeg, pdf};
use crate::support::{TestBackend, on_both_engines};

on_both_engines![
    f_req_unused_files_are_deleted_after_a_day,
    f_req_the_files_of_a_request_are_never_deleted,
    f_req_a_row_that_cannot_be_deleted_does_not_block_the_sweep,
    f_req_more_than_a_hundred_files_are_deleted_in_several_rounds,
    f_req_a_file_used_by_a_request_while_it_expires_is_kept,
    f_req_a_file_that_cannot_be_deleted_does_not_block_the_others,
];

async fn f_req_unused_files_are_deleted_after_a_day(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.signed(&company).await;
    browser.file(RequestInput { names: "", ..Facilitator::number(1).input() }, &jpeg()).await;
    t.clock.advance(DAY - MINUTE);
    t.sweep_files().await.unwrap();
    assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (2, 2));
    t.clock.advance(2 * MINUTE);
    for _ in 0..2 {
        t.sweep_files().await.unwrap();
        assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (0, 0));
    }
}

async fn f_req_the_files_of_a_request_are_never_deleted(t: TestBackend) {
    let company = t.one_company().await;
    t.filed(&company, &Facilitator::number(1)).await;
    // An unused file is left, and the files of the request are expired and forgotten by id.
    let mut browser = t.signed(&company).await;
    let number = browser.file(Facilitator::number(2).input(), &jpeg()).await.number();
    let files = t.files_of(&number).await;
    for file in &files {
        t.expire(&file.id).await;
        let connection = &mut *t.store.connection().await.unwrap();
        uploads::forget(connection, &file.id).await.unwrap();
    }
    t.identified(&company).await.send(&pdf("de nadie")).await;
    assert_eq!(t.kept_files().len(), 5);
    t.clock.advance(400 * DAY);
    t.sweep_files().await.unwrap();
    assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (4, 4));
    assert_eq!(t.content(&files[1].id).await, Some(jpeg()));
}

async fn f_req_a_row_that_cannot_be_deleted_does_not_block_the_sweep(t: TestBackend) {
    let company = t.one_company().await;
    t.filed(&company, &Facilitator::number(1)).await;
    t.number("UPDATE upload SET expires_at = 1 RETURNING 1").await;
    tokio::time::timeout(Duration::from_secs(60), t.sweep_files()).await.expect("the sweep ends").unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM upload").await, 2);
}

async fn f_req_more_than_a_hundred_files_are_deleted_in_several_rounds(t: TestBackend) {
    t.companies::<3>().await;
    let companies = [1, 2, 3].map(crate::support::Company::number);
    for company in &companies {
        let browser = t.identified(company).await;
        for _ in 0..40 {
            browser.send(&pdf("")).await;
        }
    }
    assert_eq!(t.kept_files().len(), 120);
    t.clock.advance(DAY);
    t.sweep_files().await.unwrap();
    assert!(t.kept_files().len() <= 20);
    t.sweep_files().await.unwrap();
    assert_eq!(t.kept_files().len(), 0);
}

async fn f_req_a_file_used_by_a_request_while_it_expires_is_kept(t: TestBackend) {
    let company = t.one_company().await;
    let page = t.signed(&company).await.load().await;
    let (id, company) = (page.signed().declaration().clone(), page.signed().proven().company());
    // “Realizar solicitud” just before the file expires: the sweep runs before the transaction commits.
    let mut tx = t.store.begin().await.unwrap();
    assert!(uploads::take(&mut tx, &id, company, 7, t.now()).await.unwrap());
    t.clock.advance(DAY);
    let backend = t.backend.clone();
    let sweep = tokio::spawn(async move { backend.sweep_files().await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    tx.commit().await.unwrap();
    sweep.await.unwrap().unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM upload WHERE request_id = 7").await, 1);
    assert!(t.content(&id).await.is_some(), "the file of a request is kept");
}

async fn f_req_a_file_that_cannot_be_deleted_does_not_block_the_others(t: TestBackend) {
    let company = t.one_company().await;
    let browser = t.identified(&company).await;
    for _ in 0..3 {
        browser.send(&pdf("")).await;
        t.clock.advance(1000);
    }
    assert!(matches!(browser.flow().await.unwrap().state, RequestFlow::Declaration(_)));
    // A folder in place of the file cannot be deleted as a file.
    let first = t.texts("SELECT id FROM upload ORDER BY expires_at LIMIT 1").await.remove(0);
    let path = t.folder.path().join("archivos").join(&first);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    t.clock.advance(DAY);
    assert!(t.sweep_files().await.is_err(), "the error is returned for the logs");
    assert_eq!(t.kept_files(), std::slice::from_ref(&first), "the others are gone");
    assert_eq!(t.texts("SELECT id FROM upload").await, [first], "the row stays for another attempt");
    std::fs::remove_dir(&path).unwrap();
    t.clock.advance(10 * MINUTE);
    t.sweep_files().await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM upload").await, 0);
}
