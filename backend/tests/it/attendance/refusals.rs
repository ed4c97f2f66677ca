//! What is refused before a key is asked for, and how the browser goes on.

use domain::rce::attendance::Outcome;
use domain::rce::fields::{Action, Service};
use domain::rce::organism::Way;

use super::support::{Browser, OTEC, OTHER_OTEC, Otec, add_token, caller, codes, otec, write_courses};
use crate::support::{TestBackend, on_both_engines};

on_both_engines![
    l_rce_fields_have_their_codes,
    security_l_rce_without_url_error_nobody_is_sent_anywhere,
    security_l_rce_only_a_current_token_of_the_otec_opens_the_page,
    security_l_rce_registered_origins_are_enforced,
    l_rce_courses_have_their_codes,
];

async fn l_rce_fields_have_their_codes(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    for (name, value, expected) in [
        ("IdSesionAlumno", "", "200"),
        ("UrlRetoma", "", "201"),
        ("UrlRetoma", "http://aula.ejemplo.cl/volver", "202"),
        ("UrlRetoma", "https://127.0.0.1/volver", "202"),
        ("CodSence", "12a", "204"),
        ("CodigoCurso", "12 34567", "205"),
        ("LineaCapacitacion", "2", "206"),
        ("RunAlumno", "12345678-9", "207"),
        ("RutOtec", "76.192.083-9", "209"),
        ("Token", "no-es-un-guid", "303"),
        ("CodSence", "", "200"),
    ] {
        browser.start(&otec.form(&[(name, value)])).await;
        assert_eq!(codes(&browser.end().await), expected, "{name}={value}");
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM rce_session").await, 0);
}

async fn security_l_rce_without_url_error_nobody_is_sent_anywhere(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let flows = t.number("SELECT COUNT(*) FROM flow").await;
    for (value, expected) in
        [("", "201"), ("javascript:alert(1)", "203"), ("http://aula.ejemplo.cl/e", "203")]
    {
        let form = otec.form(&[("UrlError", value)]);
        let end = Browser::new(&t).bring((Service::Real, Action::Start), &form, None).await.unwrap();
        assert_eq!(end.answer, None);
        let Outcome::Refused(glosas) = end.ended.outcome() else { panic!("{end:?}") };
        assert_eq!(glosas.to_string(), expected, "{value}");
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM flow").await, flows, "nothing is stored of that");
}

async fn security_l_rce_only_a_current_token_of_the_otec_opens_the_page(mut t: TestBackend) {
    let ours = Otec::register(&mut t).await;
    let (_, theirs) = add_token(&t, OTHER_OTEC, &[]).await;
    let (second_id, second) = add_token(&t, OTEC, &[]).await;
    let mut browser = Browser::new(&t);
    browser.start(&ours.form(&[("Token", &second.to_lowercase())])).await;
    browser.asked().await;
    let service = caller();
    let service = t.attendance(&service);
    assert_eq!(service.revoke_token(otec(OTHER_OTEC), &second_id).await.unwrap(), None, "another's");
    assert_eq!(service.revoke_token(otec(OTEC), &second_id).await.unwrap(), Some(true));
    assert_eq!(service.revoke_token(otec(OTEC), &second_id).await.unwrap(), Some(false));
    for (changed, expected, way) in [
        (&[("Token", second.as_str())][..], "212", Way::Button),
        (&[("Token", theirs.as_str())], "211", Way::Button),
        (&[("Token", "5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220")], "303", Way::Button),
        (
            &[("RutOtec", "77000005-K"), ("Token", "5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220")],
            "302;303",
            Way::Button,
        ),
        (&[("Token", second.as_str()), ("CodSence", "x")], "204;212", Way::Button),
        (&[("CodSence", "x")], "204", Way::Submit),
    ] {
        browser.start(&ours.form(changed)).await;
        let end = browser.end().await;
        assert_eq!((codes(&end).as_str(), end.ended.way()), (expected, way), "{changed:?}");
    }
    // The first one counts on.
    browser.start(&ours.form(&[])).await;
    browser.asked().await;
    assert_ne!(ours.token_id, second_id);
}

async fn security_l_rce_registered_origins_are_enforced(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    let start = (Service::Real, Action::Start);
    browser.bring(start, &otec.form(&[]), Some("https://cualquiera.ejemplo.cl")).await;
    browser.asked().await;
    add_token(&t, OTEC, &["https://aula.ejemplo.cl"]).await;
    for sender in [None, Some("null"), Some("https://aula.ejemplo.cl")] {
        browser.bring(start, &otec.form(&[]), sender).await;
        browser.asked().await;
    }
    for (changed, sender) in [
        (&[][..], Some("https://cualquiera.ejemplo.cl")),
        (&[("UrlRetoma", "https://otra.ejemplo.cl/volver")], None),
        (&[("UrlError", "https://otra.ejemplo.cl/error")], None),
    ] {
        browser.bring(start, &otec.form(changed), sender).await;
        let end = browser.end().await;
        assert_eq!((codes(&end).as_str(), end.ended.way()), ("302", Way::Button), "{changed:?}");
    }
}

async fn l_rce_courses_have_their_codes(mut t: TestBackend) {
    let otec = Otec::register(&mut t).await;
    let run = otec.student.rut.plain();
    let row = |line: &str, otec: &str, to: &str, state: &str, how: &str| {
        write_courses(&t, &format!("1234567,1237123456,{line},{otec},2020-01-01,{to},{state},{how},{run}"));
    };
    let mut browser = Browser::new(&t);
    for (line, of, to, state, how, expected) in [
        ("6", OTEC, "2099-12-31", "vigente", "e-learning", "206"),
        ("3", OTHER_OTEC, "2020-12-31", "terminado", "presencial", "308"),
        ("3", OTEC, "2020-12-31", "vigente", "e-learning", "309"),
        ("3", OTEC, "2099-12-31", "anulado", "e-learning", "310"),
        ("3", OTEC, "2020-12-31", "anulado", "presencial", "307;309;310"),
        ("3", OTEC, "2099-12-31", "vigente", "presencial", "307"),
        // The list is strict: while one row is wrong there is none.
        ("3", OTEC, "2099-12-31", "quizas", "e-learning", "300"),
    ] {
        row(line, of, to, state, how);
        browser.start(&otec.form(&[])).await;
        assert_eq!(codes(&browser.end().await), expected, "{state}");
    }
    row("3", OTEC, "2099-12-31", "vigente", "e-learning");
    browser.start(&otec.form(&[("CodSence", "1237999999")])).await;
    assert_eq!(codes(&browser.end().await), "306");
    browser.start(&otec.form(&[("CodigoCurso", "7654321")])).await;
    assert_eq!(codes(&browser.end().await), "205");
    std::fs::remove_file(t.folder.path().join("cursos.csv")).unwrap();
    browser.start(&otec.form(&[])).await;
    assert_eq!(codes(&browser.end().await), "300");
}
