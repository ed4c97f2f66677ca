//! What a server function works with: the caller, the form, the cookie; and how it answers: with a cookie and a redirect.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use backend::Backend;
use backend::flows::Token;
use backend::form::FormFingerprint;
use backend::service::{Caller, NextStep, Posted, Result, ServiceError};
use domain::field::Field;
use domain::identifier::Identifier;
use domain::kind::Kind;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::page::log_failure;
use super::{AppState, FlowCookie, Site, TaggedCookie, caller, failure, known, redirect};
use crate::errand::Errand;

/// A form that came in.
pub struct Post {
    state: AppState,
    headers: HeaderMap,
    form: FormFingerprint,
    /// Whether [`OTHER_LETTERS`] is in its URL.
    other_letters: bool,
    /// Who sent it.
    pub caller: Caller,
    /// For which kind of holder.
    pub kind: Kind,
}

/// The parameter with which “Refrescar” sends a form that asks for letters in place of a wait.
pub(crate) const OTHER_LETTERS: &str = "refrescar";

/// Whether a form was sent by “Refrescar”, to have other letters and no more.
pub(crate) fn asks_other_letters(parts: &Parts) -> bool {
    parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == OTHER_LETTERS))
}

/// The hidden fields of a form, beside the kind.
#[derive(Debug, Clone, Copy)]
pub struct HiddenFields<'a> {
    /// The tag of the flow.
    pub tag: &'a str,
    /// The captcha that was shown.
    pub captcha: &'a str,
    /// The proof of work for it.
    pub work: &'a str,
}

impl Post {
    /// The request behind the server function that runs. None outside a request whose form was read; and when there is no such
    /// kind: then the answer is 400.
    #[must_use]
    pub fn receive(kind: &str) -> Option<Self> {
        let (state, parts) = (use_context::<AppState>()?, use_context::<Parts>()?);
        let form = *parts.extensions.get::<FormFingerprint>()?;
        let Some(kind) = Kind::from_slug(kind) else {
            answer(StatusCode::BAD_REQUEST);
            return None;
        };
        let caller = caller(&parts, state.site.secure);
        let other_letters = asks_other_letters(&parts);
        Some(Self { state, form, other_letters, caller, headers: parts.headers, kind })
    }

    /// The request of a handler that is no server function, for a kind. Its form, which brings a file, is still to be read:
    /// [`super::FormWithFile::posted`].
    #[must_use]
    pub fn of(state: AppState, parts: &Parts, kind: Kind) -> Self {
        let (form, headers) = (FormFingerprint::of([]), parts.headers.clone());
        let caller = caller(parts, state.site.secure);
        Self { state, form, other_letters: false, caller, headers, kind }
    }

    /// The same, of an errand that does not serve every kind.
    #[must_use]
    pub fn receive_for(errand: Errand, kind: &str) -> Option<Self> {
        let served = Kind::from_slug(kind).is_some_and(|kind| errand.kinds().contains(&kind));
        Self::receive(if served { kind } else { "" })
    }

    /// The services.
    #[must_use]
    pub fn backend(&self) -> &Backend {
        &self.state.backend
    }

    /// What is in the field that this kind has for its identifier.
    #[must_use]
    pub fn who<'a>(&self, rut: &'a str, nie: &'a str) -> &'a str {
        match Identifier::field(self.kind) {
            Field::Nie => nie,
            _ => rut,
        }
    }

    /// What is in the field that this kind has for its identity document.
    #[must_use]
    pub fn document<'a>(&self, serial: &'a str, number: &'a str) -> &'a str {
        self.who(serial, number)
    }

    /// Answers with a redirect to a page of ours.
    pub fn redirect_to(&self, path: &str) {
        let Some(response) = use_context::<ResponseOptions>() else { return };
        if let Ok(path) = HeaderValue::from_str(path) {
            response.insert_header(header::LOCATION, path);
        }
        response.set_status(StatusCode::SEE_OTHER);
    }

