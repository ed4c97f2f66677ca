//! `/cuenta`, “Mi cuenta” (L-PAGE): the systems that the person has entered, and how to end sessions.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::clock::chilean_time;
use backend::service::sign_in::{AccountPage, ConnectedSystem};
use domain::openid::client::ClientId;
use leptos::prelude::*;

use crate::web::{AppState, FlowCookie, Page, caller, failure, read_fields, redirect};
use crate::words::words;

/// Shows it; somebody who is not signed in types the key first.
pub async fn page(State(state): State<AppState>, parts: Parts) -> Response {
    let secure = state.site.secure;
    let caller = caller(&parts, secure);
    let session = FlowCookie::Session.read(&parts.headers, secure);
    match state.backend.sign_in(&caller).account(session.as_ref()).await {
        Ok(Some(account)) => {
            let kind = account.holder.kind;
            let page = Page::titled(|words| words.sign_in.account.heading).of(kind);
            page.render(&state.site, move || view(&account))
        }
        Ok(None) => redirect("/ingresar"),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

fn view(account: &AccountPage) -> AnyView {
    let own = &words().sign_in.account;
    let mark = &account.holder.mark;
    let systems: Vec<_> = account.systems.iter().map(|entered| system(entered, mark)).collect();
    let none = systems.is_empty().then(|| view! { <p>{own.no_systems}</p> });
    view! {
        <h1 tabindex="-1">{own.heading}</h1>
        <p>{(own.who)(&account.holder.name)}</p>
        <h2>{own.systems}</h2>
        {none}
        {systems}
        <form method="post" action="/cuenta">
            <input type="hidden" name="paso" value="salir" />
            <button type="submit" class="boton">{own.sign_out}</button>
        </form>
        <form method="post" action="/cuenta">
            <input type="hidden" name="paso" value="salir-todo" />
            <input type="hidden" name="sesion" value=mark.clone() />
            <p class="ayuda">{own.everywhere_text}</p>
            <button type="submit" class="boton boton--claro">{own.everywhere}</button>
        </form>
    }
    .into_any()
}

fn system(system: &ConnectedSystem, mark: &str) -> AnyView {
    let own = &words().sign_in.account;
    let day = |at| chilean_time(at).split(' ').next().unwrap_or_default().to_owned();
    view! {
        <div class="dato">
            <h3>{system.name.clone()}</h3>
            <p>{(own.used)(&day(system.first_at), &day(system.last_at))}</p>
            <form method="post" action="/cuenta">
                <input type="hidden" name="paso" value="desconectar" />
                <input type="hidden" name="sesion" value=mark.to_owned() />
                <input type="hidden" name="sistema" value=system.id.as_str().to_owned() />
                <button type="submit" class="boton-texto" aria-label=(own.disconnect_from)(&system.name)>{own.disconnect}</button>
            </form>
        </div>
    }
    .into_any()
}

/// “Desconectar”, “Cerrar sesión”, “Cerrar sesión en todas partes”.
pub async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let secure = state.site.secure;
    let Some(fields) = read_fields(&parts, Body::new(body)).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let caller = caller(&parts, secure);
    let session = FlowCookie::Session.read(&parts.headers, secure);
    let service = state.backend.sign_in(&caller);
    // What a page says of one person is not done to another, who has signed in meanwhile. To sign out harms nobody.
    if fields.get("paso") != "salir" {
        match service.is_of_session(session.as_ref(), fields.get("sesion")).await {
            Ok(true) => {}
            Ok(false) => return redirect("/cuenta"),
            Err(error) => return failure(&state.site, &error, &caller.request_id),
        }
    }
    let (done, out) = match fields.get("paso") {
        "desconectar" => match ClientId::parse(fields.get("sistema")) {
            Ok(client) => (service.disconnect(session.as_ref(), &client).await.map(|_| ()), false),
            Err(_) => return StatusCode::BAD_REQUEST.into_response(),
        },
        "salir" => (service.sign_out(session.as_ref()).await, true),
        "salir-todo" => (service.sign_out_everywhere(session.as_ref()).await.map(|_| ()), true),
        _ => return StatusCode::BAD_REQUEST.into_response(),
    };
    if let Err(error) = done {
        return failure(&state.site, &error, &caller.request_id);
    }
    if !out {
        return redirect("/cuenta");
    }
    let mut response =
        Page::titled(|words| words.sign_in.account.signed_out.heading).render(&state.site, signed_out);
    if let Some(cookie) = FlowCookie::Session.clear(secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn signed_out() -> AnyView {
    let own = &words().sign_in.account.signed_out;
    view! {
        <h1 tabindex="-1">{own.heading}</h1>
        <p>{own.text}</p>
        <p><a class="boton boton--claro" href="/">{words().form.to_start}</a></p>
    }
    .into_any()
}
