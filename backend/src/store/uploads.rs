//! Files that were sent for a request (F-REQ). The bytes are in [`crate::files`]; here stands whose they are, and until when.

use domain::flow::AccountId;
use domain::flow::request::{RequestNumber, UploadId, UploadPurpose};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::Millis;

/// A file that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name in the file store.
    pub id: UploadId,
    /// What it is for.
    pub purpose: UploadPurpose,
    /// Id of its format, as [`crate::files::Format::id`] gives it.
    pub format: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
    /// When it was sent.
    pub created_at: Millis,
    /// Whether it is the declaration as it was handed out, without a signature.
    pub unsigned: bool,
}

const COLUMNS: &str = "id, purpose, format, size, sha256, created_at, unsigned";

fn read(row: &AnyRow) -> Result<Upload> {
    let purpose: String = row.try_get("purpose")?;
    Ok(Upload {
        id: UploadId(row.try_get("id")?),
        purpose: UploadPurpose::parse(&purpose).ok_or(StoreError::Corrupt("upload"))?,
        format: row.try_get("format")?,
        size: row.try_get("size")?,
        sha256: row.try_get("sha256")?,
        created_at: row.try_get("created_at")?,
        unsigned: row.try_get::<i64, _>("unsigned")? != 0,
    })
}

/// Writes the row of a file that is about to come in. One that never gets whole is forgotten at `expires_at`.
///
/// # Errors
/// [`StoreError`].
pub async fn announce(
    connection: &mut AnyConnection,
    id: &UploadId,
    account: AccountId,
    purpose: UploadPurpose,
    now: Millis,
    expires_at: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO upload (id, account_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&id.0)
    .bind(account.0)
    .bind(purpose.id())
    .bind(now)
    .bind(expires_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The file is whole, and kept until `expires_at` unless a request takes it. False when it was given up while it came in, or
/// took too long: then it is not kept.
///
/// # Errors
/// [`StoreError`].
pub async fn complete(
    connection: &mut AnyConnection,
    id: &UploadId,
    format: &str,
    size: i64,
    sha256: &str,
    now: Millis,
    expires_at: Millis,
) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE upload SET format = $2, size = $3, sha256 = $4, expires_at = $5 WHERE id = $1 AND expires_at > $6",
    )
    .bind(&id.0)
    .bind(format)
    .bind(size)
    .bind(sha256)
    .bind(expires_at)
    .bind(now);
    Ok(super::touched(connection, query).await? == 1)
}

/// Notes that a declaration is the form as it was handed out.
///
/// # Errors
/// [`StoreError`].
pub async fn note_unsigned(connection: &mut AnyConnection, id: &UploadId) -> Result<()> {
    sqlx::query("UPDATE upload SET unsigned = 1 WHERE id = $1").bind(&id.0).execute(connection).await?;
    Ok(())
}

/// Whether a declaration was found to be the form as it was handed out, be it in a request or not yet.
///
/// # Errors
/// [`StoreError`].
pub async fn is_unsigned(connection: &mut AnyConnection, id: &UploadId) -> Result<bool> {
    let row = sqlx::query("SELECT 1 FROM upload WHERE unsigned = 1 AND id = $1").bind(&id.0);
    Ok(row.fetch_optional(connection).await?.is_some())
}

/// The same of the declaration in the request with this number.
///
/// # Errors
/// [`StoreError`].
pub async fn is_unsigned_in(connection: &mut AnyConnection, request: &RequestNumber) -> Result<bool> {
    let row = sqlx::query(
        "SELECT 1 FROM upload WHERE unsigned = 1
             AND request_id = (SELECT id FROM facilitator_request WHERE number = $1)",
    )
    .bind(request.as_str());
    Ok(row.fetch_optional(connection).await?.is_some())
}

/// A file of a company that no request has taken, and that is still kept.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(
    connection: &mut AnyConnection,
    id: &UploadId,
    account: AccountId,
    now: Millis,
) -> Result<Option<Upload>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM upload WHERE id = $1 AND account_id = $2 AND request_id IS NULL AND format IS NOT NULL
             AND expires_at > $3"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&id.0).bind(account.0).bind(now);
    row.fetch_optional(connection).await?.as_ref().map(read).transpose()
}

/// The newest file of a company for a purpose that no request has taken, and that is still kept.
///
/// # Errors
/// [`StoreError`].
pub async fn newest(
    connection: &mut AnyConnection,
    account: AccountId,
    purpose: UploadPurpose,
    now: Millis,
) -> Result<Option<Upload>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM upload WHERE account_id = $1 AND purpose = $2 AND request_id IS NULL AND format IS NOT NULL
             AND expires_at > $3 ORDER BY created_at DESC, id LIMIT 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account.0).bind(purpose.id()).bind(now);
    row.fetch_optional(connection).await?.as_ref().map(read).transpose()
}

