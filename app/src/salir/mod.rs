//! `/salir` (L-OIDC): “¿Cerrar su sesión?”, asked for by a system; then the browser goes back there, or “Sesión cerrada” says so.
//!
//! What the system asked for travels sealed in the URL and in the form, so nothing has to be kept for it. Its form is left to the
//! browser (`data-nativo`), because it may end at another site.

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::service::ServiceError;
use backend::service::logout::LogoutStep;
use backend::service::sign_in::{GoTo, SessionShown};
use domain::openid::client::Client;
use domain::openid::logout::LogoutRequest;
use leptos::prelude::*;
use serde::Deserialize;

use crate::ingresar::{ends_at, go_to};
use crate::ui::action;
use crate::web::{AppState, FlowCookie, Page, caller, failure, read_fields, redirect};
use crate::words::words;

/// The parameters after `?`.
#[derive(Debug, Default, Deserialize)]
pub struct Asking {
    #[serde(default)]
    pedido: String,
}

/// Sends the browser to the page, which sees our cookies.
pub(crate) fn begun(sealed: &str) -> Response {
    redirect(&format!("/salir?pedido={sealed}"))
}

/// `GET /salir`.
pub async fn page(State(state): State<AppState>, Query(asking): Query<Asking>, parts: Parts) -> Response {
    let caller = caller(&parts, state.site.secure);
    let request = state.backend.sign_in(&caller).open_logout(&asking.pedido);
    arrive(&state, &parts, &request).await
}

/// Ends the session if the person need not be asked; else asks.
pub(crate) async fn arrive(state: &AppState, parts: &Parts, request: &LogoutRequest) -> Response {
    let caller = caller(parts, state.site.secure);
    let session = FlowCookie::Session.read(&parts.headers, state.site.secure);
    let service = state.backend.sign_in(&caller);
    let shown = async {
        let client = service.logout_client(request).await?;
        Ok(match service.log_out(request, session.as_ref()).await? {
            LogoutStep::Over => over(state, client, request),
            LogoutStep::Ask(holder) => ask(state, client, request, (holder, service.seal_logout(request)?)),
        })
    };
    shown.await.unwrap_or_else(|error: ServiceError| failure(&state.site, &error, &caller.request_id))
}

/// `POST /salir`: “Cerrar sesión”.
pub async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(fields) = read_fields(&parts, Body::new(body)).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let caller = caller(&parts, state.site.secure);
    let session = FlowCookie::Session.read(&parts.headers, state.site.secure);
    let service = state.backend.sign_in(&caller);
    let request = service.open_logout(fields.get("pedido"));
    let ended = async {
        service.sign_out(session.as_ref()).await?;
        Ok(over(&state, service.logout_client(&request).await?, &request))
    };
    ended.await.unwrap_or_else(|error: ServiceError| failure(&state.site, &error, &caller.request_id))
}

fn ask(
    state: &AppState,
    client: Option<Client>,
    request: &LogoutRequest,
    (holder, sealed): (SessionShown, String),
) -> Response {
    let page = Page::titled(|words| words.sign_in.sign_out.ask).of(holder.kind);
    let shown = page.render(&state.site, move || {
        let own = &words().sign_in;
        view! {
            <h1 tabindex="-1">{own.sign_out.ask}</h1>
            <p>{(own.account.who)(&holder.name)} " " {client.map(|client| (own.sign_out.sent_by)(&client.name))}</p>
            <p>{own.sign_out.text}</p>
            <form method="post" action="/salir" data-nativo="">
                <input type="hidden" name="pedido" value=sealed />
                {action(own.account.sign_out)}
            </form>
            <p><a class="boton boton--claro" href="/cuenta">{own.sign_out.stay}</a></p>
        }
    });
    ends_at(shown, request.to())
}

/// There is no session any more: the browser goes where the system wants it, or a page of ours says so.
fn over(state: &AppState, client: Option<Client>, request: &LogoutRequest) -> Response {
    let issuer = state.backend.issuer();
    let mut response = match (request.to(), &client) {
        (Some(to), Some(_)) => go_to(&GoTo::System(to.to_owned())),
        _ => Page::titled(|words| words.sign_in.sign_out.over.heading)
            .render(&state.site, move || signed_out(client.as_ref(), &issuer)),
    };
    if let Some(cookie) = FlowCookie::Session.clear(state.site.secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn signed_out(client: Option<&Client>, issuer: &str) -> AnyView {
    let own = &words().sign_in;
    let back = client.map(|client| {
        view! { <p><a class="boton" href=client.begin_again(issuer)>{(own.back)(Some(&client.name))}</a></p> }
    });
    view! {
        <h1 tabindex="-1">{own.sign_out.over.heading}</h1>
        <p>{own.sign_out.over.text}</p>
        {back}
        <p><a class="boton boton--claro" href="/">{words().form.to_start}</a></p>
    }
    .into_any()
}
