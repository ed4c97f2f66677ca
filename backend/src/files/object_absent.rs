//! Replaces `object.rs` in a program built without the feature `s3`: a value of this type cannot exist.

use bytes::Bytes;
use futures_util::Stream;

use super::{Bucket, Content, FileName, FilesError, Folder, Stored, Unfit};

/// Keeps files in a bucket; not in this build.
#[derive(Debug, Clone)]
pub enum ObjectFiles {}

impl ObjectFiles {
    /// Always returns an error.
    ///
    /// # Errors
    /// Always [`FilesError::NotBuilt`].
    pub fn new(_: Bucket, _: Folder) -> Result<Self, FilesError> {
        Err(FilesError::NotBuilt)
    }

    pub(super) async fn receive<S, E>(&self, _: &FileName, _: S) -> Result<Result<Stored, Unfit>, FilesError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        match *self {}
    }

    pub(super) async fn open(&self, _: &FileName) -> Result<Option<Content>, FilesError> {
        match *self {}
    }

    pub(super) async fn delete(&self, _: &FileName) -> Result<(), FilesError> {
        match *self {}
    }

    pub(super) async fn prepare(&self) -> Result<(), FilesError> {
        match *self {}
    }
}
