//! `/openid/par`: a system hands in its request itself (RFC 9126).

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::asked::{Asked, answered};
use super::json;
use crate::web::AppState;

/// Takes a request, for a minute and one use.
pub async fn par(State(state): State<AppState>, request: Request) -> Response {
    let Asked { caller, params, credentials, by_header } = match Asked::read(&state, request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let answer = tokio::spawn(async move { state.backend.openid(&caller).push(credentials, &params).await });
    answered(answer.await, by_header, |pushed| {
        let mut response = json(&json!({
            "request_uri": pushed.request_uri,
            "expires_in": pushed.expires_in,
        }));
        *response.status_mut() = StatusCode::CREATED;
        response
    })
}
