//! The keys that sign ID tokens: made when first needed, changed without a restart, published before they sign.

use std::sync::Arc;

use domain::officer::OfficerName;
use domain::openid::client::SigningAlg;
use tokio::sync::Mutex;

use super::{Backend, Caller, Result};
use crate::clock::{DAY, MINUTE, Millis};
use crate::jwt::{self, JwkSet, JwtError, SigningKey};
use crate::store::StoreError;
use crate::store::audit::{self, Desk, Event, Outcome, Record};
use crate::store::grants::ACCESS_FOR;
use crate::store::signing_keys::{self, SigningKeyRow};

/// How long before its first signature a key is published, in milliseconds: systems keep our keys for a while.
pub const PUBLISHED_BEFORE: Millis = DAY;

/// How long a process relies on what it has read, in milliseconds. A change reaches every process within this time.
const READ_AGAIN: Millis = MINUTE;

/// How long after the next key signs the last token of a key counts, in milliseconds: its lifetime, and clocks that differ.
const KEPT_AFTER: Millis = ACCESS_FOR + 5 * MINUTE;

/// How often a change of keys is tried when other processes change them at the same moment.
const ROTATIONS: usize = 5;

/// The keys as this process read them last.
#[derive(Clone, Default)]
pub struct SigningKeys(Arc<Mutex<Read>>);

#[derive(Default)]
struct Read {
    at: Option<Millis>,
    keys: Vec<(SigningKeyRow, Arc<SigningKey>)>,
    /// Those that were sealed under another `secret_key`.
    unreadable: Vec<SigningKeyRow>,
}

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, and signs from this moment on.
    Next(Millis),
    /// It signs.
    Active,
    /// Another signs; tokens of this one may still be about.
    Former,
    /// It was sealed under another `secret_key`: it neither signs nor is published.
    Unreadable,
}

/// A key, for who looks after the service.
#[derive(Debug, Clone)]
pub struct KeyShown {
    /// Its name in tokens.
    pub id: String,
    /// For which algorithm.
    pub alg: SigningAlg,
    /// How it stands.
    pub state: KeyState,
    /// From when on it signs, or signed.
    pub active_at: Millis,
}

/// What came of a wish to change keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotated {
    /// The next key is there, and signs from this moment on.
    From(Millis),
    /// There was a next key already, which signs from this moment on.
    Before(Millis),
    /// Keys that could not be read were deleted; another signs from this moment on.
    Replaced(Millis),
}

impl Backend {
    /// The key that signs now; the first one is made here. While the newest one cannot be read none signs: which of them systems trust
    /// is for `keys rotate` to say, not for a process with a wrong `secret_key`.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and below.
    pub async fn signing_key(&self, alg: SigningAlg) -> Result<Arc<SigningKey>> {
        let now = self.now();
        let read = self.read_keys(now, false).await?;
        if let Some(key) = read.active(alg, now) {
            return Ok(key);
        }
        if read.unreadable.iter().any(|row| row.alg == alg) {
            return Err(JwtError::Unreadable.into());
        }
        // Of processes that make it at once one is first, and no clock decides whether it may sign.
        let row = self.make_key(alg, 1, 0).await?;
        signing_keys::insert(&mut *self.store.connection().await?, &row, now).await?;
        let read = self.read_keys(now, true).await?;
        Ok(read.active(alg, now).ok_or(JwtError::Key)?)
    }

    /// The public keys: what signs, what signs next, and what may still have signed something that counts.
    pub async fn jwks(&self) -> Result<JwkSet> {
        for alg in SigningAlg::ALL {
            self.signing_key(alg).await?;
        }
        let now = self.now();
        let read = self.read_keys(now, false).await?;
        let published = read.keys.iter().filter(|(row, _)| !is_dead(&read.rows(), row, now));
        Ok(JwkSet { keys: published.map(|(_, key)| key.public().clone()).collect() })
    }

