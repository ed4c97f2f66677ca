//! The writing half of an import: hashes the proofs of a batch, then stores it.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::ImportError;
use super::progress::{Progress, add};
use super::row::Candidate;
use crate::clock::Millis;
use crate::hashing::Hasher;
use crate::store::Engine;
use crate::store::import::{ImportStore, ImportedAccount};

/// The writing half.
pub(super) struct Writing<'a> {
    pub(super) store: ImportStore,
    pub(super) dry_run: bool,
    pub(super) now: Millis,
    pub(super) progress: &'a Progress,
}

impl Writing<'_> {
    /// Writes batches until the channel closes.
    pub(super) async fn run(
        mut self,
        batches: &mut mpsc::Receiver<Vec<Candidate>>,
    ) -> Result<(), ImportError> {
        let mut hasher = None;
        while let Some(mut batch) = batches.recv().await {
            // Hashing is expensive, so existing accounts are dropped before it.
            if self.dry_run || batch.iter().any(Candidate::has_proofs) {
                self.drop_present(&mut batch).await?;
            }
            if self.dry_run {
                add(&self.progress.created, batch.len() as u64);
                continue;
            }
            if hasher.is_none() && batch.iter().any(Candidate::has_proofs) {
                hasher = Some(own_hasher().ok_or(ImportError::System)?);
            }
            let accounts = match &hasher {
                Some(hasher) => hashed(batch, hasher).await?,
                None => batch.into_iter().map(|candidate| candidate.account).collect(),
            };
            let started = Instant::now();
            let created = self.store.insert(&accounts, self.now).await?;
            add(&self.progress.created, created);
            add(&self.progress.present, accounts.len() as u64 - created);
            if self.store.engine() == Engine::Sqlite {
                tokio::time::sleep(pause(started.elapsed())).await;
            }
        }
        Ok(())
    }

    async fn drop_present(&mut self, batch: &mut Vec<Candidate>) -> Result<(), ImportError> {
        let keys: Vec<_> = batch.iter().map(|candidate| candidate.account.key()).collect();
        let present = self.store.present(&keys).await?;
        add(&self.progress.present, present.len() as u64);
        batch.retain(|Candidate { account, .. }| {
            !present.contains(&(account.kind, account.identifier.clone()))
        });
        Ok(())
    }
}

/// How long SQLite's write lock stays free after a batch. A waiting writer polls it, at worst every tenth of a second,
/// and must find it free often enough.
fn pause(batch: Duration) -> Duration {
    (batch / 8).clamp(Duration::from_millis(1), Duration::from_millis(20))
}

/// A hasher for the import only, whose queue holds no more than the rows of one batch.
fn own_hasher() -> Option<Hasher> {
    Hasher::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::MAX)
}

/// The accounts of a batch with their proofs hashed, as many at once as there are cores.
async fn hashed(batch: Vec<Candidate>, hasher: &Hasher) -> Result<Vec<ImportedAccount>, ImportError> {
    let (mut accounts, mut tasks) = (Vec::with_capacity(batch.len()), JoinSet::new());
    for candidate in batch {
        if !candidate.has_proofs() {
            accounts.push(candidate.account);
            continue;
        }
        let hasher = hasher.clone();
        tasks.spawn(async move {
            let Candidate { mut account, answer, document } = candidate;
            if let Some(answer) = answer {
                account.answer_hash = Some(hasher.hash(answer.expose()).await?);
            }
            if let Some(document) = document {
                account.document_hash = Some(hasher.hash(document.expose()).await?);
            }
            Ok::<_, crate::hashing::Busy>(account)
        });
    }
    while let Some(done) = tasks.join_next().await {
        // `Busy` means a missing salt here: the queue is unbounded.
        accounts.push(done.map_err(|_| ImportError::System)?.map_err(|_| ImportError::System)?);
    }
    Ok(accounts)
}
