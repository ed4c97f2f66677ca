//! Signed tokens (JWS, RFC 7515) and the keys for them (JWK, RFC 7517): RS256 and ES256, as ID tokens and client assertions need them.
//!
//! ring signs and checks. It makes no RSA keys; those come from the crate `rsa`, which signs nothing (docs/decisions/0020).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::openid::client::SigningAlg;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair as RsaKeyPair, PublicKeyComponents};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use rsa::pkcs8::EncodePrivateKey as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Bits of an RSA key.
const RSA_BITS: usize = 2048;
/// Longest token that is read, in bytes.
const MAX_TOKEN: usize = 16 * 1024;

/// Why there is no key, no signature, or no valid token. Never says what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// A key could not be made or read.
    #[error("a signing key cannot be used")]
    Key,
    /// It could not be signed.
    #[error("a token could not be signed")]
    Sign,
    /// It has another form, another algorithm, or a signature that does not fit.
    #[error("a token is not valid")]
    Token,
}

/// A key that signs.
pub struct SigningKey {
    id: String,
    pair: Pair,
    public: Jwk,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The public half of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    kty: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    usage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    y: Option<String>,
}

/// Makes a private key, as PKCS#8. An RSA key takes some tenths of a second of processor: not on a thread that serves.
///
/// # Errors
/// [`JwtError::Key`].
pub fn generate(alg: SigningAlg) -> Result<Zeroizing<Vec<u8>>, JwtError> {
    match alg {
        SigningAlg::RS256 => {
            let key =
                rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, RSA_BITS).map_err(|_| JwtError::Key)?;
            let der = key.to_pkcs8_der().map_err(|_| JwtError::Key)?;
            Ok(Zeroizing::new(der.as_bytes().to_vec()))
        }
        SigningAlg::ES256 => {
            let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
            Ok(Zeroizing::new(der.map_err(|_| JwtError::Key)?.as_ref().to_vec()))
        }
    }
}

impl SigningKey {
    /// Reads a private key. Its id follows from the public half (RFC 7638).
    ///
    /// # Errors
    /// [`JwtError::Key`].
    pub fn from_pkcs8(alg: SigningAlg, der: &[u8]) -> Result<Self, JwtError> {
        let (pair, mut public) = match alg {
            SigningAlg::RS256 => {
                let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| JwtError::Key)?;
                let parts: PublicKeyComponents<Vec<u8>> = pair.public().into();
                let public = Jwk {
                    n: Some(BASE64.encode(parts.n)),
                    e: Some(BASE64.encode(parts.e)),
                    ..Jwk::of("RSA")
                };
                (Pair::Rsa(Box::new(pair)), public)
            }
            SigningAlg::ES256 => {
                let pair =
                    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new());
                let pair = pair.map_err(|_| JwtError::Key)?;
                let point = pair.public_key().as_ref();
                let (x, y) = point.get(1..33).zip(point.get(33..65)).ok_or(JwtError::Key)?;
                let (x, y) = (Some(BASE64.encode(x)), Some(BASE64.encode(y)));
                let public = Jwk { crv: Some("P-256".to_owned()), x, y, ..Jwk::of("EC") };
                (Pair::Ecdsa(Box::new(pair)), public)
            }
        };
        let id = public.thumbprint();
        (public.kid, public.alg) = (Some(id.clone()), Some(alg.name().to_owned()));
        public.usage = Some("sig".to_owned());
        Ok(Self { id, pair, public })
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> &Jwk {
        &self.public
    }

    /// Signs claims: a compact JWS of type `kind` (`JWT`, `logout+jwt`).
    ///
    /// # Errors
    /// [`JwtError::Sign`].
    pub fn sign(&self, kind: &str, claims: &Value) -> Result<String, JwtError> {
        let alg = match self.pair {
            Pair::Rsa(_) => SigningAlg::RS256,
            Pair::Ecdsa(_) => SigningAlg::ES256,
        };
        let header = json!({ "alg": alg.name(), "typ": kind, "kid": self.id });
        let signed = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature)
                    .map_err(|_| JwtError::Sign)?;
                signature
            }
            Pair::Ecdsa(pair) => {
                pair.sign(&random, signed.as_bytes()).map_err(|_| JwtError::Sign)?.as_ref().to_vec()
            }
        };
        Ok(format!("{signed}.{}", BASE64.encode(signature)))
    }
}

