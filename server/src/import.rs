//! `clave-sence import FILE.csv`: the accounts of the older system (A-IMPORT; docs/importar.md).

mod report;
mod show;
mod wording;

use std::fs::File;
use std::io::{Cursor, Read, Seek, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use backend::clock::{Clock as _, SystemClock, chilean_day};
use backend::import::{Counts, Encoding, ImportError, Options, Progress};
use backend::store::{Store, StoreError};

use crate::Place;
use crate::config::{Config, ConfigError};
use crate::words::words;
use report::Report;

/// What may be said behind `clave-sence import`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The CSV file; docs/importar.md tells its columns.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Checks every row and says what would happen; writes nothing to the database.
    #[arg(long)]
    dry_run: bool,
    /// The file is in Latin-1 (Windows-1252), as Excel writes it, and not in UTF-8.
    #[arg(long)]
    latin1: bool,
    /// The report of refused rows. Without it: NAME.rechazadas.csv beside NAME.csv.
    #[arg(long, value_name = "FILE.csv")]
    refused: Option<PathBuf>,
    /// Accounts of one transaction, all or none.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    batch: u32,
}

/// Why nothing was imported, or not all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("configuration: {0}")]
    Config(#[from] ConfigError),
    #[error("the runtime could not start: {0}")]
    Runtime(std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}", (words().import.cannot_open)(.0))]
    File(std::io::Error),
    #[error("{}", words().import.same_file)]
    SameFile,
    #[error("{}", wording::failure(.0))]
    Import(#[from] ImportError),
}

/// Imports, and says on standard output what came of it. Success when no row was refused, 2 when some were.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let config = Config::load(&arguments.place.data, arguments.place.config.as_deref(), std::env::vars())?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    runtime.block_on(import(config, arguments))
}

/// A file that can be read twice, and its size. What comes through a pipe is taken into memory.
fn open(path: &Path) -> std::io::Result<(Box<dyn Source>, u64)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        return Ok((Box::new(file), metadata.len()));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let length = bytes.len() as u64;
    Ok((Box::new(Cursor::new(bytes)), length))
}

/// What an import reads from.
trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

async fn import(config: Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let (source, bytes) = open(&arguments.file).map_err(Failure::File)?;
    let refused = arguments.refused.unwrap_or_else(|| report::beside(&arguments.file));
    if let (Ok(read), Ok(written)) = (arguments.file.canonicalize(), refused.canonicalize())
        && read == written
    {
        return Err(Failure::SameFile);
    }
    let (started, now) = (Instant::now(), SystemClock.now());
    let options = Options {
        encoding: if arguments.latin1 { Encoding::Latin1 } else { Encoding::Utf8 },
        batch: arguments.batch as usize,
        dry_run: arguments.dry_run,
        now,
        today: chilean_day(now),
        nie_pattern: config.settings.nie.clone(),
    };
    let store = Store::open(&config.database_url, 2).await?;
    let progress = Arc::new(Progress::default());
    let shown = tokio::spawn(show::show(progress.clone(), bytes));
    let report = Arc::new(Mutex::new(Report::new(refused.clone())));
    let kept = report.clone();
    let imported = backend::import::run(source, options, &store, progress.clone(), move |refusal| {
        kept.lock().unwrap_or_else(PoisonError::into_inner).write(refusal)
    })
    .await;
    shown.abort();
    // The bar goes away before anything else is said.
    let _ = shown.await;
    store.close().await;
    // Also when the import had to stop: what was refused so far is worth knowing.
    let reported = report.lock().unwrap_or_else(PoisonError::into_inner).finish();
    let counts = imported?;
    reported.map_err(ImportError::Report)?;
    let mut out = std::io::stdout().lock();
    let said = wording::summary(counts, started.elapsed().as_secs_f64(), arguments.dry_run);
    // The reader of the output may be gone.
    let _ = writeln!(out, "{said}");
    for warning in progress.warnings() {
        let _ = writeln!(out, "{}", wording::warning(warning));
    }
    Ok(match counts {
        Counts { refused: 0, .. } => ExitCode::SUCCESS,
        Counts { .. } => {
            let _ = writeln!(out, "{}", (words().import.refused_in)(&refused.display()));
            ExitCode::from(2)
        }
    })
}
