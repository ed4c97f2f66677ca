//! Revocation (RFC 7009): a system gives back what it was given.

use domain::openid::params::Params;

use super::introspect::token_of;
use super::{Answer, Credentials, OpenIdService, Result};
use crate::store::audit::{Event, Outcome, Record};
use crate::store::grants;
use crate::store::tokens::{self, TokenKind};

impl OpenIdService<'_> {
    /// Revokes an access token; or, with a refresh token, all that its sign-in gave. Only the client's own: any other is left as it is, and
    /// the answer is the same.
    ///
    /// # Errors
    /// [`super::super::ServiceError`].
    pub async fn revoke(&self, credentials: Answer<Credentials>, params: &Params) -> Result<Answer<()>> {
        let client = match self.client_of(credentials).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        let text = match token_of(params) {
            Ok(text) => text,
            Err(error) => return Ok(Err(error)),
        };
        let (kind, row) = match self.own_token(&client, text).await? {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        };
        match kind {
            TokenKind::Refresh => {
                let mut tx = self.backend.begin_outcome(self.caller).await?;
                let now = tx.now();
                grants::revoke(&mut tx, &row.grant.id, now).await?;
                let account = row.grant.grant.who().account();
                tx.commit(Record::new(account, Event::GrantReturned, Outcome::Done)).await?;
            }
            TokenKind::Access | TokenKind::Code => {
                let (id, now) = (super::hash_of(kind, text), self.backend.now());
                tokens::spend(&mut *self.backend.store.connection().await?, (&id, kind), now).await?;
            }
        }
        Ok(Ok(()))
    }
}
