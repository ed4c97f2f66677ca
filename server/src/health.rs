//! `/salud` (alive), `/salud/listo` (database and outbox), and the metrics for Prometheus on a listener of their own.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use backend::Backend;
use backend::clock::MINUTE;
use backend::store::outbox::{self, Census};

/// StatusCounts by class of status: 1xx to 5xx.
#[derive(Clone, Default)]
pub(crate) struct StatusCounts(Arc<[AtomicU64; 5]>);

impl StatusCounts {
    /// Counts one answer.
    pub(crate) fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.0.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The health pages. They say nothing about people.
pub(crate) fn routes(backend: Backend) -> Router {
    Router::new()
        .route("/salud", get(|| async { "ok\n" }))
        .route("/salud/listo", get(ready))
        .with_state(backend)
}

async fn census(backend: &Backend) -> Option<Census> {
    outbox::census(&mut *backend.store.connection().await.ok()?).await.ok()
}

/// Ready while the database answers and no message has waited for more than ten minutes, as the guides promise.
async fn ready(State(backend): State<Backend>) -> Response {
    let census = census(&backend).await;
    let late = census.and_then(|census| census.oldest).is_some_and(|at| backend.now() - at > 10 * MINUTE);
    let database = census.is_some();
    let body = serde_json::json!({
        "database": if database { "ok" } else { "down" },
        "outbox": {
            "state": if late { "late" } else { "ok" },
            "pending": census.map(|census| census.pending),
            "failed": census.map(|census| census.failed),
        },
    });
    let status = if database && !late { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// `/metrics`.
pub(crate) fn metrics(backend: Backend, requests: StatusCounts) -> Router {
    Router::new().route("/metrics", get(show)).with_state((backend, requests))
}

async fn show(State((backend, requests)): State<(Backend, StatusCounts)>) -> Response {
    let mut text = String::from("# TYPE clave_sence_http_responses_total counter\n");
    for (class, counter) in requests.0.iter().enumerate() {
        let count = counter.load(Ordering::Relaxed);
        let _ = writeln!(text, "clave_sence_http_responses_total{{class=\"{}xx\"}} {count}", class + 1);
    }
    let _ = write!(
        text,
        "# TYPE clave_sence_argon2_runs_total counter\nclave_sence_argon2_runs_total {}\n",
        backend.hasher.runs()
    );
    if let Some(census) = census(&backend).await {
        text.push_str("# TYPE clave_sence_outbox_messages gauge\n");
        for (state, count) in [("pending", census.pending), ("sent", census.sent), ("failed", census.failed)]
        {
            let _ = writeln!(text, "clave_sence_outbox_messages{{state=\"{state}\"}} {count}");
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
