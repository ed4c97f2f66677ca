//! `/facilitador`: a company asks for the key of a foreign facilitator (F-REQ). [`validar`] asks who asks, [`declaracion`] hands
//! out the “Declaración Jurada” and takes it back signed, [`datos`] takes the facilitator's data and document, [`listo`] tells
//! the number.

pub mod datos;
pub mod declaracion;
pub mod listo;
pub mod page;
pub mod validar;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use backend::clock::chilean_time;
use backend::flows::Token;
use backend::service::NextStep;
use backend::store::uploads::Upload;
use domain::flow::request::{RequestFlow, UploadPurpose};
use domain::kind::Kind;

use crate::errand::Errand;
use crate::ui::Head;
use crate::web::{EarlyResponse, FlowCookie, FormWithFile, Post, Read, failure, form_with_file};
use crate::words::{format_and_size, words};

/// The page of a state.
pub(crate) fn path(_: Kind, state: &RequestFlow) -> String {
    let step = match state {
        RequestFlow::Identify => "validar",
        RequestFlow::Declaration(_) => "declaracion",
        RequestFlow::Details(_) => "datos",
        RequestFlow::Done { .. } => "listo",
    };
    format!("/{}/{step}", Errand::Facilitator.slug())
}

/// The cookie that holds a flow of this state.
fn cookie(state: &RequestFlow) -> FlowCookie {
    match state {
        RequestFlow::Identify => FlowCookie::FacilitatorFirst,
        RequestFlow::Declaration(_) | RequestFlow::Details(_) | RequestFlow::Done { .. } => {
            FlowCookie::Facilitator
        }
    }
}

/// [`cookie`] of where a form has led; `before` is the one that it came with.
fn cookie_of(moved: &backend::service::Result<NextStep<RequestFlow>>, before: FlowCookie) -> FlowCookie {
    moved.as_ref().map_or(before, |moved| cookie(&moved.state))
}

/// Heading and step number of a step.
fn head(number: u8, heading: &'static str) -> Head {
    Head {
        over: words().request.title.to_owned(),
        heading: heading.to_owned(),
        step: Some((number, 3)),
        ..Head::default()
    }
}

/// A file that is kept: when it came, what it is, how big it is.
fn described(upload: &Upload) -> String {
    format!("{}, {}", chilean_time(upload.created_at), format_and_size(words(), &upload.format, upload.size))
}

/// The form of a step that brings a file; or the answer, when it cannot be used.
async fn form_of(
    post: &Post,
    token: Option<&Token>,
    parts: &Parts,
    body: Body,
    file: UploadPurpose,
) -> Result<FormWithFile, EarlyResponse> {
    let service = post.backend().request(&post.caller);
    let response = match form_with_file(&service, token, parts, body, file).await {
        Ok(Read::Form(form)) => return Ok(form),
        Ok(Read::ConnectionLost(moved)) => post.respond(cookie(&moved.state), Ok(moved), path),
        Ok(Read::Busy) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Ok(Read::Other) => StatusCode::BAD_REQUEST.into_response(),
        Err(error) => failure(post.site(), &error, &post.caller.request_id),
    };
    Err(response.into())
}
