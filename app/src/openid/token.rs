//! `/openid/token`, `/openid/userinfo`: what systems call themselves.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use backend::service::openid::Tokens;
use domain::openid::OAuthError;
use serde_json::json;

use super::asked::{Asked, answered, refused, unavailable};
use super::json;
use crate::web::{AppState, caller};

/// Tokens for a code, or for a refresh token.
pub async fn token(State(state): State<AppState>, request: Request) -> Response {
    let Asked { caller, params, credentials, by_header } = match Asked::read(&state, request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let answer = tokio::spawn(async move { state.backend.openid(&caller).token(credentials, &params).await });
    answered(answer.await, by_header, |tokens| given(&tokens))
}

fn given(tokens: &Tokens) -> Response {
    let mut answer = json!({
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "id_token": tokens.id_token,
        "scope": tokens.scope,
    });
    if let (Some(token), Some(answer)) = (&tokens.refresh_token, answer.as_object_mut()) {
        answer.insert("refresh_token".to_owned(), token.as_str().into());
    }
    json(&answer)
}

/// The claims of who signed in. The token is taken from the header alone: in a URL or form it would be logged somewhere.
pub async fn userinfo(State(state): State<AppState>, parts: Parts) -> Response {
    let caller = caller(&parts, state.site.secure);
    let Some(token) = bearer(&parts.headers) else { return challenge(None) };
    match state.backend.openid(&caller).userinfo(token).await {
        Ok(Ok(claims)) => match serde_json::to_value(&claims) {
            Ok(claims) => json(&claims),
            Err(_) => refused(OAuthError::TemporarilyUnavailable, false),
        },
        Ok(Err(error)) => challenge(Some(error)),
        Err(error) => unavailable(&error),
    }
}

/// The token of the header `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let text = all.next()?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    let fits = all.next().is_none()
        && scheme.eq_ignore_ascii_case("bearer")
        && !token.is_empty()
        && token.len() <= 256;
    fits.then_some(token)
}

/// An error of userinfo (RFC 6750 §3).
fn challenge(error: Option<OAuthError>) -> Response {
    let code = error.map(OAuthError::code);
    let mut response = json(&code.as_ref().map_or_else(|| json!({}), |code| json!({ "error": code })));
    *response.status_mut() = match error {
        Some(OAuthError::InsufficientScope) => StatusCode::FORBIDDEN,
        Some(OAuthError::TemporarilyUnavailable) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNAUTHORIZED,
    };
    let named = code.map_or_else(String::new, |code| format!(", error=\"{code}\""));
    if let Ok(value) = HeaderValue::from_str(&format!("{} realm=\"clave-sence\"{named}", "Bearer")) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(line).unwrap());
        }
        headers
    }

    #[test]
    fn l_oidc_a_token_is_taken_from_one_header() {
        assert_eq!(bearer(&headers(&["bearer abc"])), Some("abc"));
        for bad in [vec![], vec!["Bearer"], vec!["Bearer "], vec!["Basic abc"], vec!["Bearer a", "Bearer a"]]
        {
            assert_eq!(bearer(&headers(&bad)), None, "{bad:?}");
        }
        let long = format!("Bearer {}", "a".repeat(257));
        assert_eq!(bearer(&headers(&[&long])), None);
    }
}
