//! Tokens for a code, and for a refresh token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::openid::OAuthError;
use domain::openid::client::Client;
use domain::openid::pkce::Verifier;
use domain::openid::scope::Scopes;
use serde_json::json;
use sqlx::AnyConnection;

use super::super::sign_in::hash_of;
use super::{Answer, OpenIdService, Result};
use crate::clock::{Millis, SECOND};
use crate::jwt;
use crate::secrets::random_bytes;
use crate::store::StoreError;
use crate::store::audit::{Event, Outcome, Record};
use crate::store::grants::{self, ACCESS_FOR, GrantRow};
use crate::store::tokens::{self, Found, TokenKind};

/// What a client gets for a code or a refresh token.
pub struct Tokens {
    /// For userinfo.
    pub access_token: String,
    /// Who signed in, signed.
    pub id_token: String,
    /// For further tokens, once; where that was granted.
    pub refresh_token: Option<String>,
    /// How long the access token counts, in seconds.
    pub expires_in: Millis,
    /// What it is good for.
    pub scope: String,
}

/// What is spent for new tokens.
struct Spent<'a> {
    /// Its hash.
    id: &'a str,
    kind: TokenKind,
    row: &'a GrantRow,
    /// What the access token is to be good for.
    scopes: Scopes,
    /// Whether that is less than was granted.
    is_narrowed: bool,
    /// Whether a refresh token comes with it.
    renewed: bool,
}

