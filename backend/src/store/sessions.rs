//! Browsers in which somebody has signed in (L-PAGE).

use domain::flow::AccountId;
use domain::flow::sign_in::SignedIn;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError, grants, session_systems};
use crate::clock::{HOUR, MINUTE, Millis};

/// A session ends after this time without use, in milliseconds.
pub const IDLE: Millis = 30 * MINUTE;
/// Longest duration of a session, in milliseconds.
pub const LONGEST: Millis = 8 * HOUR;

/// A session that counts.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Its name in ID tokens.
    pub sid: String,
    /// Who signed in.
    pub who: SignedIn,
    /// The epoch of the account then, and still.
    pub epoch: i64,
    /// When the key was typed that opened it.
    pub created_at: Millis,
    /// When it was used last.
    pub seen_at: Millis,
}

impl SessionRow {
    /// Whether it is one of the same person, who acts for the same holder.
    #[must_use]
    pub fn is_of(&self, who: &SignedIn, epoch: i64) -> bool {
        let same = (self.who.account(), self.who.representative()) == (who.account(), who.representative());
        same && self.epoch == epoch
    }
}

/// Opens a session. `id` is the hash of the token in the cookie. The same form sent again opens it once.
///
/// # Errors
/// [`StoreError`].
pub async fn open(
    connection: &mut AnyConnection,
    (id, sid): (&str, &str),
    (who, epoch): (&SignedIn, i64),
    now: Millis,
) -> Result<()> {
    open_since(connection, (id, sid), (who, epoch), (now, now)).await
}

/// The same of a session that was opened earlier, by the key, and continues under another cookie: its eight hours do not begin again.
///
/// # Errors
/// [`StoreError`].
pub async fn open_since(
    connection: &mut AnyConnection,
    (id, sid): (&str, &str),
    (who, epoch): (&SignedIn, i64),
    (created, now): (Millis, Millis),
) -> Result<()> {
    let body = serde_json::to_string(who).map_err(|_| StoreError::Corrupt("session"))?;
    sqlx::query(
        "INSERT INTO session (id, sid, account_id, account_epoch, body, created_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(sid)
    .bind(who.account().0)
    .bind(epoch)
    .bind(body)
    .bind(created)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// The session of a cookie, if it has not ended and no other key was set since.
///
/// # Errors
/// [`StoreError`].
pub async fn find(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<Option<SessionRow>> {
    find_since(connection, id, (now - IDLE, now - LONGEST)).await
}

/// The session of a cookie, whatever its age, if it has not ended and no other key was set since.
///
/// # Errors
/// [`StoreError`].
pub async fn find_idle(connection: &mut AnyConnection, id: &str) -> Result<Option<SessionRow>> {
    find_since(connection, id, (Millis::MIN, Millis::MIN)).await
}

/// The session of a cookie, if it was used and opened after these moments.
async fn find_since(
    connection: &mut AnyConnection,
    id: &str,
    (seen, created): (Millis, Millis),
) -> Result<Option<SessionRow>> {
    let row = sqlx::query(
        "SELECT s.sid, s.body, s.account_epoch, s.created_at, s.seen_at FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.id = $1 AND s.seen_at > $2 AND s.created_at > $3 AND s.account_epoch = a.epoch",
    )
    .bind(id)
    .bind(seen)
    .bind(created)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let body: String = row.try_get("body")?;
    Ok(Some(SessionRow {
        sid: row.try_get("sid")?,
        who: serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("session"))?,
        epoch: row.try_get("account_epoch")?,
        created_at: row.try_get("created_at")?,
        seen_at: row.try_get("seen_at")?,
    }))
}

/// Whose session a cookie is of, and which one, whatever its age; none when it has ended.
///
/// # Errors
/// [`StoreError`].
pub async fn find_old(connection: &mut AnyConnection, id: &str) -> Result<Option<(AccountId, String)>> {
    let row = sqlx::query("SELECT account_id, sid FROM session WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((AccountId(row.try_get("account_id")?), row.try_get("sid")?))).transpose()
}

/// Notes that a session was used.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<()> {
    sqlx::query("UPDATE session SET seen_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Holds a session for this transaction: whoever ends it at the same time waits, and then ends what is granted here, too. False when
/// it has ended.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(connection: &mut AnyConnection, sid: &str) -> Result<bool> {
    let query = sqlx::query("UPDATE session SET seen_at = seen_at WHERE sid = $1").bind(sid);
    Ok(super::touched(connection, query).await? == 1)
}

/// Deletes the row of a session that goes on under another cookie. False when it has ended meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn replace(connection: &mut AnyConnection, id: &str) -> Result<bool> {
    let query = sqlx::query("DELETE FROM session WHERE id = $1").bind(id);
    Ok(super::touched(connection, query).await? == 1)
}

/// Ends the session of a cookie, with the access tokens that were given in it; its systems are to be notified.
///
/// # Errors
/// [`StoreError`].
pub async fn end(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<()> {
    let row = sqlx::query("DELETE FROM session WHERE id = $1 RETURNING sid")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let sid: String = row.try_get("sid")?;
    grants::end_session(&mut *connection, &sid, now).await?;
    session_systems::end(connection, &sid, now).await
}

/// Ends every session of an account, with all that systems were granted; its systems are to be notified.
///
/// # Errors
/// [`StoreError`].
pub async fn end_all(connection: &mut AnyConnection, account: AccountId, now: Millis) -> Result<()> {
    sqlx::query("DELETE FROM session WHERE account_id = $1")
        .bind(account.0)
        .execute(&mut *connection)
        .await?;
    grants::revoke_all(&mut *connection, account, now).await?;
    session_systems::end_all(connection, account, now).await
}
