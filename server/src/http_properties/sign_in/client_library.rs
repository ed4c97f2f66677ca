//! The client of others in Rust, `openidconnect`, against our router: discovery, code with PKCE and nonce, ID token, userinfo. It checks
//! what we send by the standard, not by what we think of it.

use std::convert::Infallible;

use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use backend::store::Engine;
use domain::openid::client::{Client, SigningAlg};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse as _, UserInfoClaims,
};
use serde::{Deserialize, Serialize};

use super::service::{ISSUER, ORIGIN, REDIRECT, Service, browser, described, param, send};

/// Claims that only we have.
#[derive(Debug, Clone, Deserialize, Serialize)]
struct Ours {
    #[serde(rename = "RolUnico")]
    rol_unico: serde_json::Value,
    cuenta: serde_json::Value,
}

impl openidconnect::AdditionalClaims for Ours {}

/// What the library sends, to our router.
async fn carry(router: axum::Router, request: HttpRequest) -> Result<HttpResponse, Infallible> {
    let (Parts { method, uri, headers, .. }, body) = request.into_parts();
    let path = uri.to_string().strip_prefix(ORIGIN).unwrap().to_owned();
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in &headers {
        builder = builder.header(name, value);
    }
    let sent = send(router, builder, String::from_utf8(body).unwrap()).await;
    let mut response = HttpResponse::new(sent.answer.body.into_bytes());
    *response.status_mut() = StatusCode::from_u16(sent.answer.status).unwrap();
    *response.headers_mut() = sent.headers;
    Ok(response)
}

async fn signs_in(engine: Engine, alg: SigningAlg) {
    let service = Service::with(engine, Client { alg, ..described("cursos") }).await;
    let http = |request| carry(service.world.router(), request);
    let issuer = IssuerUrl::new(ISSUER.to_owned()).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.unwrap();
    let secret = ClientSecret::new(service.secret.clone());
    let client =
        CoreClient::from_provider_metadata(metadata, ClientId::new("cursos".to_owned()), Some(secret))
            .set_redirect_uri(RedirectUrl::new(REDIRECT.to_owned()).unwrap());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["run", "name", "email"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let mut jar = browser();
    let begun = service.get(&mut jar, url.as_str().strip_prefix(ORIGIN).unwrap()).await;
    let sent = service.key(&mut jar, begun.location()).await;
    assert_eq!(param(sent.location(), "state").as_deref(), Some(state.secret().as_str()));
    assert_eq!(param(sent.location(), "iss").as_deref(), Some(ISSUER));
    let code = || AuthorizationCode::new(param(sent.location(), "code").unwrap());
    // With the verifier of another, the library says what we said.
    let wrong = PkceCodeVerifier::new("a".repeat(43));
    let refused = client.exchange_code(code()).unwrap().set_pkce_verifier(wrong).request_async(&http).await;
    let refused = format!("{refused:?}").to_lowercase().replace('_', "");
    assert!(refused.contains("invalidgrant"), "{refused}");
    let tokens =
        client.exchange_code(code()).unwrap().set_pkce_verifier(verifier).request_async(&http).await.unwrap();
    let id_token = tokens.id_token().unwrap();
    let expected = match alg {
        SigningAlg::RS256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        SigningAlg::ES256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    };
    assert_eq!(*id_token.signing_alg().unwrap(), expected);
    let checking = client.id_token_verifier().set_allowed_algs([expected.clone()]);
    let claims = id_token.claims(&checking, &nonce).unwrap();
    assert!(id_token.claims(&checking, &Nonce::new("otro".to_owned())).is_err(), "the nonce is checked");
    let key = id_token.signing_key(&checking).unwrap();
    let hash = AccessTokenHash::from_token(tokens.access_token(), &expected, key).unwrap();
    assert_eq!(claims.access_token_hash(), Some(&hash));
    assert_eq!(claims.auth_context_ref().map(|acr| acr.as_str()), Some("clave"));
    assert!(claims.name().is_none() && claims.email().is_none(), "no identity in the ID token");
    let asked = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())).unwrap();
    let info: UserInfoClaims<Ours, CoreGenderClaim> = asked.request_async(&http).await.unwrap();
    assert_eq!(info.email().map(|mail| mail.as_str()), Some(service.person.contact.mail.as_str()));
    assert!(info.name().is_some());
    assert_eq!(info.additional_claims().rol_unico["tipo"], "RUN");
    assert_eq!(info.additional_claims().cuenta["clase"], "natural");
    // For another subject the library refuses what userinfo says.
    let other = openidconnect::SubjectIdentifier::new("otra".to_owned());
    let asked = client.user_info(tokens.access_token().clone(), Some(other)).unwrap();
    assert!(asked.request_async::<Ours, _, CoreGenderClaim>(&http).await.is_err());
}

#[tokio::test]
async fn l_oidc_the_client_of_others_in_rust_signs_in_on_sqlite() {
    signs_in(Engine::Sqlite, SigningAlg::RS256).await;
}

#[tokio::test]
async fn l_oidc_the_client_of_others_in_rust_signs_in_on_postgres() {
    signs_in(Engine::Postgres, SigningAlg::ES256).await;
}
