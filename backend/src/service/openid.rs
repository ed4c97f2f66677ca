//! The endpoints that systems call themselves (L-OIDC): tokens for a code, claims for a token, and the clients that an operator makes.

use domain::flow::AccountId;
use domain::identifier::Identifier;
use domain::openid::claims::{Claims, Holder};
use domain::openid::client::{Client, ClientAuth, ClientId};
use domain::openid::params::Params;
use domain::openid::pkce::Verifier;
use domain::openid::scope::Scope;
use domain::openid::token_request::TokenRequest;
use domain::openid::{Acr, OAuthError};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use super::sign_in::hash_of;
use super::{Backend, Caller, Result};
use crate::clock::{Millis, SECOND};
use crate::jwt;
use crate::limits::{AttemptKind, Letters};
use crate::secrets::{random_bytes, token_id};
use crate::store::audit::{Event, Outcome, Record};
use crate::store::clients::{self, ClientRow};
use crate::store::grants::{self, ACCESS_FOR, Found, GrantRow, TokenKind};
use crate::store::{StoreError, accounts};

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

/// The protocol's endpoints, for one request.
pub struct OpenIdService<'a> {
    backend: &'a Backend,
    caller: &'a Caller,
}

/// A client that was registered, or got a new secret.
pub struct NewSecret {
    /// The secret, shown this once; none for a client that has none.
    pub secret: Option<Zeroizing<String>>,
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
        let client = match credentials {
            Ok(credentials) => match self.authenticate(&credentials).await? {
                Ok(client) => client,
                Err(error) => return Ok(Err(error)),
            },
            Err(error) => return Ok(Err(error)),
        };
        match TokenRequest::parse(params) {
            Ok(TokenRequest::Code { code, redirect, verifier }) => {
                self.redeem(&client, &code, &redirect, verifier.as_ref()).await
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// Whether a client is who it says. A secret that is right always counts; wrong ones are counted.
    async fn authenticate(&self, credentials: &Credentials) -> Result<Answer<Client>> {
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
    async fn wrong<T>(&self, error: OAuthError) -> Result<Answer<T>> {
        let now = self.backend.now();
        let counted =
            self.backend.limits.count(AttemptKind::Client, None, (self.caller, Letters::None), now).await?;
        Ok(Err(if counted.is_err() { OAuthError::TemporarilyUnavailable } else { error }))
    }

    async fn redeem(
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

    /// Who somebody is to a client: says nothing of the account, and differs between sectors unless the client has public subjects.
    fn subject(&self, client: &Client, grant: &domain::flow::sign_in::Grant) -> String {
        self.backend.subject_of(client, grant.who().account())
    }

    /// Userinfo, for an access token.
    pub async fn userinfo(&self, access_token: &str) -> Result<Answer<Claims>> {
        let (backend, now) = (self.backend, self.backend.now());
        let id = hash_of(TokenKind::Access, access_token);
        let found = {
            let connection = &mut *backend.store.connection().await?;
            grants::find_access(connection, &id, now).await?
        };
        let Some(row) = found else { return self.wrong(OAuthError::InvalidToken).await };
        let Some(client) = backend.client(row.grant.client()).await? else {
            return Ok(Err(OAuthError::InvalidToken));
        };
        let grant = row.grant.within(&client);
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

    /// What systems may know of us (OpenID Connect Discovery §3, RFC 8414).
    #[must_use]
    pub fn metadata(&self) -> Value {
        let issuer = self.backend.issuer();
        let at = |path: &str| format!("{issuer}/{path}");
        json!({
            "issuer": issuer,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "jwks_uri": at("jwks"),
            "end_session_endpoint": at("logout"),
            "backchannel_logout_supported": true,
            "backchannel_logout_session_supported": true,
            "scopes_supported": Scope::ALL.into_iter().filter(|scope| *scope != Scope::OfflineAccess)
                .map(Scope::word).collect::<Vec<_>>(),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise", "public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": [Acr::Clave.word()],
            "claims_supported": [
                "sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "at_hash", "sid",
                "RolUnico", "cuenta", "name", "given_name", "family_name", "email", "email_verified",
            ],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "ui_locales_supported": ["es-CL"],
            "claims_parameter_supported": false,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "authorization_response_iss_parameter_supported": true,
        })
    }

    /// Whether pages of this origin may read our answers.
    pub async fn is_origin_of_a_client(&self, origin: &str) -> Result<bool> {
        Ok(clients::has_origin(&mut *self.backend.store.connection().await?, origin).await?)
    }

    /// Registers a client. None when the id is taken.
    pub async fn add_client(&self, client: &Client) -> Result<Option<NewSecret>> {
        let mut tx = self.backend.store.begin().await?;
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
        tx.commit().await.map_err(StoreError::from)?;
        Ok(Some(NewSecret { secret }))
    }

    /// Registers the demo's example, or replaces it: its address may be another than last time.
    pub async fn put_example(&self, client: &Client) -> Result<()> {
        Ok(clients::put(&mut *self.backend.store.connection().await?, client, self.backend.now()).await?)
    }

    /// A further secret, beside the one before. None when there is no such client, or it has none.
    pub async fn add_secret(&self, id: &ClientId) -> Result<Option<NewSecret>> {
        let mut tx = self.backend.store.begin().await?;
        let found = clients::find(&mut tx, id).await?;
        if found.is_none_or(|row| !row.client.auth.has_secret()) {
            return Ok(None);
        }
        let secret = new_secret()?;
        clients::add_secret(&mut tx, id, &secret_hash(&secret), self.backend.now()).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(Some(NewSecret { secret: Some(secret) }))
    }

    /// Disables a client. None when there is none, false when it was disabled before.
    pub async fn disable_client(&self, id: &ClientId) -> Result<Option<bool>> {
        let mut tx = self.backend.store.begin().await?;
        if clients::find(&mut tx, id).await?.is_none() {
            return Ok(None);
        }
        let disabled = clients::disable(&mut tx, id, self.backend.now()).await?;
        tx.commit().await.map_err(StoreError::from)?;
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

/// A secret of 256 bits.
fn new_secret() -> Result<Zeroizing<String>> {
    Ok(Zeroizing::new(BASE64.encode(random_bytes::<32>().map_err(StoreError::from)?)))
}

/// The hash under which a secret is stored. It is random, so one that is quick to compute will do.
fn secret_hash(secret: &str) -> String {
    token_id(&format!("client secret {secret}"))
}
