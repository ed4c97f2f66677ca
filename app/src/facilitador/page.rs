//! Shows the page of a step.

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use domain::flow::Notice;
use domain::flow::request::RequestFlow;
use domain::kind::Kind;
use wording::Audience;

use super::{datos, declaracion, listo, path, validar};
use crate::errand::Errand;
use crate::web::{AppState, EarlyResponse, EntryQuery, FlowCookie, Page, Visit, redirect};

/// `/facilitador`: the first step, empty. Nothing is stored until it is sent.
pub async fn enter(
    State(state): State<AppState>,
    Query(asked): Query<EntryQuery>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, Kind::Juridica.slug(), Errand::Facilitator, &parts)?;
    let service = visit.backend().request(&visit.caller);
    let flow = service.begin(asked.feedback()).await.map_err(|error| visit.failed(&error))?;
    let under_way = service.page(visit.token.as_ref()).await.map_err(|error| visit.failed(&error))?;
    let under_way =
        under_way.map(|flow| flow.state).filter(|state| !matches!(state, RequestFlow::Done { .. }));
    let title = Page::titled(|words| words.request.title).of(Kind::Juridica).to(Audience::ForFacilitator);
    // Also without a flow: “Refrescar” begins one, and exchanges only its part of the page.
    let page = Page { in_flow: true, ..title };
    Ok(page.render(&state.site, move || validar::view(&flow, under_way.as_ref())))
}

/// `/facilitador/{step}`: shows the flow’s current step; any other step leads there.
pub async fn step(
    State(state): State<AppState>,
    Path(step): Path<String>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let visit = Visit::new(&state, Kind::Juridica.slug(), Errand::Facilitator, &parts)?;
    let service = visit.backend().request(&visit.caller);
    let first = visit.cookie(FlowCookie::FacilitatorFirst);
    let tokens = match step.as_str() {
        "validar" => [first.as_ref(), visit.token.as_ref()],
        _ => [visit.token.as_ref(), first.as_ref()],
    };
    let mut flow = Ok(None);
    for token in tokens {
        flow = service.page(token).await;
        if !matches!(flow, Ok(None)) {
            break;
        }
    }
    let mut flow = visit.found(flow, &step)?;
    let here = path(Kind::Juridica, &flow.state);
    if !here.ends_with(&format!("/{step}")) {
        return Ok(redirect(&here));
    }
    let kept = service.kept(&flow).await.map_err(|error| visit.failed(&error))?;
    let unsigned = service.is_unsigned(&flow).await.map_err(|error| visit.failed(&error))?;
    if flow.feedback.notice == Some(Notice::Unsigned) {
        // Said below, as long as it is so.
        flow.feedback.notice = None;
    }
    let done = matches!(flow.state, RequestFlow::Done { .. });
    let title = Page::titled(move |words| if done { words.request.done_title } else { words.request.title });
    let page = Page {
        error: !flow.feedback.errors.is_empty(),
        in_flow: true,
        ..title.of(Kind::Juridica).to(Audience::ForFacilitator)
    };
    Ok(page.render(&state.site, move || match &flow.state {
        RequestFlow::Identify => validar::view(&flow, None),
        RequestFlow::Declaration(_) => declaracion::view(&flow, kept.as_ref()),
        RequestFlow::Details(_) => datos::view(&flow, kept.as_ref(), unsigned),
        RequestFlow::Done { number } => listo::view(number, unsigned),
    }))
}
