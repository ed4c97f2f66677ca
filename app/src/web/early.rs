//! Answers that end a handler before its end.

use axum::response::{IntoResponse, Response};

/// The answer to a request that cannot be served as it was meant: a redirect to another step, a page that says why. Handlers
/// leave with it by `?`.
pub struct EarlyResponse(Box<Response>);

impl From<Response> for EarlyResponse {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for EarlyResponse {
    fn into_response(self) -> Response {
        *self.0
    }
}
