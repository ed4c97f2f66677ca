//! `/openid/…`: what other systems talk to (L-OIDC). [`authorize`] is where their people arrive, [`token`] where they fetch tokens and
//! claims, [`revoke`] where they give tokens back, [`introspect`] where they ask what one is good for, [`par`] where they hand in a request
//! themselves, [`logout`] where they send somebody who signs out. Each path is served with a final slash and without, because clients of
//! ClaveÚnica have it.

mod asked;
pub mod authorize;
mod cors;
pub mod introspect;
pub mod logout;
pub mod par;
pub mod revoke;
pub mod token;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use backend::service::Caller;
use domain::openid::params::Params;
use serde_json::Value;

use crate::mesa;
use crate::web::AppState;

/// Longest query or form of a request by which a person arrives, in bytes.
const MAX: usize = 16 * 1024;

/// How long systems may rely on our keys and metadata. A key is published a day before it signs.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Where a form of any origin is accepted (docs/security.md#the-web): a closed list. Nothing there relies on a cookie but
/// `authorize` and `logout`, which read none of a form.
#[must_use]
pub fn accepts_any_origin(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    matches!(
        path,
        "/openid/authorize"
            | "/openid/token"
            | "/openid/userinfo"
            | "/openid/revoke"
            | "/openid/introspect"
            | "/openid/par"
            | "/openid/logout"
    )
}

/// Whether a program reads the answers there, and no person: an error stays as the protocol has it, with its headers.
pub(crate) fn is_for_programs(path: &str) -> bool {
    const FOR_PEOPLE: [&str; 2] = ["authorize", "logout"];
    let of_issuer = path.strip_prefix("/openid/").map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    of_issuer.is_some_and(|rest| !FOR_PEOPLE.contains(&rest)) || path.starts_with("/.well-known/")
}

/// The endpoints. Scripts of clients may read what follows from a sign-in, and our keys and metadata.
pub fn routes(state: &AppState) -> Router<AppState> {
    let readable = [
        ("/openid/token", post(token::token)),
        ("/openid/userinfo", get(token::userinfo).post(token::userinfo)),
        ("/openid/jwks", get(jwks)),
        ("/openid/.well-known/openid-configuration", get(metadata)),
        ("/.well-known/oauth-authorization-server/openid", get(metadata)),
    ];
    let add = |router, (path, method): (&str, MethodRouter<AppState>)| {
        both(router, path, method.options(cors::preflight))
    };
    let readable = readable.into_iter().fold(Router::new(), add);
    let readable = readable.layer(from_fn_with_state(state.clone(), cors::readable_by_clients));
    let others = [
        ("/openid/authorize", get(authorize::get).post(authorize::post)),
        ("/openid/revoke", post(revoke::revoke)),
        ("/openid/introspect", post(introspect::introspect)),
        ("/openid/par", post(par::par)),
    ];
    let logout = get(logout::get).post(logout::post).layer(map_response(mesa::restrict_headers));
    let with_logout = both(readable, "/openid/logout", logout);
    others.into_iter().fold(with_logout, |router, (path, method)| both(router, path, method))
}

/// A path with a final slash and without.
fn both(router: Router<AppState>, path: &str, method: MethodRouter<AppState>) -> Router<AppState> {
    router.route(path, method.clone()).route(&format!("{path}/"), method)
}

/// The parameters of a query or form.
fn read(text: &[u8]) -> Params {
    Params::new(form_urlencoded::parse(text).into_owned())
}

/// The parameters of a form; none for what is no form, or too long.
pub(crate) async fn form(parts: &Parts, body: Body) -> Option<Params> {
    let kind = parts.headers.get(header::CONTENT_TYPE)?;
    if !kind.as_bytes().starts_with(b"application/x-www-form-urlencoded") {
        return None;
    }
    Some(read(&axum::body::to_bytes(body, MAX).await.ok()?))
}

/// JSON that must not be kept.
fn json(value: &Value) -> Response {
    let mut response =
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], value.to_string())
            .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn cached(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, CACHED);
    response.headers_mut().remove(header::PRAGMA);
    response
}

async fn metadata(State(state): State<AppState>) -> Response {
    cached(json(&state.backend.openid(&Caller::default()).metadata()))
}

async fn jwks(State(state): State<AppState>) -> Response {
    match state.backend.jwks().await {
        Ok(keys) => match serde_json::to_value(&keys) {
            Ok(keys) => cached(json(&keys)),
            Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        Err(error) => asked::unavailable(&error),
    }
}
