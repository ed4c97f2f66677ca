//! The proof of work beside the captcha (docs/decisions/0015-captcha.md): a browser computes a fixed number of memory-hard
//! hashes of a challenge, and the service computes two of them again, which it picks itself. Runs in both.
//!
//! A proof is the beginning of each hash, in hexadecimal digits, one after the other.

use argon2::{Algorithm, Argon2, Block, Params, Version};

#[cfg(target_arch = "wasm32")]
pub mod browser;

/// Memory of one hash, in KiB.
const MEMORY: u32 = 1024;
/// Passes over the memory.
const PASSES: u32 = 1;
/// Bytes of each hash that stand in a proof. Who has not computed a hash guesses them once in 2^64 tries.
const KEPT: usize = 8;
/// Hexadecimal digits of each hash in a proof.
const DIGITS: usize = 2 * KEPT;
/// Most hashes of a proof.
pub const MOST: u32 = 200;
/// How many hashes of a proof are computed again.
pub const PICKS: usize = 2;

/// Computes hashes of challenges, in the same memory one after the other.
#[derive(Default)]
pub struct Worker {
    memory: Vec<Block>,
}

impl Worker {
    /// The proof for a challenge: this many hashes, [`MOST`] at most.
    #[must_use]
    pub fn solve(&mut self, challenge: &str, hashes: u32) -> String {
        let hashes = hashes.min(MOST);
        let mut proof = String::with_capacity(DIGITS * hashes as usize);
        for index in 0..hashes {
            for byte in self.hash(challenge, index) {
                for digit in [byte >> 4, byte & 15] {
                    proof.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
                }
            }
        }
        proof
    }

    /// Whether a proof has the form of one for so many hashes, and those that are picked are right. `picks` must not be known to
    /// who made the proof: [`picks`].
    #[must_use]
    pub fn verify(&mut self, challenge: &str, hashes: u32, proof: &str, picks: [u32; PICKS]) -> bool {
        is_complete(proof, hashes)
            && picks.into_iter().all(|index| {
                let start = index as usize * DIGITS;
                let found = proof.get(start..start + DIGITS).and_then(read);
                index < hashes && found == Some(self.hash(challenge, index))
            })
    }

    /// The beginning of one hash: argon2id of its number, with the challenge as salt.
    fn hash(&mut self, challenge: &str, index: u32) -> [u8; KEPT] {
        let mut start = [0; KEPT];
        let Some(argon2) = argon2() else { return start };
        self.memory.resize(argon2.params().block_count(), Block::new());
        let mut output = [0; 32];
        let salt = challenge.as_bytes();
        let computed =
            argon2.hash_password_into_with_memory(&index.to_le_bytes(), salt, &mut output, &mut self.memory);
        if computed.is_ok() {
            start.copy_from_slice(&output[..KEPT]);
        }
        start
    }
}

/// Whether a proof has the form of one for so many hashes.
#[must_use]
pub fn is_complete(proof: &str, hashes: u32) -> bool {
    (1..=MOST).contains(&hashes)
        && proof.len() == DIGITS * hashes as usize
        && proof.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Two different hashes of a proof, picked by random bytes that only the service knows.
#[must_use]
pub fn picks(hashes: u32, random: [u8; 8]) -> [u32; PICKS] {
    let hashes = u64::from(hashes.clamp(1, MOST));
    let random = u64::from_le_bytes(random);
    let first = random % hashes;
    let second = match hashes {
        1 => 0,
        _ => (first + 1 + (random / hashes) % (hashes - 1)) % hashes,
    };
    [first, second].map(|pick| u32::try_from(pick).unwrap_or(0))
}

/// Reads the digits of one hash.
fn read(digits: &str) -> Option<[u8; KEPT]> {
    u64::from_str_radix(digits, 16).ok().map(u64::to_be_bytes)
}

/// Never None: the parameters are constants within the bounds of argon2.
fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY, PASSES, 1, Some(32)).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "un desafío sellado, de una página";

    /// Every pick that a service could make of so few hashes.
    fn all_picks(hashes: u32) -> impl Iterator<Item = [u32; PICKS]> {
        (0..hashes).flat_map(move |one| {
            (0..hashes).filter(move |other| *other != one).map(move |other| [one, other])
        })
    }

    #[test]
    fn a_proof_is_accepted_with_every_pick() {
        let mut worker = Worker::default();
        let proof = worker.solve(CHALLENGE, 4);
        assert_eq!(proof.len(), 4 * DIGITS);
        assert!(all_picks(4).all(|picks| worker.verify(CHALLENGE, 4, &proof, picks)));
        assert_eq!(Worker::default().solve(CHALLENGE, 4), proof, "nothing is random in it");
        assert!(worker.solve(CHALLENGE, 6).starts_with(&proof), "each hash stands for itself");
    }

    #[test]
    fn security_a_proof_with_skipped_hashes_is_refused_whenever_one_is_picked() {
        let mut worker = Worker::default();
        let proof = worker.solve(CHALLENGE, 4);
        for skipped in 0..4_usize {
            let mut cheap = proof.clone();
            cheap.replace_range(skipped * DIGITS..(skipped + 1) * DIGITS, "0123456789abcdef");
            for picks in all_picks(4) {
                let seen = picks.contains(&u32::try_from(skipped).unwrap());
                assert_eq!(worker.verify(CHALLENGE, 4, &cheap, picks), !seen, "{skipped} {picks:?}");
            }
        }
        // One hash in every place is not the work of four.
        let same = proof[..DIGITS].repeat(4);
        assert!(all_picks(4).all(|picks| !worker.verify(CHALLENGE, 4, &same, picks)));
    }

    #[test]
    fn security_a_proof_of_another_challenge_or_of_fewer_hashes_is_refused() {
        let mut worker = Worker::default();
        let proof = worker.solve(CHALLENGE, 3);
        let other = worker.solve("un desafío sellado, de una páginA", 3);
        assert!(!worker.verify(CHALLENGE, 3, &other, [0, 1]));
        for (hashes, text) in [
            (4, proof.as_str()),
            (2, proof.as_str()),
            (0, ""),
            (3, ""),
            (3, &proof[1..]),
            (3, &proof.to_uppercase()),
            (3, &proof.replace(char::is_numeric, "ñ")),
            (MOST + 1, &"0".repeat(DIGITS * (MOST as usize + 1))),
        ] {
            assert!(!worker.verify(CHALLENGE, hashes, text, [0, 1]), "{hashes} {text}");
        }
        assert!(!worker.verify(CHALLENGE, 3, &proof, [0, 3]), "a pick outside is no right one");
    }

    #[test]
    fn picks_are_two_different_hashes_and_every_pair_is_picked() {
        let mut seen = std::collections::BTreeSet::new();
        for random in 0..10_000_u64 {
            let [one, other] = picks(5, random.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
            assert!(one != other && one < 5 && other < 5);
            seen.insert([one, other]);
        }
        assert_eq!(seen.len(), 20);
        assert_eq!(picks(1, [7; 8]), [0, 0]);
    }
}
