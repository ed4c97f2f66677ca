//! Parses key hashes made by other programs, which imported accounts may have, into a [`Scheme`] that can be computed.
//!
//! The older system is an ASP.NET one. Supported: argon2id and argon2i as PHC strings, bcrypt, PBKDF2 as a PHC string
//! or as passlib writes it, and the blobs of ASP.NET Identity, versions 2 and 3. Nothing here computes a hash, so an
//! import can judge one at the cost of parsing it.

use argon2::password_hash::PasswordHash;
use argon2::{Algorithm, Params, Version};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Why a hash is refused by an import and never verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum UnfitHash {
    /// Of no scheme that this program can compute.
    #[error("a hash of an unknown scheme")]
    UnknownScheme,
    /// Of a known scheme, and damaged.
    #[error("a hash that cannot be read")]
    Malformed,
    /// So cheap that the key is easily guessed: bcrypt cost under 4, PBKDF2 under 1,000 iterations.
    #[error("a hash that is too cheap")]
    TooCheap,
    /// So expensive that a few sign-ins would stop the service: bcrypt cost over 14, PBKDF2 over 2,000,000 iterations,
    /// argon2 over 256 MiB, 10 passes or 16 lanes.
    #[error("a hash that is too expensive")]
    TooExpensive,
    /// A salt outside 8 to 64 bytes, or an output outside 16 to 64.
    #[error("a salt or an output that is too short or too long")]
    Lengths,
}

/// A parsed hash, ready to be computed.
#[derive(Debug)]
pub(super) enum Scheme {
    /// argon2id or argon2i.
    Argon2 { algorithm: Algorithm, version: Version, params: Params, salt: Vec<u8>, output: Vec<u8> },
    /// bcrypt; the crate parses the text itself.
    Bcrypt,
    /// PBKDF2 with HMAC.
    Pbkdf2 { prf: Prf, rounds: u32, salt: Vec<u8>, output: Vec<u8> },
}

/// The hash function under PBKDF2's HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prf {
    Sha1,
    Sha256,
    Sha512,
}

type Result<T> = std::result::Result<T, UnfitHash>;

/// Longest hash text that is parsed, in bytes; argon2 with the longest salt and output is shorter.
const LONGEST: usize = 512;
const BCRYPT_COST: std::ops::RangeInclusive<u32> = 4..=14;
const PBKDF2_ROUNDS: std::ops::RangeInclusive<u32> = 1_000..=2_000_000;
const ARGON2_MAX: (u32, u32, u32) = (256 * 1024, 10, 16);
const SALT: std::ops::RangeInclusive<usize> = 8..=64;
const OUTPUT: std::ops::RangeInclusive<usize> = 16..=64;

/// base64 with or without `=` at its end and with unused bits in the last letter: several programs write it so.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Whether [`super::Hasher::verify`] can check this hash, at a cost that the service can afford at each sign-in.
///
/// # Errors
/// [`UnfitHash`].
pub fn check_supported(hash: &str) -> std::result::Result<(), UnfitHash> {
    read(hash).map(|_| ())
}

/// Reads a hash.
pub(super) fn read(hash: &str) -> Result<Scheme> {
    if hash.len() > LONGEST || !hash.is_ascii() {
        return Err(UnfitHash::Malformed);
    }
    match hash.strip_prefix('$') {
        None => aspnet(hash),
        Some(rest) => match rest.split('$').next().unwrap_or_default() {
            "argon2id" | "argon2i" => argon2(hash),
            "2a" | "2b" | "2y" => bcrypt(hash),
            // passlib omits the name of the function for SHA-1.
            "pbkdf2" | "pbkdf2-sha1" => pbkdf2(Prf::Sha1, rest),
            "pbkdf2-sha256" => pbkdf2(Prf::Sha256, rest),
            "pbkdf2-sha512" => pbkdf2(Prf::Sha512, rest),
            _ => Err(UnfitHash::UnknownScheme),
        },
    }
}

fn argon2(text: &str) -> Result<Scheme> {
    let hash = PasswordHash::new(text).map_err(|_| UnfitHash::Malformed)?;
    let algorithm = Algorithm::try_from(hash.algorithm).map_err(|_| UnfitHash::Malformed)?;
    // Hashes older than version 19 omit the version.
    let version = Version::try_from(hash.version.unwrap_or(0x10)).map_err(|_| UnfitHash::Malformed)?;
    let params = Params::try_from(&hash).map_err(|_| UnfitHash::Malformed)?;
    let (memory, passes, lanes) = ARGON2_MAX;
    if params.m_cost() > memory || params.t_cost() > passes || params.p_cost() > lanes {
        return Err(UnfitHash::TooExpensive);
    }
    let mut bytes = [0; 64];
    let salt = hash.salt.ok_or(UnfitHash::Malformed)?;
    let salt = salt.decode_b64(&mut bytes).map_err(|_| UnfitHash::Malformed)?.to_vec();
    let output = hash.hash.ok_or(UnfitHash::Malformed)?.as_bytes().to_vec();
    bounded(&salt, &output)?;
    Ok(Scheme::Argon2 { algorithm, version, params, salt, output })
}

