use proptest::prelude::*;

use super::*;

pub(in crate::rce) const TOKEN: &str = "5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220";
pub(in crate::rce) const ID: &str = "01234567-89AB-CDEF-0123-456789ABCDEF";

const FIELDS: [(&str, &str); 9] = [
    ("RutOtec", "76192083-9"),
    ("Token", TOKEN),
    ("CodSence", "1237123456"),
    ("CodigoCurso", "1234567"),
    ("LineaCapacitacion", "3"),
    ("RunAlumno", "12345678-5"),
    ("IdSesionAlumno", "sesion-1"),
    ("UrlRetoma", "https://aula.ejemplo.cl/volver"),
    ("UrlError", "https://aula.ejemplo.cl/error"),
];

/// The usual form; a field that is named here has this value instead, or comes last.
fn fields<'t>(more: &[(&'t str, &'t str)]) -> Vec<(&'t str, &'t str)> {
    let is_other = |name: &str| more.iter().any(|(other, _)| *other == name);
    FIELDS.into_iter().filter(|(name, _)| !is_other(name)).chain(more.iter().copied()).collect()
}

pub(in crate::rce) fn form_of(service: Service, action: Action, more: &[(&str, &str)]) -> Form {
    Form::read(service, action, &Params::new(fields(more)), Loopback::Refused)
}

pub(in crate::rce) fn request_of(service: Service, more: &[(&str, &str)]) -> Request {
    form_of(service, Action::Start, more).request.unwrap()
}

pub(in crate::rce) fn request() -> Request {
    request_of(Service::Real, &[])
}

pub(in crate::rce) fn close_of(more: &[(&str, &str)]) -> Form {
    let id = more.iter().any(|(name, _)| *name == "IdSesionSence");
    let id = (!id).then_some(("IdSesionSence", ID));
    form_of(Service::Real, Action::Close, &more.iter().copied().chain(id).collect::<Vec<_>>())
}

/// What is wrong with a start that has these fields.
fn codes_on(service: Service, more: &[(&str, &str)]) -> String {
    form_of(service, Action::Start, more).request.err().map_or_else(String::new, |glosas| glosas.to_string())
}

fn codes(more: &[(&str, &str)]) -> String {
    codes_on(Service::Real, more)
}

#[test]
fn l_rce_a_whole_form_is_a_request() {
    let form = form_of(Service::Real, Action::Start, &[]);
    assert_eq!(form.token.unwrap().expose(), TOKEN);
    let request = form.request.unwrap();
    assert_eq!(
        (request.action(), request.service(), request.line()),
        (Action::Start, Service::Real, Line::Franquicia)
    );
    assert_eq!(
        (request.otec().plain(), request.run().plain()),
        ("76192083-9".to_owned(), "12345678-5".to_owned())
    );
    assert_eq!(request.student().as_str(), "sesion-1");
    assert_eq!(request.retoma().as_str(), "https://aula.ejemplo.cl/volver");
    assert_eq!(request.error().as_str(), "https://aula.ejemplo.cl/error");
    assert_eq!(request.echo().cod_sence, "1237123456");
    assert!(!request.skips_course() && request.closes().is_none());
    let close = close_of(&[]).request.unwrap();
    assert_eq!((close.action(), close.closes().map(SenceSession::as_str)), (Action::Close, Some(ID)));
}

#[test]
fn l_rce_a_missing_field_is_200_and_a_missing_url_201() {
    for (name, _) in FIELDS {
        let expected = if name.starts_with("Url") { "201" } else { "200" };
        for blank in ["", "  "] {
            assert_eq!(codes(&[(name, blank)]), expected, "{name}");
        }
    }
    let close = |more: &[(&str, &str)]| close_of(more).request.err().map(|glosas| glosas.to_string());
    assert_eq!(close(&[("IdSesionSence", "")]).as_deref(), Some("200"));
    assert_eq!(close(&[("IdSesionSence", "x")]).as_deref(), Some("304"));
    let nothing = Form::read(Service::Real, Action::Start, &Params::default(), Loopback::Refused);
    assert_eq!(nothing.request.unwrap_err().to_string(), "200;201");
    assert_eq!((nothing.error_url, nothing.otec, nothing.echo), (None, None, Echo::default()));
}

#[test]
fn l_rce_each_field_has_its_code() {
    for (name, wrong, expected) in [
        ("RutOtec", "76192083-8", "209"),
        ("RutOtec", "76.192.083-9", "209"),
        ("RunAlumno", "12345678-4", "207"),
        ("Token", "abc", "303"),
        ("CodSence", "12371234567", "204"),
        ("CodSence", "x", "204"),
        ("CodigoCurso", "123456", "205"),
        ("LineaCapacitacion", "2", "206"),
        ("LineaCapacitacion", "333", "206"),
        ("UrlRetoma", "http://aula.ejemplo.cl/volver", "202"),
        ("UrlError", "javascript:alert(1)", "203"),
    ] {
        assert_eq!(codes(&[(name, wrong)]), expected, "{name} = {wrong}");
    }
    let several = [("UrlRetoma", "x"), ("RunAlumno", "x"), ("CodSence", ""), ("RutOtec", "x")];
    assert_eq!(codes(&several), "200;202;207;209", "the lowest first, whatever the order of the form");
}

