//! A CSV file that is read again when it changes; while it is missing or malformed its registry is down.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use serde::de::DeserializeOwned;

/// A file and its content. Clones share the content.
pub(super) struct Watched<T> {
    path: PathBuf,
    registry: &'static str,
    read: Arc<Mutex<Option<Read<T>>>>,
}

struct Read<T> {
    version: (SystemTime, u64),
    content: Arc<T>,
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), registry: self.registry, read: Arc::clone(&self.read) }
    }
}

impl<T: Send + Sync + 'static> Watched<T> {
    /// A file at `path`, which need not exist yet; `registry` names it in the logs.
    pub(super) fn new(path: PathBuf, registry: &'static str) -> Self {
        Self { path, registry, read: Arc::default() }
    }

    /// The current content, made of the rows by `collect`; None when the file cannot be read.
    pub(super) async fn content<R: DeserializeOwned + 'static>(
        &self,
        collect: fn(Vec<R>) -> Option<T>,
    ) -> Option<Arc<T>> {
        let file = self.clone();
        tokio::task::spawn_blocking(move || file.current(collect)).await.ok().flatten()
    }

    fn current<R: DeserializeOwned + 'static>(&self, collect: fn(Vec<R>) -> Option<T>) -> Option<Arc<T>> {
        let down = |what: &str| {
            tracing::error!(registry = self.registry, "the file {what}: the registry is down");
        };
        let Ok(meta) = std::fs::metadata(&self.path) else {
            down("is missing");
            return None;
        };
        let version = (meta.modified().ok()?, meta.len());
        let mut read = self.read.lock().ok()?;
        if let Some(known) = read.as_ref().filter(|known| known.version == version) {
            return Some(Arc::clone(&known.content));
        }
        let Some(content) = self.rows().and_then(collect) else {
            down("is malformed");
            return None;
        };
        let content = Arc::new(content);
        *read = Some(Read { version, content: Arc::clone(&content) });
        Some(content)
    }

    fn rows<R: DeserializeOwned + 'static>(&self) -> Option<Vec<R>> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(&self.path).ok()?;
        reader.deserialize::<R>().collect::<Result<_, _>>().ok()
    }
}