fn bcrypt(text: &str) -> Result<Scheme> {
    let (cost, rest) = text.get(4..).and_then(|rest| rest.split_once('$')).ok_or(UnfitHash::Malformed)?;
    let letters = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/');
    if cost.len() != 2 || rest.len() != 53 || !rest.bytes().all(letters) {
        return Err(UnfitHash::Malformed);
    }
    let cost: u32 = number(cost)?;
    within(cost, &BCRYPT_COST)?;
    Ok(Scheme::Bcrypt)
}

/// `NAME$29000$SALT$HASH` of passlib, or `NAME$i=29000[,l=32]$SALT$HASH` of the PHC's string format.
fn pbkdf2(prf: Prf, text: &str) -> Result<Scheme> {
    let parts: Vec<&str> = text.split('$').collect();
    let [_, params, salt, output] = parts[..] else { return Err(UnfitHash::Malformed) };
    let (salt, output) = (lenient(salt)?, lenient(output)?);
    let mut rounds = None;
    for param in params.split(',') {
        match param.split_once('=') {
            None | Some(("i", _)) if rounds.is_none() => {
                rounds = Some(number(param.strip_prefix("i=").unwrap_or(param))?);
            }
            Some(("l", length)) if number(length)? as usize == output.len() => {}
            _ => return Err(UnfitHash::Malformed),
        }
    }
    pbkdf2_of(prf, rounds.ok_or(UnfitHash::Malformed)?, salt, output)
}

fn pbkdf2_of(prf: Prf, rounds: u32, salt: Vec<u8>, output: Vec<u8>) -> Result<Scheme> {
    within(rounds, &PBKDF2_ROUNDS)?;
    bounded(&salt, &output)?;
    Ok(Scheme::Pbkdf2 { prf, rounds, salt, output })
}

/// The blobs of ASP.NET Identity (`PasswordHasher`). Version 2: `00`, 16 bytes of salt, 32 of output; 1,000 rounds of
/// SHA-1. Version 3: `01`, then function, rounds and length of the salt as big-endian words; salt; output.
fn aspnet(text: &str) -> Result<Scheme> {
    let blob = STANDARD.decode(text).map_err(|_| UnfitHash::UnknownScheme)?;
    match blob.split_first() {
        Some((0, rest)) if rest.len() == 48 => {
            let (salt, output) = rest.split_at(16);
            pbkdf2_of(Prf::Sha1, 1_000, salt.to_vec(), output.to_vec())
        }
        Some((1, rest)) => {
            let (prf, rest) = word(rest)?;
            let (rounds, rest) = word(rest)?;
            let (length, rest) = word(rest)?;
            let prf = match prf {
                0 => Prf::Sha1,
                1 => Prf::Sha256,
                2 => Prf::Sha512,
                _ => return Err(UnfitHash::UnknownScheme),
            };
            let salt_and_output = rest.split_at_checked(length as usize);
            let (salt, output) = salt_and_output.ok_or(UnfitHash::Malformed)?;
            pbkdf2_of(prf, rounds, salt.to_vec(), output.to_vec())
        }
        _ => Err(UnfitHash::UnknownScheme),
    }
}

fn word(bytes: &[u8]) -> Result<(u32, &[u8])> {
    let (word, rest) = bytes.split_first_chunk().ok_or(UnfitHash::Malformed)?;
    Ok((u32::from_be_bytes(*word), rest))
}

/// passlib writes `.` where base64 has `+`.
fn lenient(text: &str) -> Result<Vec<u8>> {
    LENIENT.decode(text.replace('.', "+")).map_err(|_| UnfitHash::Malformed)
}

/// Digits only: `parse` would also accept a sign.
fn number(text: &str) -> Result<u32> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(UnfitHash::Malformed);
    }
    // A number that overflows is too high.
    text.parse().map_err(|_| if text.is_empty() { UnfitHash::Malformed } else { UnfitHash::TooExpensive })
}

fn within(cost: u32, range: &std::ops::RangeInclusive<u32>) -> Result<()> {
    if cost < *range.start() {
        Err(UnfitHash::TooCheap)
    } else if cost > *range.end() {
        Err(UnfitHash::TooExpensive)
    } else {
        Ok(())
    }
}

fn bounded(salt: &[u8], output: &[u8]) -> Result<()> {
    let sound = SALT.contains(&salt.len()) && OUTPUT.contains(&output.len());
    sound.then_some(()).ok_or(UnfitHash::Lengths)
}

#[cfg(test)]
#[path = "older_tests.rs"]
pub(super) mod tests;
