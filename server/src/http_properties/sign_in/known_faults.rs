//! What other sign-in services got wrong, by the numbers of docs/security.md#what-others-got-wrong: what needs HTTP. The rest is in
//! `backend/tests/it/sign_in/known_faults.rs`.

use axum::http::request::Builder;
use axum::http::{Request, header};
use backend::store::Engine;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::openid::client::Client;
use domain::openid::redirect::ClientUrl;

use super::service::{
    ISSUER, Pairs, REDIRECT, Service, browser, claims, described, encoded, param, send, token_header,
};

/// None of these is the registered URL: a page of ours, by GET and by a form, with no way to any of them.
async fn none_is_answered(service: &Service, urls: &[&str]) {
    for url in urls {
        let mut pairs = service.request();
        for pair in &mut pairs {
            if pair.0 == "redirect_uri" {
                pair.1 = (*url).to_owned();
            }
        }
        for sent in [service.authorize(&mut browser(), &pairs).await, service.authorize_by_form(&pairs).await]
        {
            assert_eq!((sent.status(), sent.location()), (400, ""), "{url}");
            assert!(!sent.answer.body.contains(url), "{url} is on the page");
            assert!(sent.answer.cookies.is_empty(), "{url} began a sign-in");
        }
    }
}

#[tokio::test]
async fn security_l_oidc_fault_01_a_redirect_is_compared_byte_by_byte() {
    let service = Service::open(Engine::Sqlite).await;
    none_is_answered(
        &service,
        &[
            "https://cursos.ejemplo.cl:443/volver",
            "https://cursos.ejemplo.cl:8443/volver",
            "https://CURSOS.ejemplo.cl/volver",
            "HTTPS://cursos.ejemplo.cl/volver",
            "https://cursos.ejemplo.cl/Volver",
            "https://cursosxejemplo.cl/volver",
            "https://cursos.ejemplo.cl.malo.cl/volver",
            "https://malo.cl/cursos.ejemplo.cl/volver",
            "https://cursos.ejemplo.cl/volver/",
            "https://cursos.ejemplo.cl/volver?a=b",
            "https://cursos.ejemplo.cl/volver#a",
            "https://cursos.ejemplo.cl/volverr",
            "https://cursos.ejemplo.cl/volve",
            "http://cursos.ejemplo.cl/volver",
            "https://cursos.ejemplo.cl",
            " https://cursos.ejemplo.cl/volver",
            "https://cursos.ejemplo.cl/volver ",
            "//cursos.ejemplo.cl/volver",
            "https://cursos.ejemplo.cl/volver\r\nLocation: https://malo.cl",
        ],
    )
    .await;
    // Any port is for programs of the person's own machine.
    let native = Client {
        redirects: vec![ClientUrl::parse("http://127.0.0.1/volver").unwrap()],
        ..described("nativa")
    };
    let native = Service::with(Engine::Sqlite, native).await;
    let urls = ["http://127.0.0.2:4000/volver", "http://localhost:4000/volver", "http://127.0.0.1:4000/otra"];
    none_is_answered(&native, &urls).await;
}

#[tokio::test]
async fn security_l_oidc_fault_02_no_user_dots_or_codes_lead_elsewhere() {
    let service = Service::open(Engine::Sqlite).await;
    none_is_answered(
        &service,
        &[
            "https://cursos.ejemplo.cl@malo.cl/volver",
            "https://cursos.ejemplo.cl@@malo.cl/volver",
            "https://a@cursos.ejemplo.cl/volver",
            "https://cursos.ejemplo.cl\\@malo.cl/volver",
            "https://malo.cl\\cursos.ejemplo.cl/volver",
            "https://cursos.ejemplo.cl/volver/../malo",
            "https://cursos.ejemplo.cl/volver/..;/malo",
            "https://cursos.ejemplo.cl/volver/%2e%2e/malo",
            "https://cursos.ejemplo.cl/volver%2f..%2fmalo",
            "https://cursos.ejemplo.cl/./volver",
            "https://cursos.ejemplo.cl/%2e/volver",
            "https://cursos.ejemplo.cl/%76olver",
            "https://cursos%2eejemplo.cl/volver",
            "https://cursos.ejemplo.cl%00.malo.cl/volver",
            "https://cursos.ejemplo.cl。malo.cl/volver",
        ],
    )
    .await;
}

