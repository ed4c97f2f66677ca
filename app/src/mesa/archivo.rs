//! `/mesa/solicitud/{number}/{purpose}`: a file of a request, handed out as it came in and never opened as a page of ours.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::flow::request::{RequestNumber, UploadPurpose};

use super::page::at_desk;
use crate::web::{AppState, EarlyResponse, failure};

/// Streams a file to an officer.
pub async fn file(
    State(state): State<AppState>,
    Path((number, purpose)): Path<(String, String)>,
    parts: Parts,
) -> Result<Response, EarlyResponse> {
    let (caller, session) = at_desk(&state, &parts).await?;
    let (Some(number), Some(purpose)) = (RequestNumber::parse(&number), UploadPurpose::parse(&purpose))
    else {
        return Err(StatusCode::NOT_FOUND.into_response().into());
    };
    let opened = state.backend.review(&session.officer, &caller).file(&number, purpose).await;
    let opened = opened.map_err(|error| failure(&state.site, &error, &caller.request_id))?;
    let opened = opened.ok_or_else(|| StatusCode::NOT_FOUND.into_response())?;
    let headers = [
        (header::CONTENT_TYPE, opened.format.media_type().to_owned()),
        (header::CONTENT_LENGTH, opened.size.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", opened.name)),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(opened.content)).into_response())
}
