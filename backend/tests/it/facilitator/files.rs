//! F-REQ, the files: which are accepted, which error the others cause, and that refused files are not stored.

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
    f_req_unfit_files_are_refused_with_a_field_error_and_not_stored,
    f_req_both_files_accept_all_three_formats,
    f_req_files_over_five_megabytes_are_refused,
    f_req_bytes_after_the_end_of_an_image_are_removed,
    f_req_an_interrupted_upload_is_reported_and_not_stored,
    f_req_a_dropped_upload_leaves_no_file,
    f_req_a_failing_folder_is_reported_and_stores_nothing,
    f_req_an_unsigned_declaration_causes_a_notice,
    f_req_a_refused_second_declaration_offers_the_first,
    f_req_a_refused_second_document_keeps_the_first,
    f_req_a_second_document_replaces_the_first,
    f_req_the_document_is_kept_and_offered_when_a_field_is_wrong,
];

/// 5 MB.
const MAX: usize = 5 * 1024 * 1024;

/// Files that are refused, with the error of each.
fn unfit() -> Vec<(&'static str, Vec<u8>, Reason)> {
    let script = pdf("4 0 obj <</S/JavaScript/JS (app.alert(1)) >> endobj");
    vec![
        ("nothing", Vec::new(), Reason::FileEmpty),
        ("an HTML page", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), Reason::FilePage),
        ("an archive", zip(), Reason::FileDocument),
        ("a photograph of an iPhone", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), Reason::FilePhoto),
        ("an image of another format", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), Reason::FileFormat),
        ("a drawing with a script", b"<svg onload='alert(1)'/>".to_vec(), Reason::FileFormat),
        ("a PDF cut off", pdf("")[..150].to_vec(), Reason::FileBroken),
        ("a scan cut off", png()[..60].to_vec(), Reason::FileBroken),
        ("a photograph cut off", jpeg()[..200].to_vec(), Reason::FileBroken),
        ("a PDF and an archive", [pdf(""), zip()].concat(), Reason::FileTrailing),
        ("a PDF and HTML", [&pdf(""), b"<script>".as_slice()].concat(), Reason::FileTrailing),
        ("a PDF with a script", script, Reason::FileActive),
        ("a PDF with a file in it", pdf("4 0 obj <</Type/EmbeddedFile >> endobj"), Reason::FileActive),
        ("a PDF with a password", pdf("/Encrypt 5 0 R"), Reason::FileLocked),
        ("a decompression bomb", png_of(60_000, 60_000), Reason::FilePixels),
        ("too large", pdf_of(MAX + 1), Reason::FileTooLarge),
    ]
}

/// How many files are recorded in the store.
async fn rows(t: &TestBackend) -> i64 {
    t.number("SELECT COUNT(*) FROM upload").await
}

async fn f_req_unfit_files_are_refused_with_a_field_error_and_not_stored(t: TestBackend) {
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
    // The error of the file is in field order among those of the form.
    let wrong = RequestInput { document_kind: "", email: "", ..facilitator.input() };
    let page = browser.file(wrong, &zip()).await;
    let errors = [
        (Field::DocumentKind, Reason::Missing),
        (Field::DocumentFile, Reason::FileDocument),
        (Field::Email, Reason::Missing),
    ];
    assert_eq!((page.errors(), t.requests().await), (errors.to_vec(), 0));
    browser.file(facilitator.input(), &png()).await.number();
}

async fn f_req_both_files_accept_all_three_formats(t: TestBackend) {
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

async fn f_req_files_over_five_megabytes_are_refused(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    let most = pdf_of(MAX);
    assert_eq!(browser.sign(Some(&most)).await.feedback, Feedback::default());
    let page = browser.file(Facilitator::number(1).input(), &pdf_of(MAX + 1)).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileTooLarge)]);
    browser.file(Facilitator::number(1).input(), &most).await.number();
    assert_eq!(t.texts("SELECT sha256 FROM upload").await, [sha256(&most), sha256(&most)]);
    assert_eq!(
        t.number("SELECT CAST(SUM(size) AS BIGINT) FROM upload").await,
        2 * i64::try_from(MAX).unwrap()
    );
}