    /// The public halves of all keys that were not withdrawn: also of those whose tokens have expired.
    pub(super) async fn every_key(&self) -> Result<JwkSet> {
        let read = self.read_keys(self.now(), false).await?;
        Ok(JwkSet { keys: read.keys.iter().map(|(_, key)| key.public().clone()).collect() })
    }

    /// The keys, for who looks after the service.
    pub async fn list_keys(&self) -> Result<Vec<KeyShown>> {
        let now = self.now();
        let read = self.read_keys(now, true).await?;
        let shown = read.keys.iter().map(|(row, key)| KeyShown {
            id: row.id.clone(),
            alg: row.alg,
            state: match read.active(row.alg, now) {
                Some(active) if active.id() == key.id() => KeyState::Active,
                _ if row.active_at > now => KeyState::Next(row.active_at),
                _ => KeyState::Former,
            },
            active_at: row.active_at,
        });
        let unreadable = read.unreadable.iter().map(|row| KeyShown {
            id: row.id.clone(),
            alg: row.alg,
            state: KeyState::Unreadable,
            active_at: row.active_at,
        });
        Ok(shown.chain(unreadable).collect())
    }

    /// Makes the next key of an algorithm. It signs a day from now; or `at_once`, when the one that signs must not be trusted any more:
    /// that one is deleted, and tokens that it has signed are worth nothing. Keys that cannot be read are deleted, and another signs at
    /// once.
    pub async fn rotate_keys(&self, alg: SigningAlg, at_once: bool) -> Result<Rotated> {
        for _ in 0..ROTATIONS {
            if let Some(rotated) = self.try_rotation(alg, at_once).await? {
                return Ok(rotated);
            }
        }
        Err(JwtError::Key.into())
    }

    /// The same; none when another process has changed them at this moment.
    async fn try_rotation(&self, alg: SigningAlg, at_once: bool) -> Result<Option<Rotated>> {
        let now = self.now();
        let mut read = self.read_keys(now, true).await?;
        if read.rows().iter().all(|row| row.alg != alg) {
            self.signing_key(alg).await?;
            read = self.read_keys(now, true).await?;
        }
        let unreadable: Vec<_> = read.unreadable.iter().filter(|row| row.alg == alg).collect();
        let next = read.keys.iter().map(|(row, _)| row).find(|row| row.alg == alg && row.active_at > now);
        if let (Some(next), true, false) = (next, unreadable.is_empty(), at_once) {
            return Ok(Some(Rotated::Before(next.active_at)));
        }
        let rows: Vec<_> = read.rows().into_iter().filter(|row| row.alg == alg).collect();
        let number = rows.iter().map(|row| row.number).max().unwrap_or_default() + 1;
        let signs_at_once = at_once || !unreadable.is_empty();
        let active_at = if signs_at_once { now } else { now + PUBLISHED_BEFORE };
        let key = self.make_key(alg, number, active_at).await?;
        let caller = Caller::default();
        let mut tx = self.begin_outcome(&caller).await?;
        if !signing_keys::insert(&mut tx, &key, now).await? {
            return Ok(None);
        }
        for row in &rows {
            if at_once || is_dead(&rows, row, now) || unreadable.iter().any(|lost| lost.id == row.id) {
                signing_keys::delete(&mut tx, &row.id).await?;
            }
        }
        let desk = Desk { officer: Some(OfficerName::CONSOLE), request: Some(&key.id) };
        tx.commit(Record::new(audit::NOBODY, Event::KeysChanged, Outcome::Done).at(desk)).await?;
        self.signing.0.lock().await.at = None;
        Ok(Some(match unreadable.is_empty() {
            true => Rotated::From(active_at),
            false => Rotated::Replaced(active_at),
        }))
    }

