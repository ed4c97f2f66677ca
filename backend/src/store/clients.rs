//! The systems that people enter with their key (L-OIDC), their secrets, and the origins of their pages.

use domain::openid::client::{Client, ClientId};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError, touched};
use crate::clock::Millis;

/// Most secrets of a client at a time: one, and the one that takes its place.
pub const MOST_SECRETS: i64 = 2;

/// A client as it is stored.
#[derive(Debug, Clone)]
pub struct ClientRow {
    /// What is registered.
    pub client: Client,
    /// When it was registered.
    pub created_at: Millis,
    /// When it was disabled.
    pub disabled_at: Option<Millis>,
}

fn read(row: &AnyRow) -> Result<ClientRow> {
    let body: String = row.try_get("body")?;
    Ok(ClientRow {
        client: serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("client"))?,
        created_at: row.try_get("created_at")?,
        disabled_at: row.try_get("disabled_at")?,
    })
}

/// Registers a client; false when the id is taken.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(connection: &mut AnyConnection, client: &Client, now: Millis) -> Result<bool> {
    let body = serde_json::to_string(client).map_err(|_| StoreError::Corrupt("client"))?;
    let query = sqlx::query(
        "INSERT INTO client (id, body, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
    )
    .bind(client.id.as_str())
    .bind(body)
    .bind(now);
    if touched(&mut *connection, query).await? == 0 {
        return Ok(false);
    }
    for origin in &client.origins {
        sqlx::query("INSERT INTO client_origin (origin, client_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(origin)
            .bind(client.id.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(true)
}

/// Registers a client, or replaces what is registered under its id.
///
/// # Errors
/// [`StoreError`].
pub async fn put(connection: &mut AnyConnection, client: &Client, now: Millis) -> Result<()> {
    if insert(&mut *connection, client, now).await? {
        return Ok(());
    }
    let body = serde_json::to_string(client).map_err(|_| StoreError::Corrupt("client"))?;
    sqlx::query("UPDATE client SET body = $2 WHERE id = $1")
        .bind(client.id.as_str())
        .bind(body)
        .execute(connection)
        .await?;
    Ok(())
}

/// The client of an id, even a disabled one.
///
/// # Errors
/// [`StoreError`].
pub async fn find(connection: &mut AnyConnection, id: &ClientId) -> Result<Option<ClientRow>> {
    let row = sqlx::query("SELECT body, created_at, disabled_at FROM client WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Every client, sorted by id.
///
/// # Errors
/// [`StoreError`].
pub async fn list(connection: &mut AnyConnection) -> Result<Vec<ClientRow>> {
    sqlx::query("SELECT body, created_at, disabled_at FROM client ORDER BY id")
        .fetch_all(connection)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Disables a client, and revokes what it was granted. False when it was disabled before, or there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn disable(connection: &mut AnyConnection, id: &ClientId, now: Millis) -> Result<bool> {
    let query = sqlx::query("UPDATE client SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL")
        .bind(id.as_str())
        .bind(now);
    if touched(&mut *connection, query).await? == 0 {
        return Ok(false);
    }
    sqlx::query("UPDATE system_grant SET revoked_at = $2 WHERE client_id = $1 AND revoked_at IS NULL")
        .bind(id.as_str())
        .bind(now)
        .execute(connection)
        .await?;
    Ok(true)
}

/// Adds a secret, known by its hash. Of more than [`MOST_SECRETS`] the oldest goes.
///
/// # Errors
/// [`StoreError`].
pub async fn add_secret(
    connection: &mut AnyConnection,
    client: &ClientId,
    hash: &str,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "DELETE FROM client_secret WHERE client_id = $1 AND id NOT IN
             (SELECT id FROM client_secret WHERE client_id = $1 ORDER BY created_at DESC, id LIMIT $2)",
    )
    .bind(client.as_str())
    .bind(MOST_SECRETS - 1)
    .execute(&mut *connection)
    .await?;
    sqlx::query("INSERT INTO client_secret (id, client_id, created_at) VALUES ($1, $2, $3)")
        .bind(hash)
        .bind(client.as_str())
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a secret with this hash is the client's.
///
/// # Errors
/// [`StoreError`].
pub async fn has_secret(connection: &mut AnyConnection, client: &ClientId, hash: &str) -> Result<bool> {
    let row = sqlx::query("SELECT 1 FROM client_secret WHERE id = $1 AND client_id = $2")
        .bind(hash)
        .bind(client.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Whether pages of this origin belong to a client that is not disabled.
///
/// # Errors
/// [`StoreError`].
pub async fn has_origin(connection: &mut AnyConnection, origin: &str) -> Result<bool> {
    let row = sqlx::query(
        "SELECT 1 FROM client_origin o JOIN client c ON c.id = o.client_id
         WHERE o.origin = $1 AND c.disabled_at IS NULL LIMIT 1",
    )
    .bind(origin)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}
