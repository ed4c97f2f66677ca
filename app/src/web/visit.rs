//! A visit to a page of a flow: for which kind, with which cookie; and where the visitor goes who has no flow, or is at
//! another step of it.

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use backend::Backend;
use backend::flows::{Flow, Token, Typed};
use backend::service::{Caller, Result};
use domain::flow::{Feedback, Notice};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::openid::client::Client;
use serde::Deserialize;

use super::{AppState, EarlyResponse, FlowCookie, caller, failure, redirect};
use crate::errand::Errand;

/// The kind of a URL: one that this errand serves, or the page to show in its place.
fn kind_of(slug: &str, errand: Errand) -> std::result::Result<Kind, EarlyResponse> {
    match Kind::from_slug(slug) {
        Some(kind) if errand.kinds().contains(&kind) => Ok(kind),
        _ => Err(StatusCode::NOT_FOUND.into_response().into()),
    }
}

/// The parameter after `?`: a fixed word, never data of a person.
#[derive(Debug, Default, Deserialize)]
pub struct EntryQuery {
    aviso: Option<String>,
}

impl EntryQuery {
    /// What the first page says: that a flow has just expired, or nothing.
    pub(crate) fn feedback(&self) -> Feedback {
        match self.aviso.as_deref() {
            Some("vencido") => Notice::Expired.into(),
            _ => Feedback::default(),
        }
    }

    /// Whether a sign-in leads here, where RUT or NIE may have been typed already.
    pub(crate) fn comes_from_sign_in(&self) -> bool {
        self.aviso.as_deref() == Some("ingreso")
    }

    /// Whether what was typed there is to be corrected: the link “Cambiar” of a later step leads here.
    pub(crate) fn corrects(&self) -> bool {
        self.aviso.as_deref() == Some("corregir")
    }
}

/// A visit.
pub(crate) struct Visit<'a> {
    pub(crate) state: &'a AppState,
    pub(crate) kind: Kind,
    pub(crate) caller: Caller,
    pub(crate) token: Option<Token>,
    errand: Errand,
    parts: &'a Parts,
}

impl<'a> Visit<'a> {
    /// The visit of a request to `/{errand}/{kind}/…`; or the page to show in its place, when there is no such kind.
    pub(crate) fn new(
        state: &'a AppState,
        kind: &str,
        errand: Errand,
        parts: &'a Parts,
    ) -> std::result::Result<Self, EarlyResponse> {
        let kind = kind_of(kind, errand)?;
        let mut visit =
            Self { state, kind, caller: caller(parts, state.site.secure), token: None, errand, parts };
        visit.token = visit.cookie(FlowCookie::of(errand));
        Ok(visit)
    }

    /// The token in the cookie of a flow.
    pub(crate) fn cookie(&self, cookie: FlowCookie) -> Option<Token> {
        cookie.read(&self.parts.headers, self.state.site.secure)
    }

    /// The services.
    pub(crate) fn backend(&self) -> &Backend {
        &self.state.backend
    }

    /// The sign-ins of this browser that are not over. A store that fails only leaves the links out.
    pub(crate) async fn unfinished(&self) -> Vec<(String, Client)> {
        let found = self.backend().sign_in(&self.caller).unfinished().await;
        found.inspect_err(|error| self.leaves_out(error)).unwrap_or_default()
    }

    fn leaves_out(&self, error: &backend::service::ServiceError) {
        tracing::error!(request = self.caller.request_id, %error, "a page leaves out what a sign-in knows");
    }

    /// What was typed at a sign-in of this browser to say who it is, where that leads here. Else the next user of a shared computer would
    /// see it.
    pub(crate) async fn typed_at_sign_in(&self, asked: &EntryQuery) -> Typed {
        let typed = Typed::default();
        if !asked.comes_from_sign_in() {
            return typed;
        }
        match self.backend().sign_in(&self.caller).typed_there(self.kind).await {
            Ok(Some(text)) => typed.with(Identifier::field(self.kind), &text),
            Ok(None) => typed,
            Err(error) => {
                self.leaves_out(&error);
                typed
            }
        }
    }

    /// The page that says “intente más tarde”.
    pub(crate) fn failed(&self, error: &backend::service::ServiceError) -> EarlyResponse {
        failure(&self.state.site, error, &self.caller.request_id).into()
    }

    /// The flow that was looked for. Without one the visitor goes to the first page, which says that the flow has expired,
    /// unless `step` is the first anyway.
    pub(crate) fn found<S>(
        &self,
        flow: Result<Option<Flow<S>>>,
        step: &str,
    ) -> std::result::Result<Flow<S>, EarlyResponse> {
        match flow {
            Ok(Some(flow)) => Ok(flow),
            Ok(None) => {
                let lost = if matches!(step, "validar" | "formulario") { "" } else { "?aviso=vencido" };
                Err(redirect(&format!("{}{lost}", self.errand.path(self.kind))).into())
            }
            Err(error) => Err(self.failed(&error)),
        }
    }
}
