//! L-OIDC: a system ends the session (RP-Initiated Logout), and the systems of a session are notified of its end (Back-Channel Logout).

use backend::clock::{HOUR, MINUTE};
use backend::courier::Backchannel;
use backend::service::logout::{LogoutCourier, LogoutStep};
use backend::service::openid::Tokens;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::openid::client::{Client, SigningAlg};
use domain::openid::params::Params;
use domain::openid::redirect::ClientUrl;
use serde_json::{Value, json};

use super::support::{Browser, System, caller, code_of, described, url_of};
use crate::support::servers::{Mood, TestServer};
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    l_oidc_a_system_ends_its_session_without_a_question_and_its_tokens_with_it,
    l_oidc_without_a_hint_of_this_session_the_person_is_asked,
    l_oidc_a_hint_counts_after_its_token_has_expired_and_its_key_was_changed,
    l_oidc_what_a_logout_asks_for_travels_sealed_and_for_an_hour,
    security_l_oidc_a_hint_that_our_keys_have_not_signed_ends_nothing_and_leads_nowhere,
    security_l_oidc_no_other_token_of_ours_is_a_hint,
    l_oidc_the_systems_of_a_session_are_notified_of_its_end,
    l_oidc_every_end_of_a_session_is_notified,
    l_oidc_a_system_that_does_not_answer_is_notified_again_by_a_fresh_token,
    l_oidc_who_types_the_key_again_keeps_the_session_and_another_person_ends_it,
    security_l_oidc_nothing_granted_while_a_session_ends_outlives_it,
];

const AFTER: &str = "https://cursos.ejemplo.cl/salio";

async fn system(t: &TestBackend) -> System {
    let post_logout = vec![ClientUrl::parse(AFTER).unwrap()];
    System::register(t, Client { post_logout, ..described("cursos") }).await
}

/// Signs in to a system.
async fn signed_in(t: &TestBackend, system: &System, person: &Person) -> (Browser, Tokens) {
    let mut browser = Browser::new(t);
    let code = browser.code(system, person).await;
    let tokens = system.redeem(&code).await.unwrap();
    (browser, tokens)
}

/// What a request comes to: whether the person is asked, and where the browser goes.
async fn asked(browser: &Browser, pairs: &[(&str, &str)]) -> (bool, Option<String>) {
    let service = browser.backend.sign_in(&browser.caller);
    let request = service.logout_request(&Params::new(pairs.iter().copied())).await.unwrap();
    let step = service.log_out(&request, browser.session.as_ref()).await.unwrap();
    (matches!(step, LogoutStep::Ask(_)), request.to().map(str::to_owned))
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.backend.sign_in(&browser.caller).session(browser.session.as_ref()).await.unwrap().is_some()
}

async fn l_oidc_a_system_ends_its_session_without_a_question_and_its_tokens_with_it(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let (browser, tokens) = signed_in(&t, &system, &person).await;
    let (elsewhere, others) = signed_in(&t, &system, &person).await;
    let pairs =
        [("id_token_hint", tokens.id_token.as_str()), ("post_logout_redirect_uri", AFTER), ("state", "e1")];
    assert_eq!(asked(&browser, &pairs).await, (false, Some(format!("{AFTER}?state=e1"))));
    assert!(!is_signed_in(&browser).await);
    assert!(system.userinfo(&tokens.access_token).await.is_err());
    // Another browser of the same person is another session.
    assert!(is_signed_in(&elsewhere).await);
    assert!(system.userinfo(&others.access_token).await.is_ok());
    // A second time there is nothing to ask.
    assert_eq!(asked(&browser, &pairs).await, (false, Some(format!("{AFTER}?state=e1"))));
}

async fn l_oidc_without_a_hint_of_this_session_the_person_is_asked(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let (browser, _) = signed_in(&t, &system, &person).await;
    let (_, other) = signed_in(&t, &system, &person).await;
    let to = ("post_logout_redirect_uri", AFTER);
    for (pairs, leads_to) in [
        (vec![], None),
        (vec![to], None),
        (vec![("client_id", "cursos"), to], Some(AFTER.to_owned())),
        (vec![("client_id", "cursos"), ("post_logout_redirect_uri", "https://cursos.ejemplo.cl/otra")], None),
        (vec![("id_token_hint", other.id_token.as_str()), to], Some(AFTER.to_owned())),
        (vec![("id_token_hint", other.id_token.as_str()), ("client_id", "otra"), to], None),
        (vec![("client_id", "cursos"), to, to], None),
    ] {
        assert_eq!(asked(&browser, &pairs).await, (true, leads_to), "{pairs:?}");
        assert!(is_signed_in(&browser).await);
    }
    t.backend.openid(&caller()).disable_client(&system.client.id).await.unwrap();
    assert_eq!(asked(&browser, &[("client_id", "cursos"), to]).await, (true, None), "disabled");
}

