//! Progress of an import, for the operator.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::column::Column;
use super::row::Notes;

/// Counters, updated while an import runs.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    pub(super) rows: AtomicU64,
    pub(super) created: AtomicU64,
    pub(super) present: AtomicU64,
    pub(super) refused: AtomicU64,
    /// By column: values for “nothing” that were taken as empty.
    pub(super) placeholders: [AtomicU64; Column::ALL.len()],
    pub(super) lost_letters: AtomicU64,
}

/// What was imported and is worth a look. Counts rows that were not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// In this column, this many rows had a word for “nothing” and count as empty.
    Placeholders(Column, u64),
    /// This many rows have letters that an earlier conversion lost, such as `Jos\u{fffd}`.
    LostLetters(u64),
}

/// Values of the counters of [`Progress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Bytes read from the file.
    pub bytes: u64,
    /// Rows read, without the header and empty lines.
    pub rows: u64,
    /// Accounts created; in a dry run, those that would be.
    pub created: u64,
    /// Rows whose account already existed.
    pub present: u64,
    /// Rows that were refused.
    pub refused: u64,
}

impl Progress {
    /// What there is to warn of so far: one warning for each column.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let read = |counter: &AtomicU64| Some(counter.load(Ordering::Relaxed)).filter(|count| *count > 0);
        let columns = Column::ALL.into_iter().zip(&self.placeholders);
        let placeholders =
            columns.filter_map(|(column, count)| Some(Warning::Placeholders(column, read(count)?)));
        placeholders.chain(read(&self.lost_letters).map(Warning::LostLetters)).collect()
    }

    /// Counts what a row is worth a look for.
    pub(super) fn note(&self, notes: &Notes) {
        for column in &notes.placeholders {
            add(&self.placeholders[*column as usize], 1);
        }
        if notes.lost_letters {
            add(&self.lost_letters, 1);
        }
    }

    /// The current counts.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            bytes: read(&self.bytes),
            rows: read(&self.rows),
            created: read(&self.created),
            present: read(&self.present),
            refused: read(&self.refused),
        }
    }
}

pub(super) fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

/// A reader that counts its bytes.
pub(super) struct Counted<R> {
    pub(super) source: R,
    pub(super) progress: Arc<Progress>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        add(&self.progress.bytes, read as u64);
        Ok(read)
    }
}
