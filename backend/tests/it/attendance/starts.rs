//! Starts of sessions.

use backend::clock::SECOND;
use backend::flows::Token;
use backend::service::rce::{Begun, Rce, Shown};
use backend::store::Engine;
use domain::rce::fields::{Action, Service};
use domain::rce::organism::Way;

use super::support::{Browser, Otec, RETOMA, caller, field, names};
use crate::support::peek::TABLES;
use crate::support::{TestBackend, at_once, on_both_engines};

on_both_engines![
    l_rce_a_start_is_answered_kept_and_asked_for_again_the_same,
    l_rce_the_test_service_skips_the_course,
    l_rce_without_a_list_there_is_no_attendance,
    security_l_rce_the_same_form_sixteen_times_opens_one_session,
    security_l_rce_a_failing_store_is_an_error_of_ours,
    security_l_rce_tokens_and_keys_are_not_stored,
];

async fn l_rce_a_start_is_answered_kept_and_asked_for_again_the_same(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[])).await;
    let page = browser.asked().await;
    assert_eq!((page.action, page.tries_left, page.host.as_str()), (Action::Start, 3, "aula.ejemplo.cl"));
    assert_eq!(page.origins, ["https://aula.ejemplo.cl"]);
    assert_eq!(page.flow.typed.get("rut"), otec.student.rut_text, "the RUN that came is filled in");
    assert!((170..=180).contains(&(page.until - t.now() / SECOND)), "three minutes");

    assert_eq!(browser.key(&otec.student.rut_text, &otec.student.key).await, None);
    assert!(browser.session.is_some(), "with it the close needs no key");
    let end = browser.end().await;
    let answer = end.answer.clone().unwrap();
    assert_eq!((answer.to.as_str(), answer.way), (RETOMA, Way::Submit));
    assert_eq!(
        names(&end),
        [
            "CodSence",
            "CodigoCurso",
            "IdSesionAlumno",
            "IdSesionSence",
            "RunAlumno",
            "FechaHora",
            "ZonaHoraria",
            "LineaCapacitacion"
        ]
    );
    assert_eq!(field(&end, "RunAlumno"), otec.student.rut.plain());
    assert_eq!((field(&end, "FechaHora").len(), field(&end, "IdSesionSence").len()), (19, 36));

    let before = t.dump("rce_session").await;
    t.clock.advance(300 * SECOND);
    assert_eq!(browser.end().await, end, "asked for again, the same");
    browser.key(&otec.student.rut_text, &otec.student.key).await;
    assert_eq!(browser.end().await, end, "and no other form changes it");
    assert_eq!(t.dump("rce_session").await, before);
    assert_eq!(t.number("SELECT COUNT(*) FROM rce_session").await, 1);
    for event in ["attendance-opened", "signed-in", "key-checked"] {
        assert!(t.dump("audit").await.contains(event), "{event}");
    }
    assert_eq!(t.rce.ends(), [("opened", 1), ("closed", 0), ("refused", 0)]);

    let stranger = Browser::new(&t);
    let (tag, _) = browser.request.clone().unwrap();
    let other =
        Browser { request: Some((tag, Token::from_cookie("AAAAAAAAAAAAAAAAAAAAAA").unwrap())), ..stranger };
    assert!(matches!(other.page().await, Shown::Gone), "another browser");
}

async fn l_rce_the_test_service_skips_the_course(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let any = otec.form(&[("CodSence", "-1"), ("CodigoCurso", "-1")]);
    let mut browser = Browser::new(&t);
    assert_eq!(browser.bring((Service::Test, Action::Start), &any, None).await, None);
    browser.key(&otec.student.rut_text, &otec.student.key).await;
    assert_eq!(field(&browser.end().await, "CodigoCurso"), "-1");
    browser.start(&any).await;
    assert_eq!(field(&browser.end().await, "GlosaError"), "204;205", "only there");
}

