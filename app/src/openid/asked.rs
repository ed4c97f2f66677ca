//! A form of a system, with what shows who it is: what the endpoints that systems call themselves have in common.

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use backend::service::openid::{Answer, Credentials};
use backend::service::{Caller, ServiceError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::openid::OAuthError;
use domain::openid::params::Params;
use percent_encoding::percent_decode_str;
use serde_json::json;
use tokio::task::JoinError;

use super::json;
use crate::web::{AppState, caller};

/// Longest form, in bytes.
const MAX: usize = 16 * 1024;

/// A form of a system.
pub(super) struct Asked {
    /// Who sent it.
    pub(super) caller: Caller,
    /// What it holds.
    pub(super) params: Params,
    /// What shows who the system is.
    pub(super) credentials: Answer<Credentials>,
    /// Whether that stood in a header.
    pub(super) by_header: bool,
}

impl Asked {
    /// Reads a form; or gives the answer to one that cannot be read.
    pub(super) async fn read(state: &AppState, request: Request) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let caller = caller(&parts, state.site.secure);
        let Some(params) = form(&parts, body).await else {
            return Err(refused(OAuthError::InvalidRequest, false));
        };
        let basic = basic(&parts.headers).map_err(|()| refused(OAuthError::InvalidClient, true))?;
        let by_header = basic.is_some();
        let credentials = Credentials::read(basic, &params);
        Ok(Self { caller, params, credentials, by_header })
    }
}

/// The answer to a form, which a task of its own has processed: what has begun is finished even when the system hangs up.
pub(super) fn answered<T>(
    answer: Result<Result<Answer<T>, ServiceError>, JoinError>,
    by_header: bool,
    given: impl FnOnce(T) -> Response,
) -> Response {
    match answer {
        Ok(Ok(Ok(value))) => given(value),
        Ok(Ok(Err(error))) => refused(error, by_header),
        Ok(Err(error)) => unavailable(&error),
        Err(_) => refused(OAuthError::TemporarilyUnavailable, false),
    }
}

/// A form of the protocol.
async fn form(parts: &Parts, body: Body) -> Option<Params> {
    let kind = parts.headers.get(header::CONTENT_TYPE)?;
    if !kind.as_bytes().starts_with(b"application/x-www-form-urlencoded") {
        return None;
    }
    let bytes = axum::body::to_bytes(body, MAX).await.ok()?;
    Some(Params::new(form_urlencoded::parse(&bytes).into_owned()))
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

/// An error of the token endpoint (RFC 6749 §5.2).
pub(super) fn refused(error: OAuthError, by_header: bool) -> Response {
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

pub(super) fn unavailable(error: &ServiceError) -> Response {
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
}
