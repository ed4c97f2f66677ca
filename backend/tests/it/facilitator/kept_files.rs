//! F-REQ: uploaded files are kept for a day, for their company only.

use backend::clock::{DAY, HOUR, MINUTE};
use backend::service::request::{Received, SubmittedFile};
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::request::{RequestFlow, RequestInput, UploadId, UploadPurpose};

use crate::support::requests::{Facilitator, whole};
use crate::support::samples::{jpeg, pdf, png};
use crate::support::{TestBackend, at_once, on_both_engines};

on_both_engines![
    f_req_uploaded_files_outlive_their_flow,
    f_req_the_newest_upload_is_offered,
    f_req_an_upload_expires_after_a_day,
    f_req_an_expired_file_is_reported_and_nothing_else_is_lost,
    f_req_the_document_shown_on_the_page_is_used,
    f_req_an_interrupted_form_keeps_what_was_typed_before,
    f_req_a_declaration_belongs_to_one_request,
    f_req_a_document_belongs_to_one_request,
    security_one_declaration_in_sixteen_flows_files_one_request,
    security_a_file_of_another_company_is_neither_offered_nor_accepted,
    security_malformed_ids_never_reach_the_store,
];

async fn f_req_uploaded_files_outlive_their_flow(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    let page = browser.file(RequestInput { names: "", ..facilitator.input() }, &jpeg()).await;
    let (declaration, document) =
        (page.signed().declaration().clone(), page.signed().document().cloned().unwrap());

    t.clock.advance(16 * MINUTE);
    let page = browser.file_with(facilitator.input(), None, true).await;
    assert_eq!((page.state.clone(), page.notice()), (RequestFlow::Identify, Some(Notice::Expired)));
    assert!(browser.offered().await.is_none(), "no file is offered before the key is proven again");
    let page = browser.identify_right(company.identifying()).await;
    assert!(page.asks_for_the_declaration());
    let offered = browser.offered().await.unwrap();
    assert_eq!((offered.id, offered.purpose), (declaration.clone(), UploadPurpose::Declaration));
    let page = browser.sign(None).await;
    assert_eq!(page.signed().declaration(), &declaration);
    let offered = browser.offered().await.unwrap();
    assert_eq!((&offered.id, offered.purpose), (&document, UploadPurpose::Document));
    browser.file_kept(facilitator.input()).await.number();
    assert_eq!(t.number("SELECT COUNT(*) FROM upload").await, 2, "nothing was sent twice");
}

async fn f_req_the_newest_upload_is_offered(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    for file in ["una", "otra", "la buena"] {
        t.clock.advance(1000);
        let sent = browser.send(&pdf(file)).await.unwrap();
        assert_eq!(browser.offered().await.unwrap().id, whole(&sent));
    }
    t.clock.advance(1000);
    browser.send(&pdf("rota")[..100]).await;
    let offered = browser.offered().await.unwrap().id;
    assert_eq!(t.content(&offered).await, Some(pdf("la buena")), "a refused file is not offered");
    browser.sign(None).await;
    assert!(browser.offered().await.is_none(), "a declaration is not offered as the document");
}

async fn f_req_an_upload_expires_after_a_day(t: TestBackend) {
    let company = t.one_company().await;
    t.signed(&company).await;
    t.clock.advance(DAY - HOUR);
    assert!(t.identified(&company).await.offered().await.is_some(), "files are kept for a day");
    t.clock.advance(HOUR + MINUTE);
    let mut browser = t.identified(&company).await;
    assert!(browser.offered().await.is_none());
    let page = browser.sign(None).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    // The sweep makes no difference.
    t.sweep_files().await.unwrap();
    assert_eq!(browser.sign(None).await.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    browser.sign(Some(&pdf("de nuevo"))).await.signed();
}

async fn f_req_an_expired_file_is_reported_and_nothing_else_is_lost(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    let page = browser.file(RequestInput { names: "", ..facilitator.input() }, &jpeg()).await;
    let (declaration, document) =
        (page.signed().declaration().clone(), page.signed().document().cloned().unwrap());

    // The document expired: the form shows without it.
    t.expire(&document).await;
    assert!(browser.offered().await.is_none());
    let page = browser.file_kept(facilitator.input()).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileUnavailable)]);
    let page = browser.file_with(facilitator.input(), None, false).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::Missing)]);
    assert_eq!((page.signed().document(), page.signed().declaration()), (None, &declaration));
    assert_eq!(page.typed.get("nombres"), facilitator.names);

    // The declaration expired: its step shows again; afterwards the typed fields and the document are still there.
    t.expire(&declaration).await;
    let page = browser.file(facilitator.input(), &png()).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    assert_eq!(t.requests().await, 0, "the row of the request was rolled back");
    let page = browser.sign(Some(&pdf("de nuevo"))).await;
    assert_eq!((page.typed.get("nombres"), page.feedback.errors.len()), (facilitator.names.as_str(), 0));
    browser.file_kept(facilitator.input()).await.number();
}

