//! The clients that an operator makes, and their secrets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::officer::OfficerName;
use domain::openid::client::{Client, ClientId};
use zeroize::Zeroizing;

use super::{OpenIdService, Result};
use crate::secrets::{random_bytes, token_id};
use crate::store::StoreError;
use crate::store::audit::{self, Desk, Event, Outcome, Record};
use crate::store::clients::{self, ClientRow};

/// A client that was registered, or got a new secret.
pub struct NewSecret {
    /// The secret, shown this once; none for a client that has none.
    pub secret: Option<Zeroizing<String>>,
}

impl OpenIdService<'_> {
    /// Registers a client. None when the id is taken.
    ///
    /// # Errors
    /// [`super::super::ServiceError`], here and in every method below.
    pub async fn add_client(&self, client: &Client) -> Result<Option<NewSecret>> {
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = self.backend.now();
        if !clients::insert(&mut tx, client, now).await? {
            return Ok(None);
        }
        let secret = if client.auth.has_secret() {
            let secret = new_secret()?;
            clients::add_secret(&mut tx, &client.id, &secret_hash(&secret), now).await?;
            Some(secret)
        } else {
            None
        };
        tx.commit(changed(&client.id, Outcome::Added)).await?;
        Ok(Some(NewSecret { secret }))
    }

    /// Registers the demo's example, or replaces it: its address may be another than last time.
    pub async fn put_example(&self, client: &Client) -> Result<()> {
        Ok(clients::put(&mut *self.backend.store.connection().await?, client, self.backend.now()).await?)
    }

    /// A further secret, beside the one before. None when there is no such client, or it has none.
    pub async fn add_secret(&self, id: &ClientId) -> Result<Option<NewSecret>> {
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let found = clients::find(&mut tx, id).await?;
        if found.is_none_or(|row| !row.client.auth.has_secret()) {
            return Ok(None);
        }
        let secret = new_secret()?;
        clients::add_secret(&mut tx, id, &secret_hash(&secret), self.backend.now()).await?;
        tx.commit(changed(id, Outcome::NewSecret)).await?;
        Ok(Some(NewSecret { secret: Some(secret) }))
    }

    /// Disables a client. None when there is none, false when it was disabled before.
    pub async fn disable_client(&self, id: &ClientId) -> Result<Option<bool>> {
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        if clients::find(&mut tx, id).await?.is_none() {
            return Ok(None);
        }
        let disabled = clients::disable(&mut tx, id, self.backend.now()).await?;
        if disabled {
            tx.commit(changed(id, Outcome::Disabled)).await?;
        }
        Ok(Some(disabled))
    }

    /// Every client.
    pub async fn list_clients(&self) -> Result<Vec<ClientRow>> {
        Ok(clients::list(&mut *self.backend.store.connection().await?).await?)
    }

    /// A client, even a disabled one.
    pub async fn show_client(&self, id: &ClientId) -> Result<Option<ClientRow>> {
        Ok(clients::find(&mut *self.backend.store.connection().await?, id).await?)
    }
}

/// What a command did to a client.
fn changed(id: &ClientId, outcome: Outcome) -> Record<'_> {
    let desk = Desk { officer: Some(OfficerName::CONSOLE), request: Some(id.as_str()) };
    Record::new(audit::NOBODY, Event::ClientChanged, outcome).at(desk)
}

/// A secret of 256 bits.
fn new_secret() -> Result<Zeroizing<String>> {
    Ok(Zeroizing::new(BASE64.encode(random_bytes::<32>().map_err(StoreError::from)?)))
}

/// The hash under which a secret is stored. It is random, so one that is quick to compute will do.
pub(super) fn secret_hash(secret: &str) -> String {
    token_id(&format!("client secret {secret}"))
}
