//! F-REQ, the files: which are taken, what is said of the others, and that of those nothing stays.

use std::time::Duration;

use backend::clock::{DAY, MINUTE};
use backend::service::request::Received;
use bytes::Bytes;
use domain::field::{Field, Reason};
use domain::flow::request::{RequestFlow, RequestInput, UploadPurpose};
use domain::flow::{Feedback, Notice};
use futures_util::StreamExt;
use futures_util::stream::{iter, pending};

use crate::support::requests::{Facilitator, asked_for, sending, whole};
use crate::support::samples::{jpeg, pdf, pdf_of, png, png_of, sha256, zip};
use crate::support::{TestBackend, Visit, on_both_engines};

on_both_engines![
    f_req_what_is_no_fit_file_is_refused_beside_its_field_and_nothing_is_kept,
    f_req_each_of_the_three_formats_is_taken_for_both_files,
    f_req_five_megabytes_and_not_one_byte_more,
    f_req_behind_the_end_of_an_image_nothing_is_kept,
    f_req_an_upload_that_breaks_off_leaves_nothing,
    f_req_an_upload_that_is_dropped_leaves_no_file,
    f_req_a_folder_that_fails_is_our_fault_and_takes_nothing,
    f_req_of_the_form_that_comes_back_unsigned_it_is_said,
    f_req_a_bad_second_declaration_is_told_and_the_first_is_not_filed_in_silence,
    f_req_a_bad_second_document_keeps_the_first,
    f_req_a_document_sent_anew_replaces_the_first,
    f_req_with_a_field_wrong_the_document_stays_and_is_offered,
];

/// 5 MB.
const MOST: usize = 5 * 1024 * 1024;

/// What nobody should send, and what is said of it.
fn unfit() -> Vec<(&'static str, Vec<u8>, Reason)> {
    let script = pdf("4 0 obj <</S/JavaScript/JS (app.alert(1)) >> endobj");
    vec![
        ("nothing", Vec::new(), Reason::FileEmpty),
        ("a page of the web", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), Reason::FileFormat),
        ("an archive", zip(), Reason::FileFormat),
        ("a picture that nobody asked for", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), Reason::FileFormat),
        ("a drawing with a script", b"<svg onload='alert(1)'/>".to_vec(), Reason::FileFormat),
        ("a PDF that begins late", [b"\n".as_slice(), &pdf("")].concat(), Reason::FileFormat),
        ("a PDF cut off", pdf("")[..150].to_vec(), Reason::FileBroken),
        ("a scan cut off", png()[..60].to_vec(), Reason::FileBroken),
        ("a photograph cut off", jpeg()[..200].to_vec(), Reason::FileBroken),
        ("a PDF and an archive", [pdf(""), zip()].concat(), Reason::FileTrailing),
        ("a PDF and a page of the web", [&pdf(""), b"<script>".as_slice()].concat(), Reason::FileTrailing),
        ("a PDF with a script", script, Reason::FileActive),
        ("a PDF with a file in it", pdf("4 0 obj <</Type/EmbeddedFile >> endobj"), Reason::FileActive),
        ("a PDF with a password", pdf("/Encrypt 5 0 R"), Reason::FileLocked),
        ("a bomb", png_of(60_000, 60_000), Reason::FilePixels),
        ("too much", pdf_of(MOST + 1), Reason::FileTooLarge),
    ]
}

/// How many files the store knows of.
async fn rows(t: &TestBackend) -> i64 {
    t.number("SELECT COUNT(*) FROM upload").await
}

