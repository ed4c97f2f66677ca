//! L-OIDC: refresh tokens.

use backend::clock::{DAY, HOUR, MINUTE};
use backend::service::openid::{Answer, Tokens};
use domain::kind::Kind;
use domain::openid::OAuthError;
use domain::openid::client::{Client, ClientAuth};
use domain::openid::params::Params;
use domain::openid::scope::Scopes;

use super::support::{Browser, System, caller, code_of, described, stored, url_of};
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    l_oidc_a_refresh_token_gives_new_tokens_and_the_one_that_takes_its_place,
    l_oidc_a_refresh_may_ask_for_less_and_never_for_more,
    security_l_oidc_a_refresh_token_that_comes_again_revokes_its_family,
    security_l_oidc_of_sixteen_refreshes_at_once_one_gets_tokens,
    security_l_oidc_a_refresh_token_is_bound_to_its_client,
    security_l_oidc_no_refresh_after_a_new_key,
    security_l_oidc_no_refresh_after_disconnecting_or_signing_out_everywhere,
    security_l_oidc_a_client_that_is_disabled_gets_no_refresh,
    security_l_oidc_what_was_withdrawn_from_a_client_does_not_come_back_by_a_refresh,
    security_l_oidc_a_rotated_refresh_token_stays_dead_after_a_restart,
    security_l_oidc_a_refresh_that_races_a_revocation_leaves_nothing_alive,
    security_l_oidc_refresh_tokens_expire_with_their_family_and_leave_no_rows,
    security_l_oidc_refresh_tokens_do_not_stand_in_for_others_and_are_stored_hashed,
];

const OFFLINE: &str = "openid run name email offline_access";
const REFUSED: Option<OAuthError> = Some(OAuthError::InvalidGrant);

/// A system that may refresh.
pub(super) fn offline(id: &str) -> Client {
    Client { scopes: Scopes::parse(OFFLINE), ..described(id) }
}

/// Tokens for a sign-in in which the system asked for refresh tokens.
pub(super) async fn sign_in(browser: &mut Browser, system: &System, person: &Person) -> Tokens {
    let at_once = browser.arrive(&system.request(&[("scope", OFFLINE), ("prompt", "login")])).await;
    assert_eq!(at_once, None);
    let code = code_of(&url_of(&browser.key(&person.rut_text, &person.key).await));
    system.redeem(&code).await.unwrap()
}

pub(super) async fn refresh(system: &System, token: &str, more: &[(&str, &str)]) -> Answer<Tokens> {
    let usual = [("grant_type", "refresh_token"), ("refresh_token", token)];
    let params = Params::new(usual.into_iter().chain(more.iter().copied()));
    system.backend.openid(&caller()).token(Ok(system.credentials()), &params).await.unwrap()
}

pub(super) fn refresh_of(tokens: &Tokens) -> &str {
    tokens.refresh_token.as_deref().unwrap()
}

async fn ready(t: &TestBackend) -> (Person, System, Tokens) {
    let (person, system) = (Person::number(1), System::register(t, offline("cursos")).await);
    t.account(&person).await;
    let tokens = sign_in(&mut Browser::new(t), &system, &person).await;
    (person, system, tokens)
}