    /// Makes a key, for the store. When another process has stored the one with this number, that one stays.
    async fn make_key(&self, alg: SigningAlg, number: i64, active_at: Millis) -> Result<SigningKeyRow> {
        let made = tokio::task::spawn_blocking(move || {
            let der = jwt::generate(alg)?;
            SigningKey::from_pkcs8(alg, &der).map(|key| (der, key))
        });
        let (der, key) = made.await.map_err(|_| JwtError::Key)??;
        let sealed = self.secrets.seal(&context(key.id()), &der).map_err(StoreError::from)?;
        Ok(SigningKeyRow {
            id: key.id().to_owned(),
            alg,
            number,
            public: serde_json::to_string(key.public()).map_err(|_| JwtError::Key)?,
            sealed: to_text(&sealed),
            active_at,
        })
    }

    async fn read_keys(&self, now: Millis, again: bool) -> Result<Snapshot> {
        let mut read = self.signing.0.lock().await;
        let fresh = read.at.is_some_and(|at| (at..at + READ_AGAIN).contains(&now));
        if again || !fresh {
            let rows = signing_keys::list(&mut *self.store.connection().await?).await?;
            let (mut keys, mut unreadable) = (Vec::with_capacity(rows.len()), Vec::new());
            for row in rows {
                let known =
                    read.keys.iter().find(|(known, _)| known.id == row.id).map(|(_, key)| Arc::clone(key));
                match known.map_or_else(|| self.open_key(&row).map(Arc::new), Ok) {
                    Ok(key) => keys.push((row, key)),
                    Err(_) => unreadable.push(row),
                }
            }
            for row in &unreadable {
                if read.unreadable.iter().all(|known| known.id != row.id) {
                    tracing::error!(
                        kid = %row.id,
                        alg = row.alg.name(),
                        "a signing key cannot be read: it was stored under another secret_key. Configure that one, or run \
                         `clave-sence keys rotate`, which deletes this key and makes another; until then nobody can sign in to a system"
                    );
                }
            }
            *read = Read { at: Some(now), keys, unreadable };
        }
        Ok(Snapshot { keys: read.keys.clone(), unreadable: read.unreadable.clone() })
    }

    fn open_key(&self, row: &SigningKeyRow) -> Result<SigningKey> {
        let sealed = from_text(&row.sealed).ok_or(JwtError::Key)?;
        let der = self.secrets.open(&context(&row.id), &sealed).map_err(StoreError::from)?;
        Ok(SigningKey::from_pkcs8(row.alg, &der)?)
    }
}

/// The keys at one moment.
struct Snapshot {
    keys: Vec<(SigningKeyRow, Arc<SigningKey>)>,
    unreadable: Vec<SigningKeyRow>,
}

impl Snapshot {
    /// Every key, also those that cannot be read.
    fn rows(&self) -> Vec<&SigningKeyRow> {
        self.keys.iter().map(|(row, _)| row).chain(&self.unreadable).collect()
    }

    /// The newest key that may sign; none while that one cannot be read.
    fn active(&self, alg: SigningAlg, now: Millis) -> Option<Arc<SigningKey>> {
        let may_sign = |row: &SigningKeyRow| row.alg == alg && row.active_at <= now;
        let lost = self.unreadable.iter().filter(|row| may_sign(row)).map(|row| row.number).max();
        self.keys
            .iter()
            .filter(|(row, _)| may_sign(row) && lost.is_none_or(|lost| row.number > lost))
            .max_by_key(|(row, _)| row.number)
            .map(|(_, key)| Arc::clone(key))
    }
}

/// Whether every token of a key has expired.
fn is_dead(all: &[&SigningKeyRow], of: &SigningKeyRow, now: Millis) -> bool {
    all.iter().any(|row| row.alg == of.alg && row.number > of.number && row.active_at + KEPT_AFTER <= now)
}

/// What a sealed key is bound to.
fn context(id: &str) -> Vec<u8> {
    [b"signing key ".as_slice(), id.as_bytes()].concat()
}

fn to_text(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
}

fn from_text(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_NO_PAD.decode(text).ok()
}
