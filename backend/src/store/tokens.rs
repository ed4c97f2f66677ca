//! Codes and tokens of what systems were granted (L-OIDC). Each hangs on a grant (`grants.rs`): one that is revoked, or of before the
//! account's current key, makes all of them worthless, also those that are written at the same moment.

use domain::openid::client::ClientId;
use domain::openid::scope::Scopes;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::grants::{ACCESS_FOR, CODE_FOR, GrantRow, REFRESH_FOR, REFRESHED_FOR};
use super::{Result, StoreError, touched};
use crate::clock::Millis;

/// What a text is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Once, for tokens.
    Code,
    /// For userinfo.
    Access,
    /// Once, for further tokens.
    Refresh,
}

impl TokenKind {
    /// Its word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }

    /// Until when one that is made now counts. `granted_at` is when the person signed in.
    #[must_use]
    pub fn until(self, granted_at: Millis, now: Millis) -> Millis {
        match self {
            Self::Code => now + CODE_FOR,
            Self::Access => now + ACCESS_FOR,
            Self::Refresh => (now + REFRESH_FOR).min(granted_at + REFRESHED_FOR),
        }
    }
}

/// A code or token as it is stored, of a grant that counts.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// The grant.
    pub grant: GrantRow,
    /// What it is good for, where that is less than was granted.
    pub scopes: Option<Scopes>,
    /// When it was made; 0 where that is not known.
    pub created_at: Millis,
    /// Until when it counts.
    pub expires_at: Millis,
    /// Whether it was used up, or revoked.
    pub is_used: bool,
}

impl TokenRow {
    /// Whether it still counts.
    #[must_use]
    pub fn counts(&self, now: Millis) -> bool {
        !self.is_used && now < self.expires_at
    }
}

/// What came of a code or refresh token.
#[derive(Debug, Clone)]
pub enum Found {
    /// It counts.
    Live(GrantRow),
    /// It was used before. What it gave is revoked.
    Used(GrantRow),
    /// There is none, or it has expired, or the person has a new key.
    None,
}

/// Stores a code or token of a grant until it expires, and returns when that is. `id` is its hash.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    (id, kind): (&str, TokenKind),
    (grant, granted_at): (&str, Millis),
    scopes: Option<&Scopes>,
    now: Millis,
) -> Result<Millis> {
    let until = kind.until(granted_at, now);
    sqlx::query(
        "INSERT INTO system_token (id, kind, grant_id, scopes, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(kind.word())
    .bind(grant)
    .bind(scopes.map(Scopes::text))
    .bind(now)
    .bind(until)
    .execute(connection)
    .await?;
    Ok(until)
}

/// A code or token of whatever age; not when its grant was revoked, or the account has another key since, or the client is disabled.
///
/// # Errors
/// [`StoreError`].
pub async fn find(connection: &mut AnyConnection, id: &str, kind: TokenKind) -> Result<Option<TokenRow>> {
    let row = sqlx::query(
        "SELECT g.id, g.body, g.sid, g.created_at AS granted_at, t.scopes, t.created_at, t.expires_at, t.used_at
         FROM system_token t
         JOIN system_grant g ON g.id = t.grant_id
         JOIN account a ON a.id = g.account_id
         JOIN client c ON c.id = g.client_id
         WHERE t.id = $1 AND t.kind = $2 AND g.revoked_at IS NULL AND g.account_epoch = a.epoch AND c.disabled_at IS NULL",
    )
    .bind(id)
    .bind(kind.word())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &AnyRow) -> Result<TokenRow> {
    let body: String = row.try_get("body")?;
    let scopes: Option<String> = row.try_get("scopes")?;
    let used_at: Option<Millis> = row.try_get("used_at")?;
    Ok(TokenRow {
        grant: GrantRow {
            id: row.try_get("id")?,
            grant: serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("system_grant"))?,
            sid: row.try_get("sid")?,
            created_at: row.try_get("granted_at")?,
        },
        scopes: scopes.as_deref().map(Scopes::parse),
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
        is_used: used_at.is_some(),
    })
}

/// Looks at a code or refresh token, and does not use it up.
///
/// # Errors
/// [`StoreError`].
pub async fn find_once(
    connection: &mut AnyConnection,
    (id, kind): (&str, TokenKind),
    now: Millis,
) -> Result<Found> {
    Ok(match find(connection, id, kind).await? {
        Some(row) if row.is_used => Found::Used(row.grant),
        Some(row) if row.counts(now) => Found::Live(row.grant),
        Some(_) | None => Found::None,
    })
}

/// Uses up a code or refresh token: of many at once, one gets true.
///
/// # Errors
/// [`StoreError`].
pub async fn spend(
    connection: &mut AnyConnection,
    (id, kind): (&str, TokenKind),
    now: Millis,
) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE system_token SET used_at = $3 WHERE id = $1 AND kind = $2 AND used_at IS NULL AND expires_at > $3",
    )
    .bind(id)
    .bind(kind.word())
    .bind(now);
    Ok(touched(connection, query).await? == 1)
}

/// An access token that counts.
///
/// # Errors
/// [`StoreError`].
pub async fn find_access(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<Option<TokenRow>> {
    Ok(find(connection, id, TokenKind::Access).await?.filter(|row| row.counts(now)))
}

/// Whether a hash is one of a token that was given, of whatever age and worth.
///
/// # Errors
/// [`StoreError`].
pub async fn was_given(connection: &mut AnyConnection, id: &str) -> Result<bool> {
    let row =
        sqlx::query("SELECT 1 FROM system_token WHERE id = $1").bind(id).fetch_optional(connection).await?;
    Ok(row.is_some())
}

/// Whether one of these hashes is a token of a client, of whatever age and worth.
///
/// # Errors
/// [`StoreError`].
pub async fn is_of_client(
    connection: &mut AnyConnection,
    [one, other]: &[String; 2],
    client: &ClientId,
) -> Result<bool> {
    let row = sqlx::query(
        "SELECT 1 FROM system_token t JOIN system_grant g ON g.id = t.grant_id
         WHERE t.id IN ($1, $2) AND g.client_id = $3",
    )
    .bind(one)
    .bind(other)
    .bind(client.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}
