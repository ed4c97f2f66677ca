//! F-REQ: cookies and pages of other flows, other tabs and earlier steps.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use backend::service::request::{IdentifyInput, Received, SubmittedFile};
use bytes::Bytes;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::request::{RequestFlow, UploadPurpose};
use domain::flow::{AccountId, Notice};
use domain::kind::Kind;
use futures_util::stream::{iter, once};
use futures_util::{StreamExt as _, poll};
use tokio::sync::Notify;

use crate::support::requests::{Facilitator, sending};
use crate::support::samples::{jpeg, pdf};
use crate::support::{Company, TestBackend, at_once, on_both_engines};

on_both_engines![
    security_the_token_of_another_flow_opens_no_page,
    security_the_form_of_another_tab_changes_nothing,
    security_a_double_click_on_validar_opens_one_flow,
    flow_two_browsers_continue_when_both_see_a_new_representative,
    flow_repeated_clicks_on_validar_with_a_new_representative_continue,
    security_a_new_key_ends_unfinished_requests,
    security_a_running_upload_is_refused_when_the_key_changes,
    security_a_new_key_frees_the_file_quota,
];

/// “Cambiar CS” with the current key of the company.
async fn set_key(t: &TestBackend, company: &Company, key: &str) {
    let mut change = t.changing_as(Kind::Juridica);
    change.identify_company(&company.rut_text, &company.representative.rut_text, &company.key).await;
    assert!(matches!(change.set(key).await.state, Change::Done { .. }));
}

async fn security_the_token_of_another_flow_opens_no_page(t: TestBackend) {
    let [company, other] = t.companies().await;
    // A cookie of “Cambiar CS” does not work for a request.
    let mut change = t.changing_as(Kind::Juridica);
    change.identify_company(&company.rut_text, &company.representative.rut_text, &company.key).await;
    let mut browser = t.requesting();
    browser.token.clone_from(&change.token);
    browser.tag.clone_from(&change.tag);
    assert!(browser.flow().await.is_none());
    let page = browser.sign(None).await;
    assert_eq!((page.state.clone(), page.notice()), (RequestFlow::Identify, Some(Notice::Expired)));
    assert!(matches!(change.load().await.state, Change::NewKey(_)), "the change is unaffected");

    // The cookie from before the proof no longer works.
    let mut browser = t.requesting();
    browser.begin().await;
    browser.identify(company.identifying()).await;
    let former = browser.token.clone();
    browser.identify_right(company.identifying()).await;
    let mut thief = browser.clone();
    thief.token = former;
    let page = thief.sign_with(None).await;
    assert_eq!((page.state.clone(), page.notice()), (RequestFlow::Identify, Some(Notice::Expired)));

    // The cookie of one company with the page of another changes neither flow.
    let mut of_other = t.identified(&other).await;
    let mut mixed = of_other.clone();
    mixed.token.clone_from(&browser.token);
    let sent = of_other.send(&pdf("de la otra")).await;
    let page = mixed.sign_with(sent).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!(page.notice(), Some(Notice::OtherTab));
    browser.token.clone_from(&mixed.token);
    assert!(
        browser.load().await.asks_for_the_declaration() && of_other.load().await.asks_for_the_declaration()
    );
}

async fn security_the_form_of_another_tab_changes_nothing(t: TestBackend) {
    let (company, facilitator) = (t.one_company().await, Facilitator::number(1));
    let mut first_tab = t.signed(&company).await;
    let mut second_tab = t.identified(&company).await;
    let (token, tag) = (first_tab.token.clone(), first_tab.tag.clone());
    first_tab.token.clone_from(&second_tab.token);
    let sent = second_tab.send(&jpeg()).await;
    let page = first_tab.file_with(facilitator.input(), sent, false).await;
    assert!(page.asks_for_the_declaration());
    assert_eq!((page.notice(), t.requests().await), (Some(Notice::OtherTab), 0));
    second_tab.token.clone_from(&first_tab.token);

    // The first form of another tab begins a flow of its own.
    let mut early = t.requesting();
    early.begin().await;
    early.token.clone_from(&second_tab.token);
    let page = early.identify(company.identifying()).await;
    let missing = vec![(Field::Captcha, Reason::Missing)];
    assert_eq!((page.state.clone(), page.errors()), (RequestFlow::Identify, missing));
    assert_eq!(page.typed.get("rut"), company.rut_text);
    assert_eq!((t.tries("").await, page.typed.get("clave_actual")), (0, ""));
    assert!(second_tab.load().await.asks_for_the_declaration());

    (first_tab.token, first_tab.tag) = (token, tag);
    first_tab.file(facilitator.input(), &jpeg()).await.number();
}

