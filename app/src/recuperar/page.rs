//! Shows the page of a step. Without the cookie of a flow there is only the first one.

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use backend::service::recovery::asking;
use domain::flow::recovery::Recovery;
use domain::flow::{Notice, Say};
use domain::kind::Kind;
use leptos::prelude::*;
use serde::Deserialize;

use super::{Shown, confirmar, contacto, correo, listo, path, pregunta, rut, serie, step as step_of};
use crate::web::{AppState, FlowCookie, Page, caller, failure, kind_of, redirect};
use crate::wording::labels::Errand;

/// What may stand behind `?`: a fixed word, never data of a person.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    aviso: Option<String>,
}

impl Asked {
    /// Whether a flow has just expired.
    pub(crate) fn expired(&self) -> bool {
        self.aviso.as_deref() == Some("vencido")
    }
}

/// `/recuperar/{kind}`: the first step, empty. Whoever sits down at a shared computer does not see what the person before
/// typed.
pub async fn enter(
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let kind = match kind_of(&state, &kind, Errand::Recover) {
        Ok(kind) => kind,
        Err(page) => return *page,
    };
    let say = if asked.expired() { Notice::Expired.into() } else { Say::default() };
    Page::titled("Recuperar CS").render(&state.site, move || rut::view(kind, &say, ""))
}

/// `/recuperar/{kind}/{step}`: a step that this flow has earned; any other leads to where the flow stands.
pub async fn step(
    State(state): State<AppState>,
    Path((kind, step)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let kind = match kind_of(&state, &kind, Errand::Recover) {
        Ok(kind) => kind,
        Err(page) => return *page,
    };
    let token = FlowCookie::Recover.read(&parts.headers, state.site.secure);
    let caller = caller(&parts);
    let flow = match state.backend.recovery(kind, &caller).page(token.as_ref()).await {
        Ok(flow) => flow,
        Err(error) => return failure(&state.site, &error, &caller.request),
    };
    let Some(flow) = flow else {
        let lost = if step == "rut" { "" } else { "?aviso=vencido" };
        return redirect(&format!("{}{lost}", Errand::Recover.path(kind)));
    };
    let shown = Shown { kind, flow: &flow };
    let current = step_of(&flow.state) == step;
    let Some(view) = view(&shown, &step, current) else { return redirect(&path(kind, &flow.state)) };
    let page = Page { error: !flow.say.errors.is_empty(), ..Page::titled(title(&flow.state)) };
    page.render(&state.site, view)
}

fn title(state: &Recovery) -> &'static str {
    match state {
        Recovery::Sent(_) => "Éxito: clave enviada",
        Recovery::NoAccount => "No hay cuenta",
        _ => "Recuperar CS",
    }
}

/// The view of a step: of the current one, or of one before it that the flow may go back to.
fn view(shown: &Shown<'_>, step: &str, current: bool) -> Option<impl FnOnce() -> AnyView + use<>> {
    let (kind, flow): (Kind, _) = (shown.kind, shown.flow.clone());
    let quiet = Say::default();
    let say = if current { flow.say.clone() } else { quiet };
    let step = step.to_owned();
    let allowed = match (&flow.state, step.as_str()) {
        _ if current => true,
        (state, "pregunta") => asking(state).is_some(),
        (Recovery::Captcha(ready), "correo") => ready.choose_again().is_some_and(|c| c.masked().is_some()),
        (Recovery::Contact(choice), "correo") => choice.masked().is_some(),
        (Recovery::Captcha(ready), "contacto") => ready.choose_again().is_some(),
        _ => false,
    };
    allowed.then_some(move || {
        let shown = Shown { kind, flow: &flow };
        match step.as_str() {
            "rut" => rut::view(kind, &say, flow.typed.get("rut")),
            "pregunta" => pregunta::view(&shown, &say),
            "serie" => serie::view(&shown, &say),
            "correo" => correo::view(&shown, &say),
            "contacto" => contacto::view(&shown, &say),
            "confirmar" => confirmar::view(&shown, &say),
            "listo" => listo::view(&shown),
            _ => listo::no_account(kind),
        }
    })
}