#[tokio::test]
async fn security_l_oidc_fault_03_no_script_is_a_redirect() {
    let service = Service::open(Engine::Sqlite).await;
    let urls = [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript://cursos.ejemplo.cl/volver%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "blob:https://cursos.ejemplo.cl/volver",
        "file:///volver",
    ];
    none_is_answered(&service, &urls).await;
    for url in urls {
        assert!(ClientUrl::parse(url).is_err(), "{url} can be registered");
    }
}

/// A token that nobody has signed. (`jwt::tests` has those with an HMAC of the public key.)
fn unsigned(alg: &str, of: &str) -> String {
    let header = serde_json::json!({ "alg": alg, "typ": "JWT", "kid": token_header(of)["kid"] });
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = if alg == "none" { "" } else { "AAAA" };
    format!("{}.{}.{signature}", part(&header), part(&claims(of)))
}

#[tokio::test]
async fn security_l_oidc_fault_14_a_token_without_our_signature_is_nothing() {
    let service = Service::open(Engine::Sqlite).await;
    let code = service.code(&mut browser()).await;
    let id_token = service.redeem(&code).await.json()["id_token"].as_str().unwrap().to_owned();
    let keys: backend::jwt::JwkSet = serde_json::from_value(service.jwks().await.json()).unwrap();
    assert!(keys.verify(&id_token).is_ok());
    for forged in [unsigned("none", &id_token), unsigned("HS256", &id_token), id_token.clone()] {
        assert!(forged == id_token || keys.verify(&forged).is_err());
        // As a hint of who it is, it signs nobody in; as an access token it is none.
        let mut pairs = service.request();
        pairs.extend([("prompt", "none".to_owned()), ("id_token_hint", forged.clone())]);
        let sent = service.authorize(&mut browser(), &pairs).await;
        assert_eq!(param(sent.location(), "error").as_deref(), Some("login_required"));
        assert_eq!(service.userinfo(&forged[..forged.len().min(256)]).await.status(), 401);
        assert_eq!(service.userinfo(&forged).await.status(), 401);
    }
}

/// What a request says of itself: another host, or what a proxy would say.
const LIES: [&[(&str, &str)]; 4] = [
    &[("host", "malo.cl")],
    &[("x-forwarded-host", "malo.cl"), ("x-forwarded-proto", "http"), ("x-forwarded-port", "81")],
    &[("forwarded", "for=192.0.2.1;host=malo.cl;proto=http")],
    &[("x-original-host", "malo.cl"), ("x-forwarded-prefix", "/malo"), ("x-forwarded-server", "malo.cl")],
];

#[tokio::test]
async fn security_l_oidc_fault_16_no_header_changes_the_issuer() {
    let service = Service::open(Engine::Sqlite).await;
    for path in [
        "/openid/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/openid",
        "/openid/jwks",
    ] {
        let plain = send(service.world.router(), Request::builder().uri(path), String::new()).await;
        assert_eq!(plain.status(), 200);
        assert!(path.ends_with("jwks") || plain.json()["issuer"] == ISSUER);
        for lie in LIES {
            let mut request = Request::builder().uri(path);
            for (name, value) in lie {
                request = request.header(*name, *value);
            }
            let sent = send(service.world.router(), request, String::new()).await;
            assert_eq!((sent.status(), &sent.answer.body), (200, &plain.answer.body), "{lie:?}");
        }
    }
    for lie in LIES {
        let with = |mut request: Builder| {
            for (name, value) in lie {
                request = request.header(*name, *value);
            }
            request
        };
        // Where an error goes, and what it says of us.
        let mut pairs: Pairs = service.request();
        pairs.push(("prompt", "none".to_owned()));
        let request = Request::builder().uri(format!("/openid/authorize?{}", encoded(&pairs)));
        let sent = send(service.world.router(), with(request), String::new()).await;
        assert_eq!(param(sent.location(), "iss").as_deref(), Some(ISSUER), "{lie:?}");
        assert!(sent.location().starts_with(REDIRECT), "{lie:?}");
        // What a token says of us.
        let code = service.code(&mut browser()).await;
        let request = Request::builder()
            .method("POST")
            .uri("/openid/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, service.basic());
        let sent = send(service.world.router(), with(request), encoded(&service.redemption(&code))).await;
        assert_eq!(claims(sent.json()["id_token"].as_str().unwrap())["iss"], ISSUER, "{lie:?}");
        // Where the browser goes on.
        let mut jar = browser();
        let begun = service.authorize(&mut jar, &service.request()).await.location().to_owned();
        let request = Request::builder().uri(&begun).header(header::COOKIE, jar.header());
        let page = send(service.world.router(), with(request), String::new()).await;
        assert!(page.status() == 200 && !page.answer.body.contains("malo"), "{lie:?}");
    }
}
