//! Whether a `secret_key` can be guessed: words, patterns and repetitions in place of random bytes.

/// Fewest different bytes: 32 random hexadecimal digits have fewer once in ten thousand million times.
const MIN_DIFFERENT: usize = 8;

/// Whether a secret looks like something a person typed. Random bytes, also in hexadecimal digits or base64, never do.
pub(crate) fn is_guessable(secret: &[u8]) -> bool {
    let mut bytes = secret.to_vec();
    bytes.sort_unstable();
    bytes.dedup();
    bytes.len() < MIN_DIFFERENT || is_repetitive(secret) || is_sequence(secret) || is_words(secret)
}

/// Whether parts of the secret are repeated: under three quarters of its groups of three bytes are different.
fn is_repetitive(secret: &[u8]) -> bool {
    let mut groups: Vec<&[u8]> = secret.windows(3).collect();
    let all = groups.len();
    groups.sort_unstable();
    groups.dedup();
    groups.len() * 4 < all * 3
}

/// Whether at least every other group of three bytes belongs to a sequence such as `abcd`, `4321` or `1122`: none of its two steps
/// is longer than one, and they do not turn back. Of 32 random hexadecimal digits one group in forty does.
fn is_sequence(secret: &[u8]) -> bool {
    let goes_on = |a: u8, b: u8, c: u8| a <= b && b <= c && b - a <= 1 && c - b <= 1;
    let belongs = |group: &&[u8]| matches!(**group, [a, b, c] if goes_on(a, b, c) || goes_on(c, b, a));
    let steps = secret.windows(3).filter(belongs).count();
    steps * 2 >= secret.len().saturating_sub(2)
}

/// Whether it is words: three in four pairs of neighbours are a letter and a small letter, or two capitals.
fn is_words(secret: &[u8]) -> bool {
    let letters: Vec<u8> = secret.iter().copied().filter(|byte| !b" -_.,;:/".contains(byte)).collect();
    let most = |is: fn(&[u8]) -> bool| {
        letters.windows(2).filter(|pair| is(pair)).count() * 4 >= letters.len().saturating_sub(1) * 3
    };
    most(|pair| matches!(pair, [first, second] if first.is_ascii_alphabetic() && second.is_ascii_lowercase()))
        || most(|pair| pair.iter().all(u8::is_ascii_uppercase))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn security_words_patterns_and_repetitions_are_guessable() {
        for secret in [
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "0123456789abcdef0123456789abcdef",
            "abcdefghijklmnopqrstuvwxyz012345",
            "cambiame-cambiame-cambiame-cambiame",
            "Cambiar2026!Cambiar2026!Cambiar2026!",
            "esta es la clave secreta de la clave sence",
            "EstaEsLaClaveSecretaDeProduccionDeSence",
            "CLAVE_SECRETA_QUE_NADIE_VA_A_ADIVINAR",
            "00000000000000000000000000000001",
            "12345678901234567890123456789012",
            "00112233445566778899887766554433",
        ] {
            assert!(is_guessable(secret.as_bytes()), "{secret}");
        }
        assert!(is_guessable(&[0; 32]));
    }

    #[test]
    fn random_secrets_are_never_guessable() {
        for _ in 0..5_000 {
            let bytes: [u8; 32] = rand::random();
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let base64 = base64::engine::general_purpose::STANDARD.encode(bytes);
            for secret in [bytes.as_slice(), hex.as_bytes(), &hex.as_bytes()[..32], base64.as_bytes()] {
                assert!(!is_guessable(secret), "{secret:?}");
            }
        }
    }
}
