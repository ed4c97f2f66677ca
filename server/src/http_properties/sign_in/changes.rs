//! What changes in the middle of a sign-in: the system is disabled, the keys that sign are changed, the database is down.

use backend::jwt::JwkSet;
use backend::service::Caller;
use backend::service::signing::Rotated;
use backend::store::Engine;
use domain::openid::client::SigningAlg;

use super::super::support::outage;
use super::service::{REDIRECT, Sent, Service, browser, param, token_header};

async fn disable(service: &Service) {
    let caller = Caller::default();
    let disabled = service.world.back().openid(&caller).disable_client(&service.client.id).await.unwrap();
    assert_eq!(disabled, Some(true));
}

#[tokio::test]
async fn security_l_oidc_a_system_that_is_disabled_in_the_middle_gets_nobody() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let service = Service::open(engine).await;
        let (mut half_way, mut has_code) = (browser(), browser());
        let page = service.authorize(&mut half_way, &service.request()).await.location().to_owned();
        let code = service.code(&mut has_code).await;
        let token = service.redeem(&service.code(&mut browser()).await).await.json();
        disable(&service).await;
        // Between the request and the key.
        let sent = service.key(&mut half_way, &page).await;
        assert!(sent.location().starts_with("/ingresar/"), "{}", sent.location());
        let sent = service.get(&mut half_way, &page).await;
        assert_eq!((sent.status(), sent.location()), (410, ""));
        // Between the code and the token, and between the token and the claims.
        assert_eq!(
            (service.redeem(&code).await.status(), service.redeem(&code).await.error().as_str()),
            (401, "invalid_client")
        );
        assert_eq!(service.userinfo(token["access_token"].as_str().unwrap()).await.status(), 401);
        // With the session that is there.
        let sent = service.authorize(&mut has_code, &service.request()).await;
        assert_eq!((sent.status(), sent.location()), (400, ""));
    }
}

/// The id token of an answer, and the keys that are published then.
async fn token_and_keys(service: &Service, sent: &Sent) -> (String, JwkSet) {
    let token = sent.json()["id_token"].as_str().unwrap().to_owned();
    (token, serde_json::from_value(service.jwks().await.json()).unwrap())
}

#[tokio::test]
async fn security_l_oidc_keys_that_change_in_the_middle_of_a_sign_in_are_published_when_they_sign() {
    let service = Service::open(Engine::Sqlite).await;
    let alg = SigningAlg::ES256;
    let first = token_and_keys(&service, &service.redeem(&service.code(&mut browser()).await).await).await.0;
    let first = token_header(&first)["kid"].clone();
    // Between the request and the token: at once, because the key must not be trusted any more.
    let code = service.code(&mut browser()).await;
    assert!(matches!(service.world.back().rotate_keys(alg, true).await.unwrap(), Rotated::From(_)));
    let (token, keys) = token_and_keys(&service, &service.redeem(&code).await).await;
    assert_ne!(token_header(&token)["kid"], first);
    assert!(keys.verify(&token).is_ok());
    // Between the token and the keys: as is usual, a day ahead. The token still counts, also when the next key signs.
    let code = service.code(&mut browser()).await;
    let sent = service.redeem(&code).await;
    assert!(matches!(service.world.back().rotate_keys(alg, false).await.unwrap(), Rotated::From(_)));
    let (token, keys) = token_and_keys(&service, &sent).await;
    assert!(keys.verify(&token).is_ok());
    assert_eq!(keys.keys.iter().filter(|key| key.id() != Some(first.as_str().unwrap())).count(), 3);
    service.world.pass(24 * 60 + 1, false).await;
    let (next, keys) =
        token_and_keys(&service, &service.redeem(&service.code(&mut browser()).await).await).await;
    assert_ne!(token_header(&next)["kid"], token_header(&token)["kid"]);
    assert!(keys.verify(&next).is_ok() && keys.verify(&token).is_ok(), "both are published");
    // Between the token and the keys, at once: nothing that the key has signed counts.
    let sent = service.redeem(&service.code(&mut browser()).await).await;
    service.world.back().rotate_keys(alg, true).await.unwrap();
    let (token, keys) = token_and_keys(&service, &sent).await;
    assert!(keys.verify(&token).is_err());
}

/// Ends every connection to the database of the service, and lets nobody in; or lets it in again.
async fn let_in(service: &Service, is_up: bool) {
    outage::let_in(&service.world.back().database.url(), is_up).await;
}

/// “Ahora no podemos atenderle”: a page that is true, says what to do, and leads nowhere.
fn is_later(sent: &Sent, what: &str) {
    assert_eq!((sent.status(), sent.location()), (503, ""), "{what}");
    assert!(sent.answer.body.contains("<title>Error: Intente más tarde"), "{what}: {}", sent.answer.body);
    assert!(sent.answer.cookies.is_empty(), "{what}: the browser keeps what it has");
}

/// The same for a system.
fn is_later_for_a_system(sent: &Sent, what: &str) {
    assert_eq!((sent.status(), sent.error().as_str()), (503, "temporarily_unavailable"), "{what}");
    assert!(sent.headers.contains_key("retry-after"), "{what}");
}

#[tokio::test]
async fn l_oidc_a_sign_in_goes_on_after_the_database_was_down() {
    let service = Service::open(Engine::Postgres).await;
    let mut jar = browser();
    let_in(&service, false).await;
    is_later(&service.authorize(&mut jar, &service.request()).await, "request");
    is_later(&service.authorize_by_form(&service.request()).await, "request by a form");
    let_in(&service, true).await;
    let page = service.authorize(&mut jar, &service.request()).await.location().to_owned();
    let_in(&service, false).await;
    is_later(&service.get(&mut jar, &page).await, "page");
    is_later(&service.key(&mut jar, &page).await, "key");
    let_in(&service, true).await;
    // The same form again: nothing was lost.
    assert_eq!(service.get(&mut jar, &page).await.status(), 200);
    let sent = service.key(&mut jar, &page).await;
    assert!(sent.location().starts_with(REDIRECT), "{}", sent.location());
    let code = param(sent.location(), "code").unwrap();
    let_in(&service, false).await;
    is_later_for_a_system(&service.redeem(&code).await, "code");
    let_in(&service, true).await;
    let given = service.redeem(&code).await.json();
    let token = given["access_token"].as_str().unwrap();
    let_in(&service, false).await;
    is_later_for_a_system(&service.userinfo(token).await, "token");
    let_in(&service, true).await;
    assert_eq!(service.userinfo(token).await.status(), 200);
    let_in(&service, false).await;
    is_later_for_a_system(&service.jwks().await, "keys");
    let_in(&service, true).await;
    let keys: JwkSet = serde_json::from_value(service.jwks().await.json()).unwrap();
    assert!(keys.verify(given["id_token"].as_str().unwrap()).is_ok());
}
