//! Shows the page of a step. Without the cookie of a flow there is only the first one.

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use backend::service::recovery::question_state;
use domain::flow::Feedback;
use domain::flow::recovery::Recovery;
use domain::flow::update::UpdateProof;
use domain::identifier::Identifier;
use leptos::prelude::*;

use super::{
    PageContext, confirmar, contacto, correo, documento, faltan, listo, path, pregunta, representante,
    step as step_of, subject_of, validar,
};
use crate::errand::Errand;
use crate::web::{AppState, EarlyResponse, EntryQuery, Page, Visit, redirect};

/// `/recuperar/{kind}`: the first step, empty. The next user of a shared computer does not see what the person before
/// typed. Only “Cambiar”, of a step that shows it, fills it in.
pub async fn enter(
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(asked): Query<EntryQuery>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::Recover, &parts)?;
    let (kind, feedback) = (visit.kind, asked.feedback());
    let mut typed = visit.typed_at_sign_in(&asked).await;
    if asked.corrects() {
        let flow = visit.backend().recovery(kind, &visit.caller).page(visit.token.as_ref()).await;
        let flow = flow.map_err(|error| visit.failed(&error))?;
        if let Some(subject) = flow.as_ref().and_then(|flow| subject_of(&flow.state)) {
            typed = typed.with(Identifier::field(kind), &subject.identifier.to_string());
        }
    }
    let unfinished = visit.unfinished().await;
    let title = Page::titled(|words| words.errands.recover.menu);
    Ok(Page { in_flow: visit.token.is_some(), unfinished, ..title }
        .of(kind)
        .render(&state.site, move || validar::view(kind, &feedback, &typed)))
}

/// `/recuperar/{kind}/{step}`: a step whose proofs this flow has; any other leads to the flow’s current step.
pub async fn step(
    State(state): State<AppState>,
    Path((kind, step)): Path<(String, String)>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::Recover, &parts)?;
    let flow = visit.backend().recovery(visit.kind, &visit.caller).page(visit.token.as_ref()).await;
    let flow = visit.found(flow, &step)?;
    let shown = PageContext { kind: visit.kind, flow: &flow };
    let current = step_of(&flow.state) == step;
    let key = visit.backend().shown_key(&flow).await.map_err(|error| visit.failed(&error))?;
    let proof = state.backend.settings.update_proof;
    let first = matches!(flow.state, Recovery::Identify);
    let unfinished = if first { visit.unfinished().await } else { Vec::new() };
    let Some(view) = view(&shown, &step, current, key, proof) else {
        return Ok(redirect(&path(visit.kind, &flow.state)));
    };
    let title = match &flow.state {
        // The tab does not say that all is well above a page that says what is not.
        Recovery::Sent(_) if listo::is_refused(&flow) => Page::titled(|words| words.recover.one_step_left),
        state => titled(state),
    };
    let page =
        Page { error: !flow.feedback.errors.is_empty(), in_flow: true, unfinished, ..title.of(visit.kind) };
    Ok(page.render(&state.site, view))
}

fn titled(state: &Recovery) -> Page {
    match state {
        Recovery::Sent(_) => Page::titled(|words| words.recover.sent_title),
        Recovery::NoAccount => Page::titled(|words| words.recover.no_account_title),
        _ => Page::titled(|words| words.errands.recover.menu),
    }
}

/// The view of a step: of the current one, or of one before it that the flow may go back to.
fn view(
    shown: &PageContext<'_>,
    step: &str,
    current: bool,
    key: Option<String>,
    proof: UpdateProof,
) -> Option<impl FnOnce() -> AnyView + use<>> {
    let (kind, flow) = (shown.kind, shown.flow.clone());
    let feedback = if current { flow.feedback.clone() } else { Feedback::default() };
    let step = step.to_owned();
    let allowed = match (&flow.state, step.as_str()) {
        _ if current => true,
        (state, "pregunta") => question_state(state).is_some(),
        (Recovery::Captcha(ready), "correo") => {
            ready.choose_again().is_some_and(|c| c.on_file().mail.is_some())
        }
        (Recovery::Contact(choice), "correo") => choice.on_file().mail.is_some(),
        (Recovery::Captcha(ready), "contacto") => ready.choose_again().is_some(),
        _ => false,
    };
    allowed.then_some(move || {
        let shown = PageContext { kind, flow: &flow };
        match step.as_str() {
            "validar" => validar::view(kind, &feedback, &flow.typed),
            "pregunta" => pregunta::view(&shown, &feedback),
            "representante" => representante::view(&shown, &feedback),
            "documento" => documento::view(&shown, &feedback),
            "faltan-datos" => faltan::view(&shown, &feedback, proof),
            "correo" => correo::view(&shown, &feedback),
            "contacto" => contacto::view(&shown, &feedback),
            "confirmar" => confirmar::view(&shown, &feedback),
            _ => match &flow.state {
                Recovery::Sent(sent) => listo::view(kind, &flow, sent, key),
                _ => listo::no_account(kind),
            },
        }
    })
}
