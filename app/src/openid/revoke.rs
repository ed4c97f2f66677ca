//! `/openid/revoke`: a system gives back a token (RFC 7009).

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::json;

use super::asked::{Asked, answered};
use super::json;
use crate::web::AppState;

/// Revokes a token. The answer is the same for one that is unknown.
pub async fn revoke(State(state): State<AppState>, request: Request) -> Response {
    let Asked { caller, params, credentials, by_header } = match Asked::read(&state, request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let answer =
        tokio::spawn(async move { state.backend.openid(&caller).revoke(credentials, &params).await });
    answered(answer.await, by_header, |()| json(&json!({})))
}
