//! Shows the form, empty or as it was filled in, or the end.

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use domain::flow::registration::Registration;
use domain::kind::Kind;

use super::{form, listo, path};
use crate::errand::Errand;
use crate::web::{AppState, EarlyResponse, EntryQuery, Page, Visit, redirect};

/// `/registrar/{kind}`: an empty form. Nothing is stored until it is sent.
pub async fn enter(
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(asked): Query<EntryQuery>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::Register, &parts)?;
    let service = visit.backend().registration(visit.kind, &visit.caller);
    let mut flow = service.begin().await.map_err(|error| visit.failed(&error))?;
    flow.feedback = asked.feedback();
    flow.typed = visit.typed_at_sign_in(&asked).await;
    let rules = state.backend.settings.rules(visit.kind, state.backend.now());
    // Also without a flow: “Refrescar” begins one, and exchanges only its part of the page.
    let unfinished = visit.unfinished().await;
    let page = Page { in_flow: true, unfinished, ..titled(visit.kind) };
    Ok(page.render(&state.site, move || form::view(rules, &flow)))
}

/// `/registrar/{kind}/{step}`: the form as it was filled in, or the end.
pub async fn step(
    State(state): State<AppState>,
    Path((kind, step)): Path<(String, String)>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, &kind, Errand::Register, &parts)?;
    let flow = visit.backend().registration(visit.kind, &visit.caller).page(visit.token.as_ref()).await;
    let flow = visit.found(flow, &step)?;
    let (kind, here) = (visit.kind, path(visit.kind, &flow.state));
    if !here.ends_with(&format!("/{step}")) {
        return Ok(redirect(&here));
    }
    Ok(match flow.state {
        Registration::Form => {
            let unfinished = visit.unfinished().await;
            let rules = state.backend.settings.rules(kind, state.backend.now());
            let page = titled(kind);
            let page = Page { error: !flow.feedback.errors.is_empty(), in_flow: true, unfinished, ..page };
            page.render(&state.site, move || form::view(rules, &flow))
        }
        Registration::Done { .. } => {
            let unfinished = visit.unfinished().await;
            // Only the code of the mail can be wrong on this page.
            let error = !flow.feedback.errors.is_empty();
            let title =
                Page::titled(
                    move |words| {
                        if error { words.mail_check.heading } else { words.register.done_title }
                    },
                );
            let page = Page { error, in_flow: true, unfinished, ..title.of(kind) };
            page.render(&state.site, move || listo::view(kind, &flow))
        }
    })
}

fn titled(kind: Kind) -> Page {
    Page::titled(move |words| (words.register.heading)(kind)).of(kind)
}
