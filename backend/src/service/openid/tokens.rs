//! Tokens for a code.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::openid::OAuthError;
use domain::openid::client::Client;
use domain::openid::pkce::Verifier;
use serde_json::json;

use super::super::sign_in::hash_of;
use super::{Answer, OpenIdService, Result};
use crate::clock::{Millis, SECOND};
use crate::jwt;
use crate::secrets::random_bytes;
use crate::store::StoreError;
use crate::store::audit::{Event, Outcome, Record};
use crate::store::grants::{self, ACCESS_FOR, Found, GrantRow, TokenKind};

/// What a client gets for a code.
pub struct Tokens {
    /// For userinfo.
    pub access_token: String,
    /// Who signed in, signed.
    pub id_token: String,
    /// How long the access token counts, in seconds.
    pub expires_in: Millis,
    /// What it is good for.
    pub scope: String,
}

impl OpenIdService<'_> {
    pub(super) async fn redeem(
        &self,
        client: &Client,
        code: &str,
        redirect: &str,
        verifier: Option<&Verifier>,
    ) -> Result<Answer<Tokens>> {
        let (backend, now) = (self.backend, self.backend.now());
        let id = hash_of(TokenKind::Code, code);
        let found = grants::find_code(&mut *backend.store.connection().await?, &id, now).await?;
        let row = match found {
            Found::Live(row) => row,
            Found::Used(row) if *row.grant.client() == client.id => {
                self.reused(&row).await?;
                return Ok(Err(OAuthError::InvalidGrant));
            }
            Found::Used(_) => return Ok(Err(OAuthError::InvalidGrant)),
            Found::None => return self.wrong(OAuthError::InvalidGrant).await,
        };
        let verified = verifier.and_then(jwt::challenge_of);
        if let Err(error) = row.grant.redeem(client, redirect, verified.as_ref()) {
            return Ok(Err(error));
        }
        let grant = row.grant.clone().within(client);
        let access_token = BASE64.encode(random_bytes::<32>().map_err(StoreError::from)?);
        let id_token = self.id_token(client, &row, &access_token).await?;
        let mut tx = backend.store.begin().await?;
        // Of many at once, one gets tokens: this statement waits for the others, and then sees what they did.
        if !grants::spend_code(&mut tx, &id, now).await? {
            drop(tx);
            self.reused(&row).await?;
            return Ok(Err(OAuthError::InvalidGrant));
        }
        let hash = hash_of(TokenKind::Access, &access_token);
        grants::insert_token(&mut tx, (&hash, TokenKind::Access), &row.id, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        let (expires_in, scope) = (ACCESS_FOR.div_euclid(SECOND), grant.scopes().text());
        Ok(Ok(Tokens { access_token, id_token, expires_in, scope }))
    }

    /// A code came again: what it gave is revoked (RFC 6749 §4.1.2).
    async fn reused(&self, row: &GrantRow) -> Result<()> {
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        grants::revoke(&mut tx, &row.id, now).await?;
        tx.commit(Record::new(row.grant.who().account(), Event::CodeReused, Outcome::Refused)).await
    }

    /// Who signed in, how and when. No identity: that comes from userinfo alone.
    async fn id_token(&self, client: &Client, row: &GrantRow, access_token: &str) -> Result<String> {
        let (backend, who) = (self.backend, row.grant.who());
        let now = backend.now().div_euclid(SECOND);
        let mut claims = json!({
            "iss": backend.issuer(),
            "sub": self.subject(client, &row.grant),
            "aud": client.id.as_str(),
            "exp": now + ACCESS_FOR.div_euclid(SECOND),
            "iat": now,
            "auth_time": who.auth_time(),
            "acr": who.acr().word(),
            "amr": who.acr().methods(),
            "at_hash": jwt::half_hash(access_token),
            "sid": row.sid,
        });
        if let (Some(nonce), Some(claims)) = (row.grant.nonce(), claims.as_object_mut()) {
            claims.insert("nonce".to_owned(), nonce.into());
        }
        Ok(backend.signing_key(client.alg).await?.sign("JWT", &claims)?)
    }
}
