//! Files in a folder of this machine, or in one shared by several.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};

use super::upload::{CompleteUpload, PartFile, blocking, create, sync_folder};
use super::{Content, FileName, FilesError, Stored, Unfit};

/// Bytes of a file that are read at a time.
const PIECE: usize = 64 * 1024;

/// Keeps files, each under its name, in a folder that only the service can enter.
#[derive(Debug, Clone)]
pub struct Folder {
    path: Arc<Path>,
}

impl Folder {
    /// The folder at `path`; [`super::Files::prepare`] creates it.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into().into() }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) async fn receive<S, E>(
        &self,
        name: &FileName,
        stream: S,
    ) -> Result<Result<Stored, Unfit>, FilesError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        match self.spool(name, stream).await? {
            Ok(complete) => complete.keep(self.of(name)).await.map(Ok),
            Err(unfit) => Ok(Err(unfit)),
        }
    }

    /// Receives an upload without keeping it: the file is deleted when the returned [`CompleteUpload`] is dropped.
    pub(super) async fn spool<S, E>(
        &self,
        name: &FileName,
        stream: S,
    ) -> Result<Result<CompleteUpload, Unfit>, FilesError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        PartFile::of(self.part_of(name), stream).await
    }

    pub(super) async fn open(&self, name: &FileName) -> Result<Option<Content>, FilesError> {
        let path = self.of(name);
        let file = match blocking(move || File::open(path)).await {
            Ok(file) => file,
            Err(FilesError::Io(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let pieces = futures_util::stream::try_unfold(file, |file| blocking(move || piece(file)));
        Ok(Some(pieces.boxed()))
    }

    pub(super) async fn delete(&self, name: &FileName) -> Result<(), FilesError> {
        let paths = [self.part_of(name), self.of(name)];
        let folder = Arc::clone(&self.path);
        blocking(move || {
            let mut deleted = false;
            for path in paths {
                match std::fs::remove_file(path) {
                    Ok(()) => deleted = true,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            if deleted { sync_folder(&folder) } else { Ok(()) }
        })
        .await
    }

    pub(super) async fn prepare(&self) -> Result<(), FilesError> {
        let (folder, probe) = (Arc::clone(&self.path), self.part_of(&FileName::random()?));
        blocking(move || {
            crate::owner_only::create_folder(&folder)?;
            let file = create(&probe)?;
            let ours = file.sync_all().and_then(|()| ours(&folder, &file));
            std::fs::remove_file(&probe)?;
            ours
        })
        .await
    }

    fn of(&self, name: &FileName) -> PathBuf {
        self.path.join(name.as_str())
    }

    fn part_of(&self, name: &FileName) -> PathBuf {
        self.path.join(format!("{}.part", name.as_str()))
    }
}

/// The next piece of a file, and the file to read the rest from.
fn piece(mut file: File) -> io::Result<Option<(Bytes, File)>> {
    let mut piece = BytesMut::zeroed(PIECE);
    let read = loop {
        match file.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    piece.truncate(read);
    Ok((read > 0).then(|| (piece.freeze(), file)))
}

/// Checks that nobody else can replace files in the folder: it belongs to us, as `file` does, or to root, and is not
/// world-writable. Somebody else may have created a folder in a shared place such as the temporary directory before us.
#[cfg(unix)]
fn ours(folder: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let (folder, file) = (folder.metadata()?, file.metadata()?);
    if [file.uid(), 0].contains(&folder.uid()) && folder.mode() & 0o002 == 0 {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::PermissionDenied, "others may write in the folder of the files"))
}

#[cfg(not(unix))]
fn ours(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}
