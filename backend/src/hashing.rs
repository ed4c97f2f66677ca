//! argon2id for keys and answers, on blocking threads, a few at a time (DESIGN §4, SECURITY “Proofs and keys”).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Too many hashes are waiting already; the caller answers 503 with `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many keys are waiting to be checked")]
pub struct Busy;

/// Hashes and checks secrets with argon2id, 19 MiB, t = 2, p = 1: about one at a time per core.
#[derive(Clone)]
pub struct Hasher {
    inner: Arc<Inner>,
}

struct Inner {
    cores: Semaphore,
    waiting: AtomicUsize,
    most_waiting: usize,
    runs: AtomicU64,
    /// A hash of a random text, checked in place of the one that an unknown RUT does not have.
    nobody: String,
}

/// The parameters of new hashes (OWASP password storage: 19 MiB, 2 passes, 1 lane).
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes on the calling thread; [`Hasher::hash`] is the one for servers. None when the system gives no salt.
#[must_use]
pub fn hash_now(secret: &str) -> Option<String> {
    let salt = crate::secrets::random_token().ok()?;
    let salt = SaltString::from_b64(&salt.replace('-', "+").replace('_', "/")).ok()?;
    Some(argon2().hash_password(secret.as_bytes(), &salt).ok()?.to_string())
}

/// Checks on the calling thread; [`Hasher::verify`] is the one for servers.
#[must_use]
pub fn verify_now(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(secret.as_bytes(), &hash).is_ok())
}

impl Hasher {
    /// A hasher that works on `cores` hashes at once and lets at most `most_waiting` more wait. None when the system
    /// gives no random bytes.
    #[must_use]
    pub fn new(cores: usize, most_waiting: usize) -> Option<Self> {
        let nobody = hash_now(&crate::secrets::random_token().ok()?)?;
        let cores = Semaphore::new(cores.max(1));
        let (waiting, runs) = (AtomicUsize::new(0), AtomicU64::new(0));
        Some(Self { inner: Arc::new(Inner { cores, waiting, most_waiting, runs, nobody }) })
    }

    /// How many hashes were computed since the start, for tests that compare paths and for metrics.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.inner.runs.load(Ordering::Relaxed)
    }

    /// Hashes a secret with a fresh salt, as a PHC string.
    ///
    /// # Errors
    /// [`Busy`].
    pub async fn hash(&self, secret: &str) -> Result<String, Busy> {
        let secret = Zeroizing::new(secret.to_owned());
        self.run(move || hash_now(&secret)).await?.ok_or(Busy)
    }

    /// Checks a secret against a stored hash. Without one it checks against a hash that nothing matches, so that an
    /// unknown account costs what a known one costs, and says no.
    ///
    /// # Errors
    /// [`Busy`].
    pub async fn verify(&self, secret: &str, hash: Option<&str>) -> Result<bool, Busy> {
        let secret = Zeroizing::new(secret.to_owned());
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.inner.nobody).to_owned();
        Ok(self.run(move || verify_now(&secret, &hash)).await? && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let inner = &self.inner;
        if inner.waiting.fetch_add(1, Ordering::AcqRel) >= inner.most_waiting {
            inner.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(Busy);
        }
        let waiting = Waiting(inner);
        let core = inner.cores.acquire().await;
        drop(waiting);
        inner.runs.fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(work).await.map_err(|_| Busy);
        drop(core);
        done
    }
}

/// Leaves the queue when dropped, also when the request that waited was given up.
struct Waiting<'a>(&'a Inner);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_secret_is_checked_and_an_absent_hash_costs_the_same() {
        let hasher = Hasher::new(2, 10).unwrap();
        let hash = hasher.hash("Quillay7x").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let before = hasher.runs();
        assert_eq!(hasher.verify("Quillay7x", Some(&hash)).await, Ok(true));
        assert_eq!(hasher.verify("quillay7x", Some(&hash)).await, Ok(false));
        assert_eq!(hasher.verify("Quillay7x", None).await, Ok(false));
        assert_eq!(hasher.runs() - before, 3);
    }

    #[tokio::test]
    async fn a_long_queue_is_refused_at_once() {
        let hasher = Hasher::new(1, 2).unwrap();
        let core = hasher.inner.cores.acquire().await.unwrap();
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.verify("x", None).await })
            })
            .collect();
        while hasher.inner.waiting.load(Ordering::Acquire) < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hasher.verify("x", None).await, Err(Busy));
        drop(core);
        for task in waiting {
            assert_eq!(task.await.unwrap(), Ok(false));
        }
        assert_eq!(hasher.verify("x", None).await, Ok(false));
    }
}