impl Jwk {
    fn of(kty: &str) -> Self {
        Self {
            kty: kty.to_owned(),
            kid: None,
            usage: None,
            alg: None,
            n: None,
            e: None,
            crv: None,
            x: None,
            y: None,
        }
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The hash of the members that make the key, in their order (RFC 7638 §3).
    fn thumbprint(&self) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let canonical = match self.kty.as_str() {
            "RSA" => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(&self.e), text(&self.n)),
            _ => format!(
                r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#,
                text(&self.crv),
                text(&self.x),
                text(&self.y)
            ),
        };
        BASE64.encode(Sha256::digest(canonical.as_bytes()))
    }

    /// Whether this key made the signature.
    fn verifies(&self, alg: SigningAlg, signed: &str, signature: &[u8]) -> bool {
        let part = |value: &Option<String>| value.as_deref().and_then(|value| BASE64.decode(value).ok());
        let fits = self.alg.as_deref().is_none_or(|named| named == alg.name())
            && self.usage.as_deref().is_none_or(|usage| usage == "sig");
        match (fits, alg, self.kty.as_str()) {
            (true, SigningAlg::RS256, "RSA") => {
                let Some((n, e)) = part(&self.n).zip(part(&self.e)) else { return false };
                let key = ring::signature::RsaPublicKeyComponents { n, e };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), signature).is_ok()
            }
            (true, SigningAlg::ES256, "EC") if self.crv.as_deref() == Some("P-256") => {
                let Some((x, y)) = part(&self.x).zip(part(&self.y)) else { return false };
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(signed.as_bytes(), signature).is_ok()
            }
            _ => false,
        }
    }
}

/// Several public keys, as a client or we publish them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// The keys.
    pub keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

impl JwkSet {
    /// Reads the keys of a client: at least one with which something can be checked, and no private half.
    ///
    /// # Errors
    /// [`JwtError::Key`].
    pub fn parse(text: &str) -> Result<Self, JwtError> {
        let whole: Value = serde_json::from_str(text).map_err(|_| JwtError::Key)?;
        let is_private = |key: &Value| ["d", "p", "q", "k"].iter().any(|name| key.get(name).is_some());
        if whole.get("keys").and_then(Value::as_array).into_iter().flatten().any(is_private) {
            return Err(JwtError::Key);
        }
        let set: Self = serde_json::from_value(whole).map_err(|_| JwtError::Key)?;
        let usable = |key: &Jwk| match key.kty.as_str() {
            "RSA" => key.n.is_some() && key.e.is_some(),
            "EC" => key.crv.as_deref() == Some("P-256") && key.x.is_some() && key.y.is_some(),
            _ => false,
        };
        if set.keys.iter().any(usable) { Ok(set) } else { Err(JwtError::Key) }
    }

    /// The claims of a token that one of these keys has signed. The algorithm follows from the key: `none` and the symmetric ones are
    /// no token (RFC 8725 §3.1).
    ///
    /// # Errors
    /// [`JwtError::Token`].
    pub fn verify(&self, token: &str) -> Result<Value, JwtError> {
        let text = |part: &str| BASE64.decode(part).map_err(|_| JwtError::Token);
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JwtError::Token);
        };
        if token.len() > MAX_TOKEN {
            return Err(JwtError::Token);
        }
        let Header { alg, kid, crit } =
            serde_json::from_slice(&text(header)?).map_err(|_| JwtError::Token)?;
        let alg = SigningAlg::from_name(&alg).filter(|_| crit.is_none()).ok_or(JwtError::Token)?;
        let (signed, _) = token.rsplit_once('.').ok_or(JwtError::Token)?;
        let signature = text(signature)?;
        let named = |key: &&Jwk| kid.is_none() || key.kid.is_none() || key.kid == kid;
        if !self.keys.iter().filter(named).any(|key| key.verifies(alg, signed, &signature)) {
            return Err(JwtError::Token);
        }
        serde_json::from_slice(&text(claims)?).map_err(|_| JwtError::Token)
    }
}

/// Whom a token says that it is about, which nobody has checked.
#[must_use]
pub fn unverified_subject(token: &str) -> Option<String> {
    let claims = token.split('.').nth(1).filter(|_| token.len() <= MAX_TOKEN)?;
    let claims: Value = serde_json::from_slice(&BASE64.decode(claims).ok()?).ok()?;
    claims.get("sub")?.as_str().map(str::to_owned)
}

/// The first half of the hash of an access token: `at_hash` (OpenID Connect Core §3.1.3.6).
#[must_use]
pub fn half_hash(token: &str) -> String {
    let hash = Sha256::digest(token.as_bytes());
    BASE64.encode(hash.get(..16).unwrap_or_default())
}