async fn l_oidc_a_refresh_token_gives_new_tokens_and_the_one_that_takes_its_place(t: TestBackend) {
    let (person, system, first) = ready(&t).await;
    assert_eq!(first.scope, OFFLINE);
    t.clock.advance(3 * HOUR);
    assert_eq!(system.userinfo(&first.access_token).await.err(), Some(OAuthError::InvalidToken));
    let second = refresh(&system, refresh_of(&first), &[]).await.unwrap();
    assert_eq!((second.scope.as_str(), second.expires_in), (OFFLINE, 3600));
    let info = system.userinfo(&second.access_token).await.unwrap();
    let (was, is) = (system.verified(&first.id_token).await, system.verified(&second.id_token).await);
    for same in ["iss", "sub", "aud", "auth_time", "acr", "sid"] {
        assert_eq!(was[same], is[same], "{same}");
    }
    assert_eq!(is["sub"], info.sub.as_str());
    assert_eq!((&was["nonce"], is.get("nonce")), (&"n1".into(), None));
    assert!(is["iat"].as_i64() > was["iat"].as_i64());
    let third = refresh(&system, refresh_of(&second), &[]).await.unwrap();
    assert!(system.userinfo(&third.access_token).await.is_ok());
    assert!(system.userinfo(&second.access_token).await.is_ok(), "it lives its hour");
    // Only who asks for it gets it, and only if it is registered.
    let code = Browser::new(&t).code(&system, &person).await;
    assert!(system.redeem(&code).await.unwrap().refresh_token.is_none());
    let plain = System::register(&t, described("otra")).await;
    let mut browser = Browser::new(&t);
    browser.arrive(&plain.request(&[("scope", OFFLINE)])).await;
    let code = code_of(&url_of(&browser.key(&person.rut_text, &person.key).await));
    let tokens = plain.redeem(&code).await.unwrap();
    assert!(tokens.refresh_token.is_none() && tokens.scope == "openid run name email");
}

async fn l_oidc_a_refresh_may_ask_for_less_and_never_for_more(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    let less = refresh(&system, refresh_of(&first), &[("scope", "openid email")]).await.unwrap();
    assert_eq!(less.scope, "openid email");
    let info = serde_json::to_value(system.userinfo(&less.access_token).await.unwrap()).unwrap();
    assert!(info["email"].is_string() && info.get("RolUnico").is_none() && info.get("name").is_none());
    // The refresh token is good for as much as before.
    let all = refresh(&system, refresh_of(&less), &[]).await.unwrap();
    assert_eq!(all.scope, OFFLINE);
    let wrong = refresh(&system, refresh_of(&all), &[("scope", "run")]).await.err();
    assert_eq!(wrong, Some(OAuthError::InvalidScope));
    assert!(refresh(&system, refresh_of(&all), &[]).await.is_ok(), "what was refused used nothing up");
}

async fn security_l_oidc_a_refresh_token_that_comes_again_revokes_its_family(t: TestBackend) {
    let (person, system, first) = ready(&t).await;
    let other = sign_in(&mut Browser::new(&t), &system, &person).await;
    let second = refresh(&system, refresh_of(&first), &[]).await.unwrap();
    let third = refresh(&system, refresh_of(&second), &[]).await.unwrap();
    assert_eq!(refresh(&system, refresh_of(&first), &[]).await.err(), REFUSED);
    assert_eq!(refresh(&system, refresh_of(&third), &[]).await.err(), REFUSED);
    for tokens in [&first, &second, &third] {
        let answer = system.userinfo(&tokens.access_token).await;
        assert_eq!(answer.err(), Some(OAuthError::InvalidToken));
    }
    assert!(t.record_of_accounts().await.contains(&"refresh-reused refused".to_owned()));
    assert!(refresh(&system, refresh_of(&other), &[]).await.is_ok(), "another sign-in is another family");
}

async fn security_l_oidc_of_sixteen_refreshes_at_once_one_gets_tokens(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    let tasks = (0..16).map(|_| {
        let (system, token) = (system.clone(), refresh_of(&first).to_owned());
        async move { refresh(&system, &token, &[]).await.ok() }
    });
    let won: Vec<_> = at_once(tasks).await.into_iter().flatten().collect();
    assert_eq!(won.len(), 1);
    assert_eq!(refresh(&system, refresh_of(&won[0]), &[]).await.err(), REFUSED, "the others revoked it");
}

