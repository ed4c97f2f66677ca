//! Files in an object storage that speaks S3.
//!
//! An upload is collected in a folder first: S3 requires parts of at least 5 MiB, which is the size limit of a file, so
//! each is sent in one request, with a checksum that the storage verifies. Refused files never get there.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::path::Path as ObjectPath;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutOptions, RetryConfig,
};
use tokio::sync::Semaphore;

use super::upload::CompleteUpload;
use super::{Bucket, Content, FileName, FilesError, Folder, Format, Stored, Unfit};

/// How long the storage may be silent. A request ends within three times this, including its retries.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Most files being sent at once; each is held in memory.
const MAX_AT_ONCE: usize = 4;
/// Retries of a request after a temporary failure.
const REPEATED: usize = 2;

/// Keeps files in a bucket.
#[derive(Debug, Clone)]
pub struct ObjectFiles {
    storage: Arc<AmazonS3>,
    prefix: ObjectPath,
    spool: Folder,
    room: Arc<Semaphore>,
    timeout: Duration,
}

impl ObjectFiles {
    /// Files in `bucket`; uploads are collected in `spool`. Makes no connection yet.
    ///
    /// # Errors
    /// [`FilesError::Object`] when the prefix or the endpoint is invalid, or this machine trusts no certificates.
    pub fn new(bucket: Bucket, spool: Folder) -> Result<Self, FilesError> {
        Self::with_timeout(bucket, spool, TIMEOUT)
    }

    /// [`ObjectFiles::new`] with another time-out than twenty seconds.
    ///
    /// # Errors
    /// As [`ObjectFiles::new`].
    pub fn with_timeout(bucket: Bucket, spool: Folder, timeout: Duration) -> Result<Self, FilesError> {
        // The HTTP client uses the TLS provider of the process. It may be installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let client = ClientOptions::new()
            .with_allow_http(plain)
            // Without TLS no certificates are needed, and a small machine may have none.
            .with_no_system_certificates(plain)
            .with_connect_timeout(timeout.min(Duration::from_secs(5)))
            .with_read_timeout(timeout)
            // The reader of a file may be slow; `with_read_timeout` watches the storage.
            .with_timeout_disabled();
        let backoff = BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            base: 2.0,
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket.bucket)
            .with_region(bucket.region)
            .with_access_key_id(bucket.key_id)
            .with_secret_access_key(bucket.secret)
            .with_checksum_algorithm(Checksum::SHA256)
            // One name at a time: not every storage supports bulk deletion.
            .with_disable_bulk_delete(true)
            .with_client_options(client)
            .with_allow_http(plain)
            .with_retry(RetryConfig { backoff, max_retries: REPEATED, retry_timeout: timeout });
        if let Some(endpoint) = bucket.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        Ok(Self {
            storage: Arc::new(builder.build()?),
            prefix: ObjectPath::parse(&bucket.prefix).map_err(object_store::Error::from)?,
            spool,
            room: Arc::new(Semaphore::new(MAX_AT_ONCE)),
            timeout,
        })
    }

    pub(super) async fn receive<S, E>(
        &self,
        name: &FileName,
        stream: S,
    ) -> Result<Result<Stored, Unfit>, FilesError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        let complete = match self.spool.spool(name, stream).await? {
            Ok(complete) => complete,
            Err(unfit) => return Ok(Err(unfit)),
        };
        // In its own task, so that its outcome is handled even when the caller was dropped.
        let (files, name) = (self.clone(), name.clone());
        let sent = tokio::spawn(async move { files.send(name, complete).await }).await;
        let (stored, sent) = sent.map_err(std::io::Error::other)??;
        sent.keep();
        Ok(Ok(stored))
    }

    async fn send(
        self,
        name: FileName,
        complete: CompleteUpload,
    ) -> Result<(Stored, DeleteOnDrop), FilesError> {
        let guard = DeleteOnDrop { files: Some(self.clone()), name };
        self.in_time(async {
            // The semaphore is never closed; waiting for it counts as waiting for the storage.
            let _room = self.room.acquire().await;
            let (stored, content) = complete.into_bytes().await?;
            self.put(&guard.name, stored.format, content).await?;
            Ok(stored)
        })
        .await
        .map(|stored| (stored, guard))
    }

    pub(super) async fn open(&self, name: &FileName) -> Result<Option<Content>, FilesError> {
        self.in_time(async {
            match self.storage.get(&self.of(name)).await {
                Ok(found) => Ok(Some(found.into_stream().map(|piece| Ok(piece?)).boxed())),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    pub(super) async fn delete(&self, name: &FileName) -> Result<(), FilesError> {
        self.spool.delete(name).await?;
        self.in_time(async {
            match self.storage.delete(&self.of(name)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    pub(super) async fn prepare(&self) -> Result<(), FilesError> {
        self.spool.prepare().await?;
        let probe = FileName::random()?;
        self.in_time(self.put(&probe, Format::Pdf, Bytes::from_static(b"%PDF-1.4\n%%EOF\n"))).await?;
        self.delete(&probe).await
    }

    async fn put(&self, name: &FileName, format: Format, content: Bytes) -> Result<(), FilesError> {
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, format.media_type()),
            // In case the bucket is ever open to browsers.
            (Attribute::ContentDisposition, "attachment"),
        ]);
        let options = PutOptions { attributes, ..PutOptions::default() };
        self.storage.put_opts(&self.of(name), content.into(), options).await?;
        Ok(())
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, FilesError>>) -> Result<T, FilesError> {
        tokio::time::timeout(self.timeout * 3, work).await.unwrap_or(Err(FilesError::Late))
    }

    fn of(&self, name: &FileName) -> ObjectPath {
        self.prefix.clone().join(name.as_str())
    }
}

/// An object that was sent, or may have been. Dropping this deletes it: the upload failed, or the caller was dropped.
#[derive(Debug)]
struct DeleteOnDrop {
    files: Option<ObjectFiles>,
    name: FileName,
}

impl DeleteOnDrop {
    /// Keeps the object.
    fn keep(mut self) {
        self.files = None;
    }
}

impl Drop for DeleteOnDrop {
    fn drop(&mut self) {
        if let Some(files) = self.files.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let name = self.name.clone();
            runtime.spawn(async move {
                if let Err(error) = files.delete(&name).await {
                    tracing::error!(%error, "an object that an upload may have left in the storage could not be deleted");
                }
            });
        }
    }
}
