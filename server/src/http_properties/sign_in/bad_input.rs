//! Every parameter of the two endpoints that others send forms to, absent, doubled, empty, too long, of the wrong case, and with bytes
//! that are no text: the right error, at the right place, and nothing that tells who somebody is.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Request, header};
use backend::store::Engine;
use domain::openid::client::{Client, ClientAuth};
use tracing_subscriber::fmt::MakeWriter;

use super::service::{
    ISSUER, Pairs, REDIRECT, Sent, Service, VERIFIER, basic, browser, described, encoded, param, send,
};

/// Of whom a system says that they come. Not an account's.
const HINT: &str = "9.876.543-3";

/// What is wrong with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Absent,
    Empty,
    NameInCapitals,
    ValueInCapitals,
    Doubled,
    DoubledOtherwise,
    Long,
    Nul,
    LineBreak,
    NotUtf8,
    BrokenCode,
}

const FAULTS: [Fault; 11] = [
    Fault::Absent,
    Fault::Empty,
    Fault::NameInCapitals,
    Fault::ValueInCapitals,
    Fault::Doubled,
    Fault::DoubledOtherwise,
    Fault::Long,
    Fault::Nul,
    Fault::LineBreak,
    Fault::NotUtf8,
    Fault::BrokenCode,
];

impl Fault {
    /// The parameters with this fault in one of them.
    fn put(self, usual: &Pairs, name: &'static str, value: &str) -> Pairs {
        let mut pairs: Pairs = usual.iter().filter(|(found, _)| *found != name).cloned().collect();
        let mut add = |value: String| pairs.push((name, value));
        match self {
            Self::Absent => {}
            Self::Empty => add(String::new()),
            Self::NameInCapitals => {
                let name: &'static str = name.to_ascii_uppercase().leak();
                pairs.push((name, value.to_owned()));
            }
            Self::ValueInCapitals => add(value.to_ascii_uppercase()),
            Self::Doubled => {
                add(value.to_owned());
                add(value.to_owned());
            }
            Self::DoubledOtherwise => {
                add(value.to_owned());
                add("otra".to_owned());
            }
            Self::Long => add(format!("{value}{}", "x".repeat(10_240))),
            Self::Nul => add(format!("{value}\0")),
            Self::LineBreak => add(format!("{value}\r\nx: y")),
            Self::NotUtf8 => add(format!("{value}\u{1}%FF%C0%80")),
            Self::BrokenCode => add(format!("{value}\u{1}%zz%")),
        }
        pairs
    }
}

/// Where a request of `authorize` ends.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    /// On a page of ours, from which nothing leads on.
    Page,
    /// At the system, with an error.
    Error(String),
    /// The key is asked for.
    Asked,
}

fn error(name: &str) -> End {
    End::Error(name.to_owned())
}

/// A parameter: a value of it that is right, and where it ends when it is absent, in capitals, and with `%zz%` behind.
struct Row(&'static str, &'static str, fn() -> [End; 3]);

fn malformed() -> End {
    error("invalid_request")
}

fn ignored() -> [End; 3] {
    [End::Asked, End::Asked, End::Asked]
}

const AUTHORIZE: [Row; 21] = [
    Row("client_id", "cursos", || [End::Page, End::Page, End::Page]),
    Row("redirect_uri", REDIRECT, || [End::Page, End::Page, End::Page]),
    Row("response_type", "code", || {
        [malformed(), error("unsupported_response_type"), error("unsupported_response_type")]
    }),
    Row("response_mode", "query", || [End::Asked, malformed(), malformed()]),
    Row("scope", "openid run", || [malformed(), error("invalid_scope"), End::Asked]),
    Row("state", "e1", ignored),
    Row("nonce", "n1", ignored),
    Row("code_challenge", super::service::CHALLENGE, || [malformed(), End::Asked, malformed()]),
    Row("code_challenge_method", "S256", || [malformed(), End::Asked, malformed()]),
    Row("prompt", "login", || [End::Asked, malformed(), malformed()]),
    Row("max_age", "60", || [End::Asked, End::Asked, malformed()]),
    Row("acr_values", "clave", ignored),
    Row("login_hint", HINT, ignored),
    Row("ui_locales", "es-cl", ignored),
    Row("display", "page", ignored),
    Row("id_token_hint", "aa.bb.cc", ignored),
    Row("claims_locales", "es-cl", ignored),
    // Unknown ones are ignored, however they are.
    Row("claims", "{}", ignored),
    Row("registration", "{}", ignored),
    // There are none, so that nothing in them can be right.
    Row("request", "aa.bb.cc", || {
        [End::Asked, error("request_not_supported"), error("request_not_supported")]
    }),
    Row("request_uri", "https://malo.cl/x", || {
        [End::Asked, error("request_not_supported"), error("request_not_supported")]
    }),
];

