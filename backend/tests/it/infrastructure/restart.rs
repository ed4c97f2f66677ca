//! The process may stop at any moment: flows, limits and messages are in the store.

use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;

use crate::support::people::key_in;
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![flow_flows_continue_after_a_restart, security_a_wait_continues_after_a_restart];

async fn flow_flows_continue_after_a_restart(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let before = t.proven_by_answer(&person).await;
    let t = t.restart().await;
    let mut browser = t.recovering();
    (browser.token, browser.tag, browser.captcha) = (before.token, before.tag, before.captcha);
    assert!(matches!(browser.load().await.state, Recovery::Captcha(_)));
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));

    let t = t.restart().await;
    let letters = t.messages().await;
    assert_eq!(letters.len(), 2, "stored before the restart, delivered after it");
    let before = t.proven_by_key(&person, &key_in(&letters[0]).unwrap()).await;

    let t = t.restart().await;
    let mut browser = t.changing();
    (browser.token, browser.tag, browser.captcha) = (before.token, before.tag, before.captcha);
    assert_eq!(browser.set("Peumo#41").await.state, Change::Done { by_sms: true, question_deleted: false });
}

async fn security_a_wait_continues_after_a_restart(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    for _ in 0..3 {
        browser.answer("no es esta").await;
    }
    let t = t.restart().await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    let page = browser.answer(&person.answer).await;
    assert_eq!(page.notice(), Some(Notice::WaitOrSerial { minutes: 1 }));
    assert_eq!(t.hasher.runs(), 0);
}