#[test]
fn security_l_rce_what_comes_twice_is_too_long_or_has_control_characters_is_refused() {
    for (name, code) in [
        ("RutOtec", "209"),
        ("Token", "303"),
        ("CodSence", "204"),
        ("CodigoCurso", "205"),
        ("LineaCapacitacion", "206"),
        ("RunAlumno", "207"),
        ("IdSesionAlumno", "200"),
        ("UrlRetoma", "202"),
        ("UrlError", "203"),
    ] {
        let value = FIELDS.into_iter().find(|(field, _)| *field == name).unwrap().1;
        assert_eq!(codes(&[(name, value), (name, value)]), code, "{name} twice");
        for (bad, why) in [
            (format!("{value}\u{0}"), "NUL"),
            ("1".repeat(10_000), "too long"),
            (format!("{value}\r\n"), "lines"),
        ] {
            assert_eq!(codes(&[(name, &bad)]), code, "{name}: {why}");
            let echo = form_of(Service::Real, Action::Start, &[(name, &bad)]).echo;
            let Echo { cod_sence, codigo_curso, id_sesion_alumno, run_alumno, linea } = echo;
            let all = [cod_sence, codigo_curso, id_sesion_alumno, run_alumno, linea];
            assert!(all.iter().all(|text| *text != bad), "{name}: {why}: it does not come back");
        }
    }
    let close = close_of(&[("IdSesionSence", ID), ("IdSesionSence", ID)]);
    assert_eq!(close.request.unwrap_err().to_string(), "304");
    assert_eq!(codes(&[("IdSesionAlumno", &"ñ".repeat(149))]), "", "characters are counted, not bytes");
    assert_eq!(codes(&[("IdSesionAlumno", &"ñ".repeat(150))]), "200");
    assert_eq!(codes(&[("Otro", "x"), ("Otro", "y")]), "", "what nobody knows is ignored");
}

#[test]
fn l_rce_line_1_has_no_cod_sence_and_a_code_of_its_own_form() {
    let line1 = |cod_sence, codigo_curso| {
        codes(&[("LineaCapacitacion", "1"), ("CodSence", cod_sence), ("CodigoCurso", codigo_curso)])
    };
    assert_eq!(line1("", "RLAB-19-02-08-0071-1"), "");
    assert_eq!(line1("1237123456", "RLAB-19-02-08-0071-1"), "204");
    assert_eq!(line1("", "1234567"), "205");
    let bare = Params::new(
        fields(&[("LineaCapacitacion", "1"), ("CodigoCurso", "RLAB-19-02")])
            .into_iter()
            .filter(|(name, _)| *name != "CodSence"),
    );
    assert!(
        Form::read(Service::Real, Action::Start, &bare, Loopback::Refused).request.is_ok(),
        "absent, too"
    );
    let line6 = [("LineaCapacitacion", "6"), ("CodigoCurso", "12")];
    assert_eq!(codes(&line6), "");
    assert_eq!(codes(&[line6[0], line6[1], ("CodSence", "")]), "200");
}

#[test]
fn l_rce_minus_one_counts_in_the_test_service_only() {
    let line1 = ("LineaCapacitacion", "1");
    let (no_code, no_course) = (("CodSence", "-1"), ("CodigoCurso", "-1"));
    assert_eq!((codes(&[no_code]), codes(&[no_course])), ("204".to_owned(), "205".to_owned()));
    for more in
        [vec![no_code], vec![no_course], vec![no_code, no_course], vec![line1, no_course, ("CodSence", "")]]
    {
        assert_eq!(codes_on(Service::Test, &more), "");
        let request = request_of(Service::Test, &more);
        assert!(request.skips_course());
        let echo = request.echo();
        assert!(echo.cod_sence == "-1" || echo.codigo_curso == "-1", "it comes back as it was sent");
    }
    assert_eq!(codes_on(Service::Test, &[line1, no_code, no_course]), "204", "line 1: CodigoCurso only");
    assert!(!request_of(Service::Test, &[]).skips_course());
}

#[test]
fn l_rce_an_error_goes_to_url_error_and_nowhere_else() {
    let to = |more: &[(&str, &str)]| form_of(Service::Real, Action::Start, more).error_url;
    let usual = "https://aula.ejemplo.cl/error";
    assert_eq!(to(&[("UrlRetoma", "x"), ("RutOtec", "x")]).as_ref().map(CallbackUrl::as_str), Some(usual));
    assert_eq!(to(&[("UrlError", "x")]), None);
    assert_eq!(to(&[("UrlError", usual), ("UrlError", usual)]), None);
    let demo = |loopback| {
        let params = Params::new(fields(&[("UrlError", "http://127.0.0.1:3000/error")]));
        Form::read(Service::Real, Action::Start, &params, loopback).error_url.is_some()
    };
    assert!(demo(Loopback::Allowed) && !demo(Loopback::Refused));
}

#[test]
fn security_l_rce_neither_run_nor_token_is_in_debug() {
    let debug = format!("{:?}", form_of(Service::Real, Action::Start, &[]));
    assert!(!debug.contains(TOKEN), "{debug}");
    assert!(!debug.contains("12345678") && !debug.contains("sesion-1"), "{debug}");
}

#[test]
fn l_rce_a_stored_request_comes_back_without_the_token() {
    for request in
        [request(), close_of(&[]).request.unwrap(), request_of(Service::Test, &[("CodSence", "-1")])]
    {
        let text = serde_json::to_string(&request).unwrap();
        assert!(!text.contains(TOKEN));
        assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
    }
}

proptest! {
    #[test]
    fn l_rce_whatever_is_posted_is_read(
        name in prop::sample::select(FIELDS.map(|(name, _)| name).to_vec()), text in "(?s).{0,250}", close: bool, test: bool
    ) {
        let action = if close { Action::Close } else { Action::Start };
        let service = if test { Service::Test } else { Service::Real };
        let form = form_of(service, action, &[(name, &text), ("IdSesionSence", ID)]);
        if let Ok(request) = &form.request {
            prop_assert_eq!(request.action(), action);
            prop_assert_eq!(request.echo(), &form.echo);
            prop_assert!(test || !request.skips_course());
        }
        prop_assert!(!form.echo.id_sesion_alumno.contains(char::is_control));
    }
}
