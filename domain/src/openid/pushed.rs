//! Pushed authorization requests (RFC 9126): a system hands in its request itself, and sends the person with a reference to it.

use serde::{Deserialize, Serialize};

use super::OAuthError;
use super::authorize::{AuthorizationRequest, AuthorizeRefused, login_hint};
use super::client::Client;
use super::params::Params;
use crate::rut::Rut;

/// How every reference begins.
pub const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// Characters of what follows: 256 bits in base64url.
const LENGTH: usize = 43;

/// A request that was pushed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedRequest {
    /// The request.
    pub request: AuthorizationRequest,
    /// Whom the system expects.
    #[serde(default)]
    pub hint: Option<Rut>,
}

impl std::fmt::Debug for PushedRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushedRequest").field("request", &self.request).finish_non_exhaustive()
    }
}

impl PushedRequest {
    /// Reads the request of a client that has shown who it is.
    ///
    /// # Errors
    /// [`OAuthError`]: nobody is sent anywhere, the client reads it.
    pub fn parse(client: &Client, params: &Params) -> Result<Self, OAuthError> {
        let request =
            AuthorizationRequest::parse_pushed(client, params).map_err(|refused| match refused {
                AuthorizeRefused::Page(_) => OAuthError::InvalidRequest,
                AuthorizeRefused::Redirect(refused) => refused.error,
            })?;
        Ok(Self { request, hint: login_hint(params) })
    }
}

/// What stands behind the prefix in a reference of ours. None in a request that has none, or one of another kind.
#[must_use]
pub fn reference(params: &Params) -> Option<&str> {
    let uri = params.one("request_uri", PREFIX.len() + LENGTH).ok().flatten()?;
    let is_ours = |text: &&str| {
        text.len() == LENGTH
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            && !params.has("request")
    };
    uri.strip_prefix(PREFIX).filter(is_ours)
}

#[cfg(test)]
mod tests {
    use super::super::client::tests::client;
    use super::*;

    fn with(changed: &[(&'static str, &'static str)]) -> Params {
        let usual = [
            ("client_id", "cursos"),
            ("redirect_uri", "https://cursos.ejemplo.cl/volver"),
            ("response_type", "code"),
            ("scope", "openid run"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        Params::new(kept.chain(changed.iter().copied()))
    }

    #[test]
    fn l_oidc_a_pushed_request_is_read_with_its_hint() {
        let pushed = PushedRequest::parse(&client(), &with(&[("login_hint", "12.345.678-5")])).unwrap();
        assert_eq!(pushed.hint, Rut::parse("12345678-5").ok());
        assert!(!format!("{pushed:?}").contains("12345678"));
        let stored = serde_json::to_string(&pushed).unwrap();
        assert_eq!(serde_json::from_str::<PushedRequest>(&stored).unwrap(), pushed);
        for hint in ["", "12345678-9", "ana@ejemplo.cl"] {
            assert_eq!(PushedRequest::parse(&client(), &with(&[("login_hint", hint)])).unwrap().hint, None);
        }
        // Whoever must push may.
        let client = Client { par_required: true, ..client() };
        assert!(PushedRequest::parse(&client, &with(&[])).is_ok());
    }

    #[test]
    fn l_oidc_the_faults_of_a_pushed_request() {
        for (changed, error) in [
            (("redirect_uri", "https://malo.cl/"), OAuthError::InvalidRequest),
            (("redirect_uri", ""), OAuthError::InvalidRequest),
            (("response_type", "token"), OAuthError::UnsupportedResponseType),
            (("scope", "run"), OAuthError::InvalidScope),
            (("code_challenge", "x"), OAuthError::InvalidRequest),
            (("request_uri", "urn:ietf:params:oauth:request_uri:x"), OAuthError::RequestNotSupported),
            (("request", "x"), OAuthError::RequestNotSupported),
        ] {
            let answer = PushedRequest::parse(&client(), &with(&[changed]));
            assert_eq!(answer.err(), Some(error), "{changed:?}");
        }
    }

    #[test]
    fn security_l_oidc_only_a_reference_of_ours_is_one() {
        let ours = format!("{PREFIX}{}", "a".repeat(43));
        assert_eq!(reference(&Params::new([("request_uri", &ours)])), Some("a".repeat(43).as_str()));
        for bad in [
            String::new(),
            PREFIX.to_owned(),
            format!("{ours}a"),
            format!("{PREFIX}{}", "á".repeat(21)),
            format!("{PREFIX}{}/", "a".repeat(42)),
            "https://malo.cl/pedido".to_owned(),
        ] {
            assert_eq!(reference(&Params::new([("request_uri", &bad)])), None, "{bad}");
        }
        assert_eq!(reference(&Params::new([("request_uri", &ours), ("request_uri", &ours)])), None);
        assert_eq!(reference(&Params::new([("request_uri", ours.as_str()), ("request", "x")])), None);
    }
}
