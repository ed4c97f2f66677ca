//! Which systems were entered in a session, and which of them wait to be notified that it has ended (L-OIDC): written in the transaction
//! that ends the session, leased by a worker, deleted once notified.

use domain::flow::AccountId;
use domain::openid::client::ClientId;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::{DAY, Millis};

/// How long it is remembered that a system was entered in a session that nobody has ended, in milliseconds: systems have sessions of
/// their own that last longer than ours.
pub const REMEMBERED: Millis = 30 * DAY;

/// A system that is to be notified, leased by a worker.
#[derive(Debug)]
pub struct LogoutNotice {
    /// The name of the session in ID tokens.
    pub sid: String,
    /// The system.
    pub client: ClientId,
    /// Who was signed in.
    pub account: AccountId,
    /// When the session ended.
    pub ended_at: Millis,
    /// Number of tries, including this one.
    pub tries: i64,
}

/// Notes that a system was entered in a session.
///
/// # Errors
/// [`StoreError`], here and below.
pub async fn note(
    connection: &mut AnyConnection,
    sid: &str,
    (account, client): (AccountId, &ClientId),
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO session_system (sid, client_id, account_id, entered_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (sid, client_id) DO UPDATE SET entered_at = excluded.entered_at",
    )
    .bind(sid)
    .bind(client.as_str())
    .bind(account.0)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// A session has ended: its systems are to be notified.
///
/// # Errors
/// [`StoreError`].
pub async fn end(connection: &mut AnyConnection, sid: &str, now: Millis) -> Result<()> {
    sqlx::query("UPDATE session_system SET ended_at = $2, next_at = $2 WHERE sid = $1 AND ended_at IS NULL")
        .bind(sid)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Every session of an account has ended.
///
/// # Errors
/// [`StoreError`].
pub async fn end_all(connection: &mut AnyConnection, account: AccountId, now: Millis) -> Result<()> {
    sqlx::query(
        "UPDATE session_system SET ended_at = $2, next_at = $2 WHERE account_id = $1 AND ended_at IS NULL",
    )
    .bind(account.0)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Leases what has been due longest, at most `most`, for `lease` milliseconds. If the worker dies, another takes it after that.
///
/// # Errors
/// [`StoreError`].
pub async fn take(
    connection: &mut AnyConnection,
    most: i64,
    now: Millis,
    lease: Millis,
) -> Result<Vec<LogoutNotice>> {
    let due = sqlx::query(
        "SELECT sid, client_id FROM session_system WHERE next_at <= $1 AND leased_to <= $1
         ORDER BY next_at, sid, client_id LIMIT $2",
    )
    .bind(now)
    .bind(most)
    .fetch_all(&mut *connection)
    .await?;
    let mut taken = Vec::with_capacity(due.len());
    for row in due {
        let (sid, client): (String, String) = (row.try_get("sid")?, row.try_get("client_id")?);
        // Another worker may have taken it since.
        let leased = sqlx::query(
            "UPDATE session_system SET leased_to = $4, tries = tries + 1
             WHERE sid = $1 AND client_id = $2 AND next_at <= $3 AND leased_to <= $3
             RETURNING account_id, ended_at, tries",
        )
        .bind(&sid)
        .bind(&client)
        .bind(now)
        .bind(now + lease)
        .fetch_optional(&mut *connection)
        .await?;
        let Some(row) = leased else { continue };
        taken.push(LogoutNotice {
            sid,
            client: ClientId::parse(&client).map_err(|_| StoreError::Corrupt("session_system"))?,
            account: AccountId(row.try_get("account_id")?),
            ended_at: row.try_get("ended_at")?,
            tries: row.try_get("tries")?,
        });
    }
    Ok(taken)
}

/// To be tried again at this time.
///
/// # Errors
/// [`StoreError`].
pub async fn later(connection: &mut AnyConnection, notice: &LogoutNotice, at: Millis) -> Result<()> {
    sqlx::query("UPDATE session_system SET next_at = $3, leased_to = 0 WHERE sid = $1 AND client_id = $2")
        .bind(&notice.sid)
        .bind(notice.client.as_str())
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

/// It was notified, or given up.
///
/// # Errors
/// [`StoreError`].
pub async fn done(connection: &mut AnyConnection, notice: &LogoutNotice) -> Result<()> {
    sqlx::query("DELETE FROM session_system WHERE sid = $1 AND client_id = $2")
        .bind(&notice.sid)
        .bind(notice.client.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
