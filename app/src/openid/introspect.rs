//! `/openid/introspect`: what a system may learn of a token that it was given (RFC 7662).

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::asked::{Asked, answered};
use super::json;
use crate::web::AppState;

/// What a token is good for: `active`, and for whom, until when and how strongly.
pub async fn introspect(State(state): State<AppState>, request: Request) -> Response {
    let Asked { caller, params, credentials, by_header } = match Asked::read(&state, request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let answer =
        tokio::spawn(async move { state.backend.openid(&caller).introspect(credentials, &params).await });
    answered(answer.await, by_header, |found| {
        let known = found.and_then(|found| serde_json::to_value(found).ok());
        json(&match known {
            Some(Value::Object(mut claims)) => {
                claims.insert("active".to_owned(), true.into());
                Value::Object(claims)
            }
            _ => json!({ "active": false }),
        })
    })
}
