//! `/openid/authorize`: where a system sends its people.

use axum::extract::{RawQuery, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use backend::service::sign_in::{Begun, GoTo};
use domain::openid::params::Params;

use super::{MAX, form, read};
use crate::ingresar;
use crate::web::{AppState, FlowCookie, caller, failure};

/// The request in the query. A hint who it is would be personal data in a URL: it is not looked at.
pub async fn get(State(state): State<AppState>, RawQuery(query): RawQuery, parts: Parts) -> Response {
    let query = query.unwrap_or_default();
    let params = if query.len() > MAX { Params::default() } else { read(query.as_bytes()) };
    arrive(&state, &parts, &params, true).await
}

/// The request in a form, which another site may have sent: then the browser brings none of our cookies.
pub async fn post(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let params = form(&parts, body).await.unwrap_or_default();
    arrive(&state, &parts, &params, false).await
}

async fn arrive(state: &AppState, parts: &Parts, params: &Params, sees_cookies: bool) -> Response {
    let secure = state.site.secure;
    let caller = caller(parts, secure);
    let session = FlowCookie::Session.read(&parts.headers, secure).filter(|_| sees_cookies);
    match state.backend.sign_in(&caller).authorize(params, session.as_ref(), sees_cookies).await {
        Ok(Begun::Ask(opened)) => ingresar::begun(&opened, &parts.headers, secure),
        Ok(Begun::Go(url)) => ingresar::go_to(&GoTo::System(url)),
        Ok(Begun::Expired(client)) => ingresar::page::expired(state, client.as_str(), &caller).await,
        Ok(Begun::Refused(_)) => ingresar::page::refused(state),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}
