//! What the commands of the desk share: the services without the server around them, and how they talk.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use backend::Backend;
use backend::clock::SystemClock;
use backend::service::ServiceError;

use crate::Place;
use crate::config::{Config, ConfigError};
use crate::words::words;

/// Why a command could not do its work; not that it was refused, or found nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("configuration: {0}")]
    Config(#[from] ConfigError),
    #[error("{}", (words().failures.start)(.0))]
    Runtime(std::io::Error),
    #[error("{}", (words().failures.open)(.0))]
    Open(#[from] crate::serve::Failure),
    #[error("{}", (words().failures.service)(.0))]
    Service(#[from] ServiceError),
}

/// What a command came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CommandResult {
    /// It is done; this is said on standard output.
    Output(String),
    /// It is done; this file is written to standard output as it is.
    File(String),
    /// It was refused, or there is nothing of the kind; this is said on standard error.
    Refused(String),
}

/// Opens what the service keeps, as `serve` does, does the work there, and says what came of it.
pub(crate) fn run<F>(place: &Place, work: impl FnOnce(Backend) -> F) -> Result<ExitCode, Failure>
where
    F: Future<Output = Result<CommandResult, Failure>>,
{
    let config = Config::load(&place.data, place.config.as_deref(), std::env::vars())?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    let done = runtime.block_on(async {
        let backend = crate::serve::backend(&config, Arc::new(SystemClock)).await?;
        let store = backend.store.clone();
        let done = work(backend).await;
        store.close().await;
        done
    })?;
    // The reader of the output may be gone.
    Ok(match done {
        CommandResult::Output(text) => {
            let _ = writeln!(std::io::stdout().lock(), "{text}");
            ExitCode::SUCCESS
        }
        CommandResult::File(text) => {
            let _ = write!(std::io::stdout().lock(), "{text}");
            ExitCode::SUCCESS
        }
        CommandResult::Refused(text) => {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
            ExitCode::FAILURE
        }
    })
}
