//! Object storages on loopback ports: a whole one on a folder, and one that only plays its part.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend::files::{Bucket, Files, Folder, ObjectFiles};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;

use super::folder::Folder as Scratch;

/// The name of the bucket.
pub(crate) const BUCKET: &str = "archivos";

/// A storage, with a folder to put uploads together.
pub(crate) struct Storage {
    port: u16,
    #[expect(dead_code, reason = "keeps the port")]
    down: Option<TcpSocket>,
    spool: Scratch,
    kept: Scratch,
}

impl Storage {
    /// One that checks signatures and checksums, and has the bucket. It ends with the runtime of its test.
    pub(crate) async fn whole() -> Self {
        let (storage, listener) = Self::bind().await;
        std::fs::create_dir(storage.kept.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(storage.kept.path()).unwrap());
        service.set_auth(SimpleAuth::from_single("clave", "secreto"));
        let service = service.build();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let server = Builder::new(TokioExecutor::new());
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        storage
    }

    /// One that takes no connections; its port is nobody else's all the same.
    pub(crate) fn down() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let port = socket.local_addr().unwrap().port();
        Self { port, down: Some(socket), spool: Scratch::new(), kept: Scratch::new() }
    }

    /// One that answers as `actor` does.
    pub(crate) async fn played(actor: &Arc<Actor>) -> Self {
        let (storage, listener) = Self::bind().await;
        let actor = Arc::clone(actor);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let actor = Arc::clone(&actor);
                tokio::spawn(async move { actor.answer(stream).await });
            }
        });
        storage
    }

    async fn bind() -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        (Self { port, down: None, spool: Scratch::new(), kept: Scratch::new() }, listener)
    }

    /// How it is reached.
    pub(crate) fn bucket(&self) -> Bucket {
        Bucket {
            bucket: BUCKET.to_owned(),
            prefix: "clave-sence/demo".to_owned(),
            endpoint: Some(format!("http://127.0.0.1:{}", self.port)),
            region: "us-east-1".to_owned(),
            key_id: "clave".to_owned(),
            secret: "secreto".to_owned(),
        }
    }

    /// The files in it.
    pub(crate) fn files(&self) -> Files {
        self.files_of(self.bucket())
    }

    /// The same, reached in another way.
    pub(crate) fn files_of(&self, bucket: Bucket) -> Files {
        Files::Object(ObjectFiles::new(bucket, Folder::new(self.spool.path())).unwrap())
    }

    /// The same for somebody with half a second of patience.
    pub(crate) fn files_at_once(&self) -> Files {
        let (spool, patience) = (Folder::new(self.spool.path()), Duration::from_millis(500));
        Files::Object(ObjectFiles::with_timeout(self.bucket(), spool, patience).unwrap())
    }

    /// What lies in the bucket, below the prefix.
    pub(crate) fn objects(&self) -> Vec<String> {
        names(&self.kept.path().join(BUCKET).join("clave-sence/demo"))
    }

    /// What lies in the folder for uploads.
    pub(crate) fn spooled(&self) -> Vec<String> {
        names(self.spool.path())
    }
}

/// The names of what lies in a folder, if it is there.
fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Plays a storage that gives every request the same status.
pub(crate) struct Actor {
    status: &'static str,
    /// Lets answers out, one for each permit.
    pub(crate) gate: Semaphore,
    seen: Mutex<Vec<String>>,
}

impl Actor {
    pub(crate) fn new(status: &'static str, answers: usize) -> Arc<Self> {
        Arc::new(Self { status, gate: Semaphore::new(answers), seen: Mutex::default() })
    }

    /// The requests that came in whole: `METHOD /PATH`.
    pub(crate) fn seen(&self, method: &str) -> Vec<String> {
        self.seen.lock().unwrap().iter().filter(|seen| seen.starts_with(method)).cloned().collect()
    }

    /// Waits until so many requests of a method have come in.
    pub(crate) async fn sees(&self, method: &str, much: usize) {
        for _ in 0..2000 {
            if self.seen(method).len() >= much {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{much} × {method} did not come");
    }

    async fn answer(&self, mut stream: TcpStream) -> Option<()> {
        let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
            request.extend_from_slice(&buffer[..read]);
            let text = String::from_utf8_lossy(&request);
            let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if request.len() >= head.len() + 4 + length.unwrap_or(0) {
                let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
                self.seen.lock().unwrap().push(line);
                break;
            }
        }
        self.gate.acquire().await.ok()?.forget();
        let status = self.status;
        let reply =
            format!("HTTP/1.1 {status}\r\nETag: \"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(reply.as_bytes()).await.ok()
    }
}