async fn security_a_double_click_on_validar_opens_one_flow(t: TestBackend) {
    let company = t.one_company().await;
    let mut first = t.requesting();
    first.begin().await;
    let letters = first.letters_shown().await;
    let input = IdentifyInput { captcha: &letters, ..company.identifying() };
    let mut second = first.clone();
    let page = first.identify(input).await;
    let runs = t.hasher.runs();
    let again = second.identify(input).await;
    assert_eq!((page.state, &first.tag), (again.state, &second.tag));
    assert_eq!(t.hasher.runs(), runs, "nothing is checked again");
    assert_eq!(first.token.as_ref().unwrap().expose(), second.token.as_ref().unwrap().expose());
    second.sign(Some(&pdf(""))).await;
    second.file(Facilitator::number(1).input(), &jpeg()).await.number();
    // The same page with another key is not a resubmission.
    let mut third = t.requesting();
    third.begin().await;
    let letters = third.letters_shown().await;
    let mut guess = third.clone();
    third.identify_right(company.identifying()).await;
    assert_ne!(third.token.as_ref().unwrap().expose(), second.token.as_ref().unwrap().expose());
    let wrong = IdentifyInput { key: "NoEsEsta1", captcha: &letters, ..company.identifying() };
    let page = guess.identify(wrong).await;
    let stale = vec![(Field::Captcha, Reason::Stale)];
    assert_eq!((page.state.clone(), page.errors()), (RequestFlow::Identify, stale));
}

/// A company whose representative at SII is not the one of its account.
async fn with_a_new_representative(t: &TestBackend, number: u32) -> Company {
    let company = Company::number(number);
    let account = t.account(&company).await;
    t.tax_knows(&[&company]);
    let before = Company::number(70).representative.rut.plain();
    t.write("UPDATE account SET representative = $2 WHERE id = $1", account, &before).await;
    company
}

async fn flow_two_browsers_continue_when_both_see_a_new_representative(t: TestBackend) {
    // Only a hash that takes its time keeps the first form waiting.
    let t = t.hashing_for_real();
    let hash = t.hasher.hash(&Company::number(1).person.key).await.unwrap();
    'company: for number in 1..20 {
        let company = with_a_new_representative(&t, number).await;
        t.write("UPDATE account SET key_hash = $2 WHERE id <> $1", AccountId(0), &hash).await;
        let (mut slow, mut quick) = (t.requesting(), t.requesting());
        slow.begin().await;
        quick.begin().await;
        let (letters, runs) = (slow.letters_shown().await, t.hasher.runs());
        let input = IdentifyInput { captcha: &letters, ..company.identifying() };
        let click = slow.clone();
        let mut form = pin!(click.post_identify(input));
        while t.hasher.runs() == runs {
            // Poll step by step, so that the form waits for its hash when the loop ends.
            if poll!(&mut form).is_ready() {
                continue 'company;
            }
            tokio::task::yield_now().await;
        }
        if poll!(&mut form).is_ready() {
            continue;
        }
        // The slow form checks the key of the old account data; the quick one stores the representative meanwhile.
        assert!(quick.identify_right(company.identifying()).await.asks_for_the_declaration());
        let moved = form.await.unwrap();
        assert!(slow.arrive(moved).await.asks_for_the_declaration());
        assert_eq!(t.messages().await.len(), 1, "the company is notified once");
        return;
    }
    panic!("the first was never slower than the second");
}

async fn flow_repeated_clicks_on_validar_with_a_new_representative_continue(t: TestBackend) {
    for (number, clicks, alone) in [(1, 16, true), (2, 3, false)] {
        let company = with_a_new_representative(&t, number).await;
        let mut browser = t.requesting();
        browser.begin().await;
        let letters = browser.letters_shown().await;
        let clicks = (0..clicks).map(|_| {
            let browser = if alone { browser.clone() } else { browser.elsewhere() };
            let (company, letters) = (company.clone(), letters.clone());
            async move {
                let input = IdentifyInput { captcha: &letters, ..company.identifying() };
                browser.post_identify(input).await.unwrap()
            }
        });
        for moved in at_once(clicks).await {
            assert!(matches!(moved.state, RequestFlow::Declaration(_)), "{:?}", moved.state);
            browser.token = moved.token;
            assert!(browser.load().await.asks_for_the_declaration(), "the response of every click works");
        }
    }
}

