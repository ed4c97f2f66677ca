//! Whether a client is who it says.

use domain::openid::OAuthError;
use domain::openid::assertion::{self, Assertion};
use domain::openid::client::{Client, ClientAuth, ClientId};
use domain::openid::params::Params;
use zeroize::Zeroizing;

use super::clients::secret_hash;
use super::{Answer, OpenIdService, Result};
use crate::clock::SECOND;
use crate::jwt::{self, JwkSet};
use crate::limits::{AttemptKind, Letters};
use crate::secrets::token_id;
use crate::store::{assertions, clients};

/// How a client shows who it is.
#[derive(Clone)]
pub enum Credentials {
    /// Id and secret, from the header or the form.
    Secret {
        /// The id.
        id: String,
        /// The secret.
        secret: Zeroizing<String>,
    },
    /// A signed assertion.
    Assertion {
        /// The id, where the form names it.
        id: Option<String>,
        /// The assertion, a JWT.
        token: String,
    },
    /// The id alone.
    IdOnly {
        /// The id.
        id: String,
    },
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(…)")
    }
}

impl Credentials {
    /// Longest id or secret, in bytes.
    const MAX: usize = 256;

    /// Reads the credentials of a request: `basic` is what the header `Authorization: Basic` holds, decoded.
    ///
    /// # Errors
    /// [`OAuthError::InvalidClient`] for none, [`OAuthError::InvalidRequest`] for two ways at once (RFC 6749 §2.3).
    pub fn read(basic: Option<(String, String)>, params: &Params) -> std::result::Result<Self, OAuthError> {
        let (id, secret) = (params.one("client_id", Self::MAX)?, params.one("client_secret", Self::MAX)?);
        let id_text = id.map(str::to_owned);
        match (basic, secret, assertion(params)?) {
            (Some((named, secret)), None, None) if id.is_none_or(|id| id == named) => {
                Ok(Self::Secret { id: named, secret: Zeroizing::new(secret) })
            }
            (None, Some(secret), None) => match id_text {
                Some(id) => Ok(Self::Secret { id, secret: Zeroizing::new(secret.to_owned()) }),
                None => Err(OAuthError::InvalidClient),
            },
            (None, None, Some(token)) => Ok(Self::Assertion { id: id_text, token: token.to_owned() }),
            (None, None, None) => id_text.map(|id| Self::IdOnly { id }).ok_or(OAuthError::InvalidClient),
            _ => Err(OAuthError::InvalidRequest),
        }
    }
}

/// The assertion of a request, if there is one.
fn assertion(params: &Params) -> Answer<Option<&str>> {
    let kind = params.one("client_assertion_type", Credentials::MAX)?;
    match (kind, params.one("client_assertion", assertion::MAX)?) {
        (None, None) => Ok(None),
        (Some(assertion::KIND), Some(token)) => Ok(Some(token)),
        _ => Err(OAuthError::InvalidRequest),
    }
}

impl OpenIdService<'_> {
    /// The client that a request comes from.
    pub(super) async fn client_of(&self, credentials: Answer<Credentials>) -> Result<Answer<Client>> {
        match credentials {
            Ok(credentials) => self.authenticate(&credentials).await,
            Err(error) => Ok(Err(error)),
        }
    }

    /// Whether a client is who it says. A secret that is right always counts; wrong ones are counted.
    async fn authenticate(&self, credentials: &Credentials) -> Result<Answer<Client>> {
        let client = match credentials {
            Credentials::Secret { id, secret } => match self.registered(id).await? {
                Some(client) if client.auth.has_secret() => {
                    let connection = &mut *self.backend.store.connection().await?;
                    let hash = secret_hash(secret);
                    clients::has_secret(connection, &client.id, &hash).await?.then_some(client)
                }
                _ => None,
            },
            Credentials::IdOnly { id } => {
                self.registered(id).await?.filter(|client| client.auth == ClientAuth::None)
            }
            Credentials::Assertion { id, token } => self.asserted(id.as_deref(), token).await?,
        };
        match client {
            Some(client) => Ok(Ok(client)),
            None => self.wrong(OAuthError::InvalidClient).await,
        }
    }

    async fn registered(&self, id: &str) -> Result<Option<Client>> {
        match ClientId::parse(id) {
            Ok(id) => self.backend.client(&id).await,
            Err(_) => Ok(None),
        }
    }

    /// The client that signed an assertion, which counts once.
    async fn asserted(&self, named: Option<&str>, token: &str) -> Result<Option<Client>> {
        // Whose keys to try: what it says of itself is believed only once one of them has signed it.
        let Some(subject) = jwt::unverified_subject(token) else { return Ok(None) };
        if named.is_some_and(|named| named != subject) {
            return Ok(None);
        }
        let found = self.registered(&subject).await?;
        let Some(client) = found.filter(|client| client.auth == ClientAuth::PrivateKeyJwt) else {
            return Ok(None);
        };
        let keys = client.jwks.as_deref().and_then(|text| JwkSet::parse(text).ok());
        let claims = keys.and_then(|keys| keys.verify(token).ok());
        let assertion = claims.and_then(|claims| serde_json::from_value::<Assertion>(claims).ok());
        let now = self.backend.now().div_euclid(SECOND);
        let checked = assertion
            .and_then(|said| Some((said.check(&client.id, &self.backend.issuer(), now).ok()?, said)));
        let Some((until, said)) = checked else { return Ok(None) };
        let id = token_id(&format!("client assertion {} {}", client.id, said.jti()));
        let connection = &mut *self.backend.store.connection().await?;
        let is_first = assertions::spend(connection, &id, until.saturating_mul(SECOND)).await?;
        Ok(is_first.then_some(client))
    }

    /// Counts what was wrong, by the caller's address.
    pub(super) async fn wrong<T>(&self, error: OAuthError) -> Result<Answer<T>> {
        let now = self.backend.now();
        let counted =
            self.backend.limits.count(AttemptKind::Client, None, (self.caller, Letters::None), now).await?;
        Ok(Err(if counted.is_err() { OAuthError::TemporarilyUnavailable } else { error }))
    }
}
