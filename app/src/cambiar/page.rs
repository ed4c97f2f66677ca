//! Shows the page of a step.

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use backend::flows::Typed;
use domain::flow::change::Change;
use leptos::prelude::*;

use super::{clave, faltan, listo, path, validar};
use crate::errand::Errand;
use crate::ui::begin_again;
use crate::web::{AppState, EarlyResponse, EntryQuery, Page, Visit, redirect};

/// `/cambiar/{kind}`: the first step, empty.
pub async fn enter(
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(asked): Query<EntryQuery>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::Change, &parts)?;
    let (kind, feedback) = (visit.kind, asked.feedback());
    let title = Page::titled(|words| words.errands.change.menu);
    Ok(Page { in_flow: visit.token.is_some(), ..title }
        .of(kind)
        .render(&state.site, move || validar::view(kind, None, &feedback, &Typed::default())))
}

/// `/cambiar/{kind}/{step}`: shows the flow’s current step; any other step leads there.
pub async fn step(
    State(state): State<AppState>,
    Path((kind, step)): Path<(String, String)>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::Change, &parts)?;
    let flow = visit.backend().change(visit.kind, &visit.caller).page(visit.token.as_ref()).await;
    let flow = visit.found(flow, &step)?;
    let (kind, here) = (visit.kind, path(visit.kind, &flow.state));
    if !here.ends_with(&format!("/{step}")) {
        return Ok(redirect(&here));
    }
    let proof = state.backend.settings.update_proof;
    let done = matches!(flow.state, Change::Done { .. });
    let unfinished = if done || flow.state.is_for_sign_in() { visit.unfinished().await } else { Vec::new() };
    let elsewhere = match (done, unfinished.is_empty()) {
        (true, true) => visit.backend().change(visit.kind, &visit.caller).system(&flow).await.ok().flatten(),
        _ => None,
    };
    let issuer = state.backend.issuer();
    let elsewhere = move || elsewhere.map(|client| begin_again(&client, &issuer));
    let title =
        Page::titled(move |words| if done { words.change.done_title } else { words.errands.change.menu });
    let page = Page { error: !flow.feedback.errors.is_empty(), in_flow: true, unfinished, ..title.of(kind) };
    Ok(page.render(&state.site, move || match &flow.state {
        Change::Identify => validar::view(kind, Some(&flow), &flow.feedback, &flow.typed),
        Change::MissingData(stopped) => faltan::view(kind, &flow, stopped),
        Change::NewKey(_) => clave::view(kind, &flow),
        Change::Done { by_sms, question_deleted } => {
            view! { {listo::view(kind, proof, *by_sms, *question_deleted)} {elsewhere()} }.into_any()
        }
    }))
}
