//! `/demo/sistema`: the demo's example of a system that people enter with their key. It does what such a system does, with PKCE,
//! `state` and `nonce`; only that it calls the endpoints within the program, and not over the network.

use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use backend::flows::Token;
use backend::jwt::challenge_of;
use backend::secrets::random_token;
use backend::service::Caller;
use backend::service::openid::Credentials;
use domain::kind::Kind;
use domain::openid::Acr;
use domain::openid::client::{Client, ClientAuth, ClientId, SigningAlg, SubjectType};
use domain::openid::params::Params;
use domain::openid::pkce::Verifier;
use domain::openid::redirect::{ClientUrl, with_params};
use domain::openid::scope::Scopes;
use leptos::prelude::*;
use serde::Deserialize;

use crate::web::{AppState, FlowCookie, Page, Sheet, caller, redirect};
use crate::words::words;

/// Its id as a client.
const ID: &str = "sistema-de-ejemplo";

/// What it is registered as, at the start of a demo at this address.
#[must_use]
pub fn client(public_url: &str, name: &str) -> Option<Client> {
    Client {
        id: ClientId::parse(ID).ok()?,
        name: name.to_owned(),
        redirects: vec![ClientUrl::parse(&returns_to(public_url)).ok()?],
        post_logout: vec![ClientUrl::parse(&signed_out_to(public_url)).ok()?],
        backchannel: None,
        initiate: ClientUrl::parse(&format!("{public_url}/demo/sistema/entrar")).ok(),
        kinds: Kind::ALL.to_vec(),
        scopes: Scopes::parse("openid run name email"),
        auth: ClientAuth::None,
        jwks: None,
        alg: SigningAlg::ES256,
        pkce_optional: false,
        par_required: false,
        subject: SubjectType::Pairwise,
        first_party: true,
        claveunica_compatible: false,
        acr: Acr::Clave,
        origins: Vec::new(),
    }
    .checked()
    .ok()
}

fn returns_to(public_url: &str) -> String {
    format!("{public_url}/demo/sistema/volver")
}

fn signed_out_to(public_url: &str) -> String {
    format!("{public_url}/demo/sistema")
}

/// `/demo/sistema`: “Ingresar con Clave SENCE”.
pub async fn page(State(state): State<AppState>) -> Response {
    Page::titled(|words| words.sign_in.example.name).styled(Sheet::Entry).render(&state.site, || {
        let own = &words().sign_in.example;
        view! {
            <h1 tabindex="-1">{own.name}</h1>
            <p>{own.text}</p>
            <p><a class="boton" href="/demo/sistema/entrar">{own.enter}</a></p>
        }
    })
}

/// Sends the browser to the sign-in. What the system has to remember follows from one random value in a cookie of its own.
pub async fn enter(State(state): State<AppState>) -> Response {
    let Some(seed) = random_token().ok().and_then(|text| Token::from_cookie(&text)) else {
        return redirect("/demo/sistema");
    };
    let Some(challenge) = verifier(&seed).as_ref().and_then(challenge_of) else {
        return redirect("/demo/sistema");
    };
    let base = &state.backend.settings.public_url;
    let (returns, own_state) = (returns_to(base), state_of(&seed));
    let params = [
        ("client_id", ID),
        ("redirect_uri", &returns),
        ("response_type", "code"),
        ("scope", "openid run name email"),
        ("state", &own_state),
        ("nonce", &own_state),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let mut response = redirect(&with_params("/openid/authorize", &params));
    if let Some(cookie) = FlowCookie::Example.write(&seed, state.site.secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The parameters with which the browser comes back.
#[derive(Debug, Default, Deserialize)]
pub struct Answer {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// `/demo/sistema/volver`: fetches the tokens, and shows the claims.
pub async fn returned(State(state): State<AppState>, Query(answer): Query<Answer>, parts: Parts) -> Response {
    let caller = caller(&parts, state.site.secure);
    let seed = FlowCookie::Example.read(&parts.headers, state.site.secure);
    let claims = claims(&state, &caller, seed.as_ref(), &answer).await;
    let base = state.backend.settings.public_url.clone();
    let mut response =
        Page::titled(|words| words.sign_in.example.name).styled(Sheet::Desk).render(&state.site, move || {
            let own = &words().sign_in.example;
            let shown = match claims {
                Ok((claims, id_token)) => view! {
                    <p>{own.received}</p>
                    <dl class="datos">{claims.into_iter().map(claim).collect_view()}</dl>
                    <p><a href=sign_out(&base, &id_token)>{words().sign_in.account.sign_out}</a></p>
                }
                .into_any(),
                Err(why) => view! { <p>{(own.failed)(&why)}</p> }.into_any(),
            };
            view! {
                <h1 tabindex="-1">{own.name}</h1>
                {shown}
                <p><a class="boton" href="/demo/sistema/entrar">{own.enter}</a></p>
                <p><a class="boton boton--claro" href="/cuenta">{words().sign_in.account.heading}</a></p>
            }
        });
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn claims(
    state: &AppState,
    caller: &Caller,
    seed: Option<&Token>,
    answer: &Answer,
) -> Result<(Vec<(String, String)>, String), String> {
    if let Some(error) = &answer.error {
        return Err(error.clone());
    }
    let seed = seed.filter(|seed| answer.state.as_deref() == Some(state_of(seed).as_str())).ok_or("state")?;
    let code = answer.code.as_deref().ok_or("code")?;
    let verifier = verifier(seed).ok_or("code_verifier")?;
    let returns = returns_to(&state.backend.settings.public_url);
    let params = Params::new([
        ("grant_type", "authorization_code"),
        ("client_id", ID),
        ("code", code),
        ("redirect_uri", &returns),
        ("code_verifier", verifier.expose()),
    ]);
    let service = state.backend.openid(caller);
    let down = |_| "temporarily_unavailable".to_owned();
    let tokens = service.token(Credentials::read(None, &params), &params).await.map_err(down)?;
    let tokens = tokens.map_err(domain::openid::OAuthError::code)?;
    let keys = state.backend.jwks().await.map_err(down)?;
    let signed = keys.verify(&tokens.id_token).map_err(|error| error.to_string())?;
    if signed.get("nonce").and_then(|nonce| nonce.as_str()) != Some(&state_of(seed)) {
        return Err("nonce".to_owned());
    }
    let claims = service.userinfo(&tokens.access_token).await.map_err(down)?;
    let claims = claims.map_err(domain::openid::OAuthError::code)?;
    let claims = serde_json::to_value(&claims).map_err(|error| error.to_string())?;
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let shown = claims.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text(value)));
    Ok((shown.collect(), tokens.id_token))
}

/// Where the system sends somebody who signs out.
fn sign_out(base: &str, id_token: &str) -> String {
    let params = [("id_token_hint", id_token), ("post_logout_redirect_uri", &signed_out_to(base))];
    with_params("/openid/logout", &params)
}

fn claim((name, value): (String, String)) -> AnyView {
    view! { <dt>{name}</dt> <dd>{value}</dd> }.into_any()
}

/// `state` and `nonce`.
fn state_of(seed: &Token) -> String {
    backend::jwt::half_hash(&format!("state {}", seed.expose()))
}

/// The verifier, of 44 characters.
fn verifier(seed: &Token) -> Option<Verifier> {
    let part = |name: &str| backend::jwt::half_hash(&format!("{name} {}", seed.expose()));
    Verifier::parse(&format!("{}{}", part("verifier one"), part("verifier two")))
}
