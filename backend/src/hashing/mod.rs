//! argon2id for keys and answers, on blocking threads, a few at a time (docs/decisions/0010,
//! docs/security.md#proofs-and-keys); and verification of keys that an older system hashed ([`older`], A-IMPORT).

mod older;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use older::{Prf, Scheme};
pub use older::{UnfitHash, check_supported};

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
    cores: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    runs: AtomicU64,
    /// Of new hashes.
    cost: Cost,
    /// Reused working memory, at most one buffer per core. Allocating 19 MiB for each hash cost a third of its time in
    /// page faults, and the allocator of every thread that had hashed kept the memory.
    memory: Mutex<Vec<Memory>>,
    /// Hash of a random text, verified for a RUT without an account.
    nobody: String,
}

/// Working memory of argon2.
type Memory = Vec<Block>;

/// Parameters of argon2: KiB, passes, lanes.
type Cost = (u32, u32, u32);

/// The parameters of new hashes (OWASP password storage: 19 MiB, 2 passes, 1 lane).
const PARAMS: Cost = (19 * 1024, 2, 1);

/// The least that argon2 takes.
#[cfg(debug_assertions)]
const LEAST: Cost = (8, 1, 1);

/// Computes argon2 in `memory`, which grows as the parameters need. None when argon2 rejects the parameters.
fn compute(
    argon2: &Argon2<'_>,
    secret: &str,
    salt: &[u8],
    length: usize,
    memory: &mut Memory,
) -> Option<Vec<u8>> {
    memory.resize(argon2.params().block_count().max(memory.len()), Block::new());
    let mut output = vec![0; length];
    argon2.hash_password_into_with_memory(secret.as_bytes(), salt, &mut output, memory).ok()?;
    Some(output)
}

/// The parameters of new hashes. Never None: they are constants within the bounds of argon2.
fn current_params() -> Option<Params> {
    let (m, t, p) = PARAMS;
    Params::new(m, t, p, None).ok()
}

/// Hashes a secret with a fresh salt, as a PHC string. None when the system returns no random bytes for the salt.
fn hash_in(secret: &str, (m, t, p): Cost, memory: &mut Memory) -> Option<String> {
    let salt =
        [crate::secrets::random_u64().ok()?.to_be_bytes(), crate::secrets::random_u64().ok()?.to_be_bytes()];
    let salt = salt.concat();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(m, t, p, None).ok()?);
    let output = compute(&argon2, secret, &salt, 32, memory)?;
    Some(format!("$argon2id$v=19$m={m},t={t},p={p}${}${}", BASE64.encode(salt), BASE64.encode(output)))
}

/// Whether `secret` matches this hash, of any known scheme. None when the hash cannot be read.
fn verify_in(secret: &str, hash: &str, memory: &mut Memory) -> Option<bool> {
    match older::read(hash).ok()? {
        Scheme::Argon2 { algorithm, version, params, salt, output } => {
            // Larger parameters than ours get memory of their own, freed at once: the pool would keep it.
            let mut larger = Memory::new();
            let ours = current_params()?.block_count();
            let memory = if params.block_count() > ours { &mut larger } else { memory };
            let argon2 = Argon2::new(algorithm, version, params);
            Some(compute(&argon2, secret, &salt, output.len(), memory)?.ct_eq(&output).into())
        }
        // The crate compares in constant time.
        Scheme::Bcrypt => bcrypt::verify(secret, hash).ok(),
        Scheme::Pbkdf2 { prf, rounds, salt, output } => {
            let mut ours = vec![0; output.len()];
            let compute = match prf {
                Prf::Sha1 => pbkdf2::pbkdf2_hmac::<sha1::Sha1>,
                Prf::Sha256 => pbkdf2::pbkdf2_hmac::<sha2::Sha256>,
                Prf::Sha512 => pbkdf2::pbkdf2_hmac::<sha2::Sha512>,
            };
            compute(secret.as_bytes(), &salt, rounds, &mut ours);
            Some(ours.ct_eq(&output).into())
        }
    }
}