/// The challenge of a verifier (RFC 7636 §4.2, S256).
#[must_use]
pub fn challenge_of(verifier: &domain::openid::pkce::Verifier) -> Option<domain::openid::pkce::Challenge> {
    domain::openid::pkce::Challenge::parse(&BASE64.encode(Sha256::digest(verifier.expose().as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(alg: SigningAlg) -> SigningKey {
        SigningKey::from_pkcs8(alg, &generate(alg).unwrap()).unwrap()
    }

    #[test]
    fn l_oidc_what_is_signed_is_verified_by_the_public_half_and_no_other() {
        for alg in SigningAlg::ALL {
            let (key, other) = (key(alg), key(alg));
            let claims = json!({ "sub": "s1", "exp": 1 });
            let token = key.sign("JWT", &claims).unwrap();
            let set = JwkSet { keys: vec![other.public().clone(), key.public().clone()] };
            assert_eq!(set.verify(&token), Ok(claims));
            let without = JwkSet { keys: vec![other.public().clone()] };
            assert_eq!(without.verify(&token), Err(JwtError::Token));
            // A set that was written and read again, as a client sends its own.
            let read = JwkSet::parse(&serde_json::to_string(&set).unwrap()).unwrap();
            assert_eq!(read, set);
        }
    }

    #[test]
    fn security_l_oidc_no_token_without_a_signature_of_the_key_counts() {
        let key = key(SigningAlg::ES256);
        let set = JwkSet { keys: vec![key.public().clone()] };
        let token = key.sign("JWT", &json!({ "sub": "s1" })).unwrap();
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
        let as_header = |header: Value| BASE64.encode(header.to_string());
        let other = BASE64.encode(json!({ "sub": "s2" }).to_string());
        for bad in [
            format!("{}.{claims}.", as_header(json!({ "alg": "none" }))),
            format!("{}.{claims}.{signature}", as_header(json!({ "alg": "RS256", "kid": key.id() }))),
            format!("{}.{claims}.{signature}", as_header(json!({ "alg": "ES256", "crit": ["x"] }))),
            format!("{header}.{other}.{signature}"),
            format!("{header}.{claims}."),
            format!("{header}.{claims}"),
            format!("{token}.x"),
            format!("{token}A"),
            token[..token.len() - 4].to_owned(),
            String::new(),
            "á.é.í".to_owned(),
        ] {
            assert_eq!(set.verify(&bad), Err(JwtError::Token), "{bad}");
        }
        assert!(set.verify(&token).is_ok());
    }

    /// CVE-2026-11800: everybody has the public half, so an HMAC with it is nobody's signature.
    #[test]
    fn security_l_oidc_a_public_key_is_no_secret_of_an_hmac() {
        for alg in [SigningAlg::RS256, SigningAlg::ES256] {
            let key = key(alg);
            let set = JwkSet { keys: vec![key.public().clone()] };
            let public = set.keys.first().unwrap();
            let parts = [&public.n, &public.x, &public.y].map(|part| part.clone().unwrap_or_default());
            let [n, x, y] = [0, 1, 2].map(|at| BASE64.decode(&parts[at]).unwrap());
            let secrets = [
                serde_json::to_vec(public).unwrap(),
                serde_json::to_vec(&set).unwrap(),
                parts.concat().into_bytes(),
                [&[4], x.as_slice(), &y].concat(),
                n,
                Vec::new(),
            ];
            for secret in secrets {
                let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &secret);
                for kid in [json!(key.id()), Value::Null] {
                    let header = json!({ "alg": "HS256", "typ": "JWT", "kid": kid });
                    let signed = [header, json!({ "sub": "s1" })]
                        .map(|part| BASE64.encode(part.to_string()))
                        .join(".");
                    let signature = BASE64.encode(ring::hmac::sign(&secret, signed.as_bytes()));
                    assert_eq!(set.verify(&format!("{signed}.{signature}")), Err(JwtError::Token), "{alg:?}");
                }
            }
        }
    }

    #[test]
    fn l_oidc_the_hashes_are_those_of_the_standards() {
        // RFC 7636, appendix B; RFC 7638 §3.1; OpenID Connect Core, appendix A.3.
        let verifier =
            domain::openid::pkce::Verifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        let challenge = challenge_of(&verifier).unwrap();
        assert_eq!(challenge.as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let key = Jwk { n: Some(n.to_owned()), e: Some("AQAB".to_owned()), ..Jwk::of("RSA") };
        assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn l_oidc_keys_of_a_client_must_be_usable() {
        for bad in [
            "",
            "{}",
            r#"{"keys":[]}"#,
            r#"{"keys":[{"kty":"oct","k":"x"}]}"#,
            r#"{"keys":[{"kty":"EC","crv":"P-384","x":"a","y":"b"}]}"#,
            r#"{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}]}"#,
            r#"{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b"},{"kty":"oct","k":"x"}]}"#,
        ] {
            assert_eq!(JwkSet::parse(bad), Err(JwtError::Key), "{bad}");
        }
    }
}
