//! `/salud` (alive), `/salud/listo` (the database reads and writes), and the metrics for Prometheus on a listener of their own.
//!
//! The first two are public. So readiness writes one row, at most once a second, and answers one word. Late messages are no
//! reason to take the service away from people: their age is in the metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use backend::Backend;
use backend::clock::{Millis, SECOND};
use backend::store::outbox::{self, MessageCounts};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::sync::Mutex;

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

/// How long the readiness is cached.
const CACHED: Duration = Duration::from_secs(1);

/// How long the database may take to write a row.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The readiness that was looked up last.
#[derive(Clone, Default)]
struct Readiness(Arc<Mutex<Option<(Instant, bool)>>>);

impl Readiness {
    /// Whether the service is ready; `look` runs at most once per [`CACHED`], and never twice at once. It runs to its end also
    /// when the caller hangs up.
    async fn get(&self, look: impl Future<Output = bool> + Send + 'static) -> bool {
        let mut last = Arc::clone(&self.0).lock_owned().await;
        if let Some((at, ready)) = *last
            && at.elapsed() < CACHED
        {
            return ready;
        }
        let looking = tokio::spawn(async move {
            let ready = tokio::time::timeout(TIMEOUT, look).await.unwrap_or(false);
            *last = Some((Instant::now(), ready));
            ready
        });
        looking.await.unwrap_or(false)
    }
}

/// The health pages. They hold no data of people, and no numbers.
pub(crate) fn routes(backend: Backend) -> Router {
    Router::new()
        .route("/salud", get(|| async { "ok\n" }))
        .route("/salud/listo", get(ready))
        .with_state((backend, Readiness::default()))
}

/// Ready while the database reads and writes.
async fn ready(State((backend, readiness)): State<(Backend, Readiness)>) -> Response {
    let look = async move { backend.store.check_writable(backend.now()).await.is_ok() };
    let ready = readiness.get(look).await;
    let (status, state) =
        if ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "down") };
    let body = serde_json::json!({ "state": state });
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn census(backend: &Backend) -> Option<MessageCounts> {
    outbox::census(&mut *backend.store.connection().await.ok()?).await.ok()
}

/// `/metrics`.
pub(crate) fn metrics(backend: Backend, responses: StatusCounts) -> Router {
    Router::new().route("/metrics", get(show)).with_state((backend, responses))
}

async fn show(State((backend, responses)): State<(Backend, StatusCounts)>) -> Response {
    let mut text = String::new();
    match encode(
        &mut text,
        &registry(
            responses,
            backend.hasher.runs(),
            backend.limits.left_out(),
            backend.takes_attendance().then(|| backend.rce.ends()),
            census(&backend).await,
            backend.now(),
        ),
    ) {
        Ok(()) => ([(header::CONTENT_TYPE, METRICS_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The metrics as they are now; the outbox is left out while the database does not answer. Counters get the ending `_total`.
fn registry(
    responses: StatusCounts,
    runs: u64,
    left_out: [(&'static str, u64); 3],
    attendance: Option<[(&'static str, u64); 3]>,
    census: Option<MessageCounts>,
    now: Millis,
) -> Registry {
    let mut registry = Registry::with_prefix("clave_sence");
    registry.register("http_responses", "Responses by class of status", responses.0);
    registry.register("argon2_runs", "Keys and answers hashed", ConstCounter::new(runs));
    let stopped = Family::<Label, Counter>::default();
    for (cap, count) in left_out {
        stopped.get_or_create(&[("cap", cap)]).inc_by(count);
    }
    registry.register("messages_left_out", "Mails and SMS that a cap stopped", stopped);
    if let Some(ends) = attendance {
        let ended = Family::<Label, Counter>::default();
        for (end, count) in ends {
            ended.get_or_create(&[("end", end)]).inc_by(count);
        }
        registry.register("attendance", "Requests for attendance by how they ended", ended);
    }
    if let Some(census) = census {
        let messages = Family::<Label, Gauge>::default();
        for (state, count) in [("pending", census.pending), ("sent", census.sent), ("failed", census.failed)]
        {
            messages.get_or_create(&[("state", state)]).set(count);
        }
        registry.register(
            "outbox_messages",
            "Messages in the outbox by state, at most 100000 of each",
            messages,
        );
        let age = Gauge::<i64>::default();
        age.set(census.oldest.map_or(0, |at| (now - at) / SECOND));
        registry.register(
            "outbox_oldest_pending_seconds",
            "Age of the oldest message that waits, 0 for none",
            age,
        );
    }
    registry
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn security_readiness_is_looked_up_once_for_all_callers() {
        let (readiness, looks) = (Readiness::default(), Arc::new(AtomicUsize::new(0)));
        let ask = |ready: bool| {
            let (readiness, looks) = (readiness.clone(), Arc::clone(&looks));
            async move {
                let look = async move {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    looks.fetch_add(1, Ordering::Relaxed);
                    ready
                };
                readiness.get(look).await
            }
        };
        let asked: Vec<_> = (0..30).map(|_| tokio::spawn(ask(true))).collect();
        for asked in asked {
            assert!(asked.await.unwrap());
        }
        assert_eq!(looks.load(Ordering::Relaxed), 1);
        tokio::time::sleep(CACHED).await;
        // A caller who hangs up changes nothing: the next one gets what was found.
        let hung_up = tokio::spawn(ask(false));
        tokio::task::yield_now().await;
        hung_up.abort();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!ask(true).await);
        assert_eq!(looks.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn metrics_keep_their_names_and_hold_no_data_of_people() {
        let responses = StatusCounts::default();
        responses.count(StatusCode::SEE_OTHER);
        let census = MessageCounts { pending: 2, sent: 5, failed: 0, oldest: Some(40_000) };
        let mut text = String::new();
        let left_out = [("recipient", 4), ("sender", 0), ("sms-budget", 1)];
        let attendance = Some([("opened", 3), ("closed", 2), ("refused", 1)]);
        encode(&mut text, &registry(responses, 7, left_out, attendance, Some(census), 100_000)).unwrap();
        let mut values: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        values.sort_unstable();
        assert_eq!(
            values,
            [
                "clave_sence_argon2_runs_total 7",
                "clave_sence_attendance_total{end=\"closed\"} 2",
                "clave_sence_attendance_total{end=\"opened\"} 3",
                "clave_sence_attendance_total{end=\"refused\"} 1",
                "clave_sence_http_responses_total{class=\"1xx\"} 0",
                "clave_sence_http_responses_total{class=\"2xx\"} 0",
                "clave_sence_http_responses_total{class=\"3xx\"} 1",
                "clave_sence_http_responses_total{class=\"4xx\"} 0",
                "clave_sence_http_responses_total{class=\"5xx\"} 0",
                "clave_sence_messages_left_out_total{cap=\"recipient\"} 4",
                "clave_sence_messages_left_out_total{cap=\"sender\"} 0",
                "clave_sence_messages_left_out_total{cap=\"sms-budget\"} 1",
                "clave_sence_outbox_messages{state=\"failed\"} 0",
                "clave_sence_outbox_messages{state=\"pending\"} 2",
                "clave_sence_outbox_messages{state=\"sent\"} 5",
                "clave_sence_outbox_oldest_pending_seconds 60",
            ]
        );
    }
}
