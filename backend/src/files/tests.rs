//! What a folder keeps, and that nothing else remains in it.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::task::Poll;

use futures_util::stream::{iter, pending, poll_fn};
use futures_util::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use super::inspect::samples::*;
use super::*;

/// A folder that is deleted at the end of its test.
struct Scratch(PathBuf);

impl Scratch {
    async fn new() -> (Self, Files) {
        let path = std::env::temp_dir().join(format!("cs-files-{}", FileName::random().unwrap().as_str()));
        let files = Files::Folder(Folder::new(path.join("archivos")));
        files.prepare().await.unwrap();
        (Self(path), files)
    }

    /// The names of the files in it.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.join("archivos")).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `file` as a browser sends it.
fn upload(file: &[u8]) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin + Send + use<> {
    let pieces: Vec<_> = file.chunks(1000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    iter(pieces)
}

async fn content(files: &Files, name: &FileName) -> Option<Vec<u8>> {
    let content = files.open(name).await.unwrap()?;
    Some(content.try_collect::<Vec<_>>().await.unwrap().concat())
}

#[tokio::test]
async fn kept_files_can_be_read_and_deleted() {
    let (scratch, files) = Scratch::new().await;
    let behind = [jpeg(true, b"").as_slice(), b"SEFT"].concat();
    for (file, format, size) in [
        (pdf_of(200_000), Format::Pdf, 200_000),
        (png(), Format::Png, png().len()),
        (behind.clone(), Format::Jpeg, behind.len() - 4),
    ] {
        let name = FileName::random().unwrap();
        let stored = files.receive(&name, upload(&file)).await.unwrap().unwrap();
        let kept = &file[..size];
        assert_eq!((stored.format, stored.size), (format, size as u64));
        assert_eq!(stored.sha256, format!("{:x}", Sha256::digest(kept)));
        assert_eq!(scratch.names(), [name.as_str()]);
        assert_eq!(content(&files, &name).await.as_deref(), Some(kept));
        files.delete(&name).await.unwrap();
        files.delete(&name).await.unwrap();
        assert_eq!(content(&files, &name).await, None);
    }
    assert!(scratch.names().is_empty());
}

#[tokio::test]
async fn refused_uploads_leave_nothing_behind() {
    let (scratch, files) = Scratch::new().await;
    let most = usize::try_from(MAX_FILE_BYTES).unwrap();
    for (file, why) in [
        (Vec::new(), Unfit::Empty),
        (pdf_of(most + 1), Unfit::TooLarge),
        (zip(b""), Unfit::Document),
        (png()[..60].to_vec(), Unfit::Broken),
        ([pdf("").as_slice(), &zip(b"")].concat(), Unfit::Trailing),
        (pdf("/JS "), Unfit::Active),
        (pdf("/Encrypt "), Unfit::Locked),
        (png_of(60_000, 60_000), Unfit::Pixels),
    ] {
        let name = FileName::random().unwrap();
        assert_eq!(files.receive(&name, upload(&file)).await.unwrap(), Err(why));
        assert_eq!(scratch.names(), [""; 0], "{why:?}");
    }
}

#[tokio::test]
async fn an_interrupted_upload_leaves_nothing_behind() {
    let (scratch, files) = Scratch::new().await;
    let name = FileName::random().unwrap();
    let pieces = iter([Ok(pdf("").into()), Err("the browser disconnected")]);
    assert!(matches!(files.receive(&name, pieces).await, Err(FilesError::Upload)));
    assert!(scratch.names().is_empty());
}

/// Occupies a blocking thread until the returned sender is dropped.
fn gate() -> Sender<()> {
    let (open, shut) = channel();
    tokio::task::spawn_blocking(move || shut.recv());
    open
}

/// The future of a request is dropped when the browser disconnects: here while its file is created, while each of three
/// pieces is written, and while it is renamed. There is one blocking thread, so the test decides when the work that the
/// drop left behind runs.
#[test]
fn a_dropped_upload_leaves_nothing_behind() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build();
    runtime.unwrap().block_on(async {
        let (scratch, files) = Scratch::new().await;
        for step in 0..=4 {
            let name = FileName::random().unwrap();
            let shut = Mutex::new((step == 0).then(gate));
            let (mut at, mut pieces) = (0, upload(&pdf_of(3_000)));
            let stream = poll_fn(|context| {
                at += 1;
                if at == step {
                    *shut.lock().unwrap() = Some(gate());
                }
                pieces.poll_next_unpin(context)
            });
            let mut receive = Box::pin(files.receive(&name, stream));
            let ended = std::future::poll_fn(|context| match receive.as_mut().poll(context) {
                Poll::Ready(_) => Poll::Ready(true),
                Poll::Pending if shut.lock().unwrap().is_some() => Poll::Ready(false),
                Poll::Pending => Poll::Pending,
            });
            assert!(!ended.await);
            assert_eq!(scratch.names().len(), usize::from(step > 0), "step {step}");
            drop(receive);
            drop(shut);
            tokio::task::spawn_blocking(|| ()).await.unwrap();
            assert_eq!(scratch.names(), [""; 0], "step {step}");
        }
    });
}

/// Waits until the blocking threads have finished: they do not notice a dropped future.
async fn settled(scratch: &Scratch) {
    for _ in 0..1000 {
        if scratch.names().is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_stalled_upload_is_not_kept() {
    let (scratch, files) = Scratch::new().await;
    let name = FileName::random().unwrap();
    let stream = iter([Ok::<_, Infallible>(Bytes::from(pdf("")))]).chain(pending());
    let receive = files.receive(&name, stream);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(50), receive).await;
    assert!(waited.is_err());
    settled(&scratch).await;
    assert!(scratch.names().is_empty());
}

#[tokio::test]
async fn delete_also_removes_what_a_killed_process_left() {
    let (scratch, files) = Scratch::new().await;
    let name = FileName::random().unwrap();
    std::fs::write(scratch.0.join("archivos").join(format!("{}.part", name.as_str())), b"%PDF").unwrap();
    files.delete(&name).await.unwrap();
    assert!(scratch.names().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_service_can_read_kept_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let (scratch, files) = Scratch::new().await;
    let name = FileName::random().unwrap();
    files.receive(&name, upload(&png())).await.unwrap().unwrap();
    let folder = scratch.0.join("archivos");
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(folder.clone()), mode(folder.join(name.as_str()))), (0o700, 0o600));
}

#[cfg(unix)]
#[tokio::test]
async fn a_world_writable_folder_or_a_file_is_not_sound() {
    use std::os::unix::fs::PermissionsExt as _;
    let (scratch, files) = Scratch::new().await;
    let folder = scratch.0.join("archivos");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    assert!(matches!(files.prepare().await, Err(FilesError::Io(_))), "everybody may write in it");
    assert!(scratch.names().is_empty());
    let file = scratch.0.join("file");
    std::fs::write(&file, b"").unwrap();
    assert!(Files::Folder(Folder::new(file)).prepare().await.is_err(), "it is a file");
}
