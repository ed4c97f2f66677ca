use proptest::prelude::*;

use super::super::client::ClientAuth;
use super::super::client::tests::client;
use super::super::redirect::ClientUrl;
use super::*;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const ISSUER: &str = "https://clave.ejemplo.cl/openid";

/// A request as clients send it.
fn usual() -> Vec<(&'static str, String)> {
    [
        ("client_id", "cursos"),
        ("redirect_uri", "https://cursos.ejemplo.cl/volver"),
        ("response_type", "code"),
        ("scope", "openid run"),
        ("state", "e1"),
        ("nonce", "n1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// The usual request with one parameter set otherwise, or left out.
fn with(name: &'static str, value: Option<&str>) -> Params {
    let mut pairs = usual();
    pairs.retain(|(found, _)| *found != name);
    pairs.extend(value.map(|value| (name, value.to_owned())));
    Params::new(pairs)
}

fn parse(params: &Params) -> Result<AuthorizationRequest, AuthorizeRefused> {
    AuthorizationRequest::parse(&client(), params)
}

/// The error that the client gets.
fn error(params: &Params) -> Option<OAuthError> {
    match parse(params) {
        Err(AuthorizeRefused::Redirect(refused)) => Some(refused.error),
        _ => None,
    }
}

#[test]
fn l_oidc_the_usual_request_is_read() {
    let request = parse(&Params::new(usual())).unwrap();
    assert_eq!(request.scopes().text(), "openid run");
    assert_eq!((request.nonce(), request.acr(), request.max_age()), (Some("n1"), Acr::Clave, None));
    assert_eq!(
        request.code_url("c1", ISSUER),
        "https://cursos.ejemplo.cl/volver?code=c1&state=e1&iss=https%3A%2F%2Fclave.ejemplo.cl%2Fopenid"
    );
    assert_eq!(client_id(&Params::new(usual())).map(|id| id.to_string()), Ok("cursos".to_owned()));
    let stored = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<AuthorizationRequest>(&stored).unwrap(), request);
    assert!(!format!("{request:?}").contains("n1"));
}

#[test]
fn security_l_oidc_no_error_goes_to_a_url_that_is_not_registered() {
    let page = |reason| Err(AuthorizeRefused::Page(reason));
    for redirect in [
        None,
        Some(""),
        Some("https://malo.cl/volver"),
        Some("https://cursos.ejemplo.cl/volver/"),
        Some("https://cursos.ejemplo.cl/volver?"),
        Some("javascript:alert(1)"),
    ] {
        assert_eq!(parse(&with("redirect_uri", redirect)), page(PageReason::RedirectUri), "{redirect:?}");
    }
    let mut twice = usual();
    twice.push(("redirect_uri", "https://cursos.ejemplo.cl/volver".to_owned()));
    assert_eq!(parse(&Params::new(twice)), page(PageReason::RedirectUri), "twice");
    for id in [None, Some(""), Some("a"), Some("no hay")] {
        assert_eq!(client_id(&with("client_id", id)), Err(PageReason::Client));
    }
    let mut twice = usual();
    twice.push(("client_id", "cursos".to_owned()));
    assert_eq!(client_id(&Params::new(twice)), Err(PageReason::Client));
}

#[test]
fn l_oidc_each_fault_has_its_error() {
    let long = "x".repeat(10_240);
    for (name, value, expected) in [
        ("response_type", None, OAuthError::InvalidRequest),
        ("response_type", Some("token"), OAuthError::UnsupportedResponseType),
        ("response_type", Some("code id_token"), OAuthError::UnsupportedResponseType),
        ("response_type", Some("CODE"), OAuthError::UnsupportedResponseType),
        ("response_mode", Some("form_post"), OAuthError::InvalidRequest),
        ("scope", None, OAuthError::InvalidRequest),
        ("scope", Some("run name"), OAuthError::InvalidScope),
        ("scope", Some("OPENID"), OAuthError::InvalidScope),
        ("code_challenge", None, OAuthError::InvalidRequest),
        ("code_challenge", Some("corto"), OAuthError::InvalidRequest),
        ("code_challenge_method", None, OAuthError::InvalidRequest),
        ("code_challenge_method", Some("plain"), OAuthError::InvalidRequest),
        ("prompt", Some("none login"), OAuthError::InvalidRequest),
        ("prompt", Some("siempre"), OAuthError::InvalidRequest),
        ("max_age", Some("-1"), OAuthError::InvalidRequest),
        ("max_age", Some("1.5"), OAuthError::InvalidRequest),
        ("max_age", Some("99999999999"), OAuthError::InvalidRequest),
        ("request", Some("ey"), OAuthError::RequestNotSupported),
        ("request_uri", Some("https://a.cl"), OAuthError::RequestNotSupported),
        ("state", Some(&long), OAuthError::InvalidRequest),
        ("nonce", Some(&long), OAuthError::InvalidRequest),
        ("login_hint", Some(&long), OAuthError::InvalidRequest),
        ("scope", Some(&long), OAuthError::InvalidRequest),
        ("acr_values", Some(&long), OAuthError::InvalidRequest),
    ] {
        assert_eq!(
            error(&with(name, value)),
            Some(expected),
            "{name}={:?}",
            value.map(|v| &v[..v.len().min(20)])
        );
    }
    // What is unknown is ignored.
    for (name, value) in [("claims", "{}"), ("otro", "x"), ("login_hint", "x"), ("acr_values", "otra clave")]
    {
        assert!(parse(&with(name, Some(value))).is_ok(), "{name}");
    }
}

#[test]
fn security_l_oidc_every_parameter_counts_once() {
    for (name, value) in usual() {
        let mut twice = usual();
        twice.push((name, value));
        let refused = match name {
            "client_id" => client_id(&Params::new(twice)).is_err(),
            _ => parse(&Params::new(twice)).is_err(),
        };
        assert!(refused, "{name}");
    }
}

#[test]
fn l_oidc_an_error_brings_back_the_state_and_the_issuer() {
    let Err(AuthorizeRefused::Redirect(refused)) = parse(&with("scope", Some("run"))) else { panic!() };
    assert_eq!(
        refused.url(ISSUER),
        "https://cursos.ejemplo.cl/volver?error=invalid_scope&state=e1&iss=https%3A%2F%2Fclave.ejemplo.cl%2Fopenid"
    );
    let Err(AuthorizeRefused::Redirect(refused)) = parse(&with("state", Some(&"x".repeat(3000)))) else {
        panic!()
    };
    assert!(!refused.url(ISSUER).contains("state="), "a state that is no state is not sent back");
}

#[test]
fn l_oidc_a_confidential_client_may_be_exempted_from_pkce() {
    let exempt = Client { auth: ClientAuth::Post, pkce_optional: true, ..client() };
    let bare = {
        let mut pairs = usual();
        pairs.retain(|(name, _)| !name.starts_with("code_challenge"));
        Params::new(pairs)
    };
    assert_eq!(AuthorizationRequest::parse(&exempt, &bare).unwrap().challenge(), None);
    assert!(AuthorizationRequest::parse(&exempt, &Params::new(usual())).unwrap().challenge().is_some());
    assert_eq!(error(&bare), Some(OAuthError::InvalidRequest));
}

#[test]
fn l_oidc_the_level_is_never_below_what_the_client_is_registered_with() {
    let strict = Client { acr: Acr::ClaveCodigo, ..client() };
    for asked in [None, Some("clave"), Some("otra")] {
        let request = AuthorizationRequest::parse(&strict, &with("acr_values", asked)).unwrap();
        assert_eq!(request.acr(), Acr::ClaveCodigo);
    }
    assert_eq!(parse(&with("acr_values", Some("clave-codigo clave"))).unwrap().acr(), Acr::ClaveCodigo);
}

#[test]
fn l_oidc_a_client_learns_no_more_than_it_may() {
    let fewer = Client { scopes: Scopes::parse("openid"), ..client() };
    let request = AuthorizationRequest::parse(&fewer, &with("scope", Some("openid run email"))).unwrap();
    assert_eq!(request.scopes().text(), "openid");
}

proptest! {
    #[test]
    fn security_l_oidc_no_request_is_answered_elsewhere(
        pairs in prop::collection::vec(("(client_id|redirect_uri|state|scope|prompt|response_type|nonce)", "\\PC{0,20}"), 0..12)
    ) {
        let answered = AuthorizationRequest::parse(&client(), &Params::new(pairs.clone()));
        let named = pairs.iter().filter(|(name, _)| name == "redirect_uri").count();
        let url = match answered {
            Err(AuthorizeRefused::Page(_)) => return Ok(()),
            Err(AuthorizeRefused::Redirect(refused)) => refused.url(ISSUER),
            Ok(request) => request.error_url(OAuthError::AccessDenied, ISSUER),
        };
        prop_assert!(url.starts_with("https://cursos.ejemplo.cl/volver?") && named == 1);
    }
}

#[test]
fn l_oidc_a_registered_query_stays() {
    let url = ClientUrl::parse("https://cursos.ejemplo.cl/volver?curso=1").unwrap();
    let with_query = Client { redirects: vec![url], ..client() };
    let asked = with("redirect_uri", Some("https://cursos.ejemplo.cl/volver?curso=1"));
    let request = AuthorizationRequest::parse(&with_query, &asked).unwrap();
    assert!(
        request
            .code_url("c", ISSUER)
            .starts_with("https://cursos.ejemplo.cl/volver?curso=1&code=c&state=e1&iss=")
    );
}

#[test]
fn l_oidc_a_client_that_must_push_its_requests_cannot_send_them() {
    let client = Client { par_required: true, ..client() };
    let Err(AuthorizeRefused::Redirect(refused)) =
        AuthorizationRequest::parse(&client, &Params::new(usual()))
    else {
        panic!("accepted")
    };
    assert_eq!(refused.error, OAuthError::InvalidRequest);
}