async fn f_req_what_is_no_fit_file_is_refused_beside_its_field_and_nothing_is_kept(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.identified(&company).await;
    for (what, file, reason) in unfit() {
        assert_eq!(browser.send(&file).await, Some(Received::Refused(reason)), "{what}");
        let page = browser.sign(Some(&file)).await;
        assert!(page.asks_for_the_declaration(), "{what}");
        assert_eq!(page.errors(), [(Field::Declaration, reason)], "{what}");
        assert!(browser.offered().await.is_none(), "{what}");
        assert_eq!((rows(&t).await, t.kept_files().len()), (0, 0), "{what}");
    }
    browser.sign(Some(&pdf(""))).await;
    for (what, file, reason) in unfit() {
        let page = browser.file(facilitator.input(), &file).await;
        assert_eq!(page.signed().document(), None, "{what}");
        assert_eq!(page.errors(), [(Field::DocumentFile, reason)], "{what}");
        assert_eq!(page.typed.get("nombres"), facilitator.names, "{what}");
        assert!(browser.offered().await.is_none(), "{what}");
        assert_eq!((rows(&t).await, t.kept_files().len()), (1, 1), "the declaration only: {what}");
    }
    // In its place among the errors of the form.
    let wrong = RequestInput { document_kind: "", email: "", ..facilitator.input() };
    let page = browser.file(wrong, &zip()).await;
    let errors = [
        (Field::DocumentKind, Reason::Missing),
        (Field::DocumentFile, Reason::FileFormat),
        (Field::Email, Reason::Missing),
    ];
    assert_eq!((page.errors(), t.requests().await), (errors.to_vec(), 0));
    browser.file(facilitator.input(), &png()).await.number();
}

async fn f_req_each_of_the_three_formats_is_taken_for_both_files(t: TestBackend) {
    let company = t.one_company().await;
    for (at, file) in (1..).zip([pdf("escaneada"), jpeg(), png()]) {
        let mut browser = t.identified(&company).await;
        let page = browser.sign(Some(&file)).await;
        let declaration = page.signed().declaration().clone();
        assert_eq!(t.content(&declaration).await.as_ref(), Some(&file));
        browser.file(Facilitator::number(at).input(), &file).await.number();
    }
    let formats = "SELECT format FROM upload WHERE request_id IS NOT NULL ORDER BY format";
    assert_eq!(t.texts(formats).await, ["jpeg", "jpeg", "pdf", "pdf", "png", "png"]);
}

async fn f_req_five_megabytes_and_not_one_byte_more(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    let most = pdf_of(MOST);
    assert_eq!(browser.sign(Some(&most)).await.feedback, Feedback::default());
    let page = browser.file(Facilitator::number(1).input(), &pdf_of(MOST + 1)).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileTooLarge)]);
    browser.file(Facilitator::number(1).input(), &most).await.number();
    assert_eq!(t.texts("SELECT sha256 FROM upload").await, [sha256(&most), sha256(&most)]);
    assert_eq!(
        t.number("SELECT CAST(SUM(size) AS BIGINT) FROM upload").await,
        2 * i64::try_from(MOST).unwrap()
    );
}

async fn f_req_behind_the_end_of_an_image_nothing_is_kept(t: TestBackend) {
    let company = t.one_company().await;
    let browser = t.identified(&company).await;
    for image in [jpeg(), png()] {
        let behind = [image.as_slice(), b"<script>alert(1)</script>", &zip()].concat();
        let id = whole(&browser.send(&behind).await.unwrap());
        assert_eq!(t.content(&id).await.as_ref(), Some(&image));
        assert_eq!(browser.offered().await.unwrap().sha256, sha256(&image), "the hash is of what is kept");
        t.clock.advance(1000);
    }
}

/// The first half of a file, and then the line breaks.
async fn broken_off(browser: &Visit<RequestFlow>) -> Option<Received> {
    let half = iter([Ok(Bytes::from(pdf("")[..100].to_vec())), Err("the browser went away")]);
    let flow = browser.flow().await.unwrap();
    browser.service().receive(&flow, asked_for(&flow), half).await.unwrap()
}

async fn f_req_an_upload_that_breaks_off_leaves_nothing(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.identified(&company).await;
    let sent = broken_off(&browser).await;
    assert_eq!(sent, Some(Received::Refused(Reason::FileInterrupted)));
    let page = browser.sign_with(sent).await;
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileInterrupted)]);
    assert_eq!((rows(&t).await, t.kept_files().len()), (0, 0));
    browser.sign(Some(&pdf(""))).await;
    let sent = broken_off(&browser).await;
    let page = browser.file_with(facilitator.input(), sent, false).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileInterrupted)]);
    assert_eq!((rows(&t).await, t.kept_files().len()), (1, 1));
    browser.file(facilitator.input(), &jpeg()).await.number();
}

