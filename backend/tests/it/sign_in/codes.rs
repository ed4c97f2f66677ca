//! L-OIDC: codes, tokens and claims.

use backend::clock::{HOUR, MINUTE, SECOND};
use domain::openid::OAuthError;
use domain::openid::client::{Client, SubjectType};
use domain::openid::scope::Scopes;

use super::support::{Browser, REDIRECT, System, code_of, described, param, url_of};
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    l_oidc_a_system_learns_what_it_asked_for,
    l_oidc_a_system_that_is_not_of_sence_asks_first,
    l_oidc_subjects_differ_between_sectors_and_stay_the_same,
    security_l_oidc_a_code_counts_once_and_its_second_use_revokes_what_it_gave,
    security_l_oidc_of_sixteen_redemptions_at_once_one_gets_tokens,
    security_l_oidc_a_code_is_bound_to_client_url_and_verifier,
    security_l_oidc_codes_and_tokens_do_not_stand_in_for_each_other,
    security_l_oidc_codes_and_tokens_expire,
    security_l_oidc_a_new_key_between_code_and_token_ends_both,
    security_l_oidc_a_client_that_is_disabled_gets_nothing_more,
    security_l_oidc_a_scope_that_was_withdrawn_is_not_answered,
    security_l_oidc_secrets_codes_and_tokens_are_stored_hashed,
];

