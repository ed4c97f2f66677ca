//! Requests that systems have pushed (L-OIDC, RFC 9126).

use domain::openid::client::ClientId;
use domain::openid::pushed::PushedRequest;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::{MINUTE, Millis};

/// How long a pushed request counts, in milliseconds.
pub const PUSHED_FOR: Millis = MINUTE;

/// Stores a request. `id` is the hash of its reference. Of those that came from this network and were not used, only the last `most` stay.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    id: &str,
    request: &PushedRequest,
    (network, most): (&str, i64),
    now: Millis,
) -> Result<()> {
    let body = serde_json::to_string(request).map_err(|_| StoreError::Corrupt("pushed_request"))?;
    sqlx::query(
        "INSERT INTO pushed_request (id, client_id, body, network, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(request.request.client().as_str())
    .bind(body)
    .bind(network)
    .bind(now + PUSHED_FOR)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM pushed_request WHERE id IN
             (SELECT id FROM pushed_request WHERE network = $1 ORDER BY expires_at DESC, id LIMIT 100 OFFSET $2)",
    )
    .bind(network)
    .bind(most)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the request of a client: of many at once, one gets it.
///
/// # Errors
/// [`StoreError`].
pub async fn take(
    connection: &mut AnyConnection,
    (id, client): (&str, &ClientId),
    now: Millis,
) -> Result<Option<PushedRequest>> {
    let row = sqlx::query(
        "DELETE FROM pushed_request WHERE id = $1 AND client_id = $2 AND expires_at > $3 RETURNING body",
    )
    .bind(id)
    .bind(client.as_str())
    .bind(now)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let body: String = row.try_get("body")?;
    serde_json::from_str(&body).map(Some).map_err(|_| StoreError::Corrupt("pushed_request"))
}