async fn security_l_oidc_a_refresh_token_is_bound_to_its_client(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    let other = System::register(&t, offline("otra")).await;
    let public = Client { auth: ClientAuth::None, ..offline("publica") };
    let public = System::register(&t, public).await;
    assert_eq!(refresh(&other, refresh_of(&first), &[]).await.err(), REFUSED);
    let by_id = [("grant_type", "refresh_token"), ("refresh_token", refresh_of(&first))];
    for id in [&public.client.id, &system.client.id] {
        let credentials = backend::service::openid::Credentials::IdOnly { id: id.to_string() };
        let answer = t.openid(&caller()).token(Ok(credentials), &Params::new(by_id)).await.unwrap();
        assert!(answer.is_err(), "{id}");
    }
    let second = refresh(&system, refresh_of(&first), &[]).await.unwrap();
    // Nor does another client end a family with a token that was used.
    assert_eq!(refresh(&other, refresh_of(&first), &[]).await.err(), REFUSED);
    assert!(refresh(&system, refresh_of(&second), &[]).await.is_ok());
}

async fn security_l_oidc_no_refresh_after_a_new_key(t: TestBackend) {
    let (person, system, first) = ready(&t).await;
    t.change_key(&person, &person.key, "Peumo#41").await;
    assert_eq!(refresh(&system, refresh_of(&first), &[]).await.err(), REFUSED);
    let mut browser = Browser::new(&t);
    browser.arrive(&system.request(&[("scope", OFFLINE)])).await;
    let code = code_of(&url_of(&browser.key(&person.rut_text, "Peumo#41").await));
    let tokens = system.redeem(&code).await.unwrap();
    assert!(refresh(&system, refresh_of(&tokens), &[]).await.is_ok());
}

async fn security_l_oidc_no_refresh_after_disconnecting_or_signing_out_everywhere(t: TestBackend) {
    let (person, system, first) = ready(&t).await;
    let mut browser = Browser::new(&t);
    let second = sign_in(&mut browser, &system, &person).await;
    let session = browser.session.clone();
    let caller = caller();
    assert!(t.backend.sign_in(&caller).disconnect(session.as_ref(), &system.client.id).await.unwrap());
    for tokens in [&first, &second] {
        assert_eq!(refresh(&system, refresh_of(tokens), &[]).await.err(), REFUSED);
    }
    let third = sign_in(&mut browser, &system, &person).await;
    let session = browser.session.clone();
    t.backend.sign_in(&caller).sign_out(session.as_ref()).await.unwrap();
    let fourth = refresh(&system, refresh_of(&third), &[]).await.unwrap();
    let fifth = sign_in(&mut browser, &system, &person).await;
    assert!(t.backend.sign_in(&caller).sign_out_everywhere(browser.session.as_ref()).await.unwrap());
    for tokens in [&fourth, &fifth] {
        assert_eq!(refresh(&system, refresh_of(tokens), &[]).await.err(), REFUSED);
    }
}

async fn security_l_oidc_a_client_that_is_disabled_gets_no_refresh(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    t.openid(&caller()).disable_client(&system.client.id).await.unwrap();
    let answer = refresh(&system, refresh_of(&first), &[]).await;
    assert_eq!(answer.err(), Some(OAuthError::InvalidClient));
}

async fn security_l_oidc_what_was_withdrawn_from_a_client_does_not_come_back_by_a_refresh(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    let fewer = Client { scopes: Scopes::parse("openid offline_access"), ..system.client.clone() };
    let put = async |client: &Client| t.openid(&caller()).put_example(client).await.unwrap();
    put(&fewer).await;
    let second = refresh(&system, refresh_of(&first), &[]).await.unwrap();
    assert_eq!(second.scope, "openid offline_access");
    let info = serde_json::to_value(system.userinfo(&second.access_token).await.unwrap()).unwrap();
    assert_eq!(info.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);
    let online = Client { scopes: Scopes::parse("openid run"), ..system.client.clone() };
    let of_others = Client { kinds: vec![Kind::Juridica], ..system.client.clone() };
    for client in [online, of_others] {
        put(&client).await;
        assert_eq!(refresh(&system, refresh_of(&second), &[]).await.err(), REFUSED);
    }
}

