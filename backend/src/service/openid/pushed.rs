//! Pushed authorization requests (RFC 9126).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::openid::params::Params;
use domain::openid::pushed::{PREFIX, PushedRequest};

use super::super::sign_in::hash_of_pushed;
use super::{Answer, Credentials, OpenIdService, Result};
use crate::clock::{Millis, SECOND};
use crate::secrets::random_bytes;
use crate::store::StoreError;
use crate::store::pushed::{self, PUSHED_FOR};

/// What a client gets for a request.
pub struct Pushed {
    /// The reference with which the person is sent.
    pub request_uri: String,
    /// How long it counts, in seconds.
    pub expires_in: Millis,
}

impl OpenIdService<'_> {
    /// Takes the request of a client, for a minute and one use.
    ///
    /// # Errors
    /// [`super::super::ServiceError`].
    pub async fn push(&self, credentials: Answer<Credentials>, params: &Params) -> Result<Answer<Pushed>> {
        let client = match self.client_of(credentials).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        let request = match PushedRequest::parse(&client, params) {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
        let (backend, now) = (self.backend, self.backend.now());
        let reference = BASE64.encode(random_bytes::<32>().map_err(StoreError::from)?);
        let (network, most) = backend.limits.share_of_rows(self.caller);
        let connection = &mut *backend.store.connection().await?;
        pushed::insert(connection, &hash_of_pushed(&reference), &request, (&network, most), now).await?;
        let expires_in = PUSHED_FOR.div_euclid(SECOND);
        Ok(Ok(Pushed { request_uri: format!("{PREFIX}{reference}"), expires_in }))
    }
}