impl Row {
    fn end(&self, fault: Fault) -> End {
        let Self(name, _, ends) = self;
        let [absent, capitals, broken] = ends();
        match (fault, *name) {
            (Fault::Absent | Fault::NameInCapitals, _) => absent,
            (Fault::Empty, "request" | "request_uri") => capitals,
            (Fault::Empty, _) => absent,
            (Fault::ValueInCapitals, _) => capitals,
            (Fault::BrokenCode, _) => broken,
            (_, "client_id" | "redirect_uri") => End::Page,
            (_, "claims" | "registration") => End::Asked,
            (_, "request" | "request_uri") => capitals,
            (_, _) => malformed(),
        }
    }
}

/// Where an answer of `authorize` leads. Nowhere but to these three.
fn end_of(sent: &Sent) -> End {
    let to = sent.location();
    match sent.status() {
        400 if to.is_empty() && sent.answer.cookies.is_empty() => End::Page,
        303 if to.starts_with(&format!("{REDIRECT}?error=")) => {
            assert_eq!(param(to, "iss").as_deref(), Some(ISSUER), "{to}");
            End::Error(param(to, "error").unwrap())
        }
        303 if to.starts_with("/ingresar/cursos/") => End::Asked,
        status => panic!("{status} {to}"),
    }
}

/// What is logged in this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    fn kept(&self) -> tracing::subscriber::DefaultGuard {
        let log = tracing_subscriber::fmt().with_writer(self.clone()).with_max_level(tracing::Level::DEBUG);
        tracing::subscriber::set_default(log.finish())
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// No part of an answer or of the log tells who somebody is.
fn tells_nobody(text: &str, what: &str) {
    for told in [HINT, "98765433", "9876543-3", "9.876.543"] {
        assert!(!text.contains(told), "{what}: {told}");
    }
}

async fn every_bad_request_for_a_sign_in_has_its_error(engine: Engine) {
    let log = Log::default();
    let guard = log.kept();
    let service = Service::open(engine).await;
    let mut usual = service.request();
    usual.push(("login_hint", HINT.to_owned()));
    let mut begun = 0;
    for row in &AUTHORIZE {
        for fault in FAULTS {
            let Row(name, value, _) = row;
            let pairs = fault.put(&usual, name, value);
            for by_form in [false, true] {
                let what = format!("{name} {fault:?}, by a form: {by_form}");
                let sent = if by_form {
                    service.authorize_by_form(&pairs).await
                } else {
                    service.authorize(&mut browser(), &pairs).await
                };
                let end = end_of(&sent);
                assert_eq!(end, row.end(fault), "{what}");
                begun += i64::from(end == End::Asked);
                if let (End::Error(_), true) = (&end, *name != "state") {
                    assert_eq!(param(sent.location(), "state").as_deref(), Some("e1"), "{what}");
                }
                tells_nobody(sent.location(), &what);
                tells_nobody(&sent.answer.body, &what);
            }
        }
    }
    drop(guard);
    // What is refused stores nothing.
    let back = service.world.back();
    assert_eq!(back.number("SELECT COUNT(*) FROM flow").await, begun);
    tells_nobody(&log.text(), "the log");
}

#[tokio::test]
async fn security_l_oidc_fault_20_every_bad_request_for_a_sign_in_has_its_error_on_sqlite() {
    every_bad_request_for_a_sign_in_has_its_error(Engine::Sqlite).await;
}

