//! Accounts of the older system from a CSV file (A-IMPORT; docs/importar.md).
//!
//! One thread reads and checks lines; batches of accounts go through a short channel to the task that hashes their proofs
//! and writes each batch in a transaction of its own. So whatever stops an import, whole batches are there, and another run
//! writes the rest: a row whose account is there already changes nothing.
//!
//! Errors: [`HeaderError`] when the file cannot be imported at all, [`ImportError`] when an import had to stop,
//! [`Refusal`] for a row that was left out.

mod column;
mod comuna;
mod header;
mod lines;
mod progress;
mod read;
mod refusal;
mod row;
mod seen;
mod split;
mod text;
mod write;

use std::io::Read;
use std::sync::Arc;

use domain::birth::Date;
use domain::nie::NiePattern;
use tokio::sync::mpsc;

pub use column::Column;
pub use header::HeaderError;
pub use lines::LONGEST_LINE;
pub use progress::{Counts, Progress};
pub use refusal::{Fault, Refusal, Why};
pub use text::Encoding;

use crate::clock::Millis;
use crate::store::import::ImportStore;
use crate::store::{Store, StoreError};

/// Why an import stopped. What was written before stays; another run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing was changed.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The file could not be read on.
    #[error("the file cannot be read: {0}")]
    Read(std::io::Error),
    /// A refused row could not be reported.
    #[error("the report of refused rows cannot be written: {0}")]
    Report(std::io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes for salts and ids, or a thread of ours ended before its time.
    #[error("the system gave no random bytes, or stopped a thread")]
    System,
}

/// How to import.
#[derive(Debug)]
pub struct Options {
    /// How the file writes letters.
    pub encoding: Encoding,
    /// Accounts of one transaction.
    pub batch: usize,
    /// Check and count, and write nothing to the database.
    pub dry_run: bool,
    /// When the accounts say they were created.
    pub now: Millis,
    /// Today in Chile, for dates of birth.
    pub today: Date,
    /// What a NIE looks like.
    pub nie_pattern: Arc<NiePattern>,
}

/// Imports a file. Refused rows go to `refused`, one after the other, in the order of their lines.
///
/// # Errors
/// [`ImportError`]. Whole batches may have been written before it, except at [`ImportError::Header`].
pub async fn run(
    source: impl Read + Send + 'static,
    options: Options,
    store: &Store,
    progress: Arc<Progress>,
    refused: impl FnMut(&Refusal) -> std::io::Result<()> + Send + 'static,
) -> Result<Counts, ImportError> {
    let reading = read::Reading {
        encoding: options.encoding,
        batch: options.batch.max(1),
        checker: row::Checker {
            today: options.today,
            nie_pattern: options.nie_pattern,
            comunas: comuna::Comunas::new(),
        },
        progress: progress.clone(),
        refused: Box::new(refused),
    };
    let import = ImportStore::open(store).await?;
    let (batches, mut taken) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || reading.run(source, &batches));
    let writing =
        write::Writing { store: import, dry_run: options.dry_run, now: options.now, progress: &progress };
    let written = writing.run(&mut taken).await;
    // A reader that waits to hand on a batch is told that nobody takes it.
    drop(taken);
    reading.await.map_err(|_| ImportError::System)??;
    written?;
    Ok(progress.counts())
}
