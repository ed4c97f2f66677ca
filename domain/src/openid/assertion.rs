//! The signed assertion with which a client shows who it is (`private_key_jwt`: RFC 7523, OpenID Connect Core §9).

use serde::Deserialize;

use super::OAuthError;
use super::client::ClientId;

/// The name of its kind in requests.
pub const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Longest assertion, in bytes.
pub const MAX: usize = 8 * 1024;
/// Longest `jti`, in bytes.
const MAX_JTI: usize = 256;
/// Longest life of an assertion, in seconds.
const MOST: i64 = 10 * 60;
/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;

/// What an assertion says. Its signature was checked before.
///
/// `aud` is one text: with a list, or with the URL of an endpoint, an assertion that was made for another server could be used here
/// (CVE-2025-27370).
#[derive(Deserialize)]
pub struct Assertion {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    jti: String,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
}

impl Assertion {
    /// Whether it says, to us and now, that the caller is this client. Returns until when it would count, in seconds: its `jti` counts once
    /// until then.
    ///
    /// # Errors
    /// [`OAuthError::InvalidClient`].
    pub fn check(&self, client: &ClientId, issuer: &str, now: i64) -> Result<i64, OAuthError> {
        let begun = |at: Option<i64>| at.is_none_or(|at| at <= now.saturating_add(LEEWAY));
        let until = self.exp.saturating_add(LEEWAY);
        let fits = self.iss == client.as_str()
            && self.sub == client.as_str()
            && self.aud == issuer
            && now < until
            && self.exp <= now.saturating_add(MOST + LEEWAY)
            && begun(self.nbf)
            && begun(self.iat)
            && (1..=MAX_JTI).contains(&self.jti.len());
        if fits { Ok(until) } else { Err(OAuthError::InvalidClient) }
    }

    /// What makes it one of its kind.
    #[must_use]
    pub fn jti(&self) -> &str {
        &self.jti
    }
}

#[cfg(test)]
mod tests {
    use super::super::client::tests::client;
    use super::*;
    use serde_json::{Value, json};

    const ISSUER: &str = "https://clave.ejemplo.cl/openid";
    const NOW: i64 = 1_800_000_000;

    fn checked(name: &str, value: Value) -> Option<i64> {
        let mut claims = json!({
            "iss": "cursos", "sub": "cursos", "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "nbf": NOW, "jti": "j1",
        });
        claims[name] = value;
        let assertion: Assertion = serde_json::from_value(claims).ok()?;
        assertion.check(&client().id, ISSUER, NOW).ok()
    }

    #[test]
    fn security_l_oidc_an_assertion_is_of_its_client_for_us_and_for_minutes() {
        assert_eq!(checked("x", json!(1)), Some(NOW + 120));
        for (name, value) in [("exp", json!(NOW + 600)), ("exp", json!(NOW - 59)), ("iat", json!(null))] {
            assert!(checked(name, value).is_some(), "{name}");
        }
        for (name, value) in [
            ("iss", json!("otra")),
            ("sub", json!("otra")),
            ("aud", json!(format!("{ISSUER}/token"))),
            ("aud", json!([ISSUER])),
            ("aud", json!([ISSUER, "https://malo.cl"])),
            ("aud", json!(format!("{ISSUER}/"))),
            ("aud", json!(null)),
            ("exp", json!(NOW - 60)),
            ("exp", json!(NOW + 3600)),
            ("exp", json!(i64::MAX)),
            ("exp", json!(null)),
            ("nbf", json!(NOW + 300)),
            ("iat", json!(NOW + 300)),
            ("jti", json!("")),
            ("jti", json!(null)),
            ("jti", json!("j".repeat(257))),
        ] {
            assert_eq!(checked(name, value.clone()), None, "{name}: {value}");
        }
    }
}
