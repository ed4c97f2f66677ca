//! Shows the pages of the desk. Showing changes nothing but the time of the session and the audit.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use backend::service::Caller;
use backend::service::officers::Session;
use backend::service::review::{Filter, RequestForReview};
use backend::store::requests::RequestState;
use domain::flow::Feedback;
use domain::flow::request::RequestNumber;
use serde::Deserialize;
use wording::Catalogue;

use super::notice::DeskNotice;
use super::{conceder, entrar, lista, path, sign_in, solicitud};
use crate::web::{AppState, EarlyResponse, FlowCookie, Page, Sheet, caller, failure, redirect};

/// The parameters after `?`: fixed words and a number, never data of a person.
#[derive(Debug, Default, Deserialize)]
pub struct DeskQuery {
    #[serde(default)]
    aviso: String,
    #[serde(default)]
    estado: String,
    #[serde(default)]
    pagina: String,
}

impl DeskQuery {
    fn notice(&self) -> Option<DeskNotice> {
        DeskNotice::parse(&self.aviso)
    }
}

/// The session of the caller; or, without one, a redirect to the sign-in.
pub(super) async fn at_desk(state: &AppState, parts: &Parts) -> Result<(Caller, Session), EarlyResponse> {
    let caller = caller(parts, state.site.secure);
    let token = FlowCookie::Desk.read(&parts.headers, state.site.secure);
    let officers = state.backend.officers(&caller);
    let failed = |error| failure(&state.site, &error, &caller.request_id);
    let session = officers.session(token.as_ref()).await.map_err(failed)?;
    if let Some(session) = session {
        return Ok((caller, session));
    }
    // Who was refused at the sign-in has a cookie too, and no session that could have ended.
    let refused = officers.page(token.as_ref()).await.map_err(failed)?.is_some();
    let notice = (token.is_some() && !refused).then_some(DeskNotice::SignedOut);
    Err(redirect(&notice.map_or_else(|| "/mesa".to_owned(), sign_in)).into())
}

/// `/mesa`: the sign-in, or the list.
pub async fn enter(
    State(state): State<AppState>,
    Query(asked): Query<DeskQuery>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let caller = caller(&parts, state.site.secure);
    let token = FlowCookie::Desk.read(&parts.headers, state.site.secure);
    let officers = state.backend.officers(&caller);
    let failed = |error| failure(&state.site, &error, &caller.request_id);
    if let Some(session) = officers.session(token.as_ref()).await.map_err(failed)? {
        return list(&state, &caller, session, &asked).await;
    }
    let flow = officers.page(token.as_ref()).await.map_err(failed)?;
    let (feedback, typed) = flow.map_or_else(Default::default, |flow| (flow.feedback, flow.typed));
    // Only right after the refused form: a new visitor, or one whose session ended since, did nothing wrong.
    let refused = asked.notice() == Some(DeskNotice::SignInFailed);
    let feedback = if refused { feedback } else { Feedback::default() };
    let notice = asked.notice().filter(|notice| notice.shown_at_sign_in());
    let page = Page {
        error: !feedback.errors.is_empty(),
        desk: true,
        sheet: Sheet::Desk,
        ..Page::titled(|words| words.desk.sign_in)
    };
    Ok(page.render(&state.site, move || entrar::view(&feedback, &typed, notice)))
}

async fn list(
    state: &AppState,
    caller: &Caller,
    session: Session,
    asked: &DeskQuery,
) -> Result<Response, EarlyResponse> {
    let of = lista::state_of(&asked.estado);
    let page = asked.pagina.parse().unwrap_or(1);
    let filter = Filter { state: of, text: &session.notes.search, page };
    let listed = state.backend.review(&session.officer, caller).list(filter).await;
    let listed = listed.map_err(|error| failure(&state.site, &error, &caller.request_id))?;
    let page = Page { desk: true, sheet: Sheet::Desk, ..Page::titled(|words| words.desk.list.heading) };
    Ok(page.render(&state.site, move || lista::view(&session, of, listed)))
}

/// The request of a URL: its number, and everything that the desk shows of it.
async fn requested(
    state: &AppState,
    caller: &Caller,
    session: &Session,
    number: &str,
) -> Result<(RequestNumber, RequestForReview), EarlyResponse> {
    let number = RequestNumber::parse(number).ok_or_else(|| no_request(state, session))?;
    let details = state.backend.review(&session.officer, caller).show(&number).await;
    let details = details.map_err(|error| failure(&state.site, &error, &caller.request_id))?;
    Ok((number, details.ok_or_else(|| no_request(state, session))?))
}

/// The page for an officer who asks for a request that there is not.
fn no_request(state: &AppState, session: &Session) -> Response {
    let page = Page {
        desk: true,
        sheet: Sheet::Desk,
        error: true,
        status: StatusCode::NOT_FOUND,
        ..Page::titled(|words| words.desk.no_request)
    };
    page.render(&state.site, || solicitud::none(session))
}

/// `/mesa/solicitud/{number}`.
pub async fn request(
    State(state): State<AppState>,
    Path(number): Path<String>,
    Query(asked): Query<DeskQuery>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let (caller, session) = at_desk(&state, &parts).await?;
    let (number, details) = requested(&state, &caller, &session, &number).await?;
    let notice = asked.notice().filter(|notice| notice.fits(details.request.state));
    let feedback = solicitud::feedback(&session, &details.request, notice);
    let title = move |words: &'static Catalogue| (words.desk.request_title)(number.as_str());
    let page =
        Page { desk: true, sheet: Sheet::Desk, error: !feedback.errors.is_empty(), ..Page::titled(title) };
    Ok(page.render(&state.site, move || solicitud::view(&session, details, &feedback, notice)))
}

/// `/mesa/solicitud/{number}/conceder`: asks once more; who may not decide, or comes too late, is led back.
pub async fn confirm(
    State(state): State<AppState>,
    Path(number): Path<String>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let (caller, session) = at_desk(&state, &parts).await?;
    let (number, details) = requested(&state, &caller, &session, &number).await?;
    let obstacle = if !session.officer.may_decide {
        Some(DeskNotice::ReadOnly)
    } else if details.request.state != RequestState::Open {
        Some(DeskNotice::Decided)
    } else {
        None
    };
    if let Some(obstacle) = obstacle {
        return Ok(redirect(&path(&number, Some(obstacle))));
    }
    let page = Page { desk: true, sheet: Sheet::Desk, ..Page::titled(|words| words.desk.grant_title) };
    Ok(page.render(&state.site, move || conceder::view(&session, &details)))
}
