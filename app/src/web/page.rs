//! Pages: rendered whole before the first byte goes out, with no script in them (docs/decisions/0001).

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use backend::flows::Token;
use backend::hashing::Busy;
use backend::service::ServiceError;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;

use super::{FlowCookie, Site, shell};
use crate::wording::audience::Audience;

/// A page to be rendered.
pub struct Page {
    /// Its title, without the name of the service.
    pub title: String,
    /// Whether it tells of errors.
    pub error: bool,
    /// Whether it is the front page.
    pub home: bool,
    /// Whether it is a page of officers: wide, and without the menu at its foot.
    pub desk: bool,
    /// To whom it speaks.
    pub audience: Audience,
    /// Status.
    pub status: StatusCode,
    /// A new token for the browser.
    pub cookie: Option<(FlowCookie, Token)>,
}

impl Page {
    /// A page with this title, in order.
    #[must_use]
    pub fn titled(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            error: false,
            home: false,
            desk: false,
            audience: Audience::default(),
            status: StatusCode::OK,
            cookie: None,
        }
    }

    /// The same, that speaks to somebody else than a person.
    #[must_use]
    pub fn to(self, audience: Audience) -> Self {
        Self { audience, ..self }
    }

    /// Renders the page. `content` is called inside Leptos' owner, as islands need it.
    pub fn render<V: IntoView + 'static>(self, site: &Site, content: impl FnOnce() -> V) -> Response {
        let context = Arc::new(hydration_context::SsrSharedContext::new_islands());
        let owner = Owner::new_root(Some(context));
        let wide = self.home || self.desk;
        let html = owner.with(|| {
            provide_context(self.audience);
            shell::document(site, &self.title, self.error, wide, content().into_any())
        });
        drop(owner);
        let mut response = (self.status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(cookie) = self.cookie.and_then(|(flow, token)| flow.write(&token, site.secure)) {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// Sends the browser to a page of ours. The path is made of fixed words of the program only.
#[must_use]
pub fn redirect(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

/// The page for what could not be done, with the number under which the logs tell why.
pub fn failure(site: &Site, error: &ServiceError, request: &str) -> Response {
    let busy = matches!(error, ServiceError::Busy(Busy));
    if busy {
        tracing::warn!(request, "too many keys are waiting to be checked");
    } else {
        tracing::error!(request, %error, "a step could not be carried out");
    }
    error_page(site, StatusCode::SERVICE_UNAVAILABLE, request)
}

/// The page of an error status, in plain words.
pub fn error_page(site: &Site, status: StatusCode, request: &str) -> Response {
    let (title, heading, text) = match status {
        StatusCode::NOT_FOUND => (
            "Página no encontrada",
            "No encontramos esta página",
            "Revise la dirección o vuelva al inicio y elija su trámite.",
        ),
        StatusCode::FORBIDDEN => (
            "Solicitud rechazada",
            "No pudimos recibir este formulario",
            "Por seguridad, solo aceptamos formularios enviados desde esta misma página. Vuelva al inicio y comience de nuevo.",
        ),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR | StatusCode::GATEWAY_TIMEOUT => {
            (
                "Intente más tarde",
                "Ahora no podemos atenderle",
                "No es un error suyo y nada cambió. Espere un minuto, vuelva atrás en su navegador e intente de nuevo.",
            )
        }
        _ => (
            "No se pudo leer",
            "No pudimos leer lo que envió",
            "Vuelva atrás, revise lo que escribió e intente de nuevo.",
        ),
    };
    let request = request.to_owned();
    let page = Page { status, error: true, ..Page::titled(title) };
    let mut response = page.render(site, move || {
        view! {
            <div class="aviso aviso--alto" role="alert" tabindex="-1" autofocus="" data-foco="">
                <h1>{heading}</h1>
                <p>{text}</p>
            </div>
            {(!request.is_empty())
                .then(|| {
                    view! {
                        <p class="ayuda">
                            "Si llama a la mesa de ayuda, diga este código: " <code>{request}</code>
                        </p>
                    }
                })}
            <p><a class="boton boton--claro" href="/">"Volver al inicio"</a></p>
        }
    });
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    response
}
