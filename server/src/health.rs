//! `/salud` (alive), `/salud/listo` (database and outbox), and the metrics for Prometheus on a listener of their own.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use backend::Backend;
use backend::clock::MINUTE;
use backend::store::outbox::{self, MessageCounts};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// OpenMetrics, which Prometheus reads.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The one label of a metric: name and value.
type Label = [(&'static str, &'static str); 1];

/// Counts responses by class of status: 1xx to 5xx.
#[derive(Clone)]
pub(crate) struct StatusCounts(Family<Label, Counter>);

impl StatusCounts {
    const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    /// Counts one response.
    pub(crate) fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).checked_sub(1);
        if let Some(class) = class.and_then(|class| Self::CLASSES.get(class)) {
            self.0.get_or_create(&[("class", *class)]).inc();
        }
    }
}

impl Default for StatusCounts {
    /// Every class at zero, so that each is reported from the start.
    fn default() -> Self {
        let family = Family::default();
        Self::CLASSES.iter().for_each(|class| drop(family.get_or_create(&[("class", *class)])));
        Self(family)
    }
}

/// The health pages. They hold no data of people.
pub(crate) fn routes(backend: Backend) -> Router {
    Router::new()
        .route("/salud", get(|| async { "ok\n" }))
        .route("/salud/listo", get(ready))
        .with_state(backend)
}

async fn census(backend: &Backend) -> Option<MessageCounts> {
    outbox::census(&mut *backend.store.connection().await.ok()?).await.ok()
}

/// Ready while the database answers and no message has waited longer than ten minutes, the delay that the guides promise.
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
pub(crate) fn metrics(backend: Backend, responses: StatusCounts) -> Router {
    Router::new().route("/metrics", get(show)).with_state((backend, responses))
}

async fn show(State((backend, responses)): State<(Backend, StatusCounts)>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &registry(responses, backend.hasher.runs(), census(&backend).await)) {
        Ok(()) => ([(header::CONTENT_TYPE, METRICS_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The metrics as they are now; the outbox is left out while the database does not answer. Counters get the ending `_total`.
fn registry(responses: StatusCounts, runs: u64, census: Option<MessageCounts>) -> Registry {
    let mut registry = Registry::with_prefix("clave_sence");
    registry.register("http_responses", "Responses by class of status", responses.0);
    registry.register("argon2_runs", "Keys and answers hashed", ConstCounter::new(runs));
    if let Some(census) = census {
        let messages = Family::<Label, Gauge>::default();
        for (state, count) in [("pending", census.pending), ("sent", census.sent), ("failed", census.failed)]
        {
            messages.get_or_create(&[("state", state)]).set(count);
        }
        registry.register("outbox_messages", "Messages in the outbox by state", messages);
    }
    registry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_keep_their_names_and_hold_no_data_of_people() {
        let responses = StatusCounts::default();
        responses.count(StatusCode::SEE_OTHER);
        let census = MessageCounts { pending: 2, sent: 5, failed: 0, oldest: None };
        let mut text = String::new();
        encode(&mut text, &registry(responses, 7, Some(census))).unwrap();
        let mut values: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        values.sort_unstable();
        assert_eq!(
            values,
            [
                "clave_sence_argon2_runs_total 7",
                "clave_sence_http_responses_total{class=\"1xx\"} 0",
                "clave_sence_http_responses_total{class=\"2xx\"} 0",
                "clave_sence_http_responses_total{class=\"3xx\"} 1",
                "clave_sence_http_responses_total{class=\"4xx\"} 0",
                "clave_sence_http_responses_total{class=\"5xx\"} 0",
                "clave_sence_outbox_messages{state=\"failed\"} 0",
                "clave_sence_outbox_messages{state=\"pending\"} 2",
                "clave_sence_outbox_messages{state=\"sent\"} 5",
            ]
        );
    }
}