async fn f_req_an_upload_that_is_dropped_leaves_no_file(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    let flow = browser.flow().await.unwrap();
    // Whole as it looks, it has no end: the browser is gone, and with it the request.
    let stream = iter([Ok::<_, &str>(Bytes::from(pdf("")))]).chain(pending());
    let service = browser.service();
    let mut receive = Box::pin(service.receive(&flow, asked_for(&flow), stream));
    while t.kept_files().is_empty() {
        let waited = tokio::time::timeout(Duration::from_millis(10), &mut receive).await;
        assert!(waited.is_err(), "it is not whole");
    }
    drop(receive);
    t.settles_at(0).await;
    assert!(browser.offered().await.is_none());
    let page = browser.sign(None).await;
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileGone)]);
    t.clock.advance(DAY + MINUTE);
    t.sweep_files().await.unwrap();
    assert_eq!(rows(&t).await, 0, "the row goes when a file would");
}

async fn f_req_a_folder_that_fails_is_our_fault_and_takes_nothing(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    let flow = browser.flow().await.unwrap();
    std::fs::remove_dir(t.folder.path().join("archivos")).unwrap();
    for _ in 0..60 {
        let received = browser.service().receive(&flow, asked_for(&flow), sending(&pdf(""))).await.unwrap();
        assert_eq!(received, Some(Received::Refused(Reason::FileNotKept)));
    }
    let page = browser.sign(Some(&pdf(""))).await;
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileNotKept)], "the flow goes on");
    assert!(browser.load().await.asks_for_the_declaration() && browser.offered().await.is_none());
    t.files.sound().await.unwrap();
    browser.sign(Some(&pdf(""))).await;
    browser.file(Facilitator::number(1).input(), &jpeg()).await.number();
    t.sweep_files().await.unwrap();
    assert_eq!((rows(&t).await, t.kept_files().len()), (2, 2), "what failed does not count, nor stay");
}

async fn f_req_of_the_form_that_comes_back_unsigned_it_is_said(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    let form = browser.declaration().await.unwrap();
    let page = browser.sign(Some(&form)).await;
    assert!(matches!(page.state, RequestFlow::Details(_)), "an officer decides");
    assert_eq!(page.notice(), Some(Notice::Unsigned));
    let unsigned = async |browser: &Visit<RequestFlow>| {
        let flow = browser.flow().await.unwrap();
        browser.service().is_unsigned(&flow).await.unwrap()
    };
    // Also once the page has other things to say, on the way back, and at the end.
    browser.file(RequestInput { phone: "", ..Facilitator::number(1).input() }, &jpeg()).await;
    assert!(unsigned(&browser).await);
    browser.sign_again().await;
    assert!(browser.offered().await.unwrap().unsigned);
    assert_eq!(browser.sign(Some(&form)).await.notice(), Some(Notice::Unsigned));
    browser.file(Facilitator::number(1).input(), &jpeg()).await.number();
    assert!(unsigned(&browser).await);
    let mut browser = t.identified(&company).await;
    browser.sign(Some(&form)).await;
    // Another one in its place, and once more.
    assert_eq!(browser.sign(Some(&pdf("firmada"))).await.notice(), None);
    assert!(!unsigned(&browser).await);
    assert_eq!(browser.sign(Some(&form)).await.notice(), Some(Notice::Unsigned));

    // One that somebody signed is another file. That of yesterday is known too, an older one is not.
    assert_eq!(browser.sign(Some(&[form.as_slice(), b"\n"].concat())).await.notice(), None);
    for expected in [Some(Notice::Unsigned), None] {
        t.clock.advance(DAY);
        assert_eq!(t.identified(&company).await.sign(Some(&form)).await.notice(), expected);
    }
}