async fn l_oidc_a_system_learns_what_it_asked_for(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    assert_eq!(browser.arrive(&system.request(&[])).await, None);
    let page = browser.asked().await;
    assert!(page.session.is_none() && page.is_first_visit);
    let step = browser.key(&person.rut_text, &person.key).await;
    let url = url_of(&step);
    assert!(url.starts_with(&format!("{REDIRECT}?code=")), "{url}");
    assert_eq!(param(&url, "state").as_deref(), Some("e1"));
    assert_eq!(param(&url, "iss").as_deref(), Some("https://clave.ejemplo.cl/openid"));

    let tokens = system.redeem(&code_of(&url)).await.unwrap();
    assert_eq!((tokens.expires_in, tokens.scope.as_str()), (3600, "openid run name email"));
    let claims = system.verified(&tokens.id_token).await;
    let now = claims["iat"].as_i64().unwrap();
    assert!((t.now() / SECOND - 60..=t.now() / SECOND).contains(&now));
    assert!((now - 60..=now).contains(&claims["auth_time"].as_i64().unwrap()));
    for (name, value) in [
        ("iss", serde_json::json!("https://clave.ejemplo.cl/openid")),
        ("aud", "cursos".into()),
        ("nonce", "n1".into()),
        ("acr", "clave".into()),
        ("exp", (now + 3600).into()),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    let text = claims.to_string();
    assert!(!text.contains(&person.names) && !text.contains(&person.email), "no identity in the ID token");

    let info = system.userinfo(&tokens.access_token).await.unwrap();
    assert_eq!(claims["sub"], info.sub.as_str());
    let info = serde_json::to_value(&info).unwrap();
    assert_eq!(info["name"], person.names.as_str());
    assert_eq!(info["email"], person.email.as_str());
    assert_eq!(info["RolUnico"]["tipo"], "RUN");
    assert_eq!(info["cuenta"]["clase"], "natural");
}

async fn l_oidc_a_system_that_is_not_of_sence_asks_first(t: TestBackend) {
    let person = Person::number(1);
    let system = System::register(&t, Client { first_party: false, ..described("cursos") }).await;
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.arrive(&system.request(&[])).await;
    let step = browser.key(&person.rut_text, &person.key).await;
    assert!(step.go_to.is_none() && step.session.is_some());
    let url = url_of(&browser.agree().await);
    assert!(system.redeem(&code_of(&url)).await.is_ok());
    // Asked once: the next time the session is enough.
    assert!(browser.arrive(&system.request(&[])).await.is_some_and(|url| url.contains("code=")));
    // More than before is asked about.
    t.clock.advance(366 * 24 * HOUR);
    browser.session = None;
    browser.arrive(&system.request(&[])).await;
    assert!(
        browser.key(&person.rut_text, &person.key).await.go_to.is_none(),
        "a year later it is asked again"
    );
    let denied = url_of(&browser.deny().await);
    assert_eq!(param(&denied, "error").as_deref(), Some("access_denied"));
}

async fn l_oidc_subjects_differ_between_sectors_and_stay_the_same(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let other_url = domain::openid::redirect::ClientUrl::parse("https://otra.ejemplo.cl/volver").unwrap();
    let mut subjects = Vec::new();
    for client in [
        described("cursos"),
        described("cursos-dos"),
        Client { redirects: vec![other_url.clone()], ..described("otra") },
        Client { subject: SubjectType::Public, ..described("publica") },
        Client { subject: SubjectType::Public, redirects: vec![other_url], ..described("publica-dos") },
    ] {
        let redirect = client.redirects[0].as_str().to_owned();
        let system = System::register(&t, client).await;
        let mut browser = Browser::new(&t);
        browser.arrive(&system.request(&[("redirect_uri", &redirect)])).await;
        let code = code_of(&url_of(&browser.key(&person.rut_text, &person.key).await));
        let tokens = system.redeem_with(&code, &[("redirect_uri", &redirect)]).await.unwrap();
        subjects.push(system.userinfo(&tokens.access_token).await.unwrap().sub);
    }
    assert_eq!(subjects[0], subjects[1], "of one sector");
    assert_ne!(subjects[0], subjects[2]);
    assert_eq!(subjects[3], subjects[4], "public");
    assert_ne!(subjects[0], subjects[3]);
    let account = t.number("SELECT id FROM account").await.to_string();
    assert!(subjects.iter().all(|sub| !sub.contains(&account)));
}

async fn security_l_oidc_a_code_counts_once_and_its_second_use_revokes_what_it_gave(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let code = Browser::new(&t).code(&system, &person).await;
    let tokens = system.redeem(&code).await.unwrap();
    assert!(system.userinfo(&tokens.access_token).await.is_ok());
    assert_eq!(system.redeem(&code).await.err(), Some(OAuthError::InvalidGrant));
    assert_eq!(system.userinfo(&tokens.access_token).await.err(), Some(OAuthError::InvalidToken));
}

async fn security_l_oidc_of_sixteen_redemptions_at_once_one_gets_tokens(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let code = Browser::new(&t).code(&system, &person).await;
    let tasks = (0..16).map(|_| {
        let (system, code) = (system.clone(), code.clone());
        async move { system.redeem(&code).await.is_ok() }
    });
    let won = at_once(tasks).await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
}

async fn security_l_oidc_a_code_is_bound_to_client_url_and_verifier(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let (system, other) =
        (System::register(&t, described("cursos")).await, System::register(&t, described("otra")).await);
    let code = Browser::new(&t).code(&system, &person).await;
    let refused = Some(OAuthError::InvalidGrant);
    assert_eq!(other.redeem(&code).await.err(), refused, "another client");
    for (name, value) in [
        ("redirect_uri", "https://cursos.ejemplo.cl/otra"),
        ("code_verifier", ""),
        ("code_verifier", &"a".repeat(43)),
    ] {
        assert_eq!(system.redeem_with(&code, &[(name, value)]).await.err(), refused, "{name}");
    }
    // None of these used it up.
    assert!(system.redeem(&code).await.is_ok());
    let wrong = System { client: system.client.clone(), ..other.clone() };
    assert_eq!(
        wrong.redeem("x").await.err(),
        Some(OAuthError::InvalidClient),
        "the secret of another client"
    );
}

async fn security_l_oidc_codes_and_tokens_do_not_stand_in_for_each_other(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    let code = browser.code(&system, &person).await;
    assert_eq!(system.userinfo(&code).await.err(), Some(OAuthError::InvalidToken));
    let tokens = system.redeem(&code).await.unwrap();
    assert_eq!(system.redeem(&tokens.access_token).await.err(), Some(OAuthError::InvalidGrant));
    assert_eq!(system.userinfo(&tokens.id_token).await.err(), Some(OAuthError::InvalidToken));
    let session = browser.session.clone().unwrap();
    assert_eq!(system.userinfo(session.expose()).await.err(), Some(OAuthError::InvalidToken));
    for cut in [&tokens.access_token[..42], &format!("{}A", tokens.access_token)] {
        assert_eq!(system.userinfo(cut).await.err(), Some(OAuthError::InvalidToken));
    }
}

async fn security_l_oidc_codes_and_tokens_expire(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let code = Browser::new(&t).code(&system, &person).await;
    t.clock.advance(MINUTE);
    assert_eq!(system.redeem(&code).await.err(), Some(OAuthError::InvalidGrant));
    let code = Browser::new(&t).code(&system, &person).await;
    t.clock.advance(MINUTE - 20 * SECOND);
    let tokens = system.redeem(&code).await.unwrap();
    t.clock.advance(HOUR - MINUTE);
    assert!(system.userinfo(&tokens.access_token).await.is_ok());
    t.clock.advance(MINUTE);
    assert_eq!(system.userinfo(&tokens.access_token).await.err(), Some(OAuthError::InvalidToken));
    t.clock.advance(2 * HOUR);
    t.store.sweep(t.now()).await.unwrap();
    for left in ["SELECT COUNT(*) FROM system_grant", "SELECT COUNT(*) FROM system_token"] {
        assert_eq!(t.number(left).await, 0, "{left}");
    }
    // So long as systems that were entered in a session may have to be notified.
    assert_eq!(t.number("SELECT COUNT(*) FROM session").await, 2);
    t.clock.advance(31 * 24 * HOUR);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM session").await, 0);
}

async fn security_l_oidc_a_new_key_between_code_and_token_ends_both(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    let first = browser.code(&system, &person).await;
    let tokens = system.redeem(&first).await.unwrap();
    let second = Browser::new(&t).code(&system, &person).await;
    t.change_key(&person, &person.key, "Peumo#41").await;
    assert_eq!(system.redeem(&second).await.err(), Some(OAuthError::InvalidGrant));
    assert_eq!(system.userinfo(&tokens.access_token).await.err(), Some(OAuthError::InvalidToken));
    assert_eq!(browser.arrive(&system.request(&[])).await, None, "the session has ended, too");
    assert!(browser.asked().await.session.is_none());
}

async fn security_l_oidc_a_client_that_is_disabled_gets_nothing_more(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    let code = browser.code(&system, &person).await;
    let tokens = system.redeem(&code).await.unwrap();
    let unused = Browser::new(&t).code(&system, &person).await;
    let mut half_way = Browser::new(&t);
    half_way.arrive(&system.request(&[])).await;
    let caller = super::support::caller();
    assert_eq!(t.openid(&caller).disable_client(&system.client.id).await.unwrap(), Some(true));
    assert_eq!(system.redeem(&unused).await.err(), Some(OAuthError::InvalidClient));
    assert_eq!(system.userinfo(&tokens.access_token).await.err(), Some(OAuthError::InvalidToken));
    assert!(half_way.page().await.is_none());
    let step = half_way.key(&person.rut_text, &person.key).await;
    assert!(step.go_to.is_none() && step.session.is_none());
}

async fn security_l_oidc_a_scope_that_was_withdrawn_is_not_answered(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let (code, later) =
        (Browser::new(&t).code(&system, &person).await, Browser::new(&t).code(&system, &person).await);
    let tokens = system.redeem(&code).await.unwrap();
    let fewer = Client { scopes: Scopes::parse("openid"), ..system.client.clone() };
    t.openid(&super::support::caller()).put_example(&fewer).await.unwrap();
    let info = serde_json::to_value(system.userinfo(&tokens.access_token).await.unwrap()).unwrap();
    assert_eq!(info.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);
    // What a code grants that was given before is no more.
    assert_eq!(system.redeem(&later).await.unwrap().scope, "openid");
}

async fn security_l_oidc_secrets_codes_and_tokens_are_stored_hashed(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    let code = browser.code(&system, &person).await;
    let tokens = system.redeem(&code).await.unwrap();
    let session = browser.session.clone().unwrap();
    let backend::service::openid::Credentials::Secret { secret, .. } = system.credentials() else { panic!() };
    let stored = super::support::stored(&t).await;
    for text in [&code, &tokens.access_token, session.expose(), secret.as_str(), &tokens.id_token] {
        assert!(!stored.contains(text));
    }
}
