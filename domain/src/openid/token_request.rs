//! What a client sends to the token endpoint (RFC 6749 §4.1.3).

use super::OAuthError;
use super::params::Params;
use super::pkce::Verifier;
use super::redirect::MAX_URL;

/// Longest code or token, in bytes. Ours have 43.
pub const MAX_TOKEN: usize = 256;

/// A request for tokens.
#[derive(Clone, PartialEq, Eq)]
pub enum TokenRequest {
    /// With a code.
    Code {
        /// The code.
        code: String,
        /// Where it was sent.
        redirect: String,
        /// What its challenge was made of.
        verifier: Option<Verifier>,
    },
}

impl TokenRequest {
    /// Reads a request. What nobody asks for, such as a `state`, is ignored.
    ///
    /// # Errors
    /// [`OAuthError::UnsupportedGrantType`], [`OAuthError::InvalidRequest`].
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        match params.required("grant_type", MAX_TOKEN)? {
            "authorization_code" => {
                let verifier = match params.one("code_verifier", MAX_TOKEN)? {
                    Some(text) => Some(Verifier::parse(text).ok_or(OAuthError::InvalidGrant)?),
                    None => None,
                };
                Ok(Self::Code {
                    code: params.required("code", MAX_TOKEN)?.to_owned(),
                    redirect: params.required("redirect_uri", MAX_URL)?.to_owned(),
                    verifier,
                })
            }
            _ => Err(OAuthError::UnsupportedGrantType),
        }
    }
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenRequest(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(changed: &str, value: Option<&str>) -> Params {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", "c1"),
            ("redirect_uri", "https://cursos.ejemplo.cl/volver"),
            ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            ("state", "e1"),
        ];
        let kept = usual.into_iter().filter(|(name, _)| *name != changed);
        Params::new(kept.chain(value.map(|value| (changed, value))))
    }

    #[test]
    fn l_oidc_a_request_for_tokens_is_read() {
        let Ok(TokenRequest::Code { code, verifier, .. }) = TokenRequest::parse(&params("", None)) else {
            panic!("refused")
        };
        assert!(code == "c1" && verifier.is_some());
        let without = TokenRequest::parse(&params("code_verifier", None));
        assert!(matches!(without, Ok(TokenRequest::Code { verifier: None, .. })));
        let long = "x".repeat(10_240);
        for (name, value, error) in [
            ("grant_type", None, OAuthError::InvalidRequest),
            ("grant_type", Some("password"), OAuthError::UnsupportedGrantType),
            ("grant_type", Some("client_credentials"), OAuthError::UnsupportedGrantType),
            ("code", None, OAuthError::InvalidRequest),
            ("code", Some(long.as_str()), OAuthError::InvalidRequest),
            ("redirect_uri", None, OAuthError::InvalidRequest),
            ("code_verifier", Some("corto"), OAuthError::InvalidGrant),
            ("code_verifier", Some(&long), OAuthError::InvalidRequest),
        ] {
            assert_eq!(TokenRequest::parse(&params(name, value)), Err(error), "{name}");
        }
        assert!(!format!("{:?}", TokenRequest::parse(&params("", None))).contains("c1"));
    }
}
