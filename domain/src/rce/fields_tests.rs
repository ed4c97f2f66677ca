use proptest::prelude::*;

use super::*;

#[test]
fn l_rce_services_actions_and_lines_are_named_as_in_the_protocol() {
    assert_eq!(Service::ALL.map(Service::word), ["rce", "rcetest"]);
    assert_eq!(Action::ALL.map(Action::word), ["IniciarSesion", "CerrarSesion"]);
    assert_eq!(Line::ALL.map(Line::word), ["1", "3", "6"]);
    assert_eq!(Service::from_word("rcetest"), Some(Service::Test));
    assert_eq!((Service::from_word("RCE"), Action::from_word("Otra")), (None, None));
    for other in ["2", "01", "", "1 ", "-1", "６"] {
        assert_eq!(Line::from_word(other), None, "{other}");
    }
}

#[test]
fn l_rce_cod_sence_has_up_to_ten_digits() {
    for good in ["1237123456", "1"] {
        assert_eq!(CodSence::parse(good).map(String::from), Ok(good.to_owned()));
    }
    for bad in ["", "12371234567", "-1", "12a", "１２", " 1"] {
        assert_eq!(CodSence::parse(bad), Err(Glosa::CodSence), "{bad}");
    }
}

#[test]
fn l_rce_codigo_curso_has_seven_to_fifty_characters_but_on_line_6() {
    let read = |text: &str, line| CodigoCurso::parse(text, line).is_ok();
    for (text, social, franquicia, fpt) in [
        ("RLAB-19-02-08-0071-1", true, true, true),
        ("1234567", false, true, true),
        ("123456", false, false, true),
        ("R-12345", true, true, true),
        ("R-1234", false, false, true),
        ("RLAB1902", false, true, true),
        ("RLAB--1902", false, true, true),
        ("-RLAB-1902", false, true, true),
        ("19-RLAB-02", false, true, true),
        ("-1", false, false, false),
        ("", false, false, false),
        ("1234567<", false, false, false),
        ("1234 567", false, false, false),
        ("curso ñandú", false, false, false),
    ] {
        assert_eq!(
            (read(text, Line::Social), read(text, Line::Franquicia), read(text, Line::Fpt)),
            (social, franquicia, fpt),
            "{text}"
        );
    }
    assert!(read(&"1".repeat(50), Line::Franquicia));
    for line in Line::ALL {
        assert_eq!(CodigoCurso::parse(&format!("R-{}", "1".repeat(49)), line), Err(Glosa::CodigoCurso));
    }
}

#[test]
fn l_rce_the_callers_session_is_any_text_of_149_characters() {
    let ok = |text: &str| StudentSession::parse(text).is_ok();
    assert!(ok("block-v1:OTEC+1+type@sence+block@0f") && ok(&"ñ".repeat(149)) && ok(" a"));
    assert!(!ok(&"a".repeat(150)) && !ok("") && !ok("  ") && !ok("a\u{0}") && !ok("a\nb"));
    assert_eq!(StudentSession::parse(""), Err(Glosa::Missing));
    assert_eq!(StudentSession::parse("<b>&\"").unwrap().as_str(), "<b>&\"", "it comes back as it was sent");
}

#[test]
fn l_rce_our_session_is_a_guid() {
    let id = SenceSession::from_bits(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    assert_eq!(id.as_str(), "01234567-89AB-CDEF-0123-456789ABCDEF");
    assert_eq!(SenceSession::parse(&id.as_str().to_lowercase()), Ok(id.clone()));
    assert_eq!(SenceSession::from_bits(1).as_str().len(), 36);
    let long = format!("{}0", id.as_str());
    for bad in ["", "0123456789ABCDEF0123456789ABCDEF", &long, "01234567-89AB-CDEF-0123-456789ABCDEG", "{x}"]
    {
        assert_eq!(SenceSession::parse(bad), Err(Glosa::NotVerified), "{bad}");
    }
}

#[test]
fn l_rce_a_rut_has_a_dash_no_dots_and_its_check_digit() {
    for good in ["12345678-5", "12667869-K", "12667869-k", "09868503-0", "72041-0"] {
        assert!(parse_rut(good, Glosa::Run).is_ok(), "{good}");
    }
    for bad in [
        "",
        "12.345.678-5",
        "123456785",
        "12345678-4",
        "12345678-55",
        "012345678-5",
        " 12345678-5",
        "RUT 1-9",
        "-5",
        "12345678–5",
    ] {
        assert_eq!(parse_rut(bad, Glosa::RutOtec), Err(Glosa::RutOtec), "{bad}");
    }
}

#[test]
fn security_l_rce_callbacks_go_by_https_and_on_loopback_in_the_demo_only() {
    let ok = |url: &str| {
        (
            CallbackUrl::parse(url, Loopback::Refused).is_some(),
            CallbackUrl::parse(url, Loopback::Allowed).is_some(),
        )
    };
    assert_eq!(ok("https://aula.ejemplo.cl/course/view.php?id=5"), (true, true));
    assert_eq!(ok("http://127.0.0.1:8080/volver"), (false, true));
    assert_eq!(ok("https://localhost/volver"), (false, true));
    assert_eq!(ok("https://127.0.0.2/volver"), (false, true));
    for bad in [
        "",
        "http://aula.ejemplo.cl/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//aula.ejemplo.cl/",
        "https://a@aula.ejemplo.cl/",
        "https://aula.ejemplo.cl/\"><script>",
        "https://aula.ejemplo.cl/ x",
        "https://aula.ejemplo.cl/#x",
        "ftp://aula.ejemplo.cl/",
    ] {
        assert_eq!(ok(bad), (false, false), "{bad}");
    }
    let long = |length: usize| format!("https://aula.ejemplo.cl/{}", "a".repeat(length - 24));
    assert_eq!((ok(&long(200)), ok(&long(201))), ((true, true), (false, false)));
    let url = CallbackUrl::parse("https://aula.ejemplo.cl:8443/x?sesskey=1", Loopback::Refused).unwrap();
    assert_eq!((url.origin(), url.host()), ("https://aula.ejemplo.cl:8443", "aula.ejemplo.cl"));
    assert!(!format!("{url:?}").contains("sesskey"));
}

proptest! {
    #[test]
    fn l_rce_what_is_stored_comes_back(bits: u128, code in "[0-9]{1,10}", course in "[A-Z0-9][A-Z0-9._-]{0,49}") {
        let id = SenceSession::from_bits(bits);
        prop_assert_eq!(SenceSession::try_from(String::from(id.clone())), Ok(id));
        let code = CodSence::parse(&code).unwrap();
        prop_assert_eq!(CodSence::try_from(String::from(code.clone())), Ok(code));
        let course = CodigoCurso::parse(&course, Line::Fpt).unwrap();
        prop_assert_eq!(CodigoCurso::try_from(String::from(course.clone())), Ok(course));
    }

    #[test]
    fn security_l_rce_no_field_that_is_read_breaks_a_line(text in "(?s).{0,40}") {
        let read = [
            CodSence::parse(&text).ok().map(String::from),
            CodigoCurso::parse(&text, Line::Fpt).ok().map(String::from),
            StudentSession::parse(&text).ok().map(|id| id.as_str().to_owned()),
            SenceSession::parse(&text).ok().map(String::from),
            CallbackUrl::parse(&text, Loopback::Allowed).map(|url| url.as_str().to_owned()),
        ];
        prop_assert!(read.into_iter().flatten().all(|text| !text.contains(char::is_control)));
    }
}
