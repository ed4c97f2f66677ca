//! Shows the page of a step.

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use backend::flows::Typed;
use backend::service::update::question_state;
use domain::flow::Feedback;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::update::Update;

use super::listo::Stopped;
use super::{datos, documento, elegir, listo, path, pregunta, validar};
use crate::errand::Errand;
use crate::web::{AppState, EarlyResponse, EntryQuery, FlowCookie, Page, Visit, redirect};

/// `/actualizar/{kind}`: the first step, empty.
pub async fn enter(
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(asked): Query<EntryQuery>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::Update, &parts)?;
    let (kind, feedback, proof) = (visit.kind, asked.feedback(), state.backend.settings.update_proof);
    let title = Page::titled(|words| words.errands.update.menu);
    Ok(Page { in_flow: visit.token.is_some(), ..title }
        .of(kind)
        .render(&state.site, move || validar::view((kind, proof), None, &feedback, &Typed::default())))
}

/// `/actualizar/{kind}/{step}`: shows the flow’s current step; any other step leads there.
pub async fn step(
    State(state): State<AppState>,
    Path((kind, step)): Path<(String, String)>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::Update, &parts)?;
    let flow = visit.backend().update(visit.kind, &visit.caller).page(visit.token.as_ref()).await;
    let flow = visit.found(flow, &step)?;
    let (kind, here) = (visit.kind, path(visit.kind, &flow.state));
    // Back from the document to the question, for a person who remembers the answer after all.
    let again = question_state(&flow.state).filter(|_| step == "pregunta");
    if again.is_none() && !here.ends_with(&format!("/{step}")) {
        return Ok(redirect(&here));
    }
    let service = visit.backend().update(kind, &visit.caller);
    let lacks = service.lacking(&flow).await.map_err(|error| visit.failed(&error))?;
    let stopped = match &flow.state {
        Update::Done(_) => stopped(&visit, flow.state.account()).await,
        _ => None,
    };
    let done = matches!(flow.state, Update::Done(_));
    // One way on: a change that had stopped comes before the system that waits for its key.
    let unfinished = if done && stopped.is_none() { visit.unfinished().await } else { Vec::new() };
    let error = !flow.feedback.errors.is_empty();
    let title = Page::titled(move |words| match (done, error) {
        (true, true) => words.mail_check.heading,
        (true, false) => words.update.done_title,
        (false, _) => words.errands.update.menu,
    });
    let proof = state.backend.settings.update_proof;
    let page = Page { error, in_flow: true, unfinished, ..title.of(kind) };
    Ok(page.render(&state.site, move || match &flow.state {
        Update::Identify => validar::view((kind, proof), Some(&flow), &flow.feedback, &flow.typed),
        Update::Document(_) => match &again {
            Some(asked) => pregunta::view(kind, &flow, &Feedback::default(), asked),
            None => documento::view(kind, &flow),
        },
        Update::Question(asked) => pregunta::view(kind, &flow, &flow.feedback, asked),
        Update::Choose(choose) => elegir::view(kind, &flow, choose),
        Update::Form(_) => datos::view(kind, &flow, &lacks),
        Update::Done(done) => listo::view(kind, &flow, done, stopped),
    }))
}

/// The flow of this browser and this account that stopped for missing data. A comfort: when it cannot be looked for, there
/// is none.
async fn stopped(visit: &Visit<'_>, account: Option<domain::flow::AccountId>) -> Option<Stopped> {
    let token = visit.cookie(FlowCookie::Change);
    let change = visit.backend().change(visit.kind, &visit.caller).page(token.as_ref()).await.ok().flatten();
    if let Some(flow) = change
        && let Change::MissingData(stopped) = &flow.state
        && Some(stopped.account()) == account
    {
        return Some(Stopped { errand: Errand::Change, tag: flow.tag().to_owned() });
    }
    let token = visit.cookie(FlowCookie::Recover);
    let flow =
        visit.backend().recovery(visit.kind, &visit.caller).page(token.as_ref()).await.ok().flatten()?;
    match &flow.state {
        Recovery::MissingData(stopped) if Some(stopped.account()) == account => {
            Some(Stopped { errand: Errand::Recover, tag: flow.tag().to_owned() })
        }
        _ => None,
    }
}
