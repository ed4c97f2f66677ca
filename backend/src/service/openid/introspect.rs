//! Introspection (RFC 7662): what a system may learn of a token that it was given.

use domain::openid::OAuthError;
use domain::openid::client::Client;
use domain::openid::params::Params;
use domain::openid::token_request::MAX_TOKEN;
use serde::Serialize;

use super::super::sign_in::hash_of;
use super::{Answer, Credentials, OpenIdService, Result, granted};
use crate::clock::SECOND;
use crate::store::tokens::{self, TokenKind, TokenRow};

/// What a token is good for. No identity: that comes from userinfo alone.
#[derive(Debug, Serialize)]
pub struct Introspection {
    /// Whose it is: as in the ID token.
    pub sub: String,
    /// For which system.
    pub client_id: String,
    /// What it is good for.
    pub scope: String,
    /// Until when, in seconds.
    pub exp: i64,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// How it is used; none of a refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// How strongly the person signed in.
    pub acr: &'static str,
    /// When the key was typed.
    pub auth_time: i64,
}

impl OpenIdService<'_> {
    /// Introspection, for clients that can show who they are, of their own tokens. None for any other.
    ///
    /// # Errors
    /// [`super::super::ServiceError`].
    pub async fn introspect(
        &self,
        credentials: Answer<Credentials>,
        params: &Params,
    ) -> Result<Answer<Option<Introspection>>> {
        let client = match self.client_of(credentials).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        if !client.auth.is_confidential() {
            return self.wrong(OAuthError::InvalidClient).await;
        }
        let text = match token_of(params) {
            Ok(text) => text,
            Err(error) => return Ok(Err(error)),
        };
        Ok(match self.own_token(&client, text).await? {
            Ok(found) => Ok(found.and_then(|(kind, row)| self.introspected(&client, kind, row))),
            Err(error) => Err(error),
        })
    }

    fn introspected(&self, client: &Client, kind: TokenKind, row: TokenRow) -> Option<Introspection> {
        let counts = row.counts(self.backend.now())
            && row.grant.grant.may_enter(client)
            && (kind != TokenKind::Refresh || row.grant.grant.refresh(client, None).is_ok());
        if !counts {
            return None;
        }
        let (exp, made_at) = (row.expires_at.div_euclid(SECOND), row.created_at.div_euclid(SECOND));
        let grant = granted(row, client);
        Some(Introspection {
            sub: self.subject(client, &grant),
            client_id: client.id.to_string(),
            scope: grant.scopes().text(),
            exp,
            iat: (made_at > 0).then_some(made_at),
            token_type: (kind == TokenKind::Access).then_some("Bearer"),
            acr: grant.who().acr().word(),
            auth_time: grant.who().auth_time(),
        })
    }

    /// An access or refresh token of a client, of whatever age, as long as its grant counts. One that is unknown, or another client's, is
    /// counted; after too many the answer is an error.
    pub(super) async fn own_token(
        &self,
        client: &Client,
        text: &str,
    ) -> Result<Answer<Option<(TokenKind, TokenRow)>>> {
        let kinds = [TokenKind::Access, TokenKind::Refresh];
        let is_known = {
            let connection = &mut *self.backend.store.connection().await?;
            for kind in kinds {
                let found = tokens::find(&mut *connection, &hash_of(kind, text), kind).await?;
                if let Some(row) = found.filter(|row| *row.grant.grant.client() == client.id) {
                    return Ok(Ok(Some((kind, row))));
                }
            }
            let hashes = kinds.map(|kind| hash_of(kind, text));
            tokens::is_of_client(connection, &hashes, &client.id).await?
        };
        if is_known {
            return Ok(Ok(None));
        }
        Ok(match self.wrong::<()>(OAuthError::InvalidToken).await? {
            Err(OAuthError::TemporarilyUnavailable) => Err(OAuthError::TemporarilyUnavailable),
            _ => Ok(None),
        })
    }
}

/// The token that a request is about. What it is said to be is no help, and ignored.
pub(super) fn token_of(params: &Params) -> Answer<&str> {
    params.one("token_type_hint", MAX_TOKEN)?;
    params.required("token", MAX_TOKEN)
}
