//! Uploaded files of requests (F-REQ): their owner and their expiry. The bytes are in [`crate::files`].

use domain::flow::AccountId;
use domain::flow::request::{RequestNumber, UploadId, UploadPurpose};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::Millis;

/// A completely received file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name in the file store.
    pub id: UploadId,
    /// Its purpose.
    pub purpose: UploadPurpose,
    /// Its format, a [`crate::files::Format::id`].
    pub format: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
    /// When it was uploaded.
    pub created_at: Millis,
    /// Whether it is the downloaded declaration, without a signature.
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

/// Adds the row of a file that is about to be received. One that is never completed expires at `expires_at`.
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

/// Marks a file as completely received, to be kept until `expires_at` unless a request takes it. False when it was
/// given up meanwhile, or took too long: then it must not be kept.
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

/// Marks a declaration as the downloaded form, without a signature.
///
/// # Errors
/// [`StoreError`].
pub async fn note_unsigned(connection: &mut AnyConnection, id: &UploadId) -> Result<()> {
    sqlx::query("UPDATE upload SET unsigned = 1 WHERE id = $1").bind(&id.0).execute(connection).await?;
    Ok(())
}

/// Whether a declaration is marked as unsigned, in a request or not yet.
///
/// # Errors
/// [`StoreError`].
pub async fn is_unsigned(connection: &mut AnyConnection, id: &UploadId) -> Result<bool> {
    let row = sqlx::query("SELECT 1 FROM upload WHERE unsigned = 1 AND id = $1").bind(&id.0);
    Ok(row.fetch_optional(connection).await?.is_some())
}

/// Whether the declaration of the request with this number is marked as unsigned.
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

/// A complete file of a company that no request has taken and that has not expired.
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

/// The newest complete file of a company for a purpose that no request has taken and that has not expired.
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

/// Number of files of a company that no request has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileCounts {
    /// Those that a request may still take, or that are being received.
    pub waiting: i64,
    /// The same and those that have expired and are not deleted yet: all that use storage.
    pub stored: i64,
}

/// Counts the files of a company that no request has taken.
///
/// # Errors
/// [`StoreError`].
pub async fn count_files(
    connection: &mut AnyConnection,
    account: AccountId,
    now: Millis,
) -> Result<FileCounts> {
    let row = sqlx::query(
        // An expired file uses storage until it is deleted; one that was never completed uses none.
        "SELECT COUNT(CASE WHEN expires_at > $2 THEN 1 END),
             COUNT(CASE WHEN expires_at > $2 OR format IS NOT NULL THEN 1 END)
         FROM upload WHERE account_id = $1 AND request_id IS NULL",
    );
    let row = row.bind(account.0).bind(now).fetch_one(connection).await?;
    Ok(FileCounts { waiting: row.try_get(0)?, stored: row.try_get(1)? })
}

/// Assigns a file to a request, permanently. True for exactly one request.
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

/// Names of expired files that no request has taken, the oldest hundred.
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

/// Gives up an expired file: from now on no request can take it. False when a request has taken it or its expiry has
/// moved meanwhile: then it must not be deleted.
///
/// # Errors
/// [`StoreError`].
pub async fn give_up(connection: &mut AnyConnection, id: &UploadId, now: Millis) -> Result<bool> {
    // Without a format it counts as never received.
    let query = sqlx::query(
        "UPDATE upload SET format = NULL WHERE id = $1 AND request_id IS NULL AND expires_at <= $2",
    )
    .bind(&id.0)
    .bind(now);
    Ok(super::touched(connection, query).await? == 1)
}

/// Expires a file at `now`: nothing of it was received, or another replaced it.
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

/// Expires every file of a company that no request has taken: its sender may have used a stolen key.
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

/// Deletes the row of a file that was deleted from the file store.
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
