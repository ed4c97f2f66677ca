//! `/rce/Registro/IniciarSesion` and its neighbours: where a course sends a student, by a form of its page.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::service::rce::Begun;
use domain::rce::fields::{Action, Service};

use super::{ended, path};
use crate::openid::form;
use crate::web::{AppState, TaggedCookie, caller, failure, redirect};

/// Takes the form. Another site has sent it, so the browser brings none of our cookies: a page of ours goes on.
pub(super) async fn arrive(
    service: Service,
    action: Action,
    State(state): State<AppState>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let secure = state.site.secure;
    // What is no form, or too long, is one without fields.
    let params = form(&parts, body).await.unwrap_or_default();
    // One that cannot be read is no registered one.
    let origin = parts.headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or_default());
    let caller = caller(&parts, secure);
    match state.backend.attendance(&caller).begin(service, action, &params, origin).await {
        Ok(Begun::Off) => StatusCode::NOT_FOUND.into_response(),
        Ok(Begun::Stored(opened)) => {
            let mut response = redirect(&path(&opened.tag));
            let headers = response.headers_mut();
            headers.extend(
                TaggedCookie::Attendance
                    .renew(&opened.tag, &opened.token, secure)
                    .map(|cookie| (header::SET_COOKIE, cookie)),
            );
            response
        }
        Ok(Begun::Shown(end)) => ended(&state, *end),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}
