//! The endpoints that systems call themselves (L-OIDC).
//!
//! | module | what it does |
//! |---|---|
//! | [`credentials`] | whether a client is who it says |
//! | [`tokens`] | tokens for a code, or for a refresh token |
//! | [`introspect`] | what a token is good for |
//! | [`revoke`] | tokens that a system gives back |
//! | [`pushed`] | requests that a system hands in itself |
//! | [`metadata`] | what systems may know of us |
//! | [`clients`] | the clients that an operator makes |

pub mod clients;
mod credentials;
mod introspect;
mod metadata;
mod pushed;
mod revoke;
mod tokens;

use domain::flow::AccountId;
use domain::flow::sign_in::Grant;
use domain::identifier::Identifier;
use domain::openid::OAuthError;
use domain::openid::claims::{Claims, Holder};
use domain::openid::client::Client;
use domain::openid::params::Params;
use domain::openid::scope::Scope;
use domain::openid::token_request::TokenRequest;

use super::sign_in::hash_of;
use super::{Backend, Caller, Result};
use crate::store::tokens::{self as stored_tokens, TokenKind, TokenRow};
use crate::store::{StoreError, accounts, clients as stored_clients};

pub use credentials::Credentials;
pub use introspect::Introspection;
pub use pushed::Pushed;
pub use tokens::Tokens;

/// The protocol's endpoints, for one request.
pub struct OpenIdService<'a> {
    backend: &'a Backend,
    caller: &'a Caller,
}

/// The answer to a request of a client.
pub type Answer<T> = std::result::Result<T, OAuthError>;

impl Backend {
    /// The protocol's endpoints.
    #[must_use]
    pub fn openid<'a>(&'a self, caller: &'a Caller) -> OpenIdService<'a> {
        OpenIdService { backend: self, caller }
    }

    /// Who an account is to a client, `sub`.
    pub(super) fn subject_of(&self, client: &Client, account: AccountId) -> String {
        let account = account.0.to_string();
        self.secrets.mac_text("openid subject", &[client.sector().unwrap_or_default(), &account])
    }
}

impl OpenIdService<'_> {
    /// The token endpoint.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every method below.
    pub async fn token(&self, credentials: Answer<Credentials>, params: &Params) -> Result<Answer<Tokens>> {
        let client = match self.client_of(credentials).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        match TokenRequest::parse(params) {
            Ok(TokenRequest::Code { code, redirect, verifier }) => {
                self.redeem(&client, &code, &redirect, verifier.as_ref()).await
            }
            Ok(TokenRequest::Refresh { token, scopes }) => {
                self.refresh(&client, &token, scopes.as_ref()).await
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// Who somebody is to a client: says nothing of the account, and differs between sectors unless the client has public subjects.
    fn subject(&self, client: &Client, grant: &Grant) -> String {
        self.backend.subject_of(client, grant.who().account())
    }

    /// Userinfo, for an access token.
    pub async fn userinfo(&self, access_token: &str) -> Result<Answer<Claims>> {
        let (backend, now) = (self.backend, self.backend.now());
        let id = hash_of(TokenKind::Access, access_token);
        let found = {
            let connection = &mut *backend.store.connection().await?;
            stored_tokens::find_access(connection, &id, now).await?
        };
        let Some(row) = found else {
            // One that has expired is no guess.
            let was_given = stored_tokens::was_given(&mut *backend.store.connection().await?, &id).await?;
            return if was_given {
                Ok(Err(OAuthError::InvalidToken))
            } else {
                self.wrong(OAuthError::InvalidToken).await
            };
        };
        let Some(client) = backend.client(row.grant.grant.client()).await? else {
            return Ok(Err(OAuthError::InvalidToken));
        };
        let grant = granted(row, &client);
        if !grant.may_enter(&client) {
            return Ok(Err(OAuthError::InvalidToken));
        }
        if !grant.scopes().has(Scope::Openid) {
            return Ok(Err(OAuthError::InsufficientScope));
        }
        let who = grant.who();
        let connection = &mut *backend.store.connection().await?;
        let account = accounts::get(&mut *connection, who.account()).await?;
        let plain = accounts::identifier(&mut *connection, who.account()).await?;
        let identifier = Identifier::from_plain(who.kind(), &plain).ok_or(StoreError::Corrupt("account"))?;
        let holder = Holder {
            kind: who.kind(),
            identifier: &identifier,
            representative: who.representative(),
            names: account.names.as_deref(),
            email: account.email.as_ref().map(domain::email::Email::as_str),
            email_verified: account.mail_confirmed_at.is_some(),
        };
        Ok(Ok(Claims::new(self.subject(&client, &grant), grant.scopes(), &client, &holder)))
    }

    /// Whether pages of this origin may read our answers.
    pub async fn is_origin_of_a_client(&self, origin: &str) -> Result<bool> {
        Ok(stored_clients::has_origin(&mut *self.backend.store.connection().await?, origin).await?)
    }
}

/// What a token is good for now.
fn granted(row: TokenRow, client: &Client) -> Grant {
    let grant = row.grant.grant.within(client);
    match &row.scopes {
        Some(scopes) => grant.narrowed(scopes),
        None => grant,
    }
}