async fn f_req_bytes_after_the_end_of_an_image_are_removed(t: TestBackend) {
    let company = t.one_company().await;
    let browser = t.identified(&company).await;
    for image in [jpeg(), png()] {
        let behind = [image.as_slice(), b"<script>alert(1)</script>", &zip()].concat();
        let id = whole(&browser.send(&behind).await.unwrap());
        assert_eq!(t.content(&id).await.as_ref(), Some(&image));
        assert_eq!(
            browser.offered().await.unwrap().sha256,
            sha256(&image),
            "the hash covers the stored bytes"
        );
        t.clock.advance(1000);
    }
}

/// Sends the first half of a file; then the connection breaks.
async fn interrupted(browser: &Visit<RequestFlow>) -> Option<Received> {
    let half = iter([Ok(Bytes::from(pdf("")[..100].to_vec())), Err("the browser went away")]);
    let flow = browser.flow().await.unwrap();
    browser.service().receive(&flow, asked_for(&flow), half).await.unwrap()
}

async fn f_req_an_interrupted_upload_is_reported_and_not_stored(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.identified(&company).await;
    let sent = interrupted(&browser).await;
    assert_eq!(sent, Some(Received::Refused(Reason::FileInterrupted)));
    let page = browser.sign_with(sent).await;
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileInterrupted)]);
    assert_eq!((rows(&t).await, t.kept_files().len()), (0, 0));
    browser.sign(Some(&pdf(""))).await;
    let sent = interrupted(&browser).await;
    let page = browser.file_with(facilitator.input(), sent, false).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileInterrupted)]);
    assert_eq!((rows(&t).await, t.kept_files().len()), (1, 1));
    browser.file(facilitator.input(), &jpeg()).await.number();
}

async fn f_req_a_dropped_upload_leaves_no_file(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    let flow = browser.flow().await.unwrap();
    // The bytes are complete but the stream never ends: the browser is gone and the HTTP request is dropped.
    let stream = iter([Ok::<_, &str>(Bytes::from(pdf("")))]).chain(pending());
    let service = browser.service();
    let mut receive = Box::pin(service.receive(&flow, asked_for(&flow), stream));
    while t.kept_files().is_empty() {
        let waited = tokio::time::timeout(Duration::from_millis(10), &mut receive).await;
        assert!(waited.is_err(), "the upload is not complete");
    }
    drop(receive);
    t.settles_at(0).await;
    assert!(browser.offered().await.is_none());
    let page = browser.sign(None).await;
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    t.clock.advance(DAY + MINUTE);
    t.sweep_files().await.unwrap();
    assert_eq!(rows(&t).await, 0, "the row expires like that of a stored file");
}

async fn f_req_a_failing_folder_is_reported_and_stores_nothing(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    let flow = browser.flow().await.unwrap();
    std::fs::remove_dir(t.folder.path().join("archivos")).unwrap();
    for _ in 0..60 {
        let received = browser.service().receive(&flow, asked_for(&flow), sending(&pdf(""))).await.unwrap();
        assert_eq!(received, Some(Received::Refused(Reason::FileNotKept)));
    }
    let page = browser.sign(Some(&pdf(""))).await;
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileNotKept)], "the flow continues");
    assert!(browser.load().await.asks_for_the_declaration() && browser.offered().await.is_none());
    t.files.prepare().await.unwrap();
    browser.sign(Some(&pdf(""))).await;
    browser.file(Facilitator::number(1).input(), &jpeg()).await.number();
    t.sweep_files().await.unwrap();
    assert_eq!((rows(&t).await, t.kept_files().len()), (2, 2), "failed uploads are neither counted nor kept");
}