async fn f_req_a_bad_second_declaration_is_told_and_the_first_is_not_filed_in_silence(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    browser.file(RequestInput { phone: "", ..facilitator.input() }, &jpeg()).await;
    let first = browser.load().await.signed().declaration().clone();
    let refused = unfit().into_iter().map(|(what, file, reason)| (what, Some(file), reason));
    for (what, file, reason) in refused.chain([("a line that broke", None, Reason::FileInterrupted)]) {
        let page = match file {
            Some(file) => browser.sign(Some(&file)).await,
            None => {
                let flow = browser.flow().await.unwrap();
                browser.service().broke_off(flow, UploadPurpose::Declaration, None).await.unwrap();
                browser.load().await
            }
        };
        assert!(page.asks_for_the_declaration(), "{what}");
        assert_eq!(page.errors(), [(Field::Declaration, reason)], "{what}");
        assert_eq!(browser.offered().await.unwrap().id, first, "{what}: only if the person says so");
        let page = browser.sign(None).await;
        assert_eq!((page.signed().declaration(), page.signed().document().is_some()), (&first, true));
    }
    let page = browser.sign_with(Some(Received::TooMany)).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::MostFiles)));
    browser.sign(None).await;
    browser.file_kept(facilitator.input()).await.number();
}

async fn f_req_a_bad_second_document_keeps_the_first(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let right = facilitator.input();
    for (what, file, reason) in unfit() {
        let mut browser = t.signed(&company).await;
        let page = browser.file(RequestInput { phone: "", ..right }, &jpeg()).await;
        let first = page.signed().document().cloned();
        assert!(first.is_some());
        let page = browser.file(right, &file).await;
        assert_eq!(page.errors(), [(Field::DocumentFile, reason)], "{what}");
        assert_eq!(page.signed().document(), first.as_ref(), "{what}");
        assert_eq!(browser.offered().await.map(|file| file.id), first, "{what}");
    }
    let mut browser = t.signed(&company).await;
    browser.file(RequestInput { phone: "", ..right }, &jpeg()).await;
    browser.file(right, &zip()).await;
    let number = browser.file_kept(right).await.number();
    let files = t.files_of(&number).await;
    assert_eq!(files[1].sha256, sha256(&jpeg()));
}

async fn f_req_a_document_sent_anew_replaces_the_first(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let wrong = RequestInput { phone: "", ..facilitator.input() };
    let mut browser = t.signed(&company).await;
    let first = browser.file(wrong, &jpeg()).await.signed().document().cloned().unwrap();
    let second = browser.file(wrong, &png()).await.signed().document().cloned().unwrap();
    assert_ne!(first, second);
    assert_eq!(browser.offered().await.unwrap().id, second);
    t.sweep_files().await.unwrap();
    assert!(t.content(&first).await.is_none(), "at once: nobody needs two");
    assert_eq!(t.kept_files().len(), 2);
    let number = browser.file_kept(facilitator.input()).await.number();
    let files = t.files_of(&number).await;
    assert_eq!(files[1].id, second);
}

async fn f_req_with_a_field_wrong_the_document_stays_and_is_offered(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    let page = browser.file(RequestInput { names: "", ..facilitator.input() }, &jpeg()).await;
    assert_eq!(page.errors(), [(Field::Names, Reason::Missing)], "nothing of the file");
    let offered = browser.offered().await.unwrap();
    assert_eq!(Some(&offered.id), page.signed().document());
    assert_eq!((offered.format.as_str(), offered.sha256), ("jpeg", sha256(&jpeg())));
    let page = browser.file_kept(RequestInput { email: "", ..facilitator.input() }).await;
    assert_eq!(page.errors(), [(Field::Email, Reason::Missing)]);
    // Without the box that keeps it another one is asked for; and it is still there for who thinks better of it.
    let page = browser.file_with(facilitator.input(), None, false).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileOffered)]);
    browser.file_kept(facilitator.input()).await.number();
    assert_eq!((t.requests().await, rows(&t).await), (1, 2));
}