impl Hasher {
    /// A hasher that computes `cores` hashes at once and queues at most `most_waiting` more. None when the system
    /// returns no random bytes.
    #[must_use]
    pub fn new(cores: usize, most_waiting: usize) -> Option<Self> {
        Self::with_cost(cores, most_waiting, PARAMS)
    }

    /// The same with hashes that are worth nothing, for tests with thousands of them. A release has no such thing.
    #[cfg(debug_assertions)]
    #[must_use]
    pub fn worthless(cores: usize, most_waiting: usize) -> Option<Self> {
        Self::with_cost(cores, most_waiting, LEAST)
    }

    fn with_cost(cores: usize, most_waiting: usize, cost: Cost) -> Option<Self> {
        let nobody = hash_in(&crate::secrets::random_token().ok()?, cost, &mut Memory::new())?;
        let memory = Mutex::default();
        let cores = Arc::new(Semaphore::new(cores.max(1)));
        let (waiting, runs) = (AtomicUsize::new(0), AtomicU64::new(0));
        Some(Self { inner: Arc::new(Inner { cores, waiting, most_waiting, runs, cost, memory, nobody }) })
    }

    /// Number of hashes computed since the start, for tests that compare code paths and for metrics.
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
        let cost = self.inner.cost;
        self.run(move |memory| hash_in(&secret, cost, memory)).await?.ok_or(Busy)
    }

    /// Whether a hash is argon2id with exactly the parameters of new hashes. A caller that has verified a key against
    /// any other hash hashes the key again and stores the new hash ([`crate::store::accounts::rehash_key`]).
    #[must_use]
    pub fn is_current(&self, hash: &str) -> bool {
        let Ok(Scheme::Argon2 { algorithm, version, params, output, .. }) = older::read(hash) else {
            return false;
        };
        (algorithm, version) == (Algorithm::Argon2id, Version::V0x13)
            && (params.m_cost(), params.t_cost(), params.p_cost()) == self.inner.cost
            && output.len() == 32
    }

    /// Checks a secret against a stored hash: ours, or an imported one ([`check_supported`]). Without a hash it verifies against
    /// one that nothing matches, so that an unknown account takes as long as a known one, and returns false.
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

    /// Checks two hashes of a proof of work, which nobody outside can foresee: `random` is keyed.
    ///
    /// # Errors
    /// [`Busy`].
    pub async fn verify_work(
        &self,
        (challenge, hashes): (&str, u32),
        proof: &str,
        random: [u8; 8],
    ) -> Result<bool, Busy> {
        if !work::is_complete(proof, hashes) {
            return Ok(false);
        }
        let (challenge, proof) = (challenge.to_owned(), proof.to_owned());
        let picks = work::picks(hashes, random);
        self.run(move |_| work::Worker::default().verify(&challenge, hashes, &proof, picks)).await
    }

    /// The prefix of every hash with the current parameters.
    #[must_use]
    pub fn current_prefix(&self) -> String {
        let (m, t, p) = self.inner.cost;
        format!("$argon2id$v=19$m={m},t={t},p={p}$")
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
        let waiting = QueueTicket(inner);
        let core = inner.cores.clone().acquire_owned().await;
        drop(waiting);
        inner.runs.fetch_add(1, Ordering::Relaxed);
        let shared = inner.clone();
        let done = tokio::task::spawn_blocking(move || {
            let pieces = || shared.memory.lock().unwrap_or_else(PoisonError::into_inner);
            let mut memory = pieces().pop().unwrap_or_default();
            let done = work(&mut memory);
            pieces().push(memory);
            // Held until here even when the request is cancelled: that does not stop this thread.
            drop(core);
            done
        });
        done.await.map_err(|_| Busy)
    }
}

/// A place in the queue; freed when dropped, also when the waiting request is cancelled.
struct QueueTicket<'a>(&'a Inner);

impl Drop for QueueTicket<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests;
