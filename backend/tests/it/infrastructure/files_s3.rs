//! Files in an object storage: a real one in this process, and others that fail in different ways.

use std::convert::Infallible;

use backend::files::{Bucket, FileName, Files, FilesError, Format, MAX_FILE_BYTES, Stored, Unfit};
use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::{Stream, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::{Attribute, ObjectStoreExt};
use sha2::{Digest, Sha256};

use crate::support::s3::{Actor, BUCKET, Storage};

/// A PDF of this many bytes.
fn pdf(size: usize) -> Vec<u8> {
    let (start, end) = (b"%PDF-1.7\n".as_slice(), b"\n%%EOF\n".as_slice());
    [start, &vec![b' '; size - start.len() - end.len()], end].concat()
}

fn png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 3, 2);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[127; 18]).unwrap();
    file
}

/// `file` as a browser sends it.
fn upload(file: &[u8]) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin + Send + use<> {
    let pieces: Vec<_> = file.chunks(50_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    futures_util::stream::iter(pieces)
}

async fn receive(files: &Files, file: &[u8]) -> (FileName, Result<Result<Stored, Unfit>, FilesError>) {
    let name = FileName::random().unwrap();
    let received = files.receive(&name, upload(file)).await;
    (name, received)
}

async fn content(files: &Files, name: &FileName) -> Option<Vec<u8>> {
    let content = files.open(name).await.unwrap()?;
    Some(content.try_collect::<Vec<_>>().await.unwrap().concat())
}

#[tokio::test]
async fn a_stored_file_can_be_read_and_deleted() {
    let storage = Storage::whole().await;
    let files = storage.files();
    files.prepare().await.unwrap();
    assert!(storage.objects().is_empty(), "the probe object is deleted");
    let most = usize::try_from(MAX_FILE_BYTES).unwrap();
    let behind = [png().as_slice(), b"behind"].concat();
    for (file, format, size) in [(pdf(most), Format::Pdf, most), (behind, Format::Png, png().len())] {
        let (name, stored) = receive(&files, &file).await;
        let stored = stored.unwrap().unwrap();
        let kept = &file[..size];
        assert_eq!((stored.format, stored.size), (format, size as u64));
        assert_eq!(stored.sha256, format!("{:x}", Sha256::digest(kept)));
        assert_eq!(storage.objects(), [name.as_str()]);
        assert!(storage.spooled().is_empty());
        assert!(content(&files, &name).await.as_deref() == Some(kept));
        files.delete(&name).await.unwrap();
        files.delete(&name).await.unwrap();
        assert_eq!(content(&files, &name).await, None);
        assert!(storage.objects().is_empty());
    }
}

#[tokio::test]
async fn an_object_has_its_content_type_and_downloads_as_an_attachment() {
    let storage = Storage::whole().await;
    let (name, stored) = receive(&storage.files(), &png()).await;
    stored.unwrap().unwrap();
    let bucket = storage.bucket();
    let direct = AmazonS3Builder::new()
        .with_bucket_name(BUCKET)
        .with_endpoint(bucket.endpoint.unwrap())
        .with_region(bucket.region)
        .with_access_key_id(bucket.key_id)
        .with_secret_access_key(bucket.secret)
        .with_allow_http(true)
        .build()
        .unwrap();
    let path = format!("{}/{}", bucket.prefix, name.as_str());
    let found = direct.get(&path.as_str().into()).await.unwrap();
    assert_eq!(found.attributes.get(&Attribute::ContentType).map(AsRef::as_ref), Some("image/png"));
    assert_eq!(found.attributes.get(&Attribute::ContentDisposition).map(AsRef::as_ref), Some("attachment"));
}

#[tokio::test]
async fn refused_and_interrupted_files_are_not_sent_to_the_storage() {
    let actor = Actor::new("200 OK", 100);
    let storage = Storage::played(&actor).await;
    let files = storage.files();
    let broken = pdf(100_000)[..99_000].to_vec();
    for (file, why) in
        [(Vec::new(), Unfit::Empty), (b"<html>".to_vec(), Unfit::Page), (broken, Unfit::Broken)]
    {
        assert_eq!(receive(&files, &file).await.1.unwrap(), Err(why));
    }
    let stream = futures_util::stream::iter([Ok(Bytes::from(pdf(100))), Err(())]);
    let received = files.receive(&FileName::random().unwrap(), stream).await;
    assert!(matches!(received, Err(FilesError::Upload)));
    assert!(actor.seen("").is_empty() && storage.spooled().is_empty());
}

#[tokio::test]
async fn an_unreachable_or_forbidden_storage_is_an_error() {
    let down = Storage::down();
    let real = Storage::whole().await;
    let stranger = real.files_of(Bucket { secret: "otro".to_owned(), ..real.bucket() });
    for (case, files) in [("down", down.files()), ("stranger", stranger)] {
        let sound = files.prepare().await;
        assert!(matches!(sound, Err(FilesError::Object(_))), "{case}: {sound:?}");
        let (name, received) = receive(&files, &png()).await;
        assert!(matches!(received, Err(FilesError::Object(_))));
        assert!(!matches!(files.open(&name).await, Ok(Some(_))));
    }
    assert!(down.spooled().is_empty() && real.spooled().is_empty() && real.objects().is_empty());
}

#[tokio::test]
async fn a_failing_storage_is_tried_three_times() {
    let actor = Actor::new("503 Service Unavailable", 1000);
    let storage = Storage::played(&actor).await;
    let (name, received) = receive(&storage.files(), &png()).await;
    assert!(matches!(received, Err(FilesError::Object(_))));
    let path = format!("PUT /{BUCKET}/clave-sence/demo/{}", name.as_str());
    assert_eq!(actor.seen("PUT"), [path.as_str(); 3]);
    assert!(storage.files().open(&name).await.is_err());
    assert_eq!(actor.seen("GET").len(), 3);
    assert!(storage.spooled().is_empty());
}

#[tokio::test]
async fn a_silent_storage_times_out() {
    let actor = Actor::new("200 OK", 0);
    let storage = Storage::played(&actor).await;
    let (name, received) = receive(&storage.files_at_once(), &png()).await;
    assert!(matches!(received, Err(FilesError::Object(_) | FilesError::Late)));
    assert!(storage.files_at_once().open(&name).await.is_err());
    assert!(storage.files_at_once().delete(&name).await.is_err());
    assert!(storage.spooled().is_empty());
}

#[tokio::test]
async fn at_most_four_files_are_sent_at_once() {
    let actor = Actor::new("200 OK", 0);
    let storage = Storage::played(&actor).await;
    let files = storage.files();
    let receiving = tokio::spawn(async move {
        let file = png();
        join_all((0..10).map(|_| receive(&files, &file))).await
    });
    for round in 1..=10 {
        actor.sees("PUT", (round + 3).min(10)).await;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        assert_eq!(actor.seen("PUT").len(), (round + 3).min(10));
        actor.gate.add_permits(1);
    }
    for (_, received) in receiving.await.unwrap() {
        received.unwrap().unwrap();
    }
}

/// The browser disconnects after the storage got the file and before it confirmed.
#[tokio::test]
async fn an_object_of_an_aborted_upload_is_deleted() {
    let actor = Actor::new("200 OK", 0);
    let storage = Storage::played(&actor).await;
    let files = storage.files();
    let receiving = tokio::spawn(async move { receive(&files, &png()).await });
    actor.sees("PUT", 1).await;
    receiving.abort();
    assert!(receiving.await.is_err());
    assert!(actor.seen("DELETE").is_empty());
    actor.gate.add_permits(2);
    actor.sees("DELETE", 1).await;
    assert_eq!(actor.seen("DELETE")[0], actor.seen("PUT")[0].replace("PUT", "DELETE"));
    assert!(storage.spooled().is_empty());
}
