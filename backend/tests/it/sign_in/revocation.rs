//! L-OIDC: revocation and introspection.

use backend::clock::{HOUR, MINUTE, SECOND};
use backend::service::openid::{Answer, Credentials, Introspection, Tokens};
use domain::openid::OAuthError;
use domain::openid::client::{Client, ClientAuth};
use domain::openid::params::Params;
use domain::openid::scope::Scopes;
use zeroize::Zeroizing;

use super::refresh::{offline, refresh, refresh_of, sign_in};
use super::support::{Browser, System, caller, described};
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    l_oidc_a_system_gives_back_an_access_token,
    security_l_oidc_a_refresh_token_that_is_given_back_ends_all_that_its_sign_in_gave,
    security_l_oidc_the_token_of_another_system_is_left_as_it_is,
    l_oidc_a_system_without_a_secret_gives_back_its_own_tokens,
    l_oidc_what_introspection_says_of_a_token,
    security_l_oidc_introspection_says_nothing_of_what_does_not_count,
    security_l_oidc_introspection_is_for_systems_that_show_who_they_are,
    security_l_oidc_unknown_tokens_are_counted_and_own_ones_are_not,
];

async fn ready(t: &TestBackend) -> (Person, System, Tokens) {
    let (person, system) = (Person::number(1), System::register(t, offline("cursos")).await);
    t.account(&person).await;
    let tokens = sign_in(&mut Browser::new(t), &system, &person).await;
    (person, system, tokens)
}

/// The credentials of a system: of one without a secret, its id.
fn credentials(system: &System) -> Credentials {
    match system.client.auth {
        ClientAuth::None => Credentials::IdOnly { id: system.client.id.to_string() },
        _ => system.credentials(),
    }
}

async fn revoke(system: &System, token: &str) -> Answer<()> {
    let params = Params::new([("token", token), ("token_type_hint", "otra-cosa")]);
    system.backend.openid(&caller()).revoke(Ok(credentials(system)), &params).await.unwrap()
}

async fn introspect(system: &System, token: &str) -> Answer<Option<Introspection>> {
    let params = Params::new([("token", token)]);
    system.backend.openid(&caller()).introspect(Ok(credentials(system)), &params).await.unwrap()
}

async fn is_active(system: &System, token: &str) -> bool {
    introspect(system, token).await.unwrap().is_some()
}

async fn l_oidc_a_system_gives_back_an_access_token(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    assert_eq!(revoke(&system, &first.access_token).await, Ok(()));
    assert_eq!(system.userinfo(&first.access_token).await.err(), Some(OAuthError::InvalidToken));
    assert_eq!(revoke(&system, &first.access_token).await, Ok(()), "again");
    assert_eq!(revoke(&system, "no-hay").await, Ok(()));
    assert_eq!(revoke(&system, "").await, Err(OAuthError::InvalidRequest));
    let second = refresh(&system, refresh_of(&first), &[]).await.unwrap();
    assert!(system.userinfo(&second.access_token).await.is_ok());
}

async fn security_l_oidc_a_refresh_token_that_is_given_back_ends_all_that_its_sign_in_gave(t: TestBackend) {
    let (person, system, first) = ready(&t).await;
    let other = sign_in(&mut Browser::new(&t), &system, &person).await;
    let second = refresh(&system, refresh_of(&first), &[]).await.unwrap();
    // The one that was used names the family as well.
    assert_eq!(revoke(&system, refresh_of(&first)).await, Ok(()));
    assert_eq!(refresh(&system, refresh_of(&second), &[]).await.err(), Some(OAuthError::InvalidGrant));
    for tokens in [&first, &second] {
        let answer = system.userinfo(&tokens.access_token).await;
        assert_eq!(answer.err(), Some(OAuthError::InvalidToken));
    }
    assert!(t.record_of_accounts().await.contains(&"grant-returned done".to_owned()));
    assert!(system.userinfo(&other.access_token).await.is_ok(), "another sign-in");
}

async fn security_l_oidc_the_token_of_another_system_is_left_as_it_is(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    let other = System::register(&t, offline("otra")).await;
    for token in [&first.access_token, refresh_of(&first)] {
        assert_eq!(revoke(&other, token).await, Ok(()), "as of an unknown one");
        assert!(!is_active(&other, token).await);
    }
    let wrong = System { secret: other.secret, ..system.clone() };
    assert_eq!(revoke(&wrong, &first.access_token).await, Err(OAuthError::InvalidClient));
    assert!(system.userinfo(&first.access_token).await.is_ok());
    assert!(refresh(&system, refresh_of(&first), &[]).await.is_ok());
}

async fn l_oidc_a_system_without_a_secret_gives_back_its_own_tokens(t: TestBackend) {
    let (_, system, of_other) = ready(&t).await;
    let public = Client { auth: ClientAuth::None, ..offline("movil") };
    let public = System::register(&t, public).await;
    let mut browser = Browser::new(&t);
    let scope = public.client.scopes.text();
    browser.arrive(&public.request(&[("scope", scope.as_str())])).await;
    let step = browser.key(&Person::number(1).rut_text, &Person::number(1).key).await;
    let code = super::support::code_of(&super::support::url_of(&step));
    let params = Params::new([
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", super::support::REDIRECT),
        ("code_verifier", super::support::VERIFIER),
    ]);
    let answer = t.openid(&caller()).token(Ok(credentials(&public)), &params).await.unwrap();
    let tokens = answer.ok().unwrap();
    assert_eq!(revoke(&public, refresh_of(&of_other)).await, Ok(()));
    assert!(system.userinfo(&of_other.access_token).await.is_ok(), "another system's");
    assert_eq!(revoke(&public, refresh_of(&tokens)).await, Ok(()));
    assert_eq!(public.userinfo(&tokens.access_token).await.err(), Some(OAuthError::InvalidToken));
}

