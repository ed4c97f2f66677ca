//! Shows the form, empty or as it was filled in, or the end.

use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::Response;
use backend::flows::Flow;
use domain::flow::registration::Registration;

use super::{form, listo, path};
use crate::web::{AppState, FlowCookie, Page, caller, failure, kind_of, redirect};
use crate::wording::labels::Errand;

/// `/registrar/{kind}`: an empty form.
pub async fn enter(State(state): State<AppState>, Path(kind): Path<String>, parts: Parts) -> Response {
    let kind = match kind_of(&state, &kind, Errand::Register) {
        Ok(kind) => kind,
        Err(page) => return *page,
    };
    let token = FlowCookie::Register.read(&parts.headers, state.site.secure);
    let caller = caller(&parts);
    let (flow, token) = match state.backend.registration(kind, &caller).begin(token.as_ref()).await {
        Ok(begun) => begun,
        Err(error) => return failure(&state.site, &error, &caller.request),
    };
    let proof = state.backend.settings.register_proof;
    let cookie = token.map(|token| (FlowCookie::Register, token));
    let page = Page { cookie, ..Page::titled("Registrar persona natural") };
    page.render(&state.site, move || form::view(kind, &flow, proof))
}

/// `/registrar/{kind}/{step}`: the form as it was filled in, or the end.
pub async fn step(
    State(state): State<AppState>,
    Path((kind, step)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let kind = match kind_of(&state, &kind, Errand::Register) {
        Ok(kind) => kind,
        Err(page) => return *page,
    };
    let token = FlowCookie::Register.read(&parts.headers, state.site.secure);
    let caller = caller(&parts);
    let flow = match state.backend.registration(kind, &caller).page(token.as_ref()).await {
        Ok(flow) => flow,
        Err(error) => return failure(&state.site, &error, &caller.request),
    };
    let Some(flow) = flow else { return redirect(&Errand::Register.path(kind)) };
    let here = path(kind, &flow.state);
    if !here.ends_with(&format!("/{step}")) {
        return redirect(&here);
    }
    show(&state, kind, flow)
}

fn show(state: &AppState, kind: domain::kind::Kind, flow: Flow<Registration>) -> Response {
    match flow.state {
        Registration::Form => {
            let proof = state.backend.settings.register_proof;
            let error = !flow.say.errors.is_empty();
            let page = Page { error, ..Page::titled("Registrar persona natural") };
            page.render(&state.site, move || form::view(kind, &flow, proof))
        }
        Registration::Done { by_sms } => {
            Page::titled("Éxito: cuenta creada").render(&state.site, move || listo::view(by_sms))
        }
    }
}
