//! Shows where a sign-in is.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use backend::flows::Typed;
use backend::service::sign_in::{Shown, SignInPage};
use domain::flow::Feedback;
use domain::flow::sign_in::{Asked, SignIn};
use domain::kind::Kind;
use domain::openid::client::ClientId;
use serde::Deserialize;

use super::{begun, ends_at, go_to, token, views};
use crate::ui::NO_SYSTEM;
use crate::web::{AppState, FlowCookie, Page, caller, failure};

/// The parameters after `?`: fixed words.
#[derive(Debug, Default, Deserialize)]
pub struct Asking {
    tipo: Option<String>,
    otra: Option<String>,
    nuevo: Option<String>,
}

/// `/ingresar`: a sign-in for “Mi cuenta”.
pub async fn enter(State(state): State<AppState>, parts: Parts) -> Response {
    let caller = caller(&parts, state.site.secure);
    match state.backend.sign_in(&caller).begin_account().await {
        Ok(opened) => begun(&opened, &parts.headers, state.site.secure),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

/// `/ingresar/{system}/{sign-in}`.
pub async fn page(
    State(state): State<AppState>,
    Path((system, tag)): Path<(String, String)>,
    Query(asking): Query<Asking>,
    parts: Parts,
) -> Response {
    let secure = state.site.secure;
    let caller = caller(&parts, secure);
    let (cookie, session) =
        (token(&parts.headers, &tag, secure), FlowCookie::Session.read(&parts.headers, secure));
    let service = state.backend.sign_in(&caller);
    let shown = service.page(cookie.as_ref(), &tag, (session.as_ref(), asking.otra.is_some())).await;
    match shown {
        Ok(Some(Shown::Go(to))) => go_to(&to),
        Ok(Some(Shown::Page(page))) => show(&state, *page, &asking),
        Ok(None) => expired(&state, &system, &caller).await,
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

fn show(state: &AppState, mut page: SignInPage, asking: &Asking) -> Response {
    if asking.nuevo.is_some() {
        (page.flow.feedback, page.flow.typed) = (Feedback::default(), Typed::default());
    }
    let redirect =
        page.flow.state.to().and_then(|to| to.request()).map(|request| request.redirect().to_owned());
    let asked = asking.tipo.as_deref().and_then(Kind::from_slug);
    let kinds = Asked::kinds(page.client.as_ref());
    let kind =
        asked.filter(|kind| kinds.contains(kind)).or_else(|| kinds.first().copied()).unwrap_or_default();
    let name = page.client.as_ref().map(|client| client.name.clone());
    let error = !page.flow.feedback.errors.is_empty();
    let title = Page::titled(move |words| {
        let name = name.unwrap_or_else(|| words.sign_in.account.heading.to_owned());
        (words.sign_in.heading)(&name)
    });
    let is_over = matches!(page.flow.state, SignIn::Done(_) | SignIn::Gone);
    let shown = Page { error, in_flow: !is_over, ..title }.of(kind);
    let issuer = state.backend.issuer();
    let other = asking.otra.is_some();
    let response = shown.render(&state.site, move || views::page((kind, other), &page, &issuer));
    ends_at(response, redirect.as_deref())
}

/// The sign-in has expired, or was begun in another browser, or its request was used before: the person begins again at the system.
pub(crate) async fn expired(state: &AppState, system: &str, caller: &backend::service::Caller) -> Response {
    let client = match ClientId::parse(system) {
        Ok(id) => match state.backend.openid(caller).show_client(&id).await {
            Ok(found) => found.filter(|row| row.disabled_at.is_none()).map(|row| row.client),
            Err(error) => return failure(&state.site, &error, &caller.request_id),
        },
        Err(_) => None,
    };
    let page = Page { status: StatusCode::GONE, ..Page::titled(|words| words.sign_in.expired.heading) };
    let is_account = system == NO_SYSTEM;
    let issuer = state.backend.issuer();
    page.render(&state.site, move || views::expired(client.as_ref(), is_account, &issuer))
}

/// The page for a request of a system that nobody has registered.
pub(crate) fn refused(state: &AppState) -> Response {
    let page = Page {
        status: StatusCode::BAD_REQUEST,
        error: true,
        ..Page::titled(|words| words.sign_in.unknown.heading)
    };
    page.render(&state.site, views::refused)
}