async fn f_req_the_document_shown_on_the_page_is_used(t: TestBackend) {
    let [company, other] = t.companies().await;
    let mut browser = t.signed(&company).await;
    browser.send(&jpeg()).await;
    let shown = browser.brought(None, true).await;
    // Meanwhile a colleague uploads the passport of another person.
    t.clock.advance(1000);
    let colleague = t.signed(&company).await;
    colleague.send(&png()).await;
    let facilitator = Facilitator::number(1);
    let service = browser.service();
    let moved = service
        .file(browser.posted(), RequestInput { names: "", ..facilitator.input() }, shown.clone())
        .await;
    let page = browser.arrive(moved.unwrap()).await;
    let RequestFlow::Details(signed) = page.state else { panic!("its names are missing") };
    let SubmittedFile::Kept(id) = &shown else { panic!("the page offers one") };
    assert_eq!(signed.document(), Some(id));

    // A declaration or a file of another company is not accepted as the document.
    let theirs = t.signed(&other).await;
    theirs.send(&jpeg()).await;
    for strange in [SubmittedFile::Kept(signed.declaration().clone()), theirs.brought(None, true).await] {
        let moved = browser.service().file(browser.posted(), facilitator.input(), strange).await.unwrap();
        let page = browser.arrive(moved).await;
        assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileUnavailable)]);
    }
    let moved = browser.service().file(browser.posted(), facilitator.input(), shown).await.unwrap();
    browser.arrive(moved).await.number();
}

async fn f_req_an_interrupted_form_keeps_what_was_typed_before(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut browser = t.signed(&company).await;
    browser.file(RequestInput { email: "", ..facilitator.input() }, &jpeg()).await;
    let document = browser.load().await.signed().document().cloned();
    let sent = browser.send(&png()).await;
    let flow = browser.flow().await.unwrap();
    browser.service().connection_lost(flow, UploadPurpose::Document, sent).await.unwrap();
    let page = browser.load().await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileInterrupted)]);
    assert_eq!(page.typed.get("nombres"), facilitator.names);
    assert_eq!(page.signed().document().cloned(), document, "the first document stays");
    browser.file_kept(facilitator.input()).await.number();
}

async fn f_req_a_declaration_belongs_to_one_request(t: TestBackend) {
    let company = t.one_company().await;
    let mut first = t.signed(&company).await;
    let mut second = t.identified(&company).await;
    let same = second.sign(None).await.signed().declaration().clone();
    assert_eq!(first.load().await.signed().declaration(), &same);
    first.file(Facilitator::number(1).input(), &jpeg()).await.number();

    let other = Facilitator::number(2);
    let page = second.file(other.input(), &png()).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    assert_eq!(t.requests().await, 1);
    assert!(second.offered().await.is_none(), "a file of a request is not offered");
    assert_eq!(second.sign(None).await.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    let page = second.sign(Some(&pdf("otra"))).await;
    assert_eq!(page.typed.get("documento"), other.number);
    second.file_kept(other.input()).await.number();
    assert_eq!(t.number("SELECT COUNT(DISTINCT request_id) FROM upload").await, 2);
}

async fn f_req_a_document_belongs_to_one_request(t: TestBackend) {
    let company = t.one_company().await;
    let mut first = t.signed(&company).await;
    t.clock.advance(1000);
    let mut second = t.signed(&company).await;
    let first_facilitator = Facilitator::number(1);
    first.file(RequestInput { names: "", ..first_facilitator.input() }, &jpeg()).await;
    // The second flow uses the same document first.
    second.file_kept(Facilitator::number(2).input()).await.number();
    let page = first.file_kept(first_facilitator.input()).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileUnavailable)]);
    assert_eq!(page.signed().document(), None, "only the document is gone");
    first.file(first_facilitator.input(), &png()).await.number();
    assert_eq!(t.number("SELECT COUNT(*) FROM upload WHERE request_id IS NOT NULL").await, 4);
}