#[tokio::test]
async fn security_l_oidc_fault_20_every_bad_request_for_a_sign_in_has_its_error_on_postgres() {
    every_bad_request_for_a_sign_in_has_its_error(Engine::Postgres).await;
}

#[tokio::test]
async fn security_l_oidc_fault_21_a_state_or_hint_of_ten_kilobytes_is_refused() {
    let service = Service::open(Engine::Sqlite).await;
    for name in ["state", "login_hint"] {
        let pairs = Fault::Long.put(&service.request(), name, "x");
        for sent in [service.authorize(&mut browser(), &pairs).await, service.authorize_by_form(&pairs).await]
        {
            assert_eq!(end_of(&sent), malformed(), "{name}");
            assert!(sent.location().len() < 200, "it does not come back");
        }
    }
    // Longer than any request may be: nothing of it is read.
    let pairs = [("client_id", "cursos".to_owned()), ("state", "x".repeat(40_000))];
    assert_eq!(end_of(&service.authorize_by_form(&pairs).await), End::Page);
    assert_eq!(service.world.back().number("SELECT COUNT(*) FROM flow").await, 0);
    // The longest that is allowed comes back as it was.
    let mut pairs = Fault::Absent.put(&service.request(), "state", "");
    pairs.extend([("state", "é".repeat(1024)), ("prompt", "none".to_owned())]);
    let sent = service.authorize(&mut browser(), &pairs).await;
    assert_eq!(param(sent.location(), "state"), Some("é".repeat(1024)));
}

/// An answer of the token endpoint with an error: never kept by anybody, and without anything that was sent.
fn refused(sent: &Sent, status: u16, error: &str, what: &str) {
    assert_eq!((sent.status(), sent.error().as_str()), (status, error), "{what}: {}", sent.answer.body);
    assert_eq!(sent.headers[header::CACHE_CONTROL], "no-store", "{what}");
    assert_eq!(sent.headers[header::CONTENT_TYPE], "application/json", "{what}");
    assert_eq!(sent.json().as_object().unwrap().len(), 1, "{what}: only the error");
}

