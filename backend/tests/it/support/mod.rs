//! What the tests are built on: databases on both engines, a `Backend` built as the server builds it, invented people,
//! their visits to the flows, and servers that take their messages.

pub(crate) mod accounts;
pub(crate) mod backend;
pub(crate) mod database;
pub(crate) mod decisions;
pub(crate) mod folder;
pub(crate) mod forms;
pub(crate) mod mesa;
pub(crate) mod peek;
pub(crate) mod people;
mod postgres;
pub(crate) mod requests;
#[cfg(feature = "s3")]
pub(crate) mod s3;
pub(crate) mod samples;
pub(crate) mod servers;
mod statements;
mod steps;
pub(crate) mod visits;
mod ways;

pub(crate) use backend::TestBackend;
pub(crate) use people::{Company, Migrant, Person};
pub(crate) use visits::{Page, Visit, at_once};

/// Runs each named test on both engines: `async fn name(t: TestBackend)` becomes `name::sqlite` and `name::postgres`.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::support::TestBackend;
            use backend::store::Engine;

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                super::$name(TestBackend::open(Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                super::$name(TestBackend::open(Engine::Postgres).await).await;
            }
        }
    )+};
}
pub(crate) use on_both_engines;