async fn security_a_new_key_ends_unfinished_requests(t: TestBackend) {
    let [company, other] = t.companies().await;
    let mut at_declaration = t.identified(&company).await;
    let mut at_details = t.signed(&company).await;
    let mut of_other = t.signed(&other).await;
    let done = t.filed(&company, &Facilitator::number(7)).await;
    let late = at_details.send(&jpeg()).await;
    let declaration = at_details.load().await.signed().declaration().clone();
    set_key(&t, &company, "Boldo88zz").await;

    assert!(at_declaration.declaration().await.is_none() && at_details.declaration().await.is_none());
    let page = at_declaration.sign_with(None).await;
    assert_eq!((page.state.clone(), page.notice()), (RequestFlow::Identify, Some(Notice::Expired)));
    let page = at_details.file_with(Facilitator::number(1).input(), late.clone(), false).await;
    assert_eq!((page.state.clone(), page.notice()), (RequestFlow::Identify, Some(Notice::Expired)));
    assert_eq!(page.typed.get("documento"), "", "the key was not proven again");
    assert_eq!(t.requests().await, 1);
    of_other.file(Facilitator::number(2).input(), &jpeg()).await.number();

    // The old key no longer works.
    let page = at_details.identify_right(company.identifying()).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::WrongForCompany)]);
    let new = IdentifyInput { key: "Boldo88zz", ..company.identifying() };
    assert!(at_details.identify_right(new).await.asks_for_the_declaration());
    // With the new key no earlier upload is offered: somebody else with the old key may have sent it.
    assert!(at_details.offered().await.is_none());
    let kept = SubmittedFile::Kept(declaration);
    let moved = at_details.service().sign(at_details.posted(), kept).await.unwrap();
    assert_eq!(at_details.arrive(moved).await.errors(), [(Field::Declaration, Reason::FileUnavailable)]);
    at_details.sign(Some(&pdf("propia"))).await;
    assert!(at_details.offered().await.is_none());
    let page = at_details.file_with(Facilitator::number(1).input(), late, false).await;
    assert_eq!(page.errors(), [(Field::DocumentFile, Reason::FileUnavailable)]);
    assert_ne!(at_details.file(Facilitator::number(1).input(), &jpeg()).await.number(), done);
    t.sweep_files().await.unwrap();
    assert_eq!(t.kept_files().len(), 6, "two files for each of three requests");
}

async fn security_a_running_upload_is_refused_when_the_key_changes(t: TestBackend) {
    let company = t.one_company().await;
    let thief = t.identified(&company).await;
    let (flow, service) = (thief.flow().await.unwrap(), thief.service());
    let (file, key_is_set) = (pdf("ajena"), Notify::new());
    let (first, second) = file.split_at(50);
    let piece = |bytes: &[u8]| Ok::<_, Infallible>(Bytes::copy_from_slice(bytes));
    let second = once(async {
        key_is_set.notified().await;
        piece(second)
    });
    let halves = Box::pin(iter([piece(first)]).chain(second));
    let set = async {
        while t.number("SELECT COUNT(*) FROM upload").await == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        set_key(&t, &company, "Boldo88zz").await;
        key_is_set.notify_one();
    };
    let (sent, ()) = tokio::join!(service.receive(&flow, UploadPurpose::Declaration, halves), set);
    assert_eq!(sent.unwrap(), Some(Received::Refused(Reason::FileInterrupted)));
    // An upload of a form from before the change that arrives after it is refused too.
    assert_eq!(service.receive(&flow, UploadPurpose::Declaration, sending(&file)).await.unwrap(), None);
    assert_eq!((t.kept_files().len(), t.number("SELECT COUNT(*) FROM upload").await), (0, 0));
}

async fn security_a_new_key_frees_the_file_quota(t: TestBackend) {
    let company = t.one_company().await;
    let thief = t.identified(&company).await;
    for _ in 0..50 {
        assert!(matches!(thief.send(&pdf("")).await, Some(Received::Complete(_))));
    }
    assert_eq!(thief.send(&pdf("")).await, Some(Received::TooMany));
    set_key(&t, &company, "Boldo88zz").await;
    let mut owner = t.requesting();
    owner.begin().await;
    owner.identify_right(IdentifyInput { key: "Boldo88zz", ..company.identifying() }).await;
    owner.sign(Some(&pdf("propia"))).await;
    owner.file(Facilitator::number(1).input(), &jpeg()).await.number();
}
