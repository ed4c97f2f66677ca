//! “Mi cuenta”, and the ends of sessions.

use domain::openid::client::ClientId;

use super::{AccountPage, ConnectedSystem, SignInService};
use crate::flows::Token;
use crate::service::Result;
use crate::store::audit::{Event, Outcome, Record};
use crate::store::{clients, grants, sessions};

impl SignInService<'_> {
    /// “Cerrar sesión”, also of one that nobody has used for a while: its systems may have sessions that last longer.
    pub async fn sign_out(&self, token: Option<&Token>) -> Result<()> {
        let Some(token) = token else { return Ok(()) };
        let found = sessions::find_old(&mut *self.backend.store.connection().await?, &token.id()).await?;
        let Some((account, _)) = found else { return Ok(()) };
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        sessions::end(&mut tx, &token.id(), now).await?;
        tx.commit(Record::new(account, Event::SignedOut, Outcome::Done)).await
    }

    /// “Mi cuenta” of who is signed in; none when nobody is.
    pub async fn account(&self, token: Option<&Token>) -> Result<Option<AccountPage>> {
        let Some(row) = self.session(token).await? else { return Ok(None) };
        let holder = self.shown(&row).await?;
        let connected = {
            let connection = &mut *self.backend.store.connection().await?;
            grants::connections(connection, row.who.account()).await?
        };
        let mut systems = Vec::with_capacity(connected.len());
        for system in connected {
            let found = clients::find(&mut *self.backend.store.connection().await?, &system.client).await?;
            let name = found.map_or_else(|| system.client.to_string(), |row| row.client.name);
            let (id, first_at, last_at) = (system.client, system.first_at, system.last_at);
            systems.push(ConnectedSystem { id, name, first_at, last_at });
        }
        Ok(Some(AccountPage { holder, systems }))
    }

    /// “Desconectar”. False when nobody is signed in.
    pub async fn disconnect(&self, token: Option<&Token>, client: &ClientId) -> Result<bool> {
        let Some(row) = self.session(token).await? else { return Ok(false) };
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        grants::disconnect(&mut tx, row.who.account(), client, now).await?;
        tx.commit(Record::new(row.who.account(), Event::Disconnected, Outcome::Done)).await?;
        Ok(true)
    }

    /// “Cerrar sesión en todas partes”: every session of the account, and all that systems were granted.
    pub async fn sign_out_everywhere(&self, token: Option<&Token>) -> Result<bool> {
        let Some(row) = self.session(token).await? else { return Ok(false) };
        let account = row.who.account();
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        sessions::end_all(&mut tx, account, now).await?;
        tx.commit(Record::new(account, Event::SignedOut, Outcome::Done)).await?;
        Ok(true)
    }
}
