//! The second factor of officers (F-REVIEW): a code of six digits that changes every 30 seconds (RFC 6238, with SHA-1,
//! which every authenticator app supports).

use subtle::ConstantTimeEq as _;
use totp_rs::{Algorithm, TOTP};
use zeroize::Zeroizing;

use crate::clock::{Millis, SECOND};
use crate::secrets::{SecretsError, random_u64};

/// Digits of a code.
const DIGITS: usize = 6;
/// How long a code is shown.
const STEP: Millis = 30 * SECOND;
/// The issuer that the app shows, URL-encoded.
const ISSUER: &str = "Clave%20SENCE";

/// A secret of 160 bits and its codes. No `Debug`, so that it cannot be logged.
pub struct Totp(TOTP);

impl Totp {
    /// A new random secret.
    ///
    /// # Errors
    /// The system returns no random bytes.
    pub fn random() -> Result<Self, SecretsError> {
        let mut secret = Zeroizing::new(Vec::with_capacity(24));
        for _ in 0..3 {
            secret.extend_from_slice(&random_u64()?.to_be_bytes());
        }
        secret.truncate(20);
        Self::from_secret(&secret).ok_or(SecretsError::Random)
    }

    /// From a stored secret. None when it is too short.
    #[must_use]
    pub fn from_secret(secret: &[u8]) -> Option<Self> {
        let step = u64::try_from(STEP / SECOND).ok()?;
        TOTP::new(Algorithm::SHA1, DIGITS, 1, step, secret.to_vec()).ok().map(Self)
    }

    /// The secret, to be sealed.
    #[must_use]
    pub fn secret(&self) -> &[u8] {
        &self.0.secret
    }

    /// The secret in base32, to be typed into an app.
    #[must_use]
    pub fn base32(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.get_secret_base32())
    }

    /// The URI that apps read from a QR code. Names of officers need no escaping.
    #[must_use]
    pub fn uri(&self, name: &str) -> Zeroizing<String> {
        let secret = self.base32();
        Zeroizing::new(format!(
            "otpauth://totp/{ISSUER}:{name}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={}",
            *secret,
            STEP / SECOND
        ))
    }

    /// The code at this time.
    #[must_use]
    pub fn code(&self, at: Millis) -> String {
        self.0.generate(u64::try_from(at.max(0) / SECOND).unwrap_or_default())
    }

    /// The time step of `code`, if it is the current one, the previous or the next: clocks differ. None for any other
    /// code.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Millis) -> Option<i64> {
        let today = now.div_euclid(STEP);
        let mut found = None;
        // Always compares all three, for constant time.
        for step in [today - 1, today, today + 1] {
            let right: bool = self.code(step * STEP).as_bytes().ct_eq(code.as_bytes()).into();
            if right {
                found = Some(step);
            }
        }
        found
    }
}

/// Reads a typed code: six digits, of whatever form, with or without spaces and dashes.
#[must_use]
pub fn read_code(typed: &str) -> Option<String> {
    let code = domain::text::compact(typed);
    (code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_review_the_codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of eight digits.
        let totp = Totp::from_secret(b"12345678901234567890").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp.code(seconds * SECOND), code);
        }
        assert_eq!(*totp.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(Totp::from_secret(b"short").is_none());
    }

    #[test]
    fn f_review_a_code_is_valid_one_step_early_or_late() {
        assert_eq!(Totp::random().unwrap().secret().len(), 20);
        let totp = Totp::from_secret(b"12345678901234567890").unwrap();
        let now = 1_559_054_820_000;
        let code = totp.code(now);
        let step = now / STEP;
        for at in [now - STEP, now, now + STEP] {
            assert_eq!(totp.step_of(&code, at), Some(step));
        }
        for at in [now - 2 * STEP, now + 2 * STEP] {
            assert_ne!(totp.step_of(&code, at), Some(step));
        }
        assert_eq!(totp.step_of("", now), None);
    }

    #[test]
    fn f_review_codes_are_read_with_or_without_spaces() {
        assert_eq!(read_code(" 123 456").as_deref(), Some("123456"));
        for typed in ["123-456", "１２３４５６", "١٢٣٤٥٦", "\u{202a}123\u{200b}456\u{202c}."] {
            assert_eq!(read_code(typed).as_deref(), Some("123456"), "{typed}");
        }
        for bad in ["", "12345", "1234567", "12345a", "12345½"] {
            assert_eq!(read_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn f_review_the_uri_names_issuer_and_officer() {
        let uri = Totp::from_secret(b"12345678901234567890").unwrap().uri("ana.rojas");
        assert_eq!(
            *uri,
            "otpauth://totp/Clave%20SENCE:ana.rojas?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Clave%20SENCE\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
