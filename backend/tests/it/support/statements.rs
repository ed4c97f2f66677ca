//! Counts the statements that a step runs. The driver reports each of them to `tracing` on the thread that runs it: on PostgreSQL
//! that of the test, on SQLite one thread for each connection.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};

use backend::store::OUTCOME_CONNECTIONS;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::TestBackend;

/// How a statement begins that shows which threads belong to a test.
const MARK: &str = "SELECT 4711,";

#[derive(Default)]
struct Log {
    /// The threads that ran a mark.
    marked: HashMap<String, HashSet<ThreadId>>,
    /// What the threads ran that are listened to.
    statements: HashMap<ThreadId, Vec<String>>,
}

fn log() -> MutexGuard<'static, Log> {
    static LOG: LazyLock<Mutex<Log>> = LazyLock::new(Mutex::default);
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Recorder;

/// The first words of a statement.
struct Summary(String);

impl Visit for Summary {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.0 = value.to_owned();
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut summary = Summary(String::new());
        event.record(&mut summary);
        let (thread, mut log) = (thread::current().id(), log());
        if summary.0.starts_with(MARK) {
            log.marked.entry(summary.0).or_default().insert(thread);
        } else if let Some(statements) = log.statements.get_mut(&thread) {
            statements.push(summary.0);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl TestBackend {
    /// The first words of each statement of a step, sorted, and what the step returns. A step that spawns a task is not heard
    /// whole.
    pub(crate) async fn statements_of<T>(&self, step: impl Future<Output = T>) -> (Vec<String>, T) {
        static RECORDING: OnceLock<()> = OnceLock::new();
        RECORDING.get_or_init(|| tracing::subscriber::set_global_default(Recorder).unwrap());
        let mut threads = self.mark().await;
        threads.insert(thread::current().id());
        log().statements.extend(threads.iter().map(|thread| (*thread, Vec::new())));
        let result = step.await;
        // Once a thread has run this, it has reported all that came before.
        self.mark().await;
        let mut log = log();
        let mut statements: Vec<_> =
            threads.iter().flat_map(|thread| log.statements.remove(thread).unwrap_or_default()).collect();
        statements.sort_unstable();
        (statements, result)
    }

    /// Runs a statement of its own on every connection, and returns the threads that did.
    async fn mark(&self) -> HashSet<ThreadId> {
        let mark = format!("{MARK} {}", backend::secrets::random_id().unwrap().unsigned_abs());
        let run = || sqlx::query(sqlx::AssertSqlSafe(mark.clone()));
        let mut connections = Vec::new();
        for _ in 0..8 {
            connections.push(self.store.connection().await.unwrap());
        }
        for connection in &mut connections {
            run().fetch_one(&mut **connection).await.unwrap();
        }
        connections.clear();
        for _ in 0..OUTCOME_CONNECTIONS {
            connections.push(self.store.outcome_connection().await.unwrap());
        }
        for connection in &mut connections {
            run().fetch_one(&mut **connection).await.unwrap();
        }
        drop(connections);
        log().marked.remove(&mark).unwrap_or_default()
    }
}