async fn l_rce_without_a_list_there_is_no_attendance(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[])).await;
    t.backend.rce = Rce::default();
    browser.backend = t.backend.clone();
    let begun = t.attendance(&caller()).begin(Service::Real, Action::Start, &otec.form(&[]), None).await;
    assert!(matches!(begun, Ok(Begun::Off)));
    assert!(matches!(browser.page().await, Shown::Gone));
    browser.key(&otec.student.rut_text, &otec.student.key).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM rce_session").await, 0);
}

async fn security_l_rce_the_same_form_sixteen_times_opens_one_session(t: TestBackend) {
    let mut t = t.hashing_at_once();
    let otec = Otec::register(&mut t).await;
    let mut second = t.another_instance().await;
    second.rce = t.backend.rce.clone();
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[])).await;
    let steps = at_once((0..16).map(|number| {
        let mut browser = browser.clone();
        // On SQLite there is one process.
        if number % 2 == 1 && t.store.engine() == Engine::Postgres {
            browser.backend = second.clone();
        }
        let student = otec.student.clone();
        async move {
            assert_eq!(browser.key(&student.rut_text, &student.key).await, None);
            field(&browser.end().await, "IdSesionSence")
        }
    }))
    .await;
    assert!(steps.iter().all(|id| *id == steps[0] && id.len() == 36), "{steps:?}");
    assert_eq!(t.number("SELECT COUNT(*) FROM rce_session").await, 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM session").await, 1);
    // The next form is the next session.
    let next = Browser::new(&t).open(&otec).await;
    assert_ne!(next, steps[0]);
}

async fn security_l_rce_a_failing_store_is_an_error_of_ours(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let run = async |sql: &'static str| {
        sqlx::query(sql).execute(&mut *t.store.connection().await.unwrap()).await.unwrap();
    };
    let mut browser = Browser::new(&t);
    run("ALTER TABLE rce_token RENAME TO rce_token_x").await;
    let end = browser.bring((Service::Real, Action::Start), &otec.form(&[]), None).await.unwrap();
    assert_eq!((field(&end, "GlosaError").as_str(), end.answer.clone().unwrap().way), ("300", Way::Button));
    run("ALTER TABLE rce_token_x RENAME TO rce_token").await;

    browser.start(&otec.form(&[])).await;
    run("ALTER TABLE rce_session RENAME TO rce_session_x").await;
    let end = browser.key(&otec.student.rut_text, &otec.student.key).await.unwrap();
    assert_eq!((field(&end, "GlosaError").as_str(), end.answer.unwrap().way), ("305", Way::Submit));
    run("ALTER TABLE rce_session_x RENAME TO rce_session").await;
    // Nothing was stored of that: the same form opens the session.
    assert_eq!(browser.key(&otec.student.rut_text, &otec.student.key).await, None);
    let id = field(&browser.end().await, "IdSesionSence");

    browser.session = None;
    browser.close(&otec.form(&[("IdSesionSence", &id)])).await;
    run("ALTER TABLE rce_session RENAME TO rce_session_x").await;
    let end = browser.key(&otec.student.rut_text, &otec.student.key).await.unwrap();
    assert_eq!(field(&end, "GlosaError"), "300");
    run("ALTER TABLE rce_session_x RENAME TO rce_session").await;
    assert_eq!(t.number("SELECT COUNT(*) FROM rce_session WHERE closed_at IS NULL").await, 1);
}

async fn security_l_rce_tokens_and_keys_are_not_stored(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    browser.start(&otec.form(&[])).await;
    let mut seen = stored(&t).await;
    browser.key(&otec.student.rut_text, "Malvavisco#5").await;
    seen += &stored(&t).await;
    browser.key(&otec.student.rut_text, &otec.student.key).await;
    seen += &stored(&t).await;
    for secret in [otec.token.as_str(), &otec.token.to_lowercase(), "Malvavisco#5", &otec.student.key] {
        assert!(!seen.contains(secret), "{secret}");
    }
}

/// Everything that is stored.
async fn stored(t: &TestBackend) -> String {
    let mut all = String::new();
    for table in TABLES {
        all += &t.dump(table).await;
    }
    all
}
