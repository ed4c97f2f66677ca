//! What systems were granted: connections of accounts, grants, and their codes and tokens (L-OIDC).

use domain::flow::AccountId;
use domain::flow::sign_in::{ConnectionOnFile, Grant};
use domain::openid::client::ClientId;
use domain::openid::scope::{Scope, Scopes};
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError, touched};
use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND};

/// How long the person is not asked again, in milliseconds.
pub const AGREED_FOR: Millis = 365 * DAY;
/// How long a code counts, in milliseconds.
pub const CODE_FOR: Millis = MINUTE;
/// How long an access token counts, in milliseconds.
pub const ACCESS_FOR: Millis = HOUR;

/// What a text is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Once, for tokens.
    Code,
    /// For userinfo.
    Access,
}

impl TokenKind {
    /// Its word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Access => "access",
        }
    }

    /// How long it counts, in milliseconds.
    #[must_use]
    pub fn lifetime(self) -> Millis {
        match self {
            Self::Code => CODE_FOR,
            Self::Access => ACCESS_FOR,
        }
    }
}

/// A grant as it is stored.
#[derive(Debug, Clone)]
pub struct GrantRow {
    /// Its id.
    pub id: String,
    /// What was granted.
    pub grant: Grant,
    /// The session in which it was.
    pub sid: String,
}

/// What came of a code or token.
#[derive(Debug, Clone)]
pub enum Found {
    /// It counts.
    Live(GrantRow),
    /// It was used before. What it gave is revoked.
    Used(GrantRow),
    /// There is none, or it has expired, or the person has a new key.
    None,
}

/// Stores a grant.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    (id, sid): (&str, &str),
    (grant, epoch): (&Grant, i64),
    now: Millis,
) -> Result<()> {
    let body = serde_json::to_string(grant).map_err(|_| StoreError::Corrupt("system_grant"))?;
    sqlx::query(
        "INSERT INTO system_grant (id, client_id, account_id, account_epoch, sid, body, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(grant.client().as_str())
    .bind(grant.who().account().0)
    .bind(epoch)
    .bind(sid)
    .bind(body)
    .bind(now)
    .bind(now + CODE_FOR + ACCESS_FOR)
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a code or token of a grant. `id` is its hash.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_token(
    connection: &mut AnyConnection,
    (id, kind): (&str, TokenKind),
    grant: &str,
    now: Millis,
) -> Result<()> {
    sqlx::query("INSERT INTO system_token (id, kind, grant_id, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(kind.word())
        .bind(grant)
        .bind(now + kind.lifetime())
        .execute(connection)
        .await?;
    Ok(())
}

/// The grant of a code or token, of whatever age; not when it was revoked, or the account has another key since, or the client is
/// disabled.
async fn grant_of(connection: &mut AnyConnection, id: &str, kind: TokenKind) -> Result<Option<GrantRow>> {
    let row = sqlx::query(
        "SELECT g.id, g.body, g.sid FROM system_token t
         JOIN system_grant g ON g.id = t.grant_id
         JOIN account a ON a.id = g.account_id
         JOIN client c ON c.id = g.client_id
         WHERE t.id = $1 AND t.kind = $2 AND g.revoked_at IS NULL AND g.account_epoch = a.epoch AND c.disabled_at IS NULL",
    )
    .bind(id)
    .bind(kind.word())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let body: String = row.try_get("body")?;
    let grant = serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("system_grant"))?;
    Ok(Some(GrantRow { id: row.try_get("id")?, grant, sid: row.try_get("sid")? }))
}

/// Looks at a code, and does not use it up.
///
/// # Errors
/// [`StoreError`].
pub async fn find_code(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<Found> {
    let row = sqlx::query("SELECT expires_at, used_at FROM system_token WHERE id = $1 AND kind = 'code'")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(Found::None) };
    let (expires_at, used_at): (Millis, Option<Millis>) =
        (row.try_get("expires_at")?, row.try_get("used_at")?);
    let Some(grant) = grant_of(connection, id, TokenKind::Code).await? else { return Ok(Found::None) };
    Ok(match used_at {
        Some(_) => Found::Used(grant),
        None if expires_at <= now => Found::None,
        None => Found::Live(grant),
    })
}

/// Uses up a code: of many at once, one is told so.
///
/// # Errors
/// [`StoreError`].
pub async fn spend_code(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE system_token SET used_at = $2 WHERE id = $1 AND kind = 'code' AND used_at IS NULL AND expires_at > $2",
    )
    .bind(id)
    .bind(now);
    Ok(touched(connection, query).await? == 1)
}

/// The grant of an access token that counts.
///
/// # Errors
/// [`StoreError`].
pub async fn find_access(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<Option<GrantRow>> {
    let row = sqlx::query("SELECT 1 FROM system_token WHERE id = $1 AND kind = 'access' AND expires_at > $2")
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *connection)
        .await?;
    match row {
        Some(_) => grant_of(connection, id, TokenKind::Access).await,
        None => Ok(None),
    }
}

/// Revokes a grant, with all that it gave.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<()> {
    sqlx::query("UPDATE system_grant SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// A system that an account has entered.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Which.
    pub client: ClientId,
    /// When first.
    pub first_at: Millis,
    /// When last.
    pub last_at: Millis,
}

/// What is known of an account and a system.
///
/// # Errors
/// [`StoreError`].
pub async fn connection_on_file(
    connection: &mut AnyConnection,
    account: AccountId,
    client: &ClientId,
    now: Millis,
) -> Result<ConnectionOnFile> {
    let row =
        sqlx::query("SELECT scopes, agreed_until FROM connection WHERE account_id = $1 AND client_id = $2")
            .bind(account.0)
            .bind(client.as_str())
            .fetch_optional(connection)
            .await?;
    let Some(row) = row else { return Ok(ConnectionOnFile::default()) };
    let (scopes, until): (String, Millis) = (row.try_get("scopes")?, row.try_get("agreed_until")?);
    let agreed = if until > now { Scopes::parse(&scopes) } else { Scopes::default() };
    Ok(ConnectionOnFile { is_known: true, agreed })
}

/// Notes that an account has entered a system, and what the person agreed to, if they were asked.
///
/// # Errors
/// [`StoreError`].
pub async fn connect(
    connection: &mut AnyConnection,
    (account, client): (AccountId, &ClientId),
    agreed: Option<&Scopes>,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO connection (account_id, client_id, scopes, agreed_until, first_at, last_at)
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (account_id, client_id) DO UPDATE SET last_at = excluded.last_at",
    )
    .bind(account.0)
    .bind(client.as_str())
    .bind(agreed.map_or(String::new(), Scopes::text))
    .bind(agreed.map_or(0, |_| now + AGREED_FOR))
    .bind(now)
    .execute(&mut *connection)
    .await?;
    if let Some(agreed) = agreed {
        sqlx::query(
            "UPDATE connection SET scopes = $3, agreed_until = $4 WHERE account_id = $1 AND client_id = $2",
        )
        .bind(account.0)
        .bind(client.as_str())
        .bind(agreed.text())
        .bind(now + AGREED_FOR)
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// The systems of an account, the last one that was entered first.
///
/// # Errors
/// [`StoreError`].
pub async fn connections(connection: &mut AnyConnection, account: AccountId) -> Result<Vec<Connection>> {
    let rows = sqlx::query(
        "SELECT client_id, first_at, last_at FROM connection WHERE account_id = $1 ORDER BY last_at DESC, client_id",
    )
    .bind(account.0)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let client: String = row.try_get("client_id")?;
            Ok(Connection {
                client: ClientId::parse(&client).map_err(|_| StoreError::Corrupt("connection"))?,
                first_at: row.try_get("first_at")?,
                last_at: row.try_get("last_at")?,
            })
        })
        .collect()
}

