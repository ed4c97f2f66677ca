//! L-OIDC: requests that a system hands in itself (PAR).

use backend::clock::{MINUTE, SECOND};
use backend::service::openid::{Answer, Pushed};
use backend::service::sign_in::Begun;
use domain::field::Field;
use domain::openid::OAuthError;
use domain::openid::client::Client;
use domain::openid::params::Params;
use domain::openid::pushed::PREFIX;

use super::support::{Browser, System, caller, code_of, described, param, stored, url_of};
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    l_oidc_a_pushed_request_leads_to_a_sign_in,
    l_oidc_whom_a_system_expects_stands_in_the_field,
    security_l_oidc_a_pushed_request_counts_once_for_its_client_and_for_a_minute,
    security_l_oidc_of_sixteen_uses_of_a_pushed_request_at_once_one_begins_a_sign_in,
    security_l_oidc_a_system_that_must_push_gets_nothing_by_a_query,
    security_l_oidc_a_request_is_taken_from_nowhere_else,
    security_l_oidc_a_system_shows_who_it_is_before_it_pushes,
    security_l_oidc_the_pushed_requests_of_one_address_have_a_budget,
    security_l_oidc_references_codes_and_tokens_do_not_stand_in_for_each_other,
];

async fn push(system: &System, changed: &[(&str, &str)]) -> Answer<Pushed> {
    let params = system.request(changed);
    system.backend.openid(&caller()).push(Ok(system.credentials()), &params).await.unwrap()
}

async fn pushed(system: &System, changed: &[(&str, &str)]) -> String {
    push(system, changed).await.ok().unwrap().request_uri
}

/// What a browser brings.
fn by_reference(client: &Client, uri: &str) -> Params {
    Params::new([("client_id", client.id.as_str()), ("request_uri", uri)])
}

async fn begin(t: &TestBackend, params: &Params) -> Begun {
    t.backend.sign_in(&caller()).authorize(params, None, true).await.unwrap()
}

async fn l_oidc_a_pushed_request_leads_to_a_sign_in(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let answer = push(&system, &[("state", "e7"), ("scope", "openid")]).await.ok().unwrap();
    assert!(answer.request_uri.starts_with(PREFIX) && answer.expires_in == 60);
    let mut browser = Browser::new(&t);
    assert_eq!(browser.arrive(&by_reference(&system.client, &answer.request_uri)).await, None);
    let url = url_of(&browser.key(&person.rut_text, &person.key).await);
    assert_eq!(param(&url, "state").as_deref(), Some("e7"));
    let tokens = system.redeem(&code_of(&url)).await.unwrap();
    assert_eq!(tokens.scope, "openid");
    assert_eq!(system.verified(&tokens.id_token).await["nonce"], "n1");
    // What stands beside the reference in the URL is not looked at, but for the client.
    let uri = pushed(&system, &[]).await;
    let mut beside = system.request(&[("scope", "openid"), ("prompt", "none"), ("state", "otro")]);
    beside = Params::new(
        ["client_id", "scope", "prompt", "state"]
            .map(|name| (name, beside.one(name, 99).unwrap().unwrap_or_default().to_owned()))
            .into_iter()
            .chain([("request_uri", uri)]),
    );
    assert_eq!(browser.arrive(&beside).await.and_then(|url| param(&url, "state")).as_deref(), Some("e1"));
}

async fn l_oidc_whom_a_system_expects_stands_in_the_field(t: TestBackend) {
    let person = Person::number(1);
    let system = System::register(&t, described("cursos")).await;
    let uri = pushed(&system, &[("login_hint", &person.rut_text)]).await;
    let mut browser = Browser::new(&t);
    let typed = async |browser: &Browser| {
        browser.asked().await.flow.typed.get(Field::Rut.name()).replace(['.', '-'], "")
    };
    let expected = person.rut_text.replace(['.', '-'], "");
    browser.arrive(&by_reference(&system.client, &uri)).await;
    assert_eq!(typed(&browser).await, expected);
    browser.arrive_by_form(&system.request(&[("login_hint", &person.rut_text)])).await;
    assert_eq!(typed(&browser).await, expected);
    browser.arrive(&system.request(&[("login_hint", &person.rut_text)])).await;
    assert_eq!(typed(&browser).await, "", "in a URL it is not looked at");
    let uri = pushed(&system, &[("login_hint", "ana@ejemplo.cl")]).await;
    browser.arrive(&by_reference(&system.client, &uri)).await;
    assert_eq!(typed(&browser).await, "");
}

async fn security_l_oidc_a_pushed_request_counts_once_for_its_client_and_for_a_minute(t: TestBackend) {
    let (system, other) =
        (System::register(&t, described("cursos")).await, System::register(&t, described("otra")).await);
    let uri = pushed(&system, &[]).await;
    let of_other = begin(&t, &by_reference(&other.client, &uri)).await;
    assert!(matches!(of_other, Begun::Expired(id) if id == other.client.id), "another client's");
    assert!(matches!(begin(&t, &by_reference(&system.client, &uri)).await, Begun::Ask(_)));
    let again = begin(&t, &by_reference(&system.client, &uri)).await;
    assert!(matches!(again, Begun::Expired(id) if id == system.client.id), "a second time");
    let (late, swept) = (pushed(&system, &[]).await, pushed(&system, &[]).await);
    t.clock.advance(MINUTE);
    assert!(matches!(begin(&t, &by_reference(&system.client, &late)).await, Begun::Expired(_)), "late");
    t.clock.advance(SECOND);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM pushed_request").await, 0);
    assert!(matches!(begin(&t, &by_reference(&system.client, &swept)).await, Begun::Expired(_)));
    let uri = pushed(&system, &[]).await;
    t.openid(&caller()).disable_client(&system.client.id).await.unwrap();
    assert!(matches!(begin(&t, &by_reference(&system.client, &uri)).await, Begun::Refused(_)));
    assert_eq!(push(&system, &[]).await.err(), Some(OAuthError::InvalidClient));
}

