//! Files of a request on their way in, and out when nobody keeps them.

use bytes::Bytes;
use domain::field::Reason;
use domain::flow::request::{RequestFlow, UploadId, UploadPurpose};
use futures_util::Stream;

use super::RequestService;
use crate::clock::{DAY, MINUTE, Millis};
use crate::files::{FileName, FilesError, Unfit};
use crate::flows::Flow;
use crate::service::{Backend, Result};
use crate::store::{StoreError, accounts, uploads};

/// How long a file holds its place among those that wait while it comes in. The forms that bring one take fifteen minutes at
/// most; a line that breaks may leave the place taken.
const COMING: Millis = 20 * MINUTE;

/// Most files of one company that wait for a request: 250 MB at most.
const MOST_WAITING: i64 = 50;

/// Most of them together with those that were given up and are not deleted yet: 500 MB at most, whatever stands in the way of
/// deleting them.
const MOST_STORED: i64 = 100;

/// What became of a file that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It is kept, whole.
    Whole(UploadId),
    /// It is not kept, and why.
    Refused(Reason),
    /// So many files of this company wait already that no more are taken.
    TooMany,
}

/// What a form brings in the place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// A file that came with it.
    Uploaded(Received),
    /// The one that its page offered, which was sent before.
    Kept(UploadId),
    /// Neither.
    Nothing,
}

impl Brought {
    /// The file that came and is kept, should the form be of no use.
    pub(super) fn whole(&self) -> Option<&UploadId> {
        match self {
            Self::Uploaded(Received::Whole(id)) => Some(id),
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
            Unfit::Broken => Self::FileBroken,
            Unfit::Trailing => Self::FileTrailing,
            Unfit::Active => Self::FileActive,
            Unfit::Locked => Self::FileLocked,
            Unfit::Pixels => Self::FilePixels,
        }
    }
}

impl RequestService<'_> {
    /// Takes in a file; none when the flow stands at a step that takes no such file, or was ended by a new key. It is kept for
    /// a day, also when the flow expires meanwhile.
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
        let (backend, now) = (self.backend, self.backend.now());
        let name = FileName::random().map_err(StoreError::from)?;
        let id = UploadId(name.as_str().to_owned());
        {
            // Locked, so that of many at once none slips past the count.
            let mut tx = backend.store.begin().await?;
            accounts::lock(&mut tx, company).await?;
            // Read under the lock too: a form that began before a new key was set is not to bring a file after it.
            if flow.current_state(&mut tx).await?.is_none() {
                return Ok(None);
            }
            let waiting = uploads::count_waiting(&mut tx, company, now).await?;
            if waiting.kept >= MOST_WAITING || waiting.stored >= MOST_STORED {
                return Ok(Some(Received::TooMany));
            }
            uploads::announce(&mut tx, &id, company, purpose, now, now + COMING).await?;
            tx.commit().await.map_err(StoreError::from)?;
        }
        let received = backend.files.receive(&name, content).await;
        let connection = &mut *backend.store.connection().await?;
        match received {
            Ok(Ok(stored)) => {
                let size = i64::try_from(stored.size).unwrap_or(i64::MAX);
                let format = stored.format.id();
                let (sha256, at) = (&stored.sha256, backend.now());
                if uploads::complete(connection, &id, format, size, sha256, at, now + DAY).await? {
                    return Ok(Some(Received::Whole(id)));
                }
                // The sweep may have been here before the file.
                backend.files.delete(&name).await?;
                uploads::forget(connection, &id).await?;
                Ok(Some(Received::Refused(Reason::FileInterrupted)))
            }
            Ok(Err(unfit)) => {
                uploads::forget(connection, &id).await?;
                Ok(Some(Received::Refused(unfit.into())))
            }
            Err(FilesError::Upload) => {
                uploads::forget(connection, &id).await?;
                Ok(Some(Received::Refused(Reason::FileInterrupted)))
            }
            Err(error) => {
                // What else the form brings is no worse for it: it is kept, and the file can come later.
                tracing::error!(%error, "a file could not be kept");
                uploads::expire(connection, &id, now).await?;
                Ok(Some(Received::Refused(Reason::FileNotKept)))
            }
        }
    }
}

impl Backend {
    /// Deletes the files that no request has taken within a day. One that cannot be deleted does not hold the others back.
    ///
    /// # Errors
    /// [`crate::service::ServiceError`] of the last that stayed; it is tried again.
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
                    // Not first in line again at once, or a hundred of these would bar the way for good.
                    let later = self.now() + 10 * MINUTE;
                    uploads::expire(&mut *self.store.connection().await?, &id, later).await?;
                    outcome = Err(error);
                }
            }
            // Whatever stands in the way of all of them may be gone in a minute.
            if !gone {
                return outcome;
            }
        }
    }

    /// Whether a file is gone now. The row is marked first: a request that is being filed may be about to take the file.
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