/// “Desconectar”: forgets the system, and revokes what it was granted.
///
/// # Errors
/// [`StoreError`].
pub async fn disconnect(
    connection: &mut AnyConnection,
    account: AccountId,
    client: &ClientId,
    now: Millis,
) -> Result<()> {
    for sql in [
        "UPDATE system_grant SET revoked_at = $3 WHERE account_id = $1 AND client_id = $2 AND revoked_at IS NULL",
        "DELETE FROM connection WHERE account_id = $1 AND client_id = $2 AND $3 > 0",
    ] {
        sqlx::query(sql).bind(account.0).bind(client.as_str()).bind(now).execute(&mut *connection).await?;
    }
    Ok(())
}

/// “Cerrar sesión en todas partes”: revokes what every system of an account was granted.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke_all(connection: &mut AnyConnection, account: AccountId, now: Millis) -> Result<()> {
    sqlx::query("UPDATE system_grant SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL")
        .bind(account.0)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// A session has ended: so have the codes and access tokens that were given in it. What was granted for when the person is not there
/// (`offline_access`) stays, as OpenID Connect Core §11 has it, and may give new ones.
///
/// # Errors
/// [`StoreError`].
pub async fn end_session(connection: &mut AnyConnection, sid: &str, now: Millis) -> Result<()> {
    let rows = sqlx::query("SELECT id, body FROM system_grant WHERE sid = $1 AND revoked_at IS NULL")
        .bind(sid)
        .fetch_all(&mut *connection)
        .await?;
    for row in rows {
        let (id, body): (String, String) = (row.try_get("id")?, row.try_get("body")?);
        let grant: Grant = serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("system_grant"))?;
        if !grant.scopes().has(Scope::OfflineAccess) {
            revoke(&mut *connection, &id, now).await?;
            continue;
        }
        sqlx::query(
            "UPDATE system_token SET expires_at = $2
             WHERE grant_id = $1 AND kind IN ('code', 'access') AND expires_at > $2",
        )
        .bind(&id)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Deletes what has expired. Codes stay for an hour, so that a second use is noticed.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn sweep(connection: &mut AnyConnection, now: Millis) -> Result<()> {
    for sql in [
        "DELETE FROM system_token WHERE grant_id IN (SELECT id FROM system_grant WHERE expires_at <= $1)",
        "DELETE FROM system_grant WHERE expires_at <= $1",
    ] {
        sqlx::query(sql).bind(now - SECOND).execute(&mut *connection).await?;
    }
    Ok(())
}
