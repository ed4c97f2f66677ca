//! An upload being received into a folder: `NAME.part`, deleted when its owner is dropped.
//!
//! Every disk access is a closure on a blocking thread that **owns** the upload. When the future is dropped meanwhile,
//! the closure still runs to its end; then its result is dropped, which deletes the file.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};

use super::inspect::Inspector;
use super::{FilesError, Stored, Unfit};

/// A file that is deleted when this is dropped.
#[derive(Debug)]
struct DeleteFileOnDrop(Option<PathBuf>);

impl DeleteFileOnDrop {
    /// Keeps the file.
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for DeleteFileOnDrop {
    fn drop(&mut self) {
        if let Some(path) = &self.0
            && let Err(error) = std::fs::remove_file(path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "the file of an unfinished upload could not be deleted");
        }
    }
}

/// An upload being received.
#[derive(Debug)]
pub(super) struct PartFile {
    file: File,
    part: DeleteFileOnDrop,
    inspector: Inspector,
    hash: Sha256,
    size: u64,
}

/// A complete and fit upload, still named `NAME.part`.
#[derive(Debug)]
pub(super) struct CompleteUpload {
    pub(super) stored: Stored,
    file: File,
    part: DeleteFileOnDrop,
}

impl PartFile {
    /// Writes all of `stream` into `part`, which must not exist yet.
    pub(super) async fn of<S, E>(
        part: PathBuf,
        mut stream: S,
    ) -> Result<Result<CompleteUpload, Unfit>, FilesError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        let mut upload = blocking(move || Self::begin(part)).await?;
        while let Some(chunk) = stream.next().await {
            let Ok(chunk) = chunk else { return Err(FilesError::Upload) };
            upload = match blocking(move || upload.push(&chunk)).await? {
                Ok(upload) => upload,
                Err(unfit) => return Ok(Err(unfit)),
            };
        }
        Ok(upload.finish())
    }

    fn begin(part: PathBuf) -> io::Result<Self> {
        let file = create(&part)?;
        Ok(Self {
            file,
            part: DeleteFileOnDrop(Some(part)),
            inspector: Inspector::new(),
            hash: Sha256::new(),
            size: 0,
        })
    }

    fn push(mut self, chunk: &[u8]) -> io::Result<Result<Self, Unfit>> {
        let kept = match self.inspector.push(chunk) {
            Ok(kept) => kept,
            Err(unfit) => return Ok(Err(unfit)),
        };
        for bytes in [kept.signature, chunk.get(kept.chunk).unwrap_or_default()] {
            self.hash.update(bytes);
            self.size += bytes.len() as u64;
            self.file.write_all(bytes)?;
        }
        Ok(Ok(self))
    }

    fn finish(self) -> Result<CompleteUpload, Unfit> {
        let format = self.inspector.finish()?;
        let sha256 = format!("{:x}", self.hash.finalize());
        let stored = Stored { format, size: self.size, sha256 };
        Ok(CompleteUpload { stored, file: self.file, part: self.part })
    }
}

impl CompleteUpload {
    /// Syncs the file to the disk, then renames it to `name`.
    pub(super) async fn keep(self, name: PathBuf) -> Result<Stored, FilesError> {
        let (stored, named) = blocking(move || {
            self.file.sync_all()?;
            if let Some(part) = &self.part.0 {
                std::fs::rename(part, &name)?;
            }
            self.part.keep();
            let named = DeleteFileOnDrop(Some(name));
            if let Some(folder) = named.0.as_deref().and_then(|name| name.parent()) {
                sync_folder(folder)?;
            }
            Ok((self.stored, named))
        })
        .await?;
        named.keep();
        Ok(stored)
    }

    /// The whole content, read from the open file, not by its name. Deletes the file.
    #[cfg(feature = "s3")]
    pub(super) async fn into_bytes(self) -> Result<(Stored, Bytes), FilesError> {
        use std::io::{Read as _, Seek as _};

        blocking(move || {
            let Self { stored, mut file, part } = self;
            let mut content = Vec::with_capacity(usize::try_from(stored.size).unwrap_or_default());
            file.rewind()?;
            file.read_to_end(&mut content)?;
            // In this order: some systems cannot delete an open file.
            drop((file, part));
            Ok((stored, content.into()))
        })
        .await
    }
}

/// Runs a disk access on a blocking thread.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, FilesError> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(io::Error::other)??)
}

/// Creates a file that only the service can read.
pub(super) fn create(path: &std::path::Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Syncs the names in a folder, so that they survive a power loss; systems where a folder cannot be opened do it
/// themselves.
pub(super) fn sync_folder(folder: &std::path::Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
