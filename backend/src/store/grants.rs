//! What systems were granted: connections of accounts, and grants (L-OIDC). Their codes and tokens are in `tokens.rs`.

use domain::flow::AccountId;
use domain::flow::sign_in::{ConnectionOnFile, Grant};
use domain::openid::client::ClientId;
use domain::openid::scope::{Scope, Scopes};
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::{DAY, HOUR, MINUTE, Millis};

/// How long the person is not asked again, in milliseconds.
pub const AGREED_FOR: Millis = 365 * DAY;
/// How long a code counts, in milliseconds.
pub const CODE_FOR: Millis = MINUTE;
/// How long an access token counts, in milliseconds.
pub const ACCESS_FOR: Millis = HOUR;
/// How long a refresh token counts, in milliseconds: one that is not used for so long is forgotten.
pub const REFRESH_FOR: Millis = 30 * DAY;
/// How long after a sign-in its tokens can be refreshed, in milliseconds: then the person signs in again, as who is asked again.
pub const REFRESHED_FOR: Millis = AGREED_FOR;

/// Most grants of one system in one session: a page of a system may ask again and again without the person.
pub const MOST_OF_SESSION: i64 = 20;

/// A grant as it is stored.
#[derive(Debug, Clone)]
pub struct GrantRow {
    /// Its id.
    pub id: String,
    /// What was granted.
    pub grant: Grant,
    /// The session in which it was.
    pub sid: String,
    /// When.
    pub created_at: Millis,
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

/// Deletes what a system was granted in a session before the newest grants, [`MOST_OF_SESSION`] of them, with all that it gave.
///
/// # Errors
/// [`StoreError`].
pub async fn keep_newest(connection: &mut AnyConnection, sid: &str, client: &ClientId) -> Result<()> {
    const OLDER: &str = "SELECT id FROM system_grant WHERE sid = $1 AND client_id = $2
         ORDER BY created_at DESC, id LIMIT 1000000 OFFSET $3";
    for sql in [
        // Held first, as who exchanges a token holds it: two that come the other way round would wait for each other.
        format!("UPDATE system_grant SET expires_at = expires_at WHERE id IN ({OLDER})"),
        format!("DELETE FROM system_token WHERE grant_id IN ({OLDER})"),
        format!("DELETE FROM system_grant WHERE id IN ({OLDER})"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(sid)
            .bind(client.as_str())
            .bind(MOST_OF_SESSION)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Lets a grant live at least this long, so that its tokens find it.
///
/// # Errors
/// [`StoreError`].
pub async fn keep_until(connection: &mut AnyConnection, id: &str, until: Millis) -> Result<()> {
    sqlx::query("UPDATE system_grant SET expires_at = $2 WHERE id = $1 AND expires_at < $2")
        .bind(id)
        .bind(until)
        .execute(connection)
        .await?;
    Ok(())
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

/// Holds a grant for this transaction: whoever revokes it, or ends its session, at the same time waits. False when it was revoked.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(connection: &mut AnyConnection, id: &str) -> Result<bool> {
    let query = sqlx::query("UPDATE system_grant SET revoked_at = NULL WHERE id = $1 AND revoked_at IS NULL")
        .bind(id);
    Ok(super::touched(connection, query).await? == 1)
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
        hold(&mut *connection, &id).await?;
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

/// Deletes what has expired. Codes stay as long as their grant, and used refresh tokens as long as they would have counted, so that a
/// second use is noticed; all of them an hour longer, so that a system that asks about one of its own is not taken for a guesser.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn sweep(connection: &mut AnyConnection, now: Millis) -> Result<()> {
    for sql in [
        "DELETE FROM system_token WHERE expires_at <= $1 AND kind <> 'code'",
        "DELETE FROM system_token WHERE grant_id IN (SELECT id FROM system_grant WHERE expires_at <= $1)",
        "DELETE FROM system_grant WHERE expires_at <= $1",
    ] {
        sqlx::query(sql).bind(now - HOUR).execute(&mut *connection).await?;
    }
    Ok(())
}
