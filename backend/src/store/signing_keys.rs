//! The keys with which ID tokens are signed, sealed.

use domain::openid::client::SigningAlg;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError, touched};
use crate::clock::Millis;

/// A key as it is stored.
#[derive(Clone)]
pub struct SigningKeyRow {
    /// Its name in tokens, `kid`.
    pub id: String,
    /// For which algorithm.
    pub alg: SigningAlg,
    /// Which one of its algorithm.
    pub number: i64,
    /// The public half, a JWK.
    pub public: String,
    /// The private half, sealed.
    pub sealed: String,
    /// From when on it signs.
    pub active_at: Millis,
}

fn read(row: &AnyRow) -> Result<SigningKeyRow> {
    let alg: String = row.try_get("alg")?;
    Ok(SigningKeyRow {
        id: row.try_get("id")?,
        alg: SigningAlg::from_name(&alg).ok_or(StoreError::Corrupt("signing_key"))?,
        number: row.try_get("number")?,
        public: row.try_get("public")?,
        sealed: row.try_get("sealed")?,
        active_at: row.try_get("active_at")?,
    })
}

/// Adds a key; false when another process has just added the one with this number.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(connection: &mut AnyConnection, key: &SigningKeyRow, now: Millis) -> Result<bool> {
    let query = sqlx::query(
        "INSERT INTO signing_key (id, alg, number, public, sealed, created_at, active_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(&key.id)
    .bind(key.alg.name())
    .bind(key.number)
    .bind(&key.public)
    .bind(&key.sealed)
    .bind(now)
    .bind(key.active_at);
    Ok(touched(connection, query).await? == 1)
}

/// Every key, by algorithm, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(connection: &mut AnyConnection) -> Result<Vec<SigningKeyRow>> {
    sqlx::query(
        "SELECT id, alg, number, public, sealed, active_at FROM signing_key ORDER BY alg, number DESC",
    )
    .fetch_all(connection)
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Deletes a key whose tokens are all dead, or which must not be trusted any more.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(connection: &mut AnyConnection, id: &str) -> Result<()> {
    sqlx::query("DELETE FROM signing_key WHERE id = $1").bind(id).execute(connection).await?;
    Ok(())
}
