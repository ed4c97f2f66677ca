//! Shows the pages of the desk. Showing changes nothing but the time of the session and the audit.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use backend::flows::Typed;
use backend::service::Caller;
use backend::service::officers::Session;
use backend::service::review::Filter;
use backend::store::requests::RequestState;
use domain::flow::Feedback;
use domain::flow::request::RequestNumber;
use serde::Deserialize;
use wording::Catalogue;

use super::notice::DeskNotice;
use super::{conceder, entrar, lista, path, sign_in, solicitud};
use crate::web::{AppState, FlowCookie, Page, caller, failure, redirect};

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
pub(super) async fn at_desk(state: &AppState, parts: &Parts) -> Result<(Caller, Session), Box<Response>> {
    let caller = caller(parts);
    let token = FlowCookie::Desk.read(&parts.headers, state.site.secure);
    let officers = state.backend.officers(&caller);
    let failed = |error| Err(Box::new(failure(&state.site, &error, &caller.request_id)));
    match officers.session(token.as_ref()).await {
        Ok(Some(session)) => return Ok((caller, session)),
        Ok(None) => {}
        Err(error) => return failed(error),
    }
    // Who was refused at the sign-in has a cookie too, and no session that could have ended.
    match officers.page(token.as_ref()).await {
        Ok(None) if token.is_some() => Err(Box::new(redirect(&sign_in(DeskNotice::SignedOut)))),
        Ok(_) => Err(Box::new(redirect("/mesa"))),
        Err(error) => failed(error),
    }
}

/// `/mesa`: the sign-in, or the list.
pub async fn enter(State(state): State<AppState>, Query(asked): Query<DeskQuery>, parts: Parts) -> Response {
    let caller = caller(&parts);
    let token = FlowCookie::Desk.read(&parts.headers, state.site.secure);
    let officers = state.backend.officers(&caller);
    match officers.session(token.as_ref()).await {
        Ok(Some(session)) => list(&state, &caller, session, &asked).await,
        Ok(None) => match officers.page(token.as_ref()).await {
            Ok(flow) => {
                let (feedback, typed) = flow.map_or_else(
                    || (Feedback::default(), Typed::default()),
                    |flow| (flow.feedback, flow.typed),
                );
                // Only right after the refused form: a new visitor, or one whose session ended since, did nothing wrong.
                let feedback = if asked.notice() == Some(DeskNotice::SignInFailed) {
                    feedback
                } else {
                    Feedback::default()
                };
                let notice = asked.notice().filter(|notice| notice.shown_at_sign_in());
                let page =
                    Page { error: !feedback.errors.is_empty(), ..Page::titled(|words| words.desk.sign_in) };
                page.render(&state.site, move || entrar::view(&feedback, &typed, notice))
            }
            Err(error) => failure(&state.site, &error, &caller.request_id),
        },
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

async fn list(state: &AppState, caller: &Caller, session: Session, asked: &DeskQuery) -> Response {
    let of = lista::state_of(&asked.estado);
    let page = asked.pagina.parse().unwrap_or(1);
    let filter = Filter { state: of, text: &session.notes.search, page };
    match state.backend.review(&session.officer, caller).list(filter).await {
        Ok(listed) => {
            let page = Page { desk: true, ..Page::titled(|words| words.desk.list.heading) };
            page.render(&state.site, move || lista::view(&session, of, listed))
        }
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

/// The page for an officer who asks for a request that there is not.
fn no_request(state: &AppState, session: &Session) -> Response {
    let page = Page {
        desk: true,
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
) -> Response {
    let (caller, session) = match at_desk(&state, &parts).await {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    let Some(number) = RequestNumber::parse(&number) else { return no_request(&state, &session) };
    match state.backend.review(&session.officer, &caller).show(&number).await {
        Ok(Some(details)) => {
            let notice = asked.notice().filter(|notice| notice.fits(details.request.state));
            let feedback = solicitud::feedback(&session, &details.request, notice);
            let title = move |words: &'static Catalogue| (words.desk.request_title)(number.as_str());
            let page = Page { desk: true, error: !feedback.errors.is_empty(), ..Page::titled(title) };
            page.render(&state.site, move || solicitud::view(&session, details, &feedback, notice))
        }
        Ok(None) => no_request(&state, &session),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

/// `/mesa/solicitud/{number}/conceder`: asks once more; who may not decide, or comes too late, is led back.
pub async fn confirm(State(state): State<AppState>, Path(number): Path<String>, parts: Parts) -> Response {
    let (caller, session) = match at_desk(&state, &parts).await {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    let Some(number) = RequestNumber::parse(&number) else { return no_request(&state, &session) };
    match state.backend.review(&session.officer, &caller).show(&number).await {
        Ok(Some(details)) if details.request.state == RequestState::Open && session.officer.may_decide => {
            let page = Page { desk: true, ..Page::titled(|words| words.desk.grant_title) };
            page.render(&state.site, move || conceder::view(&session, &details))
        }
        Ok(Some(_)) => {
            let notice = if session.officer.may_decide { DeskNotice::Decided } else { DeskNotice::ReadOnly };
            redirect(&path(&number, Some(notice)))
        }
        Ok(None) => no_request(&state, &session),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}
