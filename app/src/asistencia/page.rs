//! Shows where a request is.

use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::Response;
use backend::service::rce::{AttendancePage, Shown};
use domain::kind::Kind;

use super::{ended, views};
use crate::web::{AppState, FlowCookie, Page, TaggedCookie, caller, failure};

/// `/asistencia/{request}`.
pub async fn page(State(state): State<AppState>, Path(tag): Path<String>, parts: Parts) -> Response {
    let secure = state.site.secure;
    let caller = caller(&parts, secure);
    let token = TaggedCookie::Attendance.read(&parts.headers, &tag, secure);
    let session = FlowCookie::Session.read(&parts.headers, secure);
    let shown = state.backend.attendance(&caller).page(token.as_ref(), &tag, session.as_ref()).await;
    let mut response = match shown {
        Ok(Shown::Ask(page)) => ask(&state, *page),
        Ok(Shown::End(end)) => ended(&state, *end),
        Ok(Shown::Gone) => gone(&state),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    };
    // A request comes without our cookies, so those that are too many go here.
    let gone = TaggedCookie::Attendance.prune(&parts.headers, &tag, secure);
    response.headers_mut().extend(gone.into_iter().map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

fn ask(state: &AppState, page: AttendancePage) -> Response {
    let error = !page.flow.feedback.errors.is_empty();
    let action = page.action;
    let title = Page::titled(move |words| views::ask_heading(&words.attendance, action));
    let shown = Page { error, in_flow: true, ..title }.of(Kind::Natural);
    shown.render(&state.site, move || views::ask(&page))
}

/// The request has expired, or was begun in another browser.
pub(super) fn gone(state: &AppState) -> Response {
    let page = Page { status: StatusCode::GONE, ..Page::titled(|words| words.attendance.expired.heading) };
    page.render(&state.site, || views::plain(|words| &words.expired))
}

/// What somebody sees who opens the address of a form.
pub async fn here(State(state): State<AppState>) -> Response {
    Page::titled(|words| words.attendance.here.heading)
        .render(&state.site, || views::plain(|words| &words.here))
}
