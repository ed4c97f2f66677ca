//! Attendance at e-learning courses (L-RCE). [`arrive`] takes the form with which a course sends a student, at the paths of SENCE's protocol;
//! [`page`] shows where the request is, at `/asistencia/{request}`, and [`form`] takes the key that was typed there. In the end the browser
//! goes back to the course by a form of [`views`], which `public/continuar.js` sends by itself where the course has shown who it is.

pub mod arrive;
pub mod form;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
pub mod page;
mod views;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use backend::service::rce::End;
use domain::rce::attendance::Outcome;
use domain::rce::fields::{Action, Service};
use domain::rce::organism::Way;

use crate::mesa;
use crate::web::{AppState, FormTarget, Page};

/// The path to which a course sends a form; with a final slash and without.
fn endpoint(service: Service, action: Action) -> String {
    format!("/{}/Registro/{}", service.word(), action.word())
}

/// Service and action of every such path.
fn endpoints() -> impl Iterator<Item = (Service, Action)> {
    Service::ALL.into_iter().flat_map(|service| Action::ALL.map(|action| (service, action)))
}

/// Where a form of any origin is accepted (docs/security.md#the-web): a closed list. Nothing there reads a cookie.
#[must_use]
pub fn accepts_any_origin(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    endpoints().any(|(service, action)| endpoint(service, action) == path)
}

/// The page of a request.
fn path(tag: &str) -> String {
    format!("/asistencia/{tag}")
}

/// The paths of the protocol, and the page of a request. They are shown in no frame, whatever the configuration allows for others.
pub fn routes() -> Router<AppState> {
    let pages = Router::new().route("/asistencia/{request}", get(page::page).post(form::submit));
    let add = |router: Router<AppState>, (service, action)| {
        let path = endpoint(service, action);
        let take = post(move |state, request| arrive::arrive(service, action, state, request));
        let take = take.get(page::here);
        router.route(&path, take.clone()).route(&format!("{path}/"), take)
    };
    endpoints().fold(pages, add).layer(map_response(mesa::restrict_headers))
}

/// The end of a request: back to the course, by itself or by a button, or no way back.
fn ended(state: &AppState, end: End) -> Response {
    let refused = matches!(end.ended.outcome(), Outcome::Refused(_));
    let way = end.answer.as_ref().map(|answer| answer.way);
    let target = end.answer.as_ref().map(|answer| FormTarget(answer.to.origin().to_owned()));
    let status = if way.is_some() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let (action, outcome) = (end.ended.action(), end.ended.outcome().clone());
    let title = Page::titled(move |words| views::end_heading(&words.attendance, action, &outcome));
    let shown = Page { error: refused, sends_on: way == Some(Way::Submit), status, ..title };
    let mut response = shown.render(&state.site, move || views::end(&end));
    if let Some(target) = target {
        response.extensions_mut().insert(target);
        // The course may check that its answer comes from us: it learns our host, and not which page.
        response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_l_rce_forms_of_any_origin_are_accepted_at_four_paths_alone() {
        for service in ["rce", "rcetest"] {
            for action in ["IniciarSesion", "CerrarSesion"] {
                for slash in ["", "/"] {
                    let path = format!("/{service}/Registro/{action}{slash}");
                    assert!(accepts_any_origin(&path), "{path}");
                }
            }
        }
        for closed in [
            "/rce",
            "/rce/",
            "/rce/Registro",
            "/rce/Registro/",
            "/rce/Registro/iniciarsesion",
            "/RCE/Registro/IniciarSesion",
            "/rce/registro/IniciarSesion",
            "/rce/Registro/IniciarSesion//",
            "/rce/Registro/IniciarSesion/x",
            "/rce/Registro/IniciarSesion;x",
            "/x/rce/Registro/IniciarSesion",
            "/rcetest2/Registro/IniciarSesion",
            "/asistencia/AAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert!(!accepts_any_origin(closed), "{closed}");
        }
    }
}
