//! Uploaded files, signed declarations and identity documents: inspected by content while they are received, and kept
//! in a folder or an object storage, outside of the site and under random names.
//!
//! [`Unfit`] is why a person's file is refused, which a page explains; [`FilesError`] is what failed on our side. A
//! file is kept whole or not at all: an upload that ends early leaves nothing behind.

mod bucket;
mod folder;
mod format;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod inspect;
mod name;
#[cfg(feature = "s3")]
mod object;
#[cfg(not(feature = "s3"))]
#[path = "object_absent.rs"]
mod object;
#[cfg(test)]
mod tests;
mod upload;

use std::io;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::BoxStream;

pub use bucket::Bucket;
pub use folder::Folder;
pub use format::Format;
pub use name::FileName;
pub use object::ObjectFiles;

/// Most bytes of an upload: 5 MB.
pub const MAX_FILE_BYTES: u64 = 5 * 1024 * 1024;

/// A file that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its format.
    pub format: Format,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of the kept bytes, in hexadecimal digits.
    pub sha256: String,
}

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// It has no bytes.
    Empty,
    /// It has more than [`MAX_FILE_BYTES`] bytes.
    TooLarge,
    /// It is neither PDF nor JPEG nor PNG, whatever its name, and none of the following.
    Format,
    /// A photograph in a format of newer telephones: HEIC, AVIF or WebP.
    Photo,
    /// A document of a word processor or spreadsheet, or an archive.
    Document,
    /// A web page.
    Page,
    /// An animated PNG.
    Animated,
    /// It is truncated or damaged.
    Broken,
    /// A PDF with data after its end, or that is also an archive.
    Trailing,
    /// A PDF with scripts, embedded files, programs that it starts, or actions that send data or open other files.
    Active,
    /// A PDF that is encrypted. Many open without a password: theirs only keeps people from changing them.
    Locked,
    /// An image with more pixels, scans or compressed texts than any real one: it is made to overload its reader.
    Pixels,
}

/// What failed on our side, not because of the file. The text is for logs; it never holds content.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder failed.
    #[error("files: {0}")]
    Io(#[from] io::Error),
    /// The object storage failed, or could not be reached.
    #[cfg(feature = "s3")]
    #[error("object storage: {0}")]
    Object(#[from] object_store::Error),
    /// This program was built without the feature `s3`.
    #[error("object storage: not in this build")]
    NotBuilt,
    /// The object storage took too long.
    #[error("object storage: no answer in time")]
    Late,
    /// The upload broke off.
    #[error("the upload broke off")]
    Upload,
    /// No random bytes.
    #[error(transparent)]
    Secrets(#[from] crate::secrets::SecretsError),
}

/// The bytes of a kept file, in pieces.
pub type Content = BoxStream<'static, Result<Bytes, FilesError>>;

/// Where uploaded files are kept.
#[derive(Debug, Clone)]
pub enum Files {
    /// In a folder: the default.
    Folder(Folder),
    /// In an object storage that speaks S3.
    Object(ObjectFiles),
}

impl Files {
    /// Receives an upload and keeps it under `name`, which must be new. Of an image only the bytes up to its end are
    /// kept, and nothing of what stands before any file.
    ///
    /// When the future is dropped early, nothing is kept.
    ///
    /// # Errors
    /// [`FilesError::Upload`] when `stream` returns an error, else what failed on our side. In both cases, and when the
    /// file is unfit, nothing is kept.
    pub async fn receive<S, E>(&self, name: &FileName, stream: S) -> Result<Result<Stored, Unfit>, FilesError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        match self {
            Self::Folder(folder) => folder.receive(name, stream).await,
            Self::Object(object) => object.receive(name, stream).await,
        }
    }

    /// The content of a kept file; None when there is no file of this name.
    ///
    /// # Errors
    /// [`FilesError`], here or while the content is read.
    pub async fn open(&self, name: &FileName) -> Result<Option<Content>, FilesError> {
        match self {
            Self::Folder(folder) => folder.open(name).await,
            Self::Object(object) => object.open(name).await,
        }
    }

    /// Deletes a file, and what a killed process left of it. A missing file is no error.
    ///
    /// # Errors
    /// [`FilesError`].
    pub async fn delete(&self, name: &FileName) -> Result<(), FilesError> {
        match self {
            Self::Folder(folder) => folder.delete(name).await,
            Self::Object(object) => object.delete(name).await,
        }
    }

    /// Checks that files can be kept: writes one and deletes it. Creates the folder when it is missing.
    ///
    /// # Errors
    /// [`FilesError`], why not.
    pub async fn prepare(&self) -> Result<(), FilesError> {
        match self {
            Self::Folder(folder) => folder.prepare().await,
            Self::Object(object) => object.prepare().await,
        }
    }
}