async fn security_one_declaration_in_sixteen_flows_files_one_request(t: TestBackend) {
    let t = t.hashing_at_once();
    let company = t.one_company().await;
    t.signed(&company).await;
    let mut browsers = Vec::new();
    for number in 0..16 {
        let mut browser = t.identified(&company).await;
        browser.sign(None).await;
        let sent = browser.send(&jpeg()).await;
        browsers.push((browser, Facilitator::number(number), sent));
    }
    let file = browsers.into_iter().map(|(mut browser, facilitator, sent)| async move {
        let page = browser.file_with(facilitator.input(), sent, false).await;
        let gone = page.errors() == [(Field::Declaration, Reason::FileUnavailable)]
            && page.asks_for_the_declaration();
        assert!(gone || matches!(page.state, RequestFlow::Done { .. }), "{:?}", page.feedback);
        gone
    });
    let gone = at_once(file).await.into_iter().filter(|gone| *gone).count();
    assert_eq!((gone, t.requests().await), (15, 1));
    assert_eq!(t.number("SELECT COUNT(*) FROM upload WHERE request_id IS NOT NULL").await, 2);
    assert_eq!(t.messages().await.len(), 1);
}

async fn security_a_file_of_another_company_is_neither_offered_nor_accepted(t: TestBackend) {
    let [owner, thief] = t.companies().await;
    let mut browser = t.signed(&owner).await;
    let facilitator = Facilitator::number(1);
    let page = browser.file(RequestInput { names: "", ..facilitator.input() }, &jpeg()).await;
    let (declaration, document) =
        (page.signed().declaration().clone(), page.signed().document().cloned().unwrap());

    let mut other = t.identified(&thief).await;
    assert!(other.offered().await.is_none());
    assert_eq!(other.sign(None).await.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    // Even with the id of the file, which cannot be guessed.
    other.sign_with(Some(Received::Complete(declaration.clone()))).await;
    let page = other.file(facilitator.input(), &png()).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!(page.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    other.sign(Some(&pdf("propia"))).await;
    let page = other.file_with(facilitator.input(), Some(Received::Complete(document.clone())), false).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileUnavailable)]);
    assert_eq!(t.requests().await, 0);
    // The owner still has both files.
    let number = browser.file_kept(facilitator.input()).await.number();
    assert_eq!(t.request_of(&number).await.company_rut, owner.rut);
    let files = t.files_of(&number).await;
    assert_eq!([&files[0].id, &files[1].id], [&declaration, &document]);
}

async fn security_malformed_ids_never_reach_the_store(t: TestBackend) {
    let company = t.one_company().await;
    let mut browser = t.identified(&company).await;
    for strange in ["\0", "", "x", "../../secreto", &"A".repeat(32), &"0".repeat(20_000)] {
        let kept = SubmittedFile::Kept(UploadId(strange.to_owned()));
        let moved = browser.service().sign(browser.posted(), kept).await.unwrap();
        assert_eq!(
            browser.arrive(moved).await.errors(),
            [(Field::Declaration, Reason::FileUnavailable)],
            "{strange:?}"
        );
        let picture = t.backend.captcha_picture(strange).await;
        assert!(picture.unwrap().is_none(), "{strange:?}");
        let sound = t.backend.captcha_sound(strange).await;
        assert!(sound.unwrap().is_none(), "{strange:?}");
    }
    browser.sign(Some(&pdf("propia"))).await;
    let kept = SubmittedFile::Kept(UploadId("\0".to_owned()));
    let moved = browser.service().file(browser.posted(), Facilitator::number(1).input(), kept).await.unwrap();
    assert_eq!(browser.arrive(moved).await.errors(), [(Field::DocumentFile, Reason::FileUnavailable)]);
}