async fn l_oidc_what_introspection_says_of_a_token(t: TestBackend) {
    let (person, system, first) = ready(&t).await;
    let id_token = system.verified(&first.id_token).await;
    let access = introspect(&system, &first.access_token).await.unwrap().unwrap();
    let access = serde_json::to_value(access).unwrap();
    let now = t.now() / SECOND;
    assert_eq!(access["sub"], id_token["sub"]);
    assert_eq!(access["auth_time"], id_token["auth_time"]);
    for (name, value) in [("client_id", "cursos"), ("token_type", "Bearer"), ("acr", "clave")] {
        assert_eq!(access[name], value, "{name}");
    }
    assert_eq!(access["scope"], first.scope.as_str());
    let (iat, exp) = (access["iat"].as_i64().unwrap(), access["exp"].as_i64().unwrap());
    assert!((now - 60..=now).contains(&iat) && exp - iat == 3600);
    let names: Vec<_> = access.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["acr", "auth_time", "client_id", "exp", "iat", "scope", "sub", "token_type"]);
    let again = introspect(&system, refresh_of(&first)).await.unwrap().unwrap();
    let again = serde_json::to_value(again).unwrap();
    assert!(again.get("token_type").is_none() && again["sub"] == access["sub"]);
    assert_eq!(again["exp"].as_i64().unwrap() - iat, 30 * 24 * 3600);
    for text in [access.to_string(), again.to_string()] {
        assert!(!text.contains(&person.email) && !text.contains(&person.names));
    }
    let less = refresh(&system, refresh_of(&first), &[("scope", "openid email")]).await.unwrap();
    let less = introspect(&system, &less.access_token).await.unwrap().unwrap();
    assert_eq!(less.scope, "openid email");
}

async fn security_l_oidc_introspection_says_nothing_of_what_does_not_count(t: TestBackend) {
    let (person, system, first) = ready(&t).await;
    let second = refresh(&system, refresh_of(&first), &[]).await.unwrap();
    let code = Browser::new(&t).code(&system, &person).await;
    assert_eq!(
        introspect(&system, &first.id_token).await.err(),
        Some(OAuthError::InvalidRequest),
        "too long"
    );
    for dead in [refresh_of(&first), &code, "no-hay", &first.access_token[..42]] {
        assert!(!is_active(&system, dead).await, "{dead}");
    }
    assert!(is_active(&system, &first.access_token).await, "a look at a used one revokes nothing");
    revoke(&system, &first.access_token).await.unwrap();
    assert!(!is_active(&system, &first.access_token).await);
    let online = Client { scopes: Scopes::parse("openid run"), ..system.client.clone() };
    t.openid(&caller()).put_example(&online).await.unwrap();
    assert!(!is_active(&system, refresh_of(&second)).await, "it could not be used");
    let seen = introspect(&system, &second.access_token).await.unwrap().unwrap();
    assert_eq!(seen.scope, "openid run", "a scope that was withdrawn");
    t.clock.advance(HOUR);
    assert!(!is_active(&system, &second.access_token).await, "expired");
    t.openid(&caller()).put_example(&system.client).await.unwrap();
    let third = sign_in(&mut Browser::new(&t), &system, &person).await;
    assert!(is_active(&system, &third.access_token).await && is_active(&system, refresh_of(&third)).await);
    t.change_key(&person, &person.key, "Peumo#41").await;
    assert!(!is_active(&system, &third.access_token).await && !is_active(&system, refresh_of(&third)).await);
}

async fn security_l_oidc_introspection_is_for_systems_that_show_who_they_are(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    let refused = Some(OAuthError::InvalidClient);
    let public = Client { auth: ClientAuth::None, ..described("movil") };
    let public = System::register(&t, public).await;
    assert_eq!(introspect(&public, &first.access_token).await.err(), refused);
    let id = system.client.id.to_string();
    for credentials in [
        Credentials::IdOnly { id: id.clone() },
        Credentials::Secret { id, secret: Zeroizing::new("otro".to_owned()) },
    ] {
        let params = Params::new([("token", first.access_token.as_str())]);
        let answer = t.openid(&caller()).introspect(Ok(credentials), &params).await.unwrap();
        assert_eq!(answer.err(), refused);
    }
}

async fn security_l_oidc_unknown_tokens_are_counted_and_own_ones_are_not(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    t.clock.advance(HOUR + MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    let counted = "SELECT CAST(SUM(tries) AS BIGINT) FROM attempt WHERE purpose = 'client/address'";
    for _ in 0..3 {
        assert!(!is_active(&system, &first.access_token).await);
        assert_eq!(revoke(&system, &first.access_token).await, Ok(()));
        assert_eq!(system.userinfo(&first.access_token).await.err(), Some(OAuthError::InvalidToken));
    }
    assert_eq!(t.number(counted).await, 0, "its own, expired");
    let mut refused = None;
    for number in 0..400 {
        if introspect(&system, &format!("no-hay-{number}")).await.is_err() {
            refused = Some(number);
            break;
        }
    }
    assert_eq!(refused, Some(t.settings.tries_per_address));
    let late = Some(OAuthError::TemporarilyUnavailable);
    assert_eq!(revoke(&system, "no-hay").await.err(), late);
    assert!(is_active(&system, refresh_of(&first)).await, "what is known is answered all the same");
}