/// How many files of a company no request has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Those that a request may still take, or that are coming in.
    pub kept: i64,
    /// The same and those that were given up and are not deleted yet: all that take room.
    pub stored: i64,
}

/// How many files of a company no request has taken.
///
/// # Errors
/// [`StoreError`].
pub async fn count_waiting(
    connection: &mut AnyConnection,
    account: AccountId,
    now: Millis,
) -> Result<Waiting> {
    let row = sqlx::query(
        // One that was given up takes its room until it is deleted; one that never got whole has none.
        "SELECT COUNT(CASE WHEN expires_at > $2 THEN 1 END),
             COUNT(CASE WHEN expires_at > $2 OR format IS NOT NULL THEN 1 END)
         FROM upload WHERE account_id = $1 AND request_id IS NULL",
    );
    let row = row.bind(account.0).bind(now).fetch_one(connection).await?;
    Ok(Waiting { kept: row.try_get(0)?, stored: row.try_get(1)? })
}

/// Gives a file to a request, for good. True for exactly one request.
///
/// # Errors
/// [`StoreError`].
pub async fn take(
    connection: &mut AnyConnection,
    id: &UploadId,
    account: AccountId,
    request: i64,
    now: Millis,
) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE upload SET request_id = $3, expires_at = NULL
         WHERE id = $1 AND account_id = $2 AND request_id IS NULL AND format IS NOT NULL AND expires_at > $4",
    )
    .bind(&id.0)
    .bind(account.0)
    .bind(request)
    .bind(now);
    Ok(super::touched(connection, query).await? == 1)
}

/// The files of a request, in the order of [`UploadPurpose::ALL`].
///
/// # Errors
/// [`StoreError`].
pub async fn of_request(connection: &mut AnyConnection, request: i64) -> Result<Vec<Upload>> {
    let sql = format!("SELECT {COLUMNS} FROM upload WHERE request_id = $1 ORDER BY purpose");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(request).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Names of files that no request has taken and nobody keeps any longer, the oldest hundred.
///
/// # Errors
/// [`StoreError`].
pub async fn expired(connection: &mut AnyConnection, now: Millis) -> Result<Vec<UploadId>> {
    let rows = sqlx::query(
        "SELECT id FROM upload WHERE expires_at <= $1 AND request_id IS NULL ORDER BY expires_at LIMIT 100",
    )
    .bind(now)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok(UploadId(row.try_get(0)?))).collect()
}

/// Gives a file up that has expired: from here on no request takes it. False when one has taken it meanwhile, or is about
/// to: then it is not to be deleted.
///
/// # Errors
/// [`StoreError`].
pub async fn give_up(connection: &mut AnyConnection, id: &UploadId, now: Millis) -> Result<bool> {
    // Without a format it is as one that never came in.
    let query = sqlx::query(
        "UPDATE upload SET format = NULL WHERE id = $1 AND request_id IS NULL AND expires_at <= $2",
    )
    .bind(&id.0)
    .bind(now);
    Ok(super::touched(connection, query).await? == 1)
}

/// A file is not kept any longer: at once when nothing of it came in, or another came in its place.
///
/// # Errors
/// [`StoreError`].
pub async fn expire(connection: &mut AnyConnection, id: &UploadId, now: Millis) -> Result<()> {
    sqlx::query("UPDATE upload SET expires_at = $2 WHERE id = $1 AND request_id IS NULL")
        .bind(&id.0)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// No file of a company that no request has taken is kept any longer: whoever sent it may have had a key that was not theirs.
///
/// # Errors
/// [`StoreError`].
pub async fn expire_all(connection: &mut AnyConnection, account: AccountId, now: Millis) -> Result<()> {
    let query = sqlx::query(
        "UPDATE upload SET expires_at = $2 WHERE account_id = $1 AND request_id IS NULL AND expires_at > $2",
    );
    query.bind(account.0).bind(now).execute(connection).await?;
    Ok(())
}

/// Forgets a file that was deleted from the file store.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(connection: &mut AnyConnection, id: &UploadId) -> Result<()> {
    sqlx::query("DELETE FROM upload WHERE id = $1 AND request_id IS NULL")
        .bind(&id.0)
        .execute(connection)
        .await?;
    Ok(())
}
