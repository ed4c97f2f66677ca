//! Keys derived from the one secret of the configuration (`CS_SECRET_KEY`), and their uses; random values.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The derived keys: they seal, open, and compute keyed hashes for a purpose.
#[derive(Clone)]
pub struct Secrets {
    seal: Zeroizing<[u8; 32]>,
    mac: Zeroizing<[u8; 32]>,
}

/// Why the configured secret is unusable, a sealed text cannot be opened, or there is no random value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// Under 32 bytes.
    #[error("the secret key needs at least 32 bytes")]
    TooShort,
    /// Sealed with another key, or damaged.
    #[error("a sealed text could not be opened")]
    Sealed,
    /// The operating system returned no random bytes.
    #[error("no random bytes")]
    Random,
}

impl Secrets {
    /// Derives the keys from `secret`, at least 32 bytes that the operator keeps.
    ///
    /// # Errors
    /// [`SecretsError::TooShort`].
    pub fn derive(secret: &[u8]) -> Result<Self, SecretsError> {
        if secret.len() < 32 {
            return Err(SecretsError::TooShort);
        }
        let hkdf = Hkdf::<Sha256>::new(None, secret);
        let key = |info: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            hkdf.expand(info, key.as_mut()).map_err(|_| SecretsError::TooShort)?;
            Ok(key)
        };
        Ok(Self { seal: key(b"clave-sence outbox v1")?, mac: key(b"clave-sence mac v1")? })
    }

    /// Encrypts `plain`; the same `context` is needed to open it.
    ///
    /// # Errors
    /// [`SecretsError::Random`] when the operating system returns no nonce.
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, SecretsError> {
        seal_with(&self.seal, context, plain)
    }

    /// Decrypts the result of [`Secrets::seal`].
    ///
    /// # Errors
    /// [`SecretsError::Sealed`] when the key or the context is another, or the text was altered.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
        open_with(&self.seal, context, sealed)
    }

    /// Encrypts `plain` for who has `token`, of which the store knows only the hash.
    ///
    /// # Errors
    /// As of [`Secrets::seal`].
    pub(crate) fn seal_for(
        &self,
        token: &str,
        context: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, SecretsError> {
        seal_with(&self.key_of(token), context, plain)
    }

    /// Decrypts the result of [`Secrets::seal_for`].
    ///
    /// # Errors
    /// As of [`Secrets::open`]; also when the token is another.
    pub(crate) fn open_for(
        &self,
        token: &str,
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
        open_with(&self.key_of(token), context, sealed)
    }

    /// The key for what is kept for who has `token`.
    fn key_of(&self, token: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.mac("key of kept secrets", &[token]))
    }

    /// A keyed hash (HMAC-SHA-256) of `parts` for one `purpose`, 32 bytes.
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        // A key of 32 bytes is always accepted, so the empty default is never returned.
        let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(self.mac.as_ref()) else { return [0; 32] };
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }

    /// [`Secrets::mac`] as text.
    #[must_use]
    pub fn mac_text(&self, purpose: &str, parts: &[&str]) -> String {
        BASE64.encode(self.mac(purpose, parts))
    }

    /// 128 bits as text like those of [`random_token`], but always the same for `parts`.
    #[must_use]
    pub fn token(&self, purpose: &str, parts: &[&str]) -> String {
        let mac = self.mac(purpose, parts);
        BASE64.encode(mac.first_chunk::<16>().unwrap_or(&[0; 16]))
    }

    /// A number that is always the same for `parts` and looks random without the secret.
    #[must_use]
    pub fn decoy(&self, purpose: &str, parts: &[&str]) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.mac(purpose, parts);
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

fn seal_with(key: &[u8; 32], context: &[u8], plain: &[u8]) -> Result<Vec<u8>, SecretsError> {
    let nonce: [u8; 24] = random_bytes()?;
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad: context })
        .map_err(|_| SecretsError::Sealed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open_with(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
    let (nonce, sealed) = sealed.split_at_checked(24).ok_or(SecretsError::Sealed)?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: context })
        .map(Zeroizing::new)
        .map_err(|_| SecretsError::Sealed)
}

/// 128 random bits as text: the token of a flow.
///
/// # Errors
/// [`SecretsError::Random`].
pub fn random_token() -> Result<String, SecretsError> {
    Ok(BASE64.encode(random_bytes::<16>()?))
}

/// Random bytes.
///
/// # Errors
/// [`SecretsError::Random`].
pub fn random_bytes<const N: usize>() -> Result<[u8; N], SecretsError> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(|_| SecretsError::Random)?;
    Ok(bytes)
}

/// Whether `text` has the form of a [`random_token`]: 22 letters, digits, `-` and `_`.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A random positive number, for ids.
///
/// # Errors
/// [`SecretsError::Random`].
pub fn random_id() -> Result<i64, SecretsError> {
    Ok(i64::try_from(random_u64()? >> 1).unwrap_or(1).max(1))
}

/// 64 random bits.
///
/// # Errors
/// [`SecretsError::Random`].
pub fn random_u64() -> Result<u64, SecretsError> {
    OsRng.try_next_u64().map_err(|_| SecretsError::Random)
}

/// A uniformly random number below `end` (by rejection, so without modulo bias).
///
/// # Errors
/// [`SecretsError::Random`].
pub fn random_below(end: u64) -> Result<u64, SecretsError> {
    let end = end.max(1);
    let fair = u64::MAX - u64::MAX % end;
    loop {
        let number = random_u64()?;
        if number < fair {
            return Ok(number % end);
        }
    }
}

/// The hash under which a token is stored, so that a copy of the database opens no flow.
#[must_use]
pub fn token_id(token: &str) -> String {
    BASE64.encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_text_opens_only_with_the_same_key_and_context() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let sealed = secrets.seal(b"1", "clave".as_bytes()).unwrap();
        assert_eq!(secrets.open(b"1", &sealed).unwrap().as_slice(), b"clave");
        assert_eq!(secrets.open(b"2", &sealed), Err(SecretsError::Sealed));
        assert!(Secrets::derive(&[8; 32]).unwrap().open(b"1", &sealed).is_err());
        assert!(secrets.open(b"1", &sealed[..20]).is_err());
        assert!(!sealed.windows(5).any(|w| w == b"clave"));
        assert_eq!(Secrets::derive(&[1; 31]).err(), Some(SecretsError::TooShort));
    }

    #[test]
    fn macs_differ_when_parts_are_split_differently() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        assert_ne!(secrets.mac("p", &["ab", "c"]), secrets.mac("p", &["a", "bc"]));
        assert_ne!(secrets.mac("p", &["a"]), secrets.mac("q", &["a"]));
    }
}
