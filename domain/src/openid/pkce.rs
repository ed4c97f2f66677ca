//! Proof Key for Code Exchange (RFC 7636), S256 only.

use serde::{Deserialize, Serialize};

/// A code challenge: the SHA-256 of a verifier, 43 characters of base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge(String);

impl Challenge {
    /// Reads the challenge of a request; it has one form only.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 43 && text.bytes().all(is_base64url);
        fits.then(|| Self(text.to_owned()))
    }

    /// The challenge.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A code verifier: 43 to 128 unreserved characters. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier(String);

impl Verifier {
    /// Reads the verifier of a request.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (43..=128).contains(&text.len())
            && text.bytes().all(|b| is_base64url(b) || matches!(b, b'.' | b'~'));
        fits.then(|| Self(text.to_owned()))
    }

    /// What is hashed.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier(…)")
    }
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_oidc_challenge_and_verifier_have_their_one_form() {
        // RFC 7636, appendix B.
        assert!(Challenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").is_some());
        assert!(Verifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").is_some());
        for bad in ["", "corto", &"a".repeat(44), &format!("{}=", "a".repeat(42)), &"á".repeat(43)] {
            assert_eq!(Challenge::parse(bad), None, "{bad}");
        }
        for bad in ["", &"a".repeat(42), &"a".repeat(129), &format!("{} ", "a".repeat(50))] {
            assert_eq!(Verifier::parse(bad), None, "{bad}");
        }
        assert_eq!(format!("{:?}", Verifier::parse(&"a".repeat(50)).unwrap()), "Verifier(…)");
    }
}
