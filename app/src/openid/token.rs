//! `/openid/token`, `/openid/userinfo`: what systems call themselves.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use backend::service::ServiceError;
use backend::service::openid::{Credentials, Tokens};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::openid::OAuthError;
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::{form, json};
use crate::web::{AppState, caller};

/// Tokens for a code.
pub async fn token(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let caller = caller(&parts, state.site.secure);
    let Some(params) = form(&parts, body).await else {
        return refused(OAuthError::InvalidRequest, false);
    };
    let basic = match basic(&parts.headers) {
        Ok(basic) => basic,
        Err(()) => return refused(OAuthError::InvalidClient, true),
    };
    let by_header = basic.is_some();
    let credentials = Credentials::read(basic, &params);
    // What has begun is finished even when the system hangs up: its code is used up then.
    let answer = tokio::spawn(async move { state.backend.openid(&caller).token(credentials, &params).await });
    match answer.await {
        Ok(Ok(Ok(tokens))) => given(&tokens),
        Ok(Ok(Err(error))) => refused(error, by_header),
        Ok(Err(error)) => unavailable(&error),
        Err(_) => refused(OAuthError::TemporarilyUnavailable, false),
    }
}

fn given(tokens: &Tokens) -> Response {
    json(&json!({
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "id_token": tokens.id_token,
        "scope": tokens.scope,
    }))
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

/// Id and secret of the header `Authorization: Basic`, each percent-encoded (RFC 6749 §2.3.1); none without one.
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, ()> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = all.next() else { return Ok(None) };
    let text = value.to_str().map_err(|_| ())?;
    let (scheme, rest) = text.split_once(' ').ok_or(())?;
    if all.next().is_some() || !scheme.eq_ignore_ascii_case("basic") {
        return Err(());
    }
    let decoded = String::from_utf8(STANDARD.decode(rest.trim()).map_err(|_| ())?).map_err(|_| ())?;
    let (id, secret) = decoded.split_once(':').ok_or(())?;
    // `+` is a space in this encoding; neither ids nor our secrets have one.
    let plain =
        |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| ());
    Ok(Some((plain(id)?, plain(secret)?)))
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

/// An error of the token endpoint (RFC 6749 §5.2).
fn refused(error: OAuthError, by_header: bool) -> Response {
    let mut response = json(&json!({ "error": error.code() }));
    *response.status_mut() = match error {
        OAuthError::InvalidClient => StatusCode::UNAUTHORIZED,
        OAuthError::TemporarilyUnavailable => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::BAD_REQUEST,
    };
    if error == OAuthError::InvalidClient && by_header {
        let basic = HeaderValue::from_static(concat!("Basic", " realm=\"clave-sence\""));
        response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
    }
    response
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

fn unavailable(error: &ServiceError) -> Response {
    tracing::error!(%error, "an endpoint of the protocol failed");
    let mut response = json(&json!({ "error": OAuthError::TemporarilyUnavailable.code() }));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
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
    fn l_oidc_a_header_with_id_and_secret_is_read() {
        let line = format!("Basic {}", STANDARD.encode("cursos:a%2Bb"));
        assert_eq!(basic(&headers(&[&line])), Ok(Some(("cursos".to_owned(), "a+b".to_owned()))));
        assert_eq!(basic(&headers(&[])), Ok(None));
        let no_colon = format!("Basic {}", STANDARD.encode("cursos"));
        for bad in [
            vec!["Basic"],
            vec!["Basic ñ"],
            vec!["Basic %%%"],
            vec![no_colon.as_str()],
            vec!["Digest x"],
            vec![line.as_str(), line.as_str()],
        ] {
            assert_eq!(basic(&headers(&bad)), Err(()), "{bad:?}");
        }
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
