//! argon2id for keys and answers, on blocking threads, a few at a time (DESIGN §4, SECURITY “Proofs and keys”).

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use subtle::ConstantTimeEq as _;
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
    /// Working memory, one piece per core at most, used again and again: 19 MiB asked for anew at each hash cost a third
    /// of its time in page faults, and stayed with the allocator of every thread that ever hashed.
    memory: Mutex<Vec<Memory>>,
    /// A hash of a random text, checked in place of the one that an unknown RUT does not have.
    nobody: String,
}

/// Working memory of argon2.
type Memory = Vec<Block>;

/// The parameters of new hashes (OWASP password storage: 19 MiB, 2 passes, 1 lane).
const PARAMS: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Computes argon2id in `memory`, which grows to what the parameters need.
fn compute(secret: &str, salt: &[u8], params: Params, memory: &mut Memory) -> Option<[u8; 32]> {
    memory.resize(params.block_count().max(memory.len()), Block::new());
    let mut output = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(secret.as_bytes(), salt, &mut output, memory)
        .ok()?;
    Some(output)
}

/// Hashes a secret with a fresh salt, as a PHC string. None when the system gives no salt.
fn hash_in(secret: &str, memory: &mut Memory) -> Option<String> {
    let (m, t, p) = PARAMS;
    let salt =
        [crate::secrets::random_u64().ok()?.to_be_bytes(), crate::secrets::random_u64().ok()?.to_be_bytes()];
    let salt = salt.concat();
    let output = compute(secret, &salt, Params::new(m, t, p, None).ok()?, memory)?;
    Some(format!("$argon2id$v=19$m={m},t={t},p={p}${}${}", BASE64.encode(salt), BASE64.encode(output)))
}

/// Whether `secret` is the one of this PHC string of argon2id, whatever its parameters.
fn verify_in(secret: &str, hash: &str, memory: &mut Memory) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok().filter(|hash| hash.algorithm == Algorithm::Argon2id.ident())?;
    let mut salt = [0; 64];
    let salt = hash.salt?.decode_b64(&mut salt).ok()?;
    let output = compute(secret, salt, Params::try_from(&hash).ok()?, memory)?;
    Some(output.ct_eq(hash.hash?.as_bytes()).into())
}

impl Hasher {
    /// A hasher that works on `cores` hashes at once and lets at most `most_waiting` more wait. None when the system
    /// gives no random bytes.
    #[must_use]
    pub fn new(cores: usize, most_waiting: usize) -> Option<Self> {
        let nobody = hash_in(&crate::secrets::random_token().ok()?, &mut Memory::new())?;
        let memory = Mutex::default();
        let cores = Semaphore::new(cores.max(1));
        let (waiting, runs) = (AtomicUsize::new(0), AtomicU64::new(0));
        Some(Self { inner: Arc::new(Inner { cores, waiting, most_waiting, runs, memory, nobody }) })
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
        self.run(move |memory| hash_in(&secret, memory)).await?.ok_or(Busy)
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
        let right = self.run(move |memory| verify_in(&secret, &hash, memory)).await?;
        Ok(right.unwrap_or(false) && known)
    }

    /// How every hash of today begins.
    #[must_use]
    pub fn today() -> String {
        let (m, t, p) = PARAMS;
        format!("$argon2id$v=19$m={m},t={t},p={p}$")
    }

    /// Whether a stored hash was made the way of today: argon2id with today's parameters.
    #[must_use]
    pub fn is_of_today(&self, hash: &str) -> bool {
        hash.starts_with(&Self::today())
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let inner = &self.inner;
        if inner.waiting.fetch_add(1, Ordering::AcqRel) >= inner.most_waiting {
            inner.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(Busy);
        }
        let waiting = Waiting(inner);
        let core = inner.cores.acquire().await;
        drop(waiting);
        inner.runs.fetch_add(1, Ordering::Relaxed);
        let shared = inner.clone();
        let done = tokio::task::spawn_blocking(move || {
            let pieces = || shared.memory.lock().unwrap_or_else(PoisonError::into_inner);
            let mut memory = pieces().pop().unwrap_or_default();
            let done = work(&mut memory);
            pieces().push(memory);
            done
        });
        let done = done.await.map_err(|_| Busy);
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
    async fn hashes_of_the_crate_itself_and_of_other_parameters_are_read() {
        use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, SaltString};
        let hasher = Hasher::new(1, 10).unwrap();
        let salt = SaltString::from_b64("c29tZXNhbHRzb21l").unwrap();
        let other = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 3, 2, None).unwrap());
        let theirs = other.hash_password(b"Quillay7x", &salt).unwrap().to_string();
        assert_eq!(hasher.verify("Quillay7x", Some(&theirs)).await, Ok(true));
        assert_eq!(hasher.verify("Quillay7y", Some(&theirs)).await, Ok(false));
        let ours = hasher.hash("Quillay7x").await.unwrap();
        let ours = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(b"Quillay7x", &ours).is_ok());
        assert_eq!(hasher.verify("Quillay7x", Some("$argon2id$nonsense")).await, Ok(false));
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
