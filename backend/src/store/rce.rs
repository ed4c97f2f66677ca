//! Attendance (L-RCE): the tokens and origins of OTECs, and the sessions that are kept.

use domain::rce::fields::SenceSession;
use domain::rce::organism::{Organism, Origin, TokenOnFile};
use domain::rce::session::Session;
use domain::rut::Rut;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError, touched};
use crate::clock::Millis;

/// A token of an OTEC, without the token.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Its name in the commands.
    pub id: String,
    /// Whose it is.
    pub otec: Rut,
    /// When it was made.
    pub created_at: Millis,
    /// When it was revoked.
    pub revoked_at: Option<Millis>,
}

/// What is known of an OTEC, and of the token with this hash, whosever it is.
///
/// # Errors
/// [`StoreError`].
pub async fn organism(connection: &mut AnyConnection, otec: Rut, token_hash: &str) -> Result<Organism> {
    let token = sqlx::query("SELECT id, otec, created_at, revoked_at FROM rce_token WHERE hash = $1")
        .bind(token_hash)
        .fetch_optional(&mut *connection)
        .await?;
    let token = token.as_ref().map(read_token).transpose()?;
    let known = sqlx::query("SELECT 1 FROM rce_token WHERE otec = $1 LIMIT 1")
        .bind(otec.plain())
        .fetch_optional(&mut *connection)
        .await?;
    Ok(Organism {
        is_known: known.is_some(),
        origins: origins(connection, otec).await?,
        token: token.map(|token| TokenOnFile { otec: token.otec, is_revoked: token.revoked_at.is_some() }),
    })
}

/// The origins that an OTEC has registered.
///
/// # Errors
/// [`StoreError`].
pub async fn origins(connection: &mut AnyConnection, otec: Rut) -> Result<Vec<Origin>> {
    let rows = sqlx::query("SELECT origin FROM rce_origin WHERE otec = $1 ORDER BY origin")
        .bind(otec.plain())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let origin: String = row.try_get("origin")?;
            Origin::parse(&origin).map_err(|_| StoreError::Corrupt("rce_origin"))
        })
        .collect()
}

/// Adds a token, known by its hash.
///
/// # Errors
/// [`StoreError`].
pub async fn add_token(
    connection: &mut AnyConnection,
    (id, hash): (&str, &str),
    otec: Rut,
    now: Millis,
) -> Result<()> {
    sqlx::query("INSERT INTO rce_token (id, hash, otec, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(hash)
        .bind(otec.plain())
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Registers an origin; once more does nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn add_origin(
    connection: &mut AnyConnection,
    otec: Rut,
    origin: &Origin,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO rce_origin (otec, origin, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(otec.plain())
    .bind(origin.as_str())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// The tokens of an OTEC, or of all, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn tokens(connection: &mut AnyConnection, otec: Option<Rut>) -> Result<Vec<TokenRow>> {
    let rows = sqlx::query(
        "SELECT id, otec, created_at, revoked_at FROM rce_token
         WHERE otec = $1 OR $1 = '' ORDER BY otec, created_at, id",
    )
    .bind(otec.map(|otec| otec.plain()).unwrap_or_default())
    .fetch_all(connection)
    .await?;
    rows.iter().map(read_token).collect()
}

fn read_token(row: &AnyRow) -> Result<TokenRow> {
    let otec: String = row.try_get("otec")?;
    Ok(TokenRow {
        id: row.try_get("id")?,
        otec: Rut::parse(&otec).map_err(|_| StoreError::Corrupt("rce_token"))?,
        created_at: row.try_get("created_at")?,
        revoked_at: row.try_get("revoked_at")?,
    })
}

/// Revokes a token of an OTEC. False when it was revoked before; none when there is none of this id.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke_token(
    connection: &mut AnyConnection,
    otec: Rut,
    id: &str,
    now: Millis,
) -> Result<Option<bool>> {
    let query = sqlx::query(
        "UPDATE rce_token SET revoked_at = $3 WHERE id = $1 AND otec = $2 AND revoked_at IS NULL",
    )
    .bind(id)
    .bind(otec.plain())
    .bind(now);
    if touched(&mut *connection, query).await? == 1 {
        return Ok(Some(true));
    }
    let found = sqlx::query("SELECT 1 FROM rce_token WHERE id = $1 AND otec = $2")
        .bind(id)
        .bind(otec.plain())
        .fetch_optional(connection)
        .await?;
    Ok(found.map(|_| false))
}

/// Stores a session that was opened.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(connection: &mut AnyConnection, session: &Session) -> Result<()> {
    sqlx::query("INSERT INTO rce_session (id, account_id, body, opened_at) VALUES ($1, $2, $3, $4)")
        .bind(session.id().as_str())
        .bind(session.account().0)
        .bind(body(session)?)
        .bind(session.opened())
        .execute(connection)
        .await?;
    Ok(())
}

/// The session of an id, open or closed.
///
/// # Errors
/// [`StoreError`].
pub async fn find(connection: &mut AnyConnection, id: &SenceSession) -> Result<Option<Session>> {
    let row = sqlx::query("SELECT body FROM rce_session WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The same, held for this transaction: who closes it at the same time waits.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(connection: &mut AnyConnection, id: &SenceSession) -> Result<Option<Session>> {
    let row = sqlx::query("UPDATE rce_session SET closed_at = closed_at WHERE id = $1 RETURNING body")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Writes that a session is closed. False when it was closed before, or is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn close(connection: &mut AnyConnection, session: &Session) -> Result<bool> {
    let query =
        sqlx::query("UPDATE rce_session SET body = $2, closed_at = $3 WHERE id = $1 AND closed_at IS NULL")
            .bind(session.id().as_str())
            .bind(body(session)?)
            .bind(session.closed());
    Ok(touched(connection, query).await? == 1)
}

/// Up to `most` sessions that were opened from one moment until before another, in seconds, the first ones first; behind the one that
/// `after` names.
///
/// # Errors
/// [`StoreError`].
pub async fn opened_between(
    connection: &mut AnyConnection,
    (from, until): (i64, i64),
    after: Option<&Session>,
    most: i64,
) -> Result<Vec<Session>> {
    let (at, id) = after.map_or((i64::MIN, ""), |session| (session.opened(), session.id().as_str()));
    let rows = sqlx::query(
        "SELECT body FROM rce_session WHERE opened_at >= $1 AND opened_at < $2
             AND (opened_at > $3 OR (opened_at = $3 AND id > $4))
         ORDER BY opened_at, id LIMIT $5",
    )
    .bind(from)
    .bind(until)
    .bind(at)
    .bind(id)
    .bind(most)
    .fetch_all(connection)
    .await?;
    rows.iter().map(read).collect()
}

fn body(session: &Session) -> Result<String> {
    serde_json::to_string(session).map_err(|_| StoreError::Corrupt("rce_session"))
}

fn read(row: &AnyRow) -> Result<Session> {
    let body: String = row.try_get("body")?;
    serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("rce_session"))
}
