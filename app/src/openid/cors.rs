//! Which pages may read the answers of the protocol by script: those of the origins that public clients have registered.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::web::{AppState, caller};

/// `OPTIONS`: the headers come from [`readable_by_clients`].
pub(super) async fn preflight() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Names the origin of a request in its answer, if a client has registered it.
pub(super) async fn readable_by_clients(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let origin = parts.headers.get(header::ORIGIN).cloned();
    let (is_preflight, caller) = (parts.method == Method::OPTIONS, caller(&parts, state.site.secure));
    let allowed = match origin.as_ref().and_then(|origin| origin.to_str().ok()) {
        Some(named) => state.backend.openid(&caller).is_origin_of_a_client(named).await.unwrap_or(false),
        None => false,
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.filter(|_| allowed) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if is_preflight {
            let allow = [
                (header::ACCESS_CONTROL_ALLOW_METHODS, "GET,POST"),
                (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization,content-type"),
                (header::ACCESS_CONTROL_MAX_AGE, "3600"),
            ];
            headers.extend(allow.map(|(name, value)| (name, HeaderValue::from_static(value))));
        }
    }
    response
}
