//! Files of a request: received, and deleted when no request takes them.

use bytes::Bytes;
use domain::field::Reason;
use domain::flow::AccountId;
use domain::flow::request::{RequestFlow, UploadId, UploadPurpose};
use futures_util::Stream;

use super::RequestService;
use crate::clock::{DAY, MINUTE, Millis};
use crate::files::{FileName, FilesError, Stored, Unfit};
use crate::flows::Flow;
use crate::service::{Backend, Result};
use crate::store::{StoreError, accounts, uploads};

/// How long a file that is being received counts among those that wait. A form that brings one takes fifteen minutes at most; after
/// a connection that breaks, the file may still count.
const RECEIVING_TTL: Millis = 20 * MINUTE;

/// Most files of one company that wait for a request: 250 MB at most.
const MAX_WAITING: i64 = 50;

/// Most of them together with those that were discarded and are not deleted yet: 500 MB at most, whatever delays deleting them.
const MAX_STORED: i64 = 100;

/// What became of a file that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It is kept, whole.
    Complete(UploadId),
    /// It is not kept, and why.
    Refused(Reason),
    /// So many files of this company wait already that no more are taken.
    TooMany,
}

/// What a form brings in the place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmittedFile {
    /// A file that came with it.
    Uploaded(Received),
    /// The one that its page offered, which was sent before.
    Kept(UploadId),
    /// Neither.
    Nothing,
}

impl SubmittedFile {
    /// The file that came and is kept, to discard it when the form cannot be processed.
    pub(super) fn complete(&self) -> Option<&UploadId> {
        match self {
            Self::Uploaded(Received::Complete(id)) => Some(id),
            _ => None,
        }
    }
}

impl From<Unfit> for Reason {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Empty => Self::FileEmpty,
            Unfit::TooLarge => Self::FileTooLarge,
            Unfit::Format => Self::FileFormat,
            Unfit::Photo => Self::FilePhoto,
            Unfit::Document => Self::FileDocument,
            Unfit::Page => Self::FilePage,
            Unfit::Animated => Self::FileAnimated,
            Unfit::Broken => Self::FileBroken,
            Unfit::Trailing => Self::FileTrailing,
            Unfit::Active => Self::FileActive,
            Unfit::Locked => Self::FileLocked,
            Unfit::Pixels => Self::FilePixels,
        }
    }
}

/// Whether a file may come in.
enum Admission {
    /// It may, and is counted.
    Admitted,
    /// The flow has expired, or a new key has ended it.
    FlowEnded,
    /// So many files of this company wait already that no more are taken.
    TooMany,
}

impl RequestService<'_> {
    /// Receives a file; none when the flow is at a step that takes no such file, or was ended by a new key. The file is kept for a
    /// day, also when the flow expires meanwhile.
    ///
    /// # Errors
    /// [`crate::service::ServiceError`].
    pub async fn receive<S, E>(
        &self,
        flow: &Flow<RequestFlow>,
        purpose: UploadPurpose,
        content: S,
    ) -> Result<Option<Received>>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Unpin + Send,
    {
        let Some(company) = flow.state.takes(purpose) else { return Ok(None) };
        let name = FileName::random().map_err(StoreError::from)?;
        let id = UploadId(name.as_str().to_owned());
        match self.reserve(flow, company, purpose, &id).await? {
            Admission::Admitted => {}
            Admission::FlowEnded => return Ok(None),
            Admission::TooMany => return Ok(Some(Received::TooMany)),
        }
        let received = self.backend.files.receive(&name, content).await;
        Ok(Some(self.record_result(&name, id, received).await?))
    }

    /// Writes that a file is about to come in. No outcome of a step, so it leaves no audit row.
    async fn reserve(
        &self,
        flow: &Flow<RequestFlow>,
        company: AccountId,
        purpose: UploadPurpose,
        id: &UploadId,
    ) -> Result<Admission> {
        let now = self.backend.now();
        // Locked, so that of many at once none passes the count.
        let mut tx = self.backend.store.begin().await?;
        accounts::lock(&mut tx, company).await?;
        // Read under the lock too: a form that began before a new key was set must not bring a file after it.
        if flow.current_state(&mut tx).await?.is_none() {
            return Ok(Admission::FlowEnded);
        }
        let files = uploads::count_files(&mut tx, company, now).await?;
        if files.waiting >= MAX_WAITING || files.stored >= MAX_STORED {
            return Ok(Admission::TooMany);
        }
        uploads::announce(&mut tx, id, company, purpose, now, now + RECEIVING_TTL).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(Admission::Admitted)
    }

    /// Writes what became of a file that was announced.
    async fn record_result(
        &self,
        name: &FileName,
        id: UploadId,
        received: std::result::Result<std::result::Result<Stored, Unfit>, FilesError>,
    ) -> Result<Received> {
        let (backend, now) = (self.backend, self.backend.now());
        let connection = &mut *backend.store.connection().await?;
        let reason = match received {
            Ok(Ok(stored)) => {
                let size = i64::try_from(stored.size).unwrap_or(i64::MAX);
                let format = stored.format.id();
                if uploads::complete(connection, &id, format, size, &stored.sha256, now, now + DAY).await? {
                    return Ok(Received::Complete(id));
                }
                // The sweep may have deleted the row before the file was complete.
                backend.files.delete(name).await?;
                Reason::FileInterrupted
            }
            Ok(Err(unfit)) => unfit.into(),
            Err(FilesError::Upload) => Reason::FileInterrupted,
            Err(error) => {
                // The rest of the form is kept; the file can be sent later.
                tracing::error!(%error, "a file could not be kept");
                uploads::expire(connection, &id, now).await?;
                return Ok(Received::Refused(Reason::FileNotKept));
            }
        };
        uploads::forget(connection, &id).await?;
        Ok(Received::Refused(reason))
    }
}

impl Backend {
    /// Deletes the files that no request has taken within a day. A file that cannot be deleted does not delay the others.
    ///
    /// # Errors
    /// [`crate::service::ServiceError`] of the last file that could not be deleted; it is tried again.
    pub async fn sweep_files(&self) -> Result<()> {
        let mut outcome = Ok(());
        loop {
            let expired = uploads::expired(&mut *self.store.connection().await?, self.now()).await?;
            if expired.is_empty() {
                return outcome;
            }
            let mut gone = false;
            for id in expired {
                if let Err(error) = self.sweep_file(&id).await.map(|deleted| gone |= deleted) {
                    // Later, or a hundred such files would block all others.
                    let later = self.now() + 10 * MINUTE;
                    uploads::expire(&mut *self.store.connection().await?, &id, later).await?;
                    outcome = Err(error);
                }
            }
            // The cause may be gone in a minute.
            if !gone {
                return outcome;
            }
        }
    }

    /// Deletes a file; false when a request has taken it. The row is marked first, because a request that is being filed may be
    /// about to take the file.
    pub(super) async fn sweep_file(&self, id: &UploadId) -> Result<bool> {
        if !uploads::give_up(&mut *self.store.connection().await?, id, self.now()).await? {
            return Ok(false);
        }
        if let Some(name) = FileName::parse(&id.0) {
            self.files.delete(&name).await?;
        }
        uploads::forget(&mut *self.store.connection().await?, id).await?;
        Ok(true)
    }
}