async fn security_l_oidc_a_rotated_refresh_token_stays_dead_after_a_restart(t: TestBackend) {
    let (_, system, first) = ready(&t).await;
    let second = refresh(&system, refresh_of(&first), &[]).await.unwrap();
    let t = t.restart().await;
    let system = System { backend: t.backend.clone(), ..system };
    let third = refresh(&system, refresh_of(&second), &[]).await.unwrap();
    let t = t.restart().await;
    let system = System { backend: t.backend.clone(), ..system };
    assert_eq!(refresh(&system, refresh_of(&second), &[]).await.err(), REFUSED);
    assert_eq!(refresh(&system, refresh_of(&third), &[]).await.err(), REFUSED);
}

async fn security_l_oidc_a_refresh_that_races_a_revocation_leaves_nothing_alive(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, offline("cursos")).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    for _ in 0..8 {
        let first = sign_in(&mut browser, &system, &person).await;
        let session = browser.session.clone();
        let caller = caller();
        let (service, id) = (t.backend.sign_in(&caller), &system.client.id);
        let (answer, disconnected) =
            tokio::join!(refresh(&system, refresh_of(&first), &[]), service.disconnect(session.as_ref(), id));
        assert!(disconnected.unwrap());
        if let Ok(second) = answer {
            assert_eq!(refresh(&system, refresh_of(&second), &[]).await.err(), REFUSED);
            assert!(system.userinfo(&second.access_token).await.is_err());
        }
        assert_eq!(refresh(&system, refresh_of(&first), &[]).await.err(), REFUSED);
    }
}

async fn security_l_oidc_refresh_tokens_expire_with_their_family_and_leave_no_rows(t: TestBackend) {
    let (person, system, unused) = ready(&t).await;
    let mut kept = sign_in(&mut Browser::new(&t), &system, &person).await;
    t.clock.advance(30 * DAY - MINUTE);
    kept = refresh(&system, refresh_of(&kept), &[]).await.unwrap();
    t.clock.advance(MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(refresh(&system, refresh_of(&unused), &[]).await.err(), REFUSED);
    for _ in 0..11 {
        t.clock.advance(29 * DAY);
        t.store.sweep(t.now()).await.unwrap();
        kept = refresh(&system, refresh_of(&kept), &[]).await.unwrap();
    }
    // What was used stays for a month, to be noticed; what is older is gone.
    assert!(t.number("SELECT COUNT(*) FROM system_token WHERE kind = 'refresh'").await <= 3);
    // 349 days after the sign-in.
    t.clock.advance(16 * DAY);
    assert_eq!(refresh(&system, refresh_of(&kept), &[]).await.err(), REFUSED, "a year is over");
    t.clock.advance(2 * HOUR);
    t.store.sweep(t.now()).await.unwrap();
    for left in ["SELECT COUNT(*) FROM system_grant", "SELECT COUNT(*) FROM system_token"] {
        assert_eq!(t.number(left).await, 0, "{left}");
    }
}

async fn security_l_oidc_refresh_tokens_do_not_stand_in_for_others_and_are_stored_hashed(t: TestBackend) {
    let (person, system, first) = ready(&t).await;
    let code = Browser::new(&t).code(&system, &person).await;
    for wrong in [&code, &first.access_token, &first.id_token, &refresh_of(&first)[..42].to_owned()] {
        assert!(refresh(&system, wrong, &[]).await.is_err());
    }
    assert_eq!(system.redeem(refresh_of(&first)).await.err(), REFUSED);
    let answer = system.userinfo(refresh_of(&first)).await;
    assert_eq!(answer.err(), Some(OAuthError::InvalidToken));
    assert!(refresh(&system, refresh_of(&first), &[]).await.is_ok(), "none of these used it up");
    assert!(system.redeem(&code).await.is_ok());
    assert!(!stored(&t).await.contains(refresh_of(&first)));
}
