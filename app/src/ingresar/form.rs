//! Takes what was typed or pressed on the page of a sign-in.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::service::Posted;
use backend::service::sign_in::{KeyForm, SignInStep};
use domain::identifier::IdentifierInput;
use domain::kind::Kind;

use super::{go_to, token};
use crate::cambiar;
use crate::web::{
    AppState, Fields, FlowCookie, TaggedCookie, asks_other_letters, caller, error_page, failure, known,
    read_fields, redirect,
};

/// `POST /ingresar/{system}/{sign-in}`.
pub async fn submit(
    State(state): State<AppState>,
    Path((system, tag)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if !is_plain(&system) || !is_plain(&tag) {
        let request = caller(&parts, state.site.secure).request_id;
        return error_page(&state.site, StatusCode::NOT_FOUND, &request);
    }
    let Some(fields) = read_fields(&parts, Body::new(body)).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    // A step that has begun is finished even when the browser hangs up.
    let step = tokio::spawn(async move { take(&state, (&system, &tag), &parts, &fields).await });
    step.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Whether a text may stand in the path of a sign-in, and so in a header that leads there.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

async fn take(
    state: &AppState,
    (system, tag): (&str, &str),
    parts: &axum::http::request::Parts,
    fields: &Fields,
) -> Response {
    let secure = state.site.secure;
    let caller = caller(parts, secure);
    let cookie = |which: FlowCookie| which.read(&parts.headers, secure);
    let (own, session, change) =
        (token(&parts.headers, tag, secure), cookie(FlowCookie::Session), cookie(FlowCookie::Change));
    let posted = Posted {
        token: own.as_ref(),
        tag,
        captcha: fields.get("imagen"),
        work: fields.get("trabajo"),
        letters: fields.get("captcha"),
        other_letters: asks_other_letters(parts),
        caller: &caller,
        form: fields.fingerprint,
    };
    let kind = Kind::from_slug(fields.get("tipo")).unwrap_or_default();
    let asked = (kind, !fields.get("otra").is_empty());
    let service = state.backend.sign_in(&caller);
    let step = match fields.get("paso") {
        "clave" => {
            let who = match kind {
                Kind::Facilitador => IdentifierInput::Document {
                    kind: fields.get("documento_tipo"),
                    number: fields.get("documento"),
                },
                Kind::Migrante => IdentifierInput::Number(fields.get("nie")),
                Kind::Natural | Kind::Juridica => IdentifierInput::Number(fields.get("rut")),
            };
            let form = KeyForm {
                kind,
                who,
                representative: fields.get("rut_representante"),
                key: fields.get("clave_actual"),
            };
            service.key(posted, session.as_ref(), change.as_ref(), form).await
        }
        "seguir" => match service.is_of_session(session.as_ref(), fields.get("sesion")).await {
            Ok(true) => service.go_on(posted, session.as_ref()).await,
            // The page shows who is signed in now, or asks for the key.
            Ok(false) => return redirect(&format!("/ingresar/{system}/{tag}?tipo={}", kind.slug())),
            Err(error) => Err(error),
        },
        "codigo" => service.code(posted, session.as_ref(), fields.get("codigo_correo")).await,
        "otro-codigo" => service.another_code(posted, session.as_ref()).await,
        "aceptar" => service.agree(posted, session.as_ref()).await,
        "volver" => service.deny(posted).await,
        _ => return StatusCode::BAD_REQUEST.into_response(),
    };
    match step {
        Ok(step) => answer(&step, (system, tag, &asked), secure, &caller),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

fn answer(
    step: &SignInStep,
    (system, tag, (kind, other)): (&str, &str, &(Kind, bool)),
    secure: bool,
    caller: &backend::service::Caller,
) -> Response {
    let wish = if *other { "&otra=si" } else { "" };
    let here = format!("/ingresar/{system}/{tag}?tipo={}{wish}", kind.slug());
    let mut response = match (&step.change, &step.go_to) {
        (Some(change), _) => redirect(&cambiar::path(*kind, &change.state)),
        (None, Some(to)) => go_to(to),
        (None, None) => redirect(&here),
    };
    let changed =
        step.change.as_ref().and_then(|change| FlowCookie::Change.write(change.token.as_ref()?, secure));
    let signed_in = step.session.as_ref().and_then(|token| FlowCookie::Session.write(token, secure));
    let own = step.next.token.as_ref().map(|token| TaggedCookie::SignIn.renew(tag, token, secure));
    for cookie in changed.into_iter().chain(signed_in).chain(own.flatten()).chain(known(caller, secure)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
