//! Takes what was typed or pressed on the page of a request.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::service::Posted;

use super::{ended, page, path};
use crate::web::{
    AppState, Fields, FlowCookie, TaggedCookie, caller, failure, is_tag, known, read_fields, redirect,
};

/// `POST /asistencia/{request}`.
pub async fn submit(State(state): State<AppState>, Path(tag): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if !is_tag(&tag) {
        return page::gone(&state);
    }
    let Some(fields) = read_fields(&parts, Body::new(body)).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    // A step that has begun is finished even when the browser hangs up.
    let step = tokio::spawn(async move { take(&state, &tag, &parts, &fields).await });
    step.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn take(state: &AppState, tag: &str, parts: &Parts, fields: &Fields) -> Response {
    let secure = state.site.secure;
    let caller = caller(parts, secure);
    let token = TaggedCookie::Attendance.read(&parts.headers, tag, secure);
    let session = FlowCookie::Session.read(&parts.headers, secure);
    let posted = Posted {
        token: token.as_ref(),
        tag,
        // No captcha is shown here.
        captcha: "",
        work: "",
        letters: "",
        other_letters: false,
        caller: &caller,
        form: fields.fingerprint,
    };
    let service = state.backend.attendance(&caller);
    let step = match fields.get("paso") {
        "clave" => {
            service.key(posted, session.as_ref(), (fields.get("rut"), fields.get("clave_actual"))).await
        }
        "volver" => service.leave(posted).await,
        _ => return StatusCode::BAD_REQUEST.into_response(),
    };
    let step = match step {
        Ok(step) => step,
        Err(error) => return failure(&state.site, &error, &caller.request_id),
    };
    let own = step.token.as_ref().and_then(|token| TaggedCookie::Attendance.renew(tag, token, secure));
    let signed_in = step.session.as_ref().and_then(|token| FlowCookie::Session.write(token, secure));
    let mut response = match step.shown {
        Some(end) => ended(state, *end),
        None => redirect(&path(tag)),
    };
    let cookies = own.into_iter().chain(signed_in).chain(known(&caller, secure));
    response.headers_mut().extend(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}
