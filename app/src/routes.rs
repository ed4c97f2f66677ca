//! Which URL is which page (docs/interfaces.md#pages).

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
#[cfg(any(test, feature = "fuzzing"))]
use backend::form::FormFingerprint;
use domain::kind::Kind;
use leptos::prelude::provide_context;

use crate::errand::Errand;
use crate::web::{AppState, error_page, read_form, redirect};
#[cfg(any(test, feature = "fuzzing"))]
use crate::web::{MAX_FORM, storable};
use crate::{
    actualizar, asistencia, cambiar, captcha, correo, cuenta, demo, facilitador, ingresar, inicio, mesa,
    openid, recuperar, registrar, salir, terminar,
};

/// The pages, the server functions, and the pictures and sounds of captchas.
pub fn routes(state: AppState) -> Router {
    let mut router = Router::new()
        .route("/", get(inicio::home))
        .route("/informacion", get(inicio::information))
        .route("/facilitador", get(facilitador::page::enter))
        .route("/facilitador/declaracion.pdf", get(facilitador::declaracion::download))
        .route("/facilitador/{step}", get(facilitador::page::step))
        .route("/{errand}", get(inicio::choose))
        .merge(sign_in())
        .route("/registrar/{kind}", get(registrar::page::enter))
        .route("/registrar/{kind}/{step}", get(registrar::page::step))
        .route("/recuperar/{kind}", get(recuperar::page::enter))
        .route("/recuperar/{kind}/{step}", get(recuperar::page::step))
        .route("/cambiar/{kind}", get(cambiar::page::enter))
        .route("/cambiar/{kind}/{step}", get(cambiar::page::step))
        .route("/correo/{kind}", get(correo::page::enter))
        .route("/correo/{kind}/{step}", get(correo::page::step))
        .route("/actualizar/{kind}", get(actualizar::page::enter))
        .route("/actualizar/{kind}/{step}", get(actualizar::page::step))
        .route("/captcha/{id}", get(captcha::picture))
        .route("/captcha/{id}/sonido", get(captcha::sound))
        .route(terminar::DONE, get(terminar::page))
        .route("/api/{*function}", post(server_function));
    router = router.merge(desk());
    router = router.merge(openid::routes(&state));
    if state.backend.takes_attendance() {
        router = router.merge(asistencia::routes());
    }
    if state.inbox.is_some() {
        router = router
            .route("/demo/bandeja", get(demo::inbox))
            .route("/demo/sistema", get(demo::sistema::page))
            .route("/demo/sistema/entrar", get(demo::sistema::enter))
            .route("/demo/sistema/volver", get(demo::sistema::returned));
    }
    router.fallback(not_found).layer(from_fn_with_state(state.clone(), with_error_page)).with_state(state)
}

/// The pages of officers (F-REVIEW). They are shown in no frame, whatever the configuration allows for the others.
fn desk() -> Router<AppState> {
    Router::new()
        .route("/mesa", get(mesa::page::enter))
        .route("/mesa/solicitud/{number}", get(mesa::page::request))
        .route("/mesa/solicitud/{number}/conceder", get(mesa::page::confirm))
        .route("/mesa/solicitud/{number}/{purpose}", get(mesa::archivo::file))
        .layer(map_response(mesa::restrict_headers))
}

/// The pages of a sign-in and of its end, and “Mi cuenta” (L-PAGE). They are shown in no frame, whatever the configuration allows for the others.
fn sign_in() -> Router<AppState> {
    Router::new()
        .route("/ingresar", get(ingresar::page::enter))
        .route("/ingresar/{system}/{sign_in}", get(ingresar::page::page).post(ingresar::form::submit))
        .route("/cuenta", get(cuenta::page).post(cuenta::submit))
        .route("/salir", get(salir::page).post(salir::submit))
        .layer(map_response(mesa::restrict_headers))
}

/// Where forms that bring a file are sent. They are larger and slower than any other, and read as they come in.
pub fn uploads(state: AppState) -> Router {
    Router::new()
        .route("/api/facilitador/subir", post(facilitador::declaracion::upload))
        .route("/api/facilitador/solicitar", post(facilitador::datos::upload))
        .route("/api/facilitador/otra-declaracion", post(facilitador::datos::again))
        .layer(from_fn_with_state(state.clone(), with_error_page))
        .with_state(state)
}