/// The error of a parameter at the token endpoint, when it is absent, in capitals, and with `%zz%` behind.
type Errors = [(u16, &'static str); 3];

const MALFORMED: (u16, &str) = (400, "invalid_request");
const NO_GRANT: (u16, &str) = (400, "invalid_grant");
const NO_CLIENT: (u16, &str) = (401, "invalid_client");
const NO_SUCH_GRANT: (u16, &str) = (400, "unsupported_grant_type");

async fn every_bad_request_for_tokens_has_its_error(engine: Engine, auth: ClientAuth) {
    let log = Log::default();
    let guard = log.kept();
    let service = Service::with(engine, Client { auth, ..described("cursos") }).await;
    let code = service.code(&mut browser()).await;
    let by_header = auth == ClientAuth::Basic;
    let authorization = service.basic();
    let lines = [authorization.as_str()];
    let authorization = if by_header { lines.as_slice() } else { &[] };
    let mut usual = service.redemption(&code);
    let mut rows: Vec<(&'static str, String, Errors)> = vec![
        ("grant_type", "authorization_code".to_owned(), [MALFORMED, NO_SUCH_GRANT, NO_SUCH_GRANT]),
        ("code", code.clone(), [MALFORMED, NO_GRANT, NO_GRANT]),
        ("redirect_uri", REDIRECT.to_owned(), [MALFORMED, NO_GRANT, NO_GRANT]),
        ("code_verifier", VERIFIER.to_owned(), [NO_GRANT, NO_GRANT, NO_GRANT]),
    ];
    if !by_header {
        usual.extend([("client_id", "cursos".to_owned()), ("client_secret", service.secret.clone())]);
        rows.push(("client_id", "cursos".to_owned(), [NO_CLIENT, NO_CLIENT, NO_CLIENT]));
        rows.push(("client_secret", service.secret.clone(), [NO_CLIENT, NO_CLIENT, NO_CLIENT]));
    }
    for (name, value, [absent, capitals, broken]) in &rows {
        for fault in FAULTS {
            let (status, error) = match fault {
                Fault::Absent | Fault::Empty | Fault::NameInCapitals => *absent,
                Fault::ValueInCapitals => *capitals,
                Fault::BrokenCode => *broken,
                _ => MALFORMED,
            };
            let sent = service.token(authorization, &fault.put(&usual, name, value)).await;
            refused(&sent, status, error, &format!("{name} {fault:?}"));
        }
    }
    // None of all this used up the code; what nobody asks for is ignored.
    usual.extend([("state", "e1".to_owned()), ("otra", "x".to_owned())]);
    let given = service.token(authorization, &usual).await;
    assert_eq!(given.status(), 200, "{}", given.answer.body);
    drop(guard);
    let (log, given) = (log.text(), given.json());
    assert!(log.contains("/openid/token"), "something is logged");
    let secrets = [&code, &service.secret, &service.person.key, given["access_token"].as_str().unwrap()];
    for secret in secrets.into_iter().chain([VERIFIER, service.person.who[0].1.as_str()]) {
        assert!(!log.contains(secret), "{secret} is logged");
    }
}

#[tokio::test]
async fn security_l_oidc_fault_20_every_bad_request_for_tokens_has_its_error_on_sqlite() {
    every_bad_request_for_tokens_has_its_error(Engine::Sqlite, ClientAuth::Basic).await;
    every_bad_request_for_tokens_has_its_error(Engine::Sqlite, ClientAuth::Post).await;
}

#[tokio::test]
async fn security_l_oidc_fault_20_every_bad_request_for_tokens_has_its_error_on_postgres() {
    every_bad_request_for_tokens_has_its_error(Engine::Postgres, ClientAuth::Basic).await;
    every_bad_request_for_tokens_has_its_error(Engine::Postgres, ClientAuth::Post).await;
}

#[tokio::test]
async fn security_l_oidc_fault_20_a_malformed_header_is_no_client() {
    let service = Service::open(Engine::Postgres).await;
    let code = service.code(&mut browser()).await;
    let right = service.basic();
    let raw = |bytes: &[u8]| {
        use base64::Engine as _;
        format!("{} {}", "Basic", base64::engine::general_purpose::STANDARD.encode(bytes))
    };
    let (id, secret) = ("cursos", service.secret.as_str());
    let lines: Vec<Vec<String>> = vec![
        vec!["Basic".to_owned()],
        vec!["Basic ".to_owned()],
        vec!["Basic %%%".to_owned()],
        vec!["Basic =".to_owned()],
        vec![format!("Basic{}", &right[6..])],
        vec![right.replace("Basic", "Bearer")],
        vec![right.replace("Basic", "Digest")],
        vec![format!("{right}x!")],
        vec![raw(b"cursos")],
        vec![raw(b"")],
        vec![raw(b":")],
        vec![raw(b"cursos:")],
        vec![raw(format!(":{secret}").as_bytes())],
        vec![raw(format!("CURSOS:{secret}").as_bytes())],
        vec![raw(format!("{id}:{}", secret.to_ascii_uppercase()).as_bytes())],
        vec![raw(format!("{id}:{secret}:").as_bytes())],
        vec![raw(format!("{id}\0:{secret}").as_bytes())],
        vec![raw(format!("{id}:{secret}%00").as_bytes())],
        vec![raw(format!("{id}:{secret}%FF").as_bytes())],
        vec![raw(format!("{id}:{secret}%zz").as_bytes())],
        vec![raw(&[b"cursos:".as_slice(), &[0xff, 0xc0, 0x80]].concat())],
        vec![basic(id, &"x".repeat(10_240))],
        vec![basic(&"x".repeat(10_240), secret)],
        vec![right.clone(), right.clone()],
        vec![right.clone(), "Basic x".to_owned()],
    ];
    for lines in lines {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let sent = service.token(&lines, &service.redemption(&code)).await;
        let what = format!("{:?}", lines.iter().map(|line| &line[..line.len().min(60)]).collect::<Vec<_>>());
        refused(&sent, 401, "invalid_client", &what);
        assert!(sent.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic "), "{what}");
    }
    // Two ways at once, or two clients.
    for more in [("client_secret", secret), ("client_id", "otra"), ("client_id", "CURSOS")] {
        let mut pairs = service.redemption(&code);
        pairs.push((more.0, more.1.to_owned()));
        refused(&service.token(&[&right], &pairs).await, 400, "invalid_request", more.0);
    }
    // What is no form, or in the URL.
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        let form = encoded(&service.redemption(&code));
        let request = Request::builder()
            .method("POST")
            .uri(format!("/openid/token?{form}"))
            .header(header::CONTENT_TYPE, kind)
            .header(header::AUTHORIZATION, &right);
        refused(&send(service.world.router(), request, form).await, 400, "invalid_request", kind);
    }
    let request = Request::builder()
        .method("POST")
        .uri(format!("/openid/token?{}", encoded(&service.redemption(&code))))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, &right);
    refused(
        &send(service.world.router(), request, String::new()).await,
        400,
        "invalid_request",
        "in the URL",
    );
    for method in ["GET", "PUT", "DELETE", "HEAD"] {
        let request =
            Request::builder().method(method).uri("/openid/token").header(header::AUTHORIZATION, &right);
        let status = send(service.world.router(), request, String::new()).await.status();
        assert!(matches!(status, 403 | 405), "{method}: {status}");
    }
    let token = service.redeem(&code).await.json()["access_token"].as_str().unwrap().to_owned();
    // A token counts in one header, and nowhere else.
    for (uri, body, lines) in [
        (format!("/openid/userinfo?access_token={token}"), String::new(), vec![]),
        ("/openid/userinfo".to_owned(), format!("access_token={token}"), vec![]),
        ("/openid/userinfo".to_owned(), String::new(), vec![format!("Bearer {token}"); 2]),
        ("/openid/userinfo".to_owned(), String::new(), vec![format!("Bearer{token}")]),
        ("/openid/userinfo".to_owned(), String::new(), vec![format!("Bearer {token}{token}")]),
        ("/openid/userinfo".to_owned(), String::new(), vec![format!("Bearer {}", "x".repeat(10_240))]),
        ("/openid/userinfo".to_owned(), String::new(), vec![format!("Basic {token}")]),
    ] {
        for method in ["GET", "POST"] {
            let mut request = Request::builder()
                .method(method)
                .uri(&uri)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            for line in &lines {
                request = request.header(header::AUTHORIZATION, line);
            }
            let sent = send(service.world.router(), request, body.clone()).await;
            assert_eq!(sent.status(), 401, "{method}");
            assert!(sent.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer "));
            assert!(!sent.answer.body.contains("sub"));
        }
    }
    assert_eq!(service.userinfo(&token).await.status(), 200);
}

#[tokio::test]
async fn security_l_page_no_address_of_a_page_of_a_sign_in_is_our_fault() {
    let service = Service::open(Engine::Postgres).await;
    let long = "x".repeat(10_240);
    let long = long.as_str();
    for (system, tag) in [
        ("cursos", "x"),
        ("cursos", "%00"),
        ("%00", "%FF"),
        ("%FF", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("..%2F..", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("-", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("cursos", long),
        (long, "x"),
        ("cursos", "%0D%0Ax:%20y"),
    ] {
        for query in ["", "?tipo=%FF", "?tipo=%00&otra=%00", "?tipo=natural&tipo=natural"] {
            let path = format!("/ingresar/{system}/{tag}{query}");
            let sent = service.get(&mut browser(), &path).await;
            assert!((400..500).contains(&sent.status()), "{path}: {}", sent.status());
            let form = [
                ("paso", "clave".to_owned()),
                ("rut", "\0".to_owned()),
                ("clave_actual", "x\u{1}%FF".to_owned()),
            ];
            let sent = service.post(&mut browser(), &path, &form).await;
            let leads_back = sent.status() == 303 && sent.location().starts_with("/ingresar/");
            assert!(
                leads_back || (400..500).contains(&sent.status()),
                "{path}: {} {}",
                sent.status(),
                sent.location()
            );
        }
    }
}