async fn f_req_an_unsigned_declaration_causes_a_notice(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    let form = browser.declaration().await.unwrap();
    let page = browser.sign(Some(&form)).await;
    assert!(matches!(page.state, RequestFlow::Declaration(_)), "it is said where the form is sent");
    assert_eq!(page.notice(), Some(Notice::Unsigned));
    assert!(browser.offered().await.unwrap().unsigned);
    let page = browser.sign(None).await;
    assert!(matches!(page.state, RequestFlow::Details(_)), "the company insists: an officer decides");
    assert_eq!(page.notice(), Some(Notice::Unsigned));
    let unsigned = async |browser: &Visit<RequestFlow>| {
        let flow = browser.flow().await.unwrap();
        browser.service().is_unsigned(&flow).await.unwrap()
    };
    // The notice remains next to other errors, after returning to the declaration, and at the end.
    browser.file(RequestInput { phone: "", ..Facilitator::number(1).input() }, &jpeg()).await;
    assert!(unsigned(&browser).await);
    browser.sign_again().await;
    assert!(browser.offered().await.unwrap().unsigned);
    assert_eq!(browser.sign(Some(&form)).await.notice(), Some(Notice::Unsigned));
    browser.sign(None).await;
    browser.file(Facilitator::number(1).input(), &jpeg()).await.number();
    assert!(unsigned(&browser).await);
    let mut browser = t.identified(&company).await;
    browser.sign(Some(&form)).await;
    // A signed file replaces it, and then the unsigned form again.
    assert_eq!(browser.sign(Some(&pdf("firmada"))).await.notice(), None);
    assert!(!unsigned(&browser).await);
    assert_eq!(browser.sign(Some(&form)).await.notice(), Some(Notice::Unsigned));

    // A signed form is another file. The unsigned form of yesterday is recognized too, an older one is not.
    assert_eq!(browser.sign(Some(&[form.as_slice(), b"\n"].concat())).await.notice(), None);
    for expected in [Some(Notice::Unsigned), None] {
        t.clock.advance(DAY);
        assert_eq!(t.identified(&company).await.sign(Some(&form)).await.notice(), expected);
    }
}

async fn f_req_a_refused_second_declaration_offers_the_first(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    browser.file(RequestInput { phone: "", ..facilitator.input() }, &jpeg()).await;
    let first = browser.load().await.signed().declaration().clone();
    let refused = unfit().into_iter().map(|(what, file, reason)| (what, Some(file), reason));
    for (what, file, reason) in refused.chain([("an interrupted upload", None, Reason::FileInterrupted)]) {
        let page = match file {
            Some(file) => browser.sign(Some(&file)).await,
            None => {
                let flow = browser.flow().await.unwrap();
                browser.service().connection_lost(flow, UploadPurpose::Declaration, None).await.unwrap();
                browser.load().await
            }
        };
        assert!(page.asks_for_the_declaration(), "{what}");
        assert_eq!(page.errors(), [(Field::Declaration, reason)], "{what}");
        assert_eq!(
            browser.offered().await.unwrap().id,
            first,
            "{what}: the first one is offered, not used by default"
        );
        let page = browser.sign(None).await;
        assert_eq!((page.signed().declaration(), page.signed().document().is_some()), (&first, true));
    }
    let page = browser.sign_with(Some(Received::TooMany)).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::MostFiles)));
    browser.sign(None).await;
    browser.file_kept(facilitator.input()).await.number();
}

async fn f_req_a_refused_second_document_keeps_the_first(t: TestBackend) {
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

async fn f_req_a_second_document_replaces_the_first(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let wrong = RequestInput { phone: "", ..facilitator.input() };
    let mut browser = t.signed(&company).await;
    let first = browser.file(wrong, &jpeg()).await.signed().document().cloned().unwrap();
    let second = browser.file(wrong, &png()).await.signed().document().cloned().unwrap();
    assert_ne!(first, second);
    assert_eq!(browser.offered().await.unwrap().id, second);
    t.sweep_files().await.unwrap();
    assert!(t.content(&first).await.is_none(), "the replaced document is deleted at once");
    assert_eq!(t.kept_files().len(), 2);
    let number = browser.file_kept(facilitator.input()).await.number();
    let files = t.files_of(&number).await;
    assert_eq!(files[1].id, second);
}

async fn f_req_the_document_is_kept_and_offered_when_a_field_is_wrong(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    let page = browser.file(RequestInput { names: "", ..facilitator.input() }, &jpeg()).await;
    assert_eq!(page.errors(), [(Field::Names, Reason::Missing)], "no error about the file");
    let offered = browser.offered().await.unwrap();
    assert_eq!(Some(&offered.id), page.signed().document());
    assert_eq!((offered.format.as_str(), offered.sha256), ("jpeg", sha256(&jpeg())));
    let page = browser.file_kept(RequestInput { email: "", ..facilitator.input() }).await;
    assert_eq!(page.errors(), [(Field::Email, Reason::Missing)]);
    // Without the checkbox that keeps it, another file is required; the first one stays available.
    let page = browser.file_with(facilitator.input(), None, false).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileOffered)]);
    browser.file_kept(facilitator.input()).await.number();
    assert_eq!((t.requests().await, rows(&t).await), (1, 2));
}
