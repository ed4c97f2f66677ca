//! Shows the page of a step.

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use domain::flow::change::Change;
use domain::flow::{Notice, Say};

use super::{clave, listo, path, validar};
use crate::recuperar::page::Asked;
use crate::web::{AppState, FlowCookie, Page, caller, failure, kind_of, redirect};
use crate::wording::labels::Errand;

/// `/cambiar/{kind}`: the first step, empty.
pub async fn enter(
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let kind = match kind_of(&state, &kind, Errand::Change) {
        Ok(kind) => kind,
        Err(page) => return *page,
    };
    let say = if asked.expired() { Notice::Expired.into() } else { Say::default() };
    Page::titled("Cambiar CS").render(&state.site, move || validar::view(kind, &say, ""))
}

/// `/cambiar/{kind}/{step}`: where the flow stands.
pub async fn step(
    State(state): State<AppState>,
    Path((kind, step)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let kind = match kind_of(&state, &kind, Errand::Change) {
        Ok(kind) => kind,
        Err(page) => return *page,
    };
    let token = FlowCookie::Change.read(&parts.headers, state.site.secure);
    let caller = caller(&parts);
    let flow = match state.backend.change(kind, &caller).page(token.as_ref()).await {
        Ok(flow) => flow,
        Err(error) => return failure(&state.site, &error, &caller.request),
    };
    let Some(flow) = flow else {
        let lost = if step == "validar" { "" } else { "?aviso=vencido" };
        return redirect(&format!("{}{lost}", Errand::Change.path(kind)));
    };
    let here = path(kind, &flow.state);
    if !here.ends_with(&format!("/{step}")) {
        return redirect(&here);
    }
    let title =
        if matches!(flow.state, Change::Done { .. }) { "Éxito: clave cambiada" } else { "Cambiar CS" };
    let page = Page { error: !flow.say.errors.is_empty(), ..Page::titled(title) };
    page.render(&state.site, move || match &flow.state {
        Change::Identify => validar::view(kind, &flow.say, flow.typed.get("rut")),
        Change::NewKey(_) => clave::view(kind, &flow),
        Change::Done { by_sms } => listo::view(*by_sms),
    })
}