impl OpenIdService<'_> {
    pub(super) async fn redeem(
        &self,
        client: &Client,
        code: &str,
        redirect: &str,
        verifier: Option<&Verifier>,
    ) -> Result<Answer<Tokens>> {
        let id = hash_of(TokenKind::Code, code);
        let row = match self.live(client, (&id, TokenKind::Code)).await? {
            Ok(row) => row,
            Err(error) => return Ok(Err(error)),
        };
        let verified = verifier.and_then(jwt::challenge_of);
        if let Err(error) = row.grant.redeem(client, redirect, verified.as_ref()) {
            return Ok(Err(error));
        }
        let grant = row.grant.clone().within(client);
        let (scopes, renewed) = (grant.scopes().clone(), grant.is_renewed());
        let spent = Spent { id: &id, kind: TokenKind::Code, row: &row, scopes, is_narrowed: false, renewed };
        self.exchange(client, &spent).await
    }

    /// Tokens for a refresh token, and the one that takes its place (RFC 6749 §6; RFC 9700 §4.14).
    pub(super) async fn refresh(
        &self,
        client: &Client,
        token: &str,
        asked: Option<&Scopes>,
    ) -> Result<Answer<Tokens>> {
        let id = hash_of(TokenKind::Refresh, token);
        let row = match self.live(client, (&id, TokenKind::Refresh)).await? {
            Ok(row) => row,
            Err(error) => return Ok(Err(error)),
        };
        let scopes = match row.grant.refresh(client, asked) {
            Ok(scopes) => scopes,
            Err(error) => return Ok(Err(error)),
        };
        let (kind, is_narrowed) = (TokenKind::Refresh, asked.is_some());
        let spent = Spent { id: &id, kind, row: &row, scopes, is_narrowed, renewed: true };
        self.exchange(client, &spent).await
    }

    /// The grant of a code or refresh token that can be used. One that comes a second time revokes what it gave.
    async fn live(&self, client: &Client, (id, kind): (&str, TokenKind)) -> Result<Answer<GrantRow>> {
        let (backend, now) = (self.backend, self.backend.now());
        let found = tokens::find_once(&mut *backend.store.connection().await?, (id, kind), now).await?;
        match found {
            Found::Live(row) => Ok(Ok(row)),
            Found::Used(row) if *row.grant.client() == client.id => {
                self.reused(&row, kind).await?;
                Ok(Err(OAuthError::InvalidGrant))
            }
            Found::Used(_) => Ok(Err(OAuthError::InvalidGrant)),
            Found::None => {
                let ids = [id.to_owned(), id.to_owned()];
                let is_own =
                    tokens::is_of_client(&mut *backend.store.connection().await?, &ids, &client.id).await?;
                // One of its own that counts no more is no guess.
                if is_own {
                    Ok(Err(OAuthError::InvalidGrant))
                } else {
                    self.wrong(OAuthError::InvalidGrant).await
                }
            }
        }
    }

    async fn exchange(&self, client: &Client, spent: &Spent<'_>) -> Result<Answer<Tokens>> {
        let (backend, row) = (self.backend, spent.row);
        let access_token = random_text()?;
        let refresh_token = spent.renewed.then(random_text).transpose()?;
        let id_token = self.id_token(client, spent, &access_token).await?;
        let mut tx = backend.store.begin().await?;
        // Whoever ends the session or the grant at the same time waits for the tokens, and ends them too; or has ended it before.
        let is_held = grants::hold(&mut tx, &row.id).await?;
        let now = backend.now();
        // Of many at once, one gets tokens: this statement waits for the others, and then sees what they did.
        if !is_held || !tokens::spend(&mut tx, (spent.id, spent.kind), now).await? {
            drop(tx);
            let once = (spent.id, spent.kind);
            let found = tokens::find_once(&mut *backend.store.connection().await?, once, now).await?;
            // Only a second use is one; it may have expired, or its session has ended, meanwhile.
            if let Found::Used(_) = found {
                self.reused(row, spent.kind).await?;
            }
            return Ok(Err(OAuthError::InvalidGrant));
        }
        // They hang on the grant: where that was revoked meanwhile, they are worth nothing.
        let narrowed = spent.is_narrowed.then_some(&spent.scopes);
        store(&mut tx, (TokenKind::Access, &access_token), row, narrowed, now).await?;
        if let Some(refresh_token) = &refresh_token {
            store(&mut tx, (TokenKind::Refresh, refresh_token), row, None, now).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        let (expires_in, scope) = (ACCESS_FOR.div_euclid(SECOND), spent.scopes.text());
        Ok(Ok(Tokens { access_token, id_token, refresh_token, expires_in, scope }))
    }

    /// A code or refresh token came again: all that its sign-in gave is revoked (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
    async fn reused(&self, row: &GrantRow, kind: TokenKind) -> Result<()> {
        let event = match kind {
            TokenKind::Refresh => Event::RefreshReused,
            TokenKind::Code | TokenKind::Access => Event::CodeReused,
        };
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        grants::revoke(&mut tx, &row.id, now).await?;
        tx.commit(Record::new(row.grant.who().account(), event, Outcome::Refused)).await
    }

    /// Who signed in, how and when. No identity: that comes from userinfo alone.
    async fn id_token(&self, client: &Client, spent: &Spent<'_>, access_token: &str) -> Result<String> {
        let (backend, row, who) = (self.backend, spent.row, spent.row.grant.who());
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
        // The nonce belongs to the answer of the browser (OpenID Connect Core §12.2).
        let nonce = row.grant.nonce().filter(|_| spent.kind == TokenKind::Code);
        if let (Some(nonce), Some(claims)) = (nonce, claims.as_object_mut()) {
            claims.insert("nonce".to_owned(), nonce.into());
        }
        Ok(backend.signing_key(client.alg).await?.sign("JWT", &claims)?)
    }
}

/// Stores a token of a grant, and keeps the grant for as long.
async fn store(
    tx: &mut AnyConnection,
    (kind, text): (TokenKind, &str),
    row: &GrantRow,
    scopes: Option<&Scopes>,
    now: Millis,
) -> Result<()> {
    let (hash, grant) = (hash_of(kind, text), (row.id.as_str(), row.created_at));
    let until = tokens::insert(&mut *tx, (&hash, kind), grant, scopes, now).await?;
    grants::keep_until(tx, &row.id, until).await?;
    Ok(())
}

/// 256 random bits.
fn random_text() -> Result<String> {
    Ok(BASE64.encode(random_bytes::<32>().map_err(StoreError::from)?))
}