async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// The page that is meant by an address that has none: `/Account`, which the guides print, is the front page. Case, a slash at the
/// end, and all that stands behind the letters of a part do not count.
fn corrected_path(path: &str) -> Option<String> {
    let word = |part: &str| {
        let letters = part.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(part.len());
        part.get(..letters).unwrap_or_default().to_ascii_lowercase()
    };
    let mut parts = path.split('/').skip(1).map(word);
    let (first, second) = (parts.next()?, parts.next().unwrap_or_default());
    let meant = match (first.as_str(), second.as_str()) {
        ("account" | "inicio" | "index", _) => "/".to_owned(),
        ("informacion" | "facilitador" | "mesa", "") => format!("/{first}"),
        (errand, "") => format!("/{}", Errand::from_slug(errand)?.slug()),
        (errand, kind) => {
            let (errand, kind) = (Errand::from_slug(errand)?, Kind::from_slug(kind)?);
            errand.kinds().contains(&kind).then(|| errand.path(kind))?
        }
    };
    (meant != path && parts.all(|part| part.is_empty())).then_some(meant)
}

/// Reads a form and runs its server function.
async fn server_function(State(state): State<AppState>, Path(_): Path<String>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some((form, fingerprint)) = read_form(&parts, body).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    parts.extensions.insert(fingerprint);
    let request = Request::from_parts(parts, Body::from(form));
    // A step that has begun is finished even when the browser hangs up (a second click, a broken connection).
    let step = tokio::spawn(async move {
        let context = move || provide_context(state.clone());
        leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
    });
    step.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Gives an error status without a page of its own the page in plain words.
async fn with_error_page(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let who = request.extensions().get::<backend::service::Caller>().cloned().unwrap_or_default();
    let meant = matches!(*request.method(), Method::GET | Method::HEAD)
        .then(|| corrected_path(request.uri().path()))
        .flatten();
    let is_for_programs = openid::is_for_programs(request.uri().path());
    let response = next.run(request).await;
    let status = response.status();
    if let (StatusCode::NOT_FOUND, Some(path)) = (status, meant) {
        return redirect(&path);
    }
    if is_for_programs {
        return response;
    }
    let page = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"image/")
    });
    if (status.is_client_error() || status.is_server_error()) && !page {
        return error_page(&state.site, status, &who.request_id);
    }
    response
}

#[cfg(any(test, feature = "fuzzing"))]
#[path = "form_fuzzing.rs"]
pub(crate) mod fuzzing;

#[cfg(test)]
#[path = "form_tests.rs"]
mod form_tests;

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a form as a browser sends it.
    pub(super) async fn read(body: &str) -> (String, FormFingerprint) {
        let kind = "application/x-www-form-urlencoded";
        let request =
            axum::http::Request::post("/api/x").header(header::CONTENT_TYPE, kind).body(()).unwrap();
        let (parts, ()) = request.into_parts();
        read_form(&parts, Body::from(body.to_owned())).await.unwrap()
    }

    #[test]
    fn an_address_typed_by_hand_finds_its_page() {
        for (typed, page) in [
            ("/Account", "/"),
            ("/account/", "/"),
            ("/Account/Login", "/"),
            ("/Account%29.", "/"),
            ("/Recuperar", "/recuperar"),
            ("/recuperar/natural/", "/recuperar/natural"),
            ("/RECUPERAR/Natural).", "/recuperar/natural"),
            ("/informacion/", "/informacion"),
            ("/Mesa", "/mesa"),
        ] {
            assert_eq!(corrected_path(typed).as_deref(), Some(page), "{typed}");
        }
        for none in [
            "/",
            "//recuperar",
            "/recuperar/otro",
            "/actualizar/juridica",
            "/api/x",
            "/captcha/ABC",
            "/recuperar",
        ] {
            assert_eq!(corrected_path(none), None, "{none}");
        }
        assert_eq!(corrected_path("/Account/a/b"), None);
    }

    #[tokio::test]
    async fn security_no_nul_of_a_form_reaches_the_store() {
        let (form, _) = read("nombres=A%00na&guardado=%00&rut=1-9").await;
        let read: Vec<_> = form_urlencoded::parse(form.as_bytes()).map(|(_, value)| value).collect();
        assert_eq!(read, ["A\u{FFFD}na", "\u{FFFD}", "1-9"]);
    }
}
