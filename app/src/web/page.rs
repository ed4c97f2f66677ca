//! Pages: rendered whole before the first byte goes out, with no script in them (docs/decisions/0001).

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use backend::hashing::Busy;
use backend::service::ServiceError;
use domain::kind::Kind;
use domain::openid::client::Client;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use wording::catalogue::form::{Failure, Failures};
use wording::{Audience, Catalogue, Locale};

use super::{Sheet, Site, shell};
use crate::ui::Unfinished;
use crate::words::words;

/// A page to be rendered.
pub struct Page {
    /// Its title, without the name of the service.
    pub title: Box<dyn FnOnce(&'static Catalogue) -> String>,
    /// Whether it reports errors.
    pub error: bool,
    /// Whether it is the front page.
    pub home: bool,
    /// Whether it is a page of officers: wide, and without the menu at its foot.
    pub desk: bool,
    /// Its style sheet.
    pub sheet: Sheet,
    /// Whether the browser has a flow, which the page offers to end: “Terminar y borrar”.
    pub in_flow: bool,
    /// Whether the browser sends its form on by itself, to another site: then that is all its script does.
    pub sends_on: bool,
    /// The sign-ins of the browser that are not over: a page at the end of a flow leads back to them.
    pub unfinished: Vec<(String, Client)>,
    /// To whom it speaks.
    pub audience: Audience,
    /// The kind that it serves, where it serves one.
    pub kind: Option<Kind>,
    /// Status.
    pub status: StatusCode,
}

impl Page {
    /// A page with this title, in order.
    #[must_use]
    pub fn titled<T: Into<String>>(title: impl FnOnce(&'static Catalogue) -> T + 'static) -> Self {
        Self {
            title: Box::new(|words| title(words).into()),
            error: false,
            home: false,
            desk: false,
            sheet: Sheet::default(),
            in_flow: false,
            sends_on: false,
            unfinished: Vec::new(),
            audience: Audience::default(),
            kind: None,
            status: StatusCode::OK,
        }
    }

    /// The same with this style sheet.
    #[must_use]
    pub fn styled(self, sheet: Sheet) -> Self {
        Self { sheet, ..self }
    }

    /// The same for a kind: it speaks to that, and its links lead to the pages for that.
    #[must_use]
    pub fn of(self, kind: Kind) -> Self {
        Self { kind: Some(kind), audience: Audience::of(kind), ..self }
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
        let locale = locale(site);
        let title = (self.title)(locale.catalogue());
        let html = owner.with(|| {
            provide_context(locale);
            provide_context(self.audience);
            if let Some(kind) = self.kind {
                provide_context(kind);
            }
            provide_context(Unfinished(self.unfinished));
            let content = content().into_any();
            let main = if self.in_flow { view! { {content} {shell::erase()} }.into_any() } else { content };
            shell::document(site, locale, &title, (self.error, self.sends_on), (self.sheet, wide), main)
        });
        drop(owner);
        let mut response = (self.status, Html(html)).into_response();
        // The wall reads it: the Content-Security-Policy names the hash of this sheet.
        response.extensions_mut().insert(self.sheet);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// The language of a page: for now the one that is configured. What the browser asks for and what an account prefers are to
/// be asked here.
fn locale(site: &Site) -> Locale {
    site.locale
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

/// The page for what could not be done, with the id of the request, under which the logs have the cause.
pub fn failure(site: &Site, error: &ServiceError, request: &str) -> Response {
    error_page(site, log_failure(error, request), request)
}

/// Writes to the log why a step failed, and returns the status of the answer.
pub(super) fn log_failure(error: &ServiceError, request: &str) -> StatusCode {
    match error {
        ServiceError::Busy(Busy) | ServiceError::BusyFlow(Busy, _) => {
            tracing::warn!(request, "too many keys are waiting to be checked");
        }
        ServiceError::Store(_)
        | ServiceError::Files(_)
        | ServiceError::Jwt(_)
        | ServiceError::Declaration(_) => {
            tracing::error!(request, %error, "a step failed");
        }
    }
    StatusCode::SERVICE_UNAVAILABLE
}

/// The page of an error status, in plain words.
pub fn error_page(site: &Site, status: StatusCode, request: &str) -> Response {
    let request = request.to_owned();
    let title = move |words: &'static Catalogue| failure_of(status, &words.failures).title;
    let page = Page { status, error: true, ..Page::titled(title) };
    let mut response = page.render(site, move || {
        let words = words();
        let head = failure_of(status, &words.failures).head;
        view! {
            <div class="aviso aviso--alto" role="alert" tabindex="-1" autofocus="" data-foco="">
                <h1>{head.heading}</h1>
                <p>{head.text}</p>
            </div>
            {(!request.is_empty() && status != StatusCode::NOT_FOUND)
                .then(|| {
                    view! {
                        <p class="ayuda">
                            {words.failures.request} <code>{request}</code>
                        </p>
                    }
                })}
            <p><a class="boton boton--claro" href="/">{words.form.to_start}</a></p>
        }
    });
    let wait = match status {
        StatusCode::SERVICE_UNAVAILABLE => Some("30"),
        _ => None,
    };
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(wait));
    }
    response
}

fn failure_of(status: StatusCode, failures: &'static Failures) -> &'static Failure {
    match status {
        StatusCode::NOT_FOUND => &failures.not_found,
        StatusCode::FORBIDDEN => &failures.forbidden,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR | StatusCode::GATEWAY_TIMEOUT => {
            &failures.unavailable
        }
        _ => &failures.unreadable,
    }
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_error_page_is_in_the_language_of_the_site() {
        let site = Site { locale: Locale::Qps, ..Site::default() };
        let response = error_page(&site, StatusCode::SERVICE_UNAVAILABLE, "");
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let html = String::from_utf8(body.to_vec()).unwrap();
        let words = Locale::Qps.catalogue();
        for part in ["lang=\"qps\"", words.failures.unavailable.head.text, words.form.to_start] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains("Volver"), "{html}");
    }
}
