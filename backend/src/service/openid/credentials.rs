//! Whether a client is who it says.

use domain::openid::OAuthError;
use domain::openid::client::{Client, ClientAuth, ClientId};
use domain::openid::params::Params;
use zeroize::Zeroizing;

use super::clients::secret_hash;
use super::{Answer, OpenIdService, Result};
use crate::limits::{AttemptKind, Letters};
use crate::store::clients;

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
        match (basic, id, secret) {
            (Some((named, secret)), id, None) if id.is_none_or(|id| id == named) => {
                Ok(Self::Secret { id: named, secret: Zeroizing::new(secret) })
            }
            (Some(_), ..) => Err(OAuthError::InvalidRequest),
            (None, Some(id), Some(secret)) => {
                Ok(Self::Secret { id: id.to_owned(), secret: Zeroizing::new(secret.to_owned()) })
            }
            (None, Some(id), None) => Ok(Self::IdOnly { id: id.to_owned() }),
            (None, None, _) => Err(OAuthError::InvalidClient),
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Secret { id, .. } | Self::IdOnly { id } => id,
        }
    }
}

impl OpenIdService<'_> {
    /// Whether a client is who it says. A secret that is right always counts; wrong ones are counted.
    pub(super) async fn authenticate(&self, credentials: &Credentials) -> Result<Answer<Client>> {
        let found = match ClientId::parse(credentials.id()) {
            Ok(id) => self.backend.client(&id).await?,
            Err(_) => None,
        };
        let client = match (found, credentials) {
            (Some(client), Credentials::Secret { secret, .. }) if client.auth.has_secret() => {
                let connection = &mut *self.backend.store.connection().await?;
                let hash = secret_hash(secret);
                clients::has_secret(connection, &client.id, &hash).await?.then_some(client)
            }
            (Some(client), Credentials::IdOnly { .. }) if client.auth == ClientAuth::None => Some(client),
            _ => None,
        };
        match client {
            Some(client) => Ok(Ok(client)),
            None => self.wrong(OAuthError::InvalidClient).await,
        }
    }

    /// Counts what was wrong, by the caller's address.
    pub(super) async fn wrong<T>(&self, error: OAuthError) -> Result<Answer<T>> {
        let now = self.backend.now();
        let counted =
            self.backend.limits.count(AttemptKind::Client, None, (self.caller, Letters::None), now).await?;
        Ok(Err(if counted.is_err() { OAuthError::TemporarilyUnavailable } else { error }))
    }
}
