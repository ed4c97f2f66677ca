//! Uploaded files, signed declarations and identity documents: looked at by their content while they come in, and kept in a
//! folder or in an object storage, outside of the site and under random names.
//!
//! What a person sent that cannot be taken is [`Unfit`], which a page explains; [`FilesError`] is what failed on our side.
//! A file is kept whole or not at all: whatever ends an upload early leaves nothing behind.

mod bucket;
mod folder;
mod format;
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
pub const MOST: u64 = 5 * 1024 * 1024;

/// What was kept of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What it is.
    pub format: Format,
    /// How many bytes.
    pub size: u64,
    /// SHA-256 of the kept bytes, in hexadecimal digits.
    pub sha256: String,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// It has no bytes.
    Empty,
    /// It has more than [`MOST`] bytes.
    TooLarge,
    /// It is neither PDF nor JPEG nor PNG, whatever it is called; or a PNG that moves.
    Format,
    /// It was cut off, or is damaged.
    Broken,
    /// A PDF with something behind its end, or that is an archive too.
    Trailing,
    /// A PDF with scripts, further files, or programs that it starts.
    Active,
    /// A PDF that needs a password.
    Locked,
    /// An image of more pixels, or drawn over more often, than anybody scans: it is made to choke its reader.
    Pixels,
}

/// What went wrong with a file for a reason that is not in the file. The text is for logs; it never holds content.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder did not do what it was asked.
    #[error("files: {0}")]
    Io(#[from] io::Error),
    /// The object storage did not, or could not be reached.
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
    /// Takes an upload in, and keeps it under `name`, a new one. Of an image only the bytes up to its end are kept.
    ///
    /// When the future is dropped before its end, nothing is kept.
    ///
    /// # Errors
    /// [`FilesError::Upload`] when `stream` gives an error, else what failed on our side. In both cases, and when the file is
    /// unfit, nothing is kept.
    pub async fn receive<S, E>(&self, name: &FileName, stream: S) -> Result<Result<Stored, Unfit>, FilesError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        match self {
            Self::Folder(folder) => folder.receive(name, stream).await,
            Self::Object(object) => object.receive(name, stream).await,
        }
    }

    /// The content of a kept file; none if there is none of this name.
    ///
    /// # Errors
    /// [`FilesError`], here or in the middle of the content.
    pub async fn open(&self, name: &FileName) -> Result<Option<Content>, FilesError> {
        match self {
            Self::Folder(folder) => folder.open(name).await,
            Self::Object(object) => object.open(name).await,
        }
    }

    /// Deletes a file, and what a killed process left of it. That there is none is fine.
    ///
    /// # Errors
    /// [`FilesError`].
    pub async fn delete(&self, name: &FileName) -> Result<(), FilesError> {
        match self {
            Self::Folder(folder) => folder.delete(name).await,
            Self::Object(object) => object.delete(name).await,
        }
    }

    /// Whether files can be kept: writes one and deletes it. Makes the folder where it is missing.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn sound(&self) -> Result<(), FilesError> {
        match self {
            Self::Folder(folder) => folder.sound().await,
            Self::Object(object) => object.sound().await,
        }
    }
}
