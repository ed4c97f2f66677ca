//! What a client sends to the token endpoint (RFC 6749 §4.1.3 and §6).

use super::OAuthError;
use super::params::Params;
use super::pkce::Verifier;
use super::redirect::MAX_URL;
use super::scope::Scopes;

/// Longest code or token, in bytes. Ours have 43.
pub const MAX_TOKEN: usize = 256;
/// Longest list of scopes, in bytes.
const MAX_SCOPE: usize = 512;

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
    /// With a refresh token.
    Refresh {
        /// The token.
        token: String,
        /// What the new access token is to be good for; none: for all that was granted.
        scopes: Option<Scopes>,
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
            "refresh_token" => Ok(Self::Refresh {
                token: params.required("refresh_token", MAX_TOKEN)?.to_owned(),
                scopes: params.one("scope", MAX_SCOPE)?.map(Scopes::parse),
            }),
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
    #[test]
    fn l_oidc_a_request_with_a_refresh_token_is_read() {
        let refresh = |more: &[(&'static str, &'static str)]| {
            let usual = [("grant_type", "refresh_token"), ("refresh_token", "r1"), ("code", "c1")];
            TokenRequest::parse(&Params::new(usual.into_iter().chain(more.iter().copied())))
        };
        let expected = |scopes| Ok(TokenRequest::Refresh { token: "r1".to_owned(), scopes });
        assert_eq!(refresh(&[]), expected(None));
        assert_eq!(refresh(&[("scope", "")]), expected(None));
        assert_eq!(refresh(&[("scope", "openid nada")]), expected(Some(Scopes::parse("openid"))));
        assert_eq!(refresh(&[("refresh_token", "r1")]), Err(OAuthError::InvalidRequest), "twice");
        let without = Params::new([("grant_type", "refresh_token"), ("code", "c1")]);
        assert_eq!(TokenRequest::parse(&without), Err(OAuthError::InvalidRequest));
    }
}