async fn security_l_oidc_of_sixteen_uses_of_a_pushed_request_at_once_one_begins_a_sign_in(t: TestBackend) {
    let system = System::register(&t, described("cursos")).await;
    let uri = pushed(&system, &[]).await;
    let tasks = (0..16).map(|_| {
        let (backend, params) = (t.backend.clone(), by_reference(&system.client, &uri));
        async move {
            let begun = backend.sign_in(&caller()).authorize(&params, None, true).await.unwrap();
            matches!(begun, Begun::Ask(_))
        }
    });
    assert_eq!(at_once(tasks).await.into_iter().filter(|begun| *begun).count(), 1);
}

async fn security_l_oidc_a_system_that_must_push_gets_nothing_by_a_query(t: TestBackend) {
    let system = System::register(&t, Client { par_required: true, ..described("cursos") }).await;
    for sees_cookies in [true, false] {
        let begun =
            t.backend.sign_in(&caller()).authorize(&system.request(&[]), None, sees_cookies).await.unwrap();
        let Begun::Go(url) = begun else { panic!("a sign-in has begun") };
        assert_eq!(param(&url, "error").as_deref(), Some("invalid_request"));
    }
    let uri = pushed(&system, &[]).await;
    assert!(matches!(begin(&t, &by_reference(&system.client, &uri)).await, Begun::Ask(_)));
}

async fn security_l_oidc_a_request_is_taken_from_nowhere_else(t: TestBackend) {
    let system = System::register(&t, described("cursos")).await;
    let (ours, long) = (pushed(&system, &[]).await, format!("{PREFIX}{}", "a".repeat(10_240)));
    for (name, value) in [
        ("request_uri", "https://cursos.ejemplo.cl/pedido.jwt"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:"),
        ("request_uri", &long),
        ("request", "eyJhbGciOiJub25lIn0.e30."),
    ] {
        let Begun::Go(url) = begin(&t, &system.request(&[(name, value)])).await else { panic!("{name}") };
        assert_eq!(param(&url, "error").as_deref(), Some("request_not_supported"), "{name}");
        let error = push(&system, &[(name, value)]).await.err();
        assert_eq!(error, Some(OAuthError::RequestNotSupported), "{name}");
        let alone = Params::new([("client_id", "cursos"), (name, value)]);
        assert!(matches!(begin(&t, &alone).await, Begun::Refused(_)), "{name}");
    }
    assert_eq!(push(&system, &[("request_uri", &ours)]).await.err(), Some(OAuthError::RequestNotSupported));
    assert!(matches!(begin(&t, &by_reference(&system.client, &ours)).await, Begun::Ask(_)));
}

async fn security_l_oidc_a_system_shows_who_it_is_before_it_pushes(t: TestBackend) {
    let (system, other) =
        (System::register(&t, described("cursos")).await, System::register(&t, described("otra")).await);
    let wrong = System { secret: other.secret.clone(), ..system.clone() };
    assert_eq!(push(&wrong, &[]).await.err(), Some(OAuthError::InvalidClient));
    for (changed, error) in [
        (("redirect_uri", "https://malo.cl/"), OAuthError::InvalidRequest),
        (("scope", "run"), OAuthError::InvalidScope),
        (("code_challenge", ""), OAuthError::InvalidRequest),
    ] {
        assert_eq!(push(&system, &[changed]).await.err(), Some(error));
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM pushed_request").await, 0);
}

async fn security_l_oidc_the_pushed_requests_of_one_address_have_a_budget(mut t: TestBackend) {
    t.backend.limits = backend::limits::Limits::new(t.store.clone(), t.secrets.clone(), 2);
    let system = System::register(&t, described("cursos")).await;
    let mut uris = Vec::new();
    for _ in 0..12 {
        t.clock.advance(SECOND);
        uris.push(pushed(&system, &[]).await);
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM pushed_request").await, 8, "four for each try");
    assert!(matches!(begin(&t, &by_reference(&system.client, &uris[3])).await, Begun::Expired(_)));
    for uri in &uris[4..] {
        assert!(matches!(begin(&t, &by_reference(&system.client, uri)).await, Begun::Ask(_)));
    }
}

async fn security_l_oidc_references_codes_and_tokens_do_not_stand_in_for_each_other(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let uri = pushed(&system, &[]).await;
    let reference = uri.strip_prefix(PREFIX).unwrap();
    assert!(!stored(&t).await.contains(reference));
    for text in [uri.as_str(), reference] {
        assert_eq!(system.redeem(text).await.err(), Some(OAuthError::InvalidGrant));
        assert_eq!(system.userinfo(text).await.err(), Some(OAuthError::InvalidToken));
    }
    let code = Browser::new(&t).code(&system, &person).await;
    let as_uri = format!("{PREFIX}{code}");
    assert!(matches!(begin(&t, &by_reference(&system.client, &as_uri)).await, Begun::Expired(_)));
    let tokens = system.redeem(&code).await.unwrap();
    let as_uri = format!("{PREFIX}{}", tokens.access_token);
    assert!(matches!(begin(&t, &by_reference(&system.client, &as_uri)).await, Begun::Expired(_)));
    assert!(matches!(begin(&t, &by_reference(&system.client, &uri)).await, Begun::Ask(_)));
}
