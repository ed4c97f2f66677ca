//! Closes of sessions.

use backend::clock::MINUTE;
use domain::rce::fields::{Action, Service};

use super::support::{Browser, Otec, codes, field, names, signed_in};
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    l_rce_a_close_in_the_same_browser_asks_nothing_and_repeated_changes_nothing,
    l_rce_a_close_elsewhere_asks_for_the_key,
    security_l_rce_a_close_needs_its_session_and_its_student,
    security_l_rce_sixteen_closes_at_once_close_once,
];

async fn l_rce_a_close_in_the_same_browser_asks_nothing_and_repeated_changes_nothing(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    let id = browser.open(&otec).await;
    t.clock.advance(20 * MINUTE);
    let form = otec.form(&[("IdSesionSence", &id), ("IdSesionAlumno", "sesion-2")]);
    browser.close(&form).await;
    let end = browser.end().await;
    assert_eq!(
        names(&end),
        [
            "CodSence",
            "CodigoCurso",
            "IdSesionAlumno",
            "RunAlumno",
            "FechaHora",
            "ZonaHoraria",
            "LineaCapacitacion"
        ]
    );
    assert_eq!(field(&end, "IdSesionAlumno"), "sesion-2");
    let (kept, record) = (t.dump("rce_session").await, t.dump("audit").await);
    assert!(record.contains("attendance-closed"));
    t.clock.advance(MINUTE);
    assert_eq!(browser.end().await, end, "refreshed");
    browser.close(&form).await;
    assert_eq!(browser.end().await, end, "repeated: the time of the first");
    // With the key, too.
    let mut elsewhere = Browser::new(&t);
    elsewhere.close(&form).await;
    elsewhere.key(&otec.student.rut_text, &otec.student.key).await;
    assert_eq!(elsewhere.end().await, end);
    assert_eq!(t.dump("rce_session").await, kept);
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE event = 'attendance-closed'").await, 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM rce_session WHERE closed_at IS NOT NULL").await, 1);
}

async fn l_rce_a_close_elsewhere_asks_for_the_key(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let id = Browser::new(&t).open(&otec).await;
    let form = otec.form(&[("IdSesionSence", &id.to_lowercase())]);
    let mut browser = Browser::new(&t);
    browser.close(&form).await;
    assert_eq!(browser.asked().await.action, Action::Close);
    browser.key(&otec.student.rut_text, "Malvavisco#5").await;
    assert_eq!(browser.asked().await.tries_left, 2);
    browser.key(&otec.student.rut_text, &otec.student.key).await;
    assert!(browser.session.is_none(), "a close signs nobody in");
    assert_eq!(field(&browser.end().await, "RunAlumno"), otec.student.rut.plain());
    assert_eq!(t.number("SELECT COUNT(*) FROM rce_session WHERE closed_at IS NOT NULL").await, 1);
}

async fn security_l_rce_a_close_needs_its_session_and_its_student(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let other = Person::number(2);
    t.account(&other).await;
    let mut browser = Browser::new(&t);
    let id = browser.open(&otec).await;
    for (changed, code) in [
        (&[("IdSesionSence", "")][..], "200"),
        (&[("IdSesionSence", "5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220")], "304"),
        (&[("IdSesionSence", "no-es-un-guid")], "304"),
        (&[("IdSesionSence", &id), ("CodigoCurso", "7654321")], "304"),
        (&[("IdSesionSence", &id), ("RunAlumno", &other.rut.plain())], "304"),
    ] {
        browser.close(&otec.form(changed)).await;
        let end = browser.end().await;
        assert_eq!(codes(&end), code, "{changed:?}");
        assert!(!names(&end).contains(&"IdSesionSence"));
    }
    let form = otec.form(&[("IdSesionSence", &id)]);
    assert_eq!(browser.bring((Service::Test, Action::Close), &form, None).await, None);
    assert_eq!(codes(&browser.end().await), "313");
    // Somebody else is signed in: asked for the key, and theirs will not do.
    let mut theirs = Browser::new(&t);
    theirs.session = signed_in(&t, &other).await;
    assert!(theirs.session.is_some());
    theirs.close(&form).await;
    assert_eq!(theirs.asked().await.tries_left, 3);
    theirs.key(&other.rut_text, &other.key).await;
    assert_eq!(codes(&theirs.end().await), "311");
    assert_eq!(t.number("SELECT COUNT(*) FROM rce_session WHERE closed_at IS NOT NULL").await, 0);
    // A new key ends the sessions of browsers: then this one is asked, too.
    t.change_key(&otec.student, &otec.student.key, "Peumo#41").await;
    browser.close(&form).await;
    assert_eq!(browser.asked().await.tries_left, 3);
}

async fn security_l_rce_sixteen_closes_at_once_close_once(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    let id = browser.open(&otec).await;
    let mut browsers = Vec::new();
    for _ in 0..16 {
        browser.close(&otec.form(&[("IdSesionSence", &id)])).await;
        browsers.push(browser.clone());
    }
    let ends = at_once(browsers.into_iter().map(|browser| async move { browser.end().await })).await;
    assert!(ends.iter().all(|end| field(end, "FechaHora") == field(&ends[0], "FechaHora")), "{ends:?}");
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE event = 'attendance-closed'").await, 1);
}