async fn l_oidc_a_hint_counts_after_its_token_has_expired_and_its_key_was_changed(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let (mut browser, tokens) = signed_in(&t, &system, &person).await;
    t.backend.rotate_keys(SigningAlg::ES256, false).await.unwrap();
    t.clock.advance(40 * HOUR);
    let pairs = [("id_token_hint", tokens.id_token.as_str()), ("post_logout_redirect_uri", AFTER)];
    assert_eq!(asked(&browser, &pairs).await, (false, Some(AFTER.to_owned())));
    // A session of now is another one.
    browser.code(&system, &person).await;
    assert_eq!(asked(&browser, &pairs).await, (true, Some(AFTER.to_owned())));
    // A key that was withdrawn has signed nothing.
    t.backend.rotate_keys(SigningAlg::ES256, true).await.unwrap();
    assert_eq!(asked(&browser, &pairs).await, (true, None));
}

async fn l_oidc_what_a_logout_asks_for_travels_sealed_and_for_an_hour(t: TestBackend) {
    let system = system(&t).await;
    let (caller, params) =
        (caller(), Params::new([("client_id", "cursos"), ("post_logout_redirect_uri", AFTER)]));
    let service = system.backend.sign_in(&caller);
    let request = service.logout_request(&params).await.unwrap();
    let sealed = service.seal_logout(&request).unwrap();
    assert!(service.open_logout(&sealed) == request);
    assert_eq!(service.open_logout(&sealed[1..]).to(), None);
    assert_eq!(service.open_logout("").to(), None);
    t.clock.advance(59 * MINUTE);
    assert_eq!(service.open_logout(&sealed).to(), Some(AFTER));
    t.clock.advance(2 * MINUTE);
    assert_eq!(service.open_logout(&sealed).to(), None);
}

