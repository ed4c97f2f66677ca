//! Officers of SENCE and their sessions (F-REVIEW).

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::Result;
use crate::clock::{HOUR, MINUTE, Millis};
use crate::secrets::random_id;

/// A session ends after this time without a request, in milliseconds.
pub const IDLE: Millis = 30 * MINUTE;
/// Longest duration of a session, in milliseconds.
pub const LONGEST: Millis = 8 * HOUR;

/// An officer as stored. `Debug` would show hashes, so there is none.
#[derive(Clone)]
pub struct OfficerRow {
    /// Id of the officer.
    pub id: i64,
    /// Name for signing in.
    pub name: String,
    /// argon2 hash of the key.
    pub key_hash: String,
    /// The sealed secret of the second factor.
    pub totp: Vec<u8>,
    /// Whether they may grant and refuse requests, or only read them.
    pub may_decide: bool,
    /// When they were added.
    pub created_at: Millis,
    /// When they were disabled.
    pub disabled_at: Option<Millis>,
}

/// A session that has not ended.
pub struct SessionRow {
    /// The officer who signed in.
    pub officer: OfficerRow,
    /// When its last request was received.
    pub seen_at: Millis,
    /// Notes of the session, as JSON.
    pub notes: Option<String>,
}

const COLUMNS: &str = "o.id, o.name, o.key_hash, o.totp, o.may_decide, o.created_at, o.disabled_at";

fn read(row: &AnyRow) -> Result<OfficerRow> {
    Ok(OfficerRow {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        key_hash: row.try_get("key_hash")?,
        totp: row.try_get("totp")?,
        may_decide: row.try_get::<i64, _>("may_decide")? != 0,
        created_at: row.try_get("created_at")?,
        disabled_at: row.try_get("disabled_at")?,
    })
}

/// Adds an officer; false when the name is taken.
///
/// # Errors
/// [`super::StoreError`].
pub async fn insert(connection: &mut AnyConnection, officer: &OfficerRow) -> Result<bool> {
    let query = sqlx::query(
        "INSERT INTO officer (id, name, key_hash, totp, may_decide, last_step, created_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (name) DO NOTHING",
    )
    .bind(officer.id)
    .bind(&officer.name)
    .bind(&officer.key_hash)
    .bind(officer.totp.clone())
    .bind(i64::from(officer.may_decide))
    .bind(officer.created_at);
    Ok(super::touched(connection, query).await? == 1)
}

/// An id for a new officer.
///
/// # Errors
/// No random bytes.
pub fn new_id() -> Result<i64> {
    Ok(random_id()?)
}

/// The officer with this name, even when disabled.
///
/// # Errors
/// [`super::StoreError`].
pub async fn find(connection: &mut AnyConnection, name: &str) -> Result<Option<OfficerRow>> {
    let sql = format!("SELECT {COLUMNS} FROM officer o WHERE o.name = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(name).fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

/// Every officer, sorted by name.
///
/// # Errors
/// [`super::StoreError`].
pub async fn list(connection: &mut AnyConnection) -> Result<Vec<OfficerRow>> {
    let sql = format!("SELECT {COLUMNS} FROM officer o ORDER BY o.name");
    sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await?.iter().map(read).collect()
}

/// Sets a new key and a new second factor for an officer, and enables a disabled one again.
///
/// # Errors
/// [`super::StoreError`].
pub async fn set_proofs(
    connection: &mut AnyConnection,
    officer: i64,
    key_hash: &str,
    totp: &[u8],
) -> Result<()> {
    sqlx::query(
        "UPDATE officer SET key_hash = $2, totp = $3, last_step = 0, disabled_at = NULL WHERE id = $1",
    )
    .bind(officer)
    .bind(key_hash)
    .bind(totp.to_vec())
    .execute(connection)
    .await?;
    Ok(())
}

/// Disables an officer. False when they already were.
///
/// # Errors
/// [`super::StoreError`].
pub async fn disable(connection: &mut AnyConnection, officer: i64, now: Millis) -> Result<bool> {
    let query = sqlx::query("UPDATE officer SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL")
        .bind(officer)
        .bind(now);
    Ok(super::touched(connection, query).await? == 1)
}

/// Spends the code of a time step. True for exactly one sign-in, and only if the officer is enabled and still has the
/// key that was checked.
///
/// # Errors
/// [`super::StoreError`].
pub async fn spend_code(connection: &mut AnyConnection, officer: &OfficerRow, step: i64) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE officer SET last_step = $2
         WHERE id = $1 AND last_step < $2 AND key_hash = $3 AND disabled_at IS NULL",
    )
    .bind(officer.id)
    .bind(step)
    .bind(&officer.key_hash);
    Ok(super::touched(connection, query).await? == 1)
}

/// Creates a session.
///
/// # Errors
/// [`super::StoreError`].
pub async fn open_session(connection: &mut AnyConnection, id: &str, officer: i64, now: Millis) -> Result<()> {
    sqlx::query("INSERT INTO officer_session (id, officer_id, created_at, seen_at) VALUES ($1, $2, $3, $3)")
        .bind(id)
        .bind(officer)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// A session that has not ended, of an officer who is not disabled.
///
/// # Errors
/// [`super::StoreError`].
pub async fn session(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<Option<SessionRow>> {
    let sql = format!(
        "SELECT {COLUMNS}, s.seen_at, s.notes FROM officer_session s JOIN officer o ON o.id = s.officer_id
         WHERE s.id = $1 AND s.seen_at > $2 AND s.created_at > $3 AND o.disabled_at IS NULL"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .bind(now - IDLE)
        .bind(now - LONGEST)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(SessionRow {
        officer: read(&row)?,
        seen_at: row.try_get("seen_at")?,
        notes: row.try_get("notes")?,
    }))
}

/// Records a request of a session.
///
/// # Errors
/// [`super::StoreError`].
pub async fn touch_session(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<()> {
    sqlx::query("UPDATE officer_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2")
        .bind(id)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Replaces the notes of a session.
///
/// # Errors
/// [`super::StoreError`].
pub async fn set_notes(connection: &mut AnyConnection, id: &str, notes: &str) -> Result<()> {
    sqlx::query("UPDATE officer_session SET notes = $2 WHERE id = $1")
        .bind(id)
        .bind(notes)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`super::StoreError`].
pub async fn end_session(connection: &mut AnyConnection, id: &str) -> Result<()> {
    sqlx::query("DELETE FROM officer_session WHERE id = $1").bind(id).execute(connection).await?;
    Ok(())
}

/// Ends every session of an officer.
///
/// # Errors
/// [`super::StoreError`].
pub async fn end_sessions(connection: &mut AnyConnection, officer: i64) -> Result<()> {
    sqlx::query("DELETE FROM officer_session WHERE officer_id = $1")
        .bind(officer)
        .execute(connection)
        .await?;
    Ok(())
}
