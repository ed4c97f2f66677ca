//! The key of an account, and those that it had.

use domain::flow::AccountId;
use sqlx::{AnyConnection, Row};

use crate::clock::Millis;
use crate::secrets::random_id;
use crate::store::provisional::KeyProof;
use crate::store::{Result, StoreError, session_systems};

/// How many keys of an account are remembered, including the current one.
pub const KEYS_REMEMBERED: i64 = 5;

/// Sets the key of an account, which `proof` earned, and adds it to the former keys, and the previous key too when it was imported.
/// Its sessions end with the epoch, and their systems are to be notified.
///
/// # Errors
/// [`StoreError`].
pub async fn set_key(
    connection: &mut AnyConnection,
    id: AccountId,
    (key_hash, proof): (&str, KeyProof),
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO former_key (id, account_id, key_hash, set_at)
         SELECT CAST($2 AS BIGINT), id, key_hash, changed_at FROM account
         WHERE id = $1 AND key_hash IS NOT NULL AND NOT EXISTS
             (SELECT 1 FROM former_key WHERE account_id = account.id AND former_key.key_hash = account.key_hash)",
    )
    .bind(id.0)
    .bind(random_id()?)
    .execute(&mut *connection)
    .await?;
    let query = sqlx::query(
        "UPDATE account SET key_hash = $2, epoch = epoch + 1, identity_epoch = identity_epoch + $4, changed_at = $3
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(key_hash)
    .bind(now)
    .bind(proof.number());
    if crate::store::touched(&mut *connection, query).await? != 1 {
        return Err(StoreError::Corrupt("account"));
    }
    session_systems::end_all(&mut *connection, id, now).await?;
    remember_key(connection, id, key_hash, now).await
}

/// Adds a key to the former keys of an account, and deletes those beyond [`KEYS_REMEMBERED`].
///
/// # Errors
/// [`StoreError`].
pub async fn remember_key(
    connection: &mut AnyConnection,
    id: AccountId,
    key_hash: &str,
    now: Millis,
) -> Result<()> {
    sqlx::query("INSERT INTO former_key (id, account_id, key_hash, set_at) VALUES ($1, $2, $3, $4)")
        .bind(random_id()?)
        .bind(id.0)
        .bind(key_hash)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "DELETE FROM former_key WHERE account_id = $1 AND id NOT IN
             (SELECT id FROM former_key WHERE account_id = $1 ORDER BY set_at DESC, id LIMIT $2)",
    )
    .bind(id.0)
    .bind(KEYS_REMEMBERED)
    .execute(connection)
    .await?;
    Ok(())
}

/// Replaces the hash of a key with a current hash of the same key. Changes nothing when another key was set meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn rehash_key(connection: &mut AnyConnection, id: AccountId, old: &str, new: &str) -> Result<()> {
    for sql in [
        "UPDATE account SET key_hash = $3 WHERE id = $1 AND key_hash = $2",
        "UPDATE former_key SET key_hash = $3 WHERE account_id = $1 AND key_hash = $2",
    ] {
        sqlx::query(sql).bind(id.0).bind(old).bind(new).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Hashes of the last [`KEYS_REMEMBERED`] keys of an account, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn former_keys(connection: &mut AnyConnection, id: AccountId) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT key_hash FROM former_key WHERE account_id = $1 ORDER BY set_at DESC, id LIMIT $2",
    )
    .bind(id.0)
    .bind(KEYS_REMEMBERED)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
