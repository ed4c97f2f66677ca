//! `/openid/logout`: where a system sends somebody who signs out (OpenID Connect RP-Initiated Logout 1.0). What is asked of the person
//! stands at `/salir` ([`crate::salir`]).

use axum::extract::{RawQuery, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use domain::openid::params::Params;

use super::{MAX, form, read};
use crate::salir;
use crate::web::{AppState, caller, failure};

/// The request in the query.
pub async fn get(State(state): State<AppState>, RawQuery(query): RawQuery, parts: Parts) -> Response {
    let query = query.unwrap_or_default();
    let params = if query.len() > MAX { Params::default() } else { read(query.as_bytes()) };
    let caller = caller(&parts, state.site.secure);
    match state.backend.sign_in(&caller).logout_request(&params).await {
        Ok(request) => salir::arrive(&state, &parts, &request).await,
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

/// The request in a form, which another site has sent: the browser brings none of our cookies, so a page of ours goes on.
pub async fn post(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let params = form(&parts, body).await.unwrap_or_default();
    let caller = caller(&parts, state.site.secure);
    let service = state.backend.sign_in(&caller);
    let sealed = match service.logout_request(&params).await {
        Ok(request) => service.seal_logout(&request),
        Err(error) => Err(error),
    };
    match sealed {
        Ok(sealed) => salir::begun(&sealed),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}
