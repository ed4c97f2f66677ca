//! Shows the form, empty or as it was filled in, or the end.

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use backend::flows::Typed;
use domain::flow::mail_check::MailCheck;

use super::{path, validar};
use crate::errand::Errand;
use crate::web::{AppState, EarlyResponse, EntryQuery, Page, Visit, redirect};

/// `/correo/{kind}`: an empty form.
pub async fn enter(
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(asked): Query<EntryQuery>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::ConfirmMail, &parts)?;
    let (kind, feedback) = (visit.kind, asked.feedback());
    let page = Page { in_flow: visit.token.is_some(), ..Page::titled(|words| words.mail_check.heading) };
    Ok(page.of(kind).render(&state.site, move || validar::view(kind, &feedback, &Typed::default())))
}

/// `/correo/{kind}/{step}`: the form as it was filled in, or the end.
pub async fn step(
    State(state): State<AppState>,
    Path((kind, step)): Path<(String, String)>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::ConfirmMail, &parts)?;
    let flow = visit.backend().mail(visit.kind, &visit.caller).page(visit.token.as_ref()).await;
    let flow = visit.found(flow, &step)?;
    let (kind, here) = (visit.kind, path(visit.kind, &flow.state));
    if !here.ends_with(&format!("/{step}")) {
        return Ok(redirect(&here));
    }
    let error = !flow.feedback.errors.is_empty();
    let page = match flow.state {
        MailCheck::Ask => Page::titled(|words| words.mail_check.heading),
        MailCheck::Done => Page::titled(|words| words.mail_check.done_title),
    };
    let page = Page { error, in_flow: true, ..page }.of(kind);
    Ok(page.render(&state.site, move || match flow.state {
        MailCheck::Ask => validar::view(kind, &flow.feedback, &flow.typed),
        MailCheck::Done => validar::done(),
    }))
}