async fn security_l_oidc_a_hint_that_our_keys_have_not_signed_ends_nothing_and_leads_nowhere(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let (browser, tokens) = signed_in(&t, &system, &person).await;
    let [header, claims, signature] = tokens.id_token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let head = |alg: &str| {
        let mut header: Value = serde_json::from_slice(&BASE64.decode(header).unwrap()).unwrap();
        header["alg"] = alg.into();
        BASE64.encode(header.to_string())
    };
    let mut other: Value = serde_json::from_slice(&BASE64.decode(claims).unwrap()).unwrap();
    other["aud"] = "otra".into();
    let other = BASE64.encode(other.to_string());
    let foreign = backend::jwt::generate(SigningAlg::ES256).unwrap();
    let foreign = backend::jwt::SigningKey::from_pkcs8(SigningAlg::ES256, &foreign).unwrap();
    let plain: Value = serde_json::from_slice(&BASE64.decode(claims).unwrap()).unwrap();
    for hint in [
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{}.{claims}.", head("none")),
        format!("{}.{claims}.{signature}", head("none")),
        format!("{}.{claims}.{signature}", head("HS256")),
        format!("{}.{claims}.{signature}", head("RS256")),
        format!("{header}.{other}.{signature}"),
        foreign.sign("JWT", &plain).unwrap(),
        "x".to_owned(),
    ] {
        for more in [vec![], vec![("client_id", "cursos")]] {
            let pairs =
                [vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", AFTER)], more].concat();
            assert_eq!(asked(&browser, &pairs).await, (true, None), "{hint}");
        }
    }
    assert!(is_signed_in(&browser).await);
    assert!(system.userinfo(&tokens.access_token).await.is_ok());
}

async fn security_l_oidc_no_other_token_of_ours_is_a_hint(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let (browser, tokens) = signed_in(&t, &system, &person).await;
    let claims = system.verified(&tokens.id_token).await;
    let key = t.backend.signing_key(SigningAlg::ES256).await.unwrap();
    let mut logout = claims.clone();
    logout["events"] = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    let mut foreign = claims.clone();
    foreign["iss"] = "https://otra.ejemplo.cl/openid".into();
    let mut several = claims;
    several["aud"] = json!(["cursos"]);
    for bad in [logout, foreign, several] {
        let hint = key.sign("JWT", &bad).unwrap();
        let pairs = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", AFTER)];
        assert_eq!(asked(&browser, &pairs).await, (true, None), "{bad}");
    }
}

/// A system that is notified, and its server.
async fn notified(t: &TestBackend, id: &str) -> (System, TestServer) {
    let server = TestServer::http().await;
    let backchannel = Some(ClientUrl::parse(&server.http_url()).unwrap());
    (System::register(t, Client { backchannel, ..described(id) }).await, server)
}

fn courier(t: &TestBackend) -> LogoutCourier {
    LogoutCourier::new(t.backend.clone(), Backchannel::anywhere())
}

/// The claims of the logout tokens that a system was sent.
async fn received(system: &System, server: &TestServer) -> Vec<Value> {
    let mut all = Vec::new();
    for body in server.taken() {
        let token = body.rsplit("logout_token=").next().unwrap().trim();
        let header: Value =
            serde_json::from_slice(&BASE64.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
        assert_eq!(header["typ"], "logout+jwt");
        all.push(system.verified(token).await);
    }
    all
}

/// A logout token was signed a moment ago, and counts for two minutes.
fn is_fresh(t: &TestBackend, claims: &Value) {
    let (issued, expires) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!(expires - issued, 120);
    let now = t.now() / 1000;
    assert!((now - 60..=now).contains(&issued), "{issued}, {now}");
}

async fn l_oidc_the_systems_of_a_session_are_notified_of_its_end(t: TestBackend) {
    let person = Person::number(1);
    let ((one, server), silent) = (notified(&t, "cursos").await, system_named(&t, "callado").await);
    let (unused, unused_server) = notified(&t, "otra").await;
    t.account(&person).await;
    let (mut browser, tokens) = signed_in(&t, &one, &person).await;
    browser.arrive(&silent.request(&[])).await;
    browser.go_on().await;
    let (_elsewhere, _) = signed_in(&t, &one, &person).await;
    assert_eq!(courier(&t).round().await.unwrap(), 0, "the session lasts");
    t.backend.sign_in(&browser.caller).sign_out(browser.session.as_ref()).await.unwrap();
    assert_eq!(courier(&t).round().await.unwrap(), 1, "of one system and one session");
    let claims = received(&one, &server).await;
    let signed_in = one.verified(&tokens.id_token).await;
    assert_eq!(claims.len(), 1);
    for same in ["iss", "aud", "sub", "sid"] {
        assert_eq!(claims[0][same], signed_in[same], "{same}");
    }
    is_fresh(&t, &claims[0]);
    assert_eq!(claims[0]["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
    assert!(claims[0]["jti"].as_str().is_some_and(|jti| jti.len() >= 22));
    assert!(claims[0].get("nonce").is_none());
    assert_eq!(courier(&t).round().await.unwrap(), 0, "once");
    assert!(received(&unused, &unused_server).await.is_empty());
    assert_eq!(t.number("SELECT COUNT(*) FROM session_system").await, 1, "that of the other browser");
}

async fn system_named(t: &TestBackend, id: &str) -> System {
    System::register(t, described(id)).await
}

async fn l_oidc_every_end_of_a_session_is_notified(t: TestBackend) {
    let (person, (system, server)) = (Person::number(1), notified(&t, "cursos").await);
    t.account(&person).await;
    // “Cerrar sesión en todas partes”: both browsers.
    let (browser, _) = signed_in(&t, &system, &person).await;
    let (_other, _) = signed_in(&t, &system, &person).await;
    t.backend.sign_in(&browser.caller).sign_out_everywhere(browser.session.as_ref()).await.unwrap();
    assert_eq!(courier(&t).round().await.unwrap(), 2);
    // A new key.
    let (_browser, tokens) = signed_in(&t, &system, &person).await;
    t.change_key(&person, &person.key, "Nueva2026x").await;
    assert_eq!(courier(&t).round().await.unwrap(), 1);
    let all = received(&system, &server).await;
    assert_eq!(all.len(), 3);
    assert_eq!(all[2]["sid"], system.verified(&tokens.id_token).await["sid"]);
    // A session that nobody ends is remembered for a month, and then forgotten.
    let person = Person { key: "Nueva2026x".to_owned(), ..person };
    signed_in(&t, &system, &person).await;
    t.clock.advance(29 * 24 * HOUR);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM session_system").await, 1);
    t.clock.advance(25 * HOUR);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM session_system").await, 0);
}

async fn l_oidc_a_system_that_does_not_answer_is_notified_again_by_a_fresh_token(t: TestBackend) {
    let (person, (system, server)) = (Person::number(1), notified(&t, "cursos").await);
    t.account(&person).await;
    let (browser, _) = signed_in(&t, &system, &person).await;
    t.backend.sign_in(&browser.caller).sign_out(browser.session.as_ref()).await.unwrap();
    server.be(Mood::NotNow);
    assert_eq!(courier(&t).round().await.unwrap(), 1);
    assert_eq!(courier(&t).round().await.unwrap(), 0, "not at once");
    // The process ends and starts again.
    let t = t.restart().await;
    t.clock.advance(HOUR);
    server.be(Mood::Takes);
    assert_eq!(courier(&t).round().await.unwrap(), 1);
    let system = System { backend: t.backend.clone(), ..system };
    let claims = received(&system, &server).await;
    is_fresh(&t, claims.last().unwrap());
    assert_eq!(courier(&t).round().await.unwrap(), 0);
    // After a day nobody tries any more.
    let (browser, _) = signed_in(&t, &system, &person).await;
    t.backend.sign_in(&browser.caller).sign_out(browser.session.as_ref()).await.unwrap();
    server.be(Mood::NotNow);
    for _ in 0..200 {
        t.clock.advance(20 * MINUTE);
        courier(&t).round().await.unwrap();
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM session_system").await, 0);
}

async fn l_oidc_who_types_the_key_again_keeps_the_session_and_another_person_ends_it(t: TestBackend) {
    let ((person, other), (system, _server)) =
        ((Person::number(1), Person::number(2)), notified(&t, "cursos").await);
    t.account(&person).await;
    t.account(&other).await;
    let (mut browser, tokens) = signed_in(&t, &system, &person).await;
    let first = system.verified(&tokens.id_token).await["sid"].clone();
    browser.arrive(&system.request(&[("prompt", "login")])).await;
    let code = code_of(&url_of(&browser.key(&person.rut_text, &person.key).await));
    let again = system.redeem(&code).await.unwrap();
    assert_eq!(system.verified(&again.id_token).await["sid"], first);
    assert!(system.userinfo(&tokens.access_token).await.is_ok());
    assert_eq!(courier(&t).round().await.unwrap(), 0);
    browser.arrive(&system.request(&[("prompt", "login")])).await;
    let code = code_of(&url_of(&browser.key(&other.rut_text, &other.key).await));
    let third = system.redeem(&code).await.unwrap();
    assert_ne!(system.verified(&third.id_token).await["sid"], first);
    assert!(system.userinfo(&tokens.access_token).await.is_err());
    assert_eq!(courier(&t).round().await.unwrap(), 1);
}

async fn security_l_oidc_nothing_granted_while_a_session_ends_outlives_it(t: TestBackend) {
    let (person, (system, _server)) = (Person::number(1), notified(&t, "cursos").await);
    t.account(&person).await;
    let mut at_the_end = 0;
    for _ in 0..6 {
        let (browser, _) = signed_in(&t, &system, &person).await;
        let tabs: Vec<_> = (0..8)
            .map(|_| {
                let (mut tab, request) = (browser.clone(), system.request(&[]));
                tokio::spawn(async move { tab.arrive(&request).await.is_some() })
            })
            .collect();
        t.backend.sign_in(&browser.caller).sign_out(browser.session.as_ref()).await.unwrap();
        for tab in tabs {
            at_the_end += usize::from(tab.await.unwrap());
        }
    }
    let live = "SELECT COUNT(*) FROM system_grant WHERE revoked_at IS NULL";
    assert_eq!(t.number(live).await, 0, "{at_the_end} codes were given");
    assert_eq!(t.number("SELECT COUNT(*) FROM session_system WHERE ended_at IS NULL").await, 0);
    assert_eq!(t.number("SELECT COUNT(*) FROM session").await, 0);
}
