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
use crate::web::{AppState, EntryQuery, FlowCookie, Page, Visit, redirect};

/// `/facilitador`: the first step, empty.
pub async fn enter(State(state): State<AppState>, Query(asked): Query<EntryQuery>, parts: Parts) -> Response {
    let visit = match Visit::new(&state, Kind::Juridica.slug(), Errand::Facilitator, &parts) {
        Ok(visit) => visit,
        Err(page) => return *page,
    };
    let service = visit.backend().request(&visit.caller);
    let first = visit.cookie(FlowCookie::FacilitatorFirst);
    let (flow, token) = match service.begin(first.as_ref(), asked.feedback()).await {
        Ok(begun) => begun,
        Err(error) => return *visit.failed(&error),
    };
    let under_way = match service.page(visit.token.as_ref()).await {
        Ok(flow) => flow.map(|flow| flow.state).filter(|state| !matches!(state, RequestFlow::Done { .. })),
        Err(error) => return *visit.failed(&error),
    };
    let cookie = token.map(|token| (FlowCookie::FacilitatorFirst, token));
    let page = Page { cookie, ..Page::titled(|words| words.request.title).to(Audience::ForFacilitator) };
    page.render(&state.site, move || validar::view(&flow, under_way.as_ref()))
}

/// `/facilitador/{step}`: shows the flow’s current step; any other step leads there.
pub async fn step(State(state): State<AppState>, Path(step): Path<String>, parts: Parts) -> Response {
    let visit = match Visit::new(&state, Kind::Juridica.slug(), Errand::Facilitator, &parts) {
        Ok(visit) => visit,
        Err(page) => return *page,
    };
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
    let mut flow = match visit.found(flow, &step) {
        Ok(flow) => flow,
        Err(page) => return *page,
    };
    let here = path(Kind::Juridica, &flow.state);
    if !here.ends_with(&format!("/{step}")) {
        return redirect(&here);
    }
    let kept = match service.kept(&flow).await {
        Ok(kept) => kept,
        Err(error) => return *visit.failed(&error),
    };
    let unsigned = match service.is_unsigned(&flow).await {
        Ok(unsigned) => unsigned,
        Err(error) => return *visit.failed(&error),
    };
    if flow.feedback.notice == Some(Notice::Unsigned) {
        // Said below, as long as it is so.
        flow.feedback.notice = None;
    }
    let done = matches!(flow.state, RequestFlow::Done { .. });
    let title = Page::titled(move |words| if done { words.request.done_title } else { words.request.title });
    let page = Page { error: !flow.feedback.errors.is_empty(), ..title.to(Audience::ForFacilitator) };
    page.render(&state.site, move || match &flow.state {
        RequestFlow::Identify => validar::view(&flow, None),
        RequestFlow::Declaration(_) => declaracion::view(&flow, kept.as_ref()),
        RequestFlow::Details(_) => datos::view(&flow, kept.as_ref(), unsigned),
        RequestFlow::Done { number } => listo::view(number, unsigned),
    })
}
