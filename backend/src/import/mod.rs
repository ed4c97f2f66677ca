//! Imports accounts of the older system from a CSV file (A-IMPORT; docs/importar.md).
//!
//! One thread reads the file twice: it looks at how its RUTs are written (`survey`), then it checks the lines; batches of accounts go through a short channel to the task that hashes their
//! proofs and writes each batch in its own transaction. So an import that stops has written whole batches, and another
//! run writes the rest: a row whose account already exists changes nothing.
//!
//! Errors: [`HeaderError`] when the file cannot be imported at all, [`ImportError`] when an import had to stop,
//! [`Refusal`] for a row that was skipped.

mod column;
mod comuna;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod header;
mod lines;
mod progress;
mod read;
mod refusal;
mod row;
mod seen;
mod split;
mod survey;
mod text;
mod write;

use std::io::{Read, Seek};
use std::sync::Arc;

use domain::birth::Date;
use domain::nie::NiePattern;
use tokio::sync::mpsc;

pub use column::Column;
pub use header::HeaderError;
pub use lines::LONGEST_LINE;
pub use progress::{Counts, Progress, Warning};
pub use refusal::{Fault, Refusal, Why};
pub use text::Encoding;

use crate::clock::Millis;
use crate::store::import::ImportStore;
use crate::store::{Store, StoreError};

/// Why an import stopped. Batches written before it stay; another run continues from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing was changed.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The operator chose Latin-1, and the first line with other letters than ASCII is UTF-8. What was imported before it is the same
    /// in both.
    #[error("line {0} is UTF-8")]
    Utf8(u64),
    /// Reading the file failed.
    #[error("the file cannot be read: {0}")]
    Read(std::io::Error),
    /// A refused row could not be reported.
    #[error("the report of refused rows cannot be written: {0}")]
    Report(std::io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes for salts and ids, or a thread ended early.
    #[error("the system gave no random bytes, or stopped a thread")]
    System,
}

/// Options of an import.
#[derive(Debug)]
pub struct Options {
    /// Encoding of the file.
    pub encoding: Encoding,
    /// Accounts per transaction.
    pub batch: usize,
    /// Check and count, and write nothing to the database.
    pub dry_run: bool,
    /// Creation time of the new accounts.
    pub now: Millis,
    /// Today in Chile, for dates of birth.
    pub today: Date,
    /// Accepted form of a NIE.
    pub nie_pattern: Arc<NiePattern>,
}

/// Imports a file. Calls `refused` for each refused row, in the order of their lines.
///
/// # Errors
/// [`ImportError`]. Whole batches may have been written before it, except at [`ImportError::Header`].
pub async fn run(
    source: impl Read + Seek + Send + 'static,
    options: Options,
    store: &Store,
    progress: Arc<Progress>,
    refused: impl FnMut(&Refusal) -> std::io::Result<()> + Send + 'static,
) -> Result<Counts, ImportError> {
    let reading = read::Reading {
        encoding: options.encoding,
        batch: options.batch.max(1),
        checker: row::Checker { today: options.today, nie_pattern: options.nie_pattern },
        progress: progress.clone(),
        refused: Box::new(refused),
    };
    let import = ImportStore::open(store).await?;
    let (batches, mut taken) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || reading.run(source, &batches));
    let writing =
        write::Writing { store: import, dry_run: options.dry_run, now: options.now, progress: &progress };
    let written = writing.run(&mut taken).await;
    // Closes the channel, so that a reader waiting to send a batch stops.
    drop(taken);
    reading.await.map_err(|_| ImportError::System)??;
    written?;
    Ok(progress.counts())
}