    /// The token in the cookie of a flow.
    #[must_use]
    pub fn token(&self, cookie: FlowCookie) -> Option<Token> {
        cookie.read(&self.headers, self.state.site.secure)
    }

    /// What the services need of every form.
    #[must_use]
    pub fn posted<'a>(&'a self, token: Option<&'a Token>, seen: HiddenFields<'a>) -> Posted<'a> {
        Posted {
            token,
            tag: seen.tag,
            captcha: seen.captcha,
            work: seen.work,
            letters: "",
            other_letters: self.other_letters,
            caller: &self.caller,
            form: self.form,
        }
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.state.site
    }

    /// What [`Post::answer`] says, as the response of a handler that is no server function.
    pub fn respond<S>(
        &self,
        cookie: FlowCookie,
        moved: Result<NextStep<S>>,
        path: impl FnOnce(Kind, &S) -> String,
    ) -> Response {
        let moved = match moved {
            Ok(moved) => moved,
            Err(error) => {
                let mut response = failure(&self.state.site, &error, &self.caller.request_id);
                if let Some(set) = self.set(cookie, token_of(&error)) {
                    response.headers_mut().append(header::SET_COOKIE, set);
                }
                return response;
            }
        };
        let mut response = redirect(&path(self.kind, &moved.state));
        if let Some(set) = self.set(cookie, moved.token.as_ref()) {
            response.headers_mut().append(header::SET_COOKIE, set);
        }
        if let Some(set) = known(&self.caller, self.state.site.secure) {
            response.headers_mut().append(header::SET_COOKIE, set);
        }
        response
    }

    /// Answers: a new cookie where there is one, and a redirect to the page of the state; or “intente más tarde”.
    pub fn answer<S>(
        &self,
        cookie: FlowCookie,
        moved: Result<NextStep<S>>,
        path: impl FnOnce(Kind, &S) -> String,
    ) {
        let Some(response) = use_context::<ResponseOptions>() else { return };
        match moved {
            Ok(moved) => {
                if let Some(set) = self.set(cookie, moved.token.as_ref()) {
                    response.append_header(header::SET_COOKIE, set);
                }
                if let Some(set) = known(&self.caller, self.state.site.secure) {
                    response.append_header(header::SET_COOKIE, set);
                }
                if let Ok(path) = HeaderValue::from_str(&path(self.kind, &moved.state)) {
                    response.insert_header(header::LOCATION, path);
                }
                response.set_status(StatusCode::SEE_OTHER);
            }
            Err(error) => {
                if let Some(set) = self.set(cookie, token_of(&error)) {
                    response.append_header(header::SET_COOKIE, set);
                }
                self.fail(&error);
            }
        }
    }

    /// The header with a new token, when there is one.
    fn set(&self, cookie: FlowCookie, token: Option<&Token>) -> Option<HeaderValue> {
        cookie.write(token?, self.state.site.secure)
    }

    /// Answers “intente más tarde”, and says in the log why.
    pub fn fail(&self, error: &ServiceError) {
        let Some(response) = use_context::<ResponseOptions>() else { return };
        response.set_status(log_failure(error, &self.caller.request_id));
    }

    /// Takes the cookies of all sign-ins and requests of attendance from the browser.
    pub fn clear_tagged(&self) {
        let Some(response) = use_context::<ResponseOptions>() else { return };
        let secure = self.state.site.secure;
        for clear in TaggedCookie::ALL.into_iter().flat_map(|cookie| cookie.clear(&self.headers, secure)) {
            response.append_header(header::SET_COOKIE, clear);
        }
    }

    /// Takes a cookie from the browser.
    pub fn clear(&self, cookie: FlowCookie) {
        let Some(response) = use_context::<ResponseOptions>() else { return };
        if let Some(clear) = cookie.clear(self.state.site.secure) {
            response.append_header(header::SET_COOKIE, clear);
        }
    }
}

/// The token of a flow that was written though its step failed.
fn token_of(error: &ServiceError) -> Option<&Token> {
    match error {
        ServiceError::BusyFlow(_, token) => Some(token),
        _ => None,
    }
}

fn answer(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
