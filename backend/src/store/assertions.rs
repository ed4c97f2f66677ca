//! Signed assertions of clients that have been used: each counts once (L-OIDC, RFC 7523).

use sqlx::AnyConnection;

use super::{Result, touched};
use crate::clock::Millis;

/// Notes that an assertion was used; false when it was before. `id` is a hash of client and `jti`, `until` when it would count no longer.
///
/// # Errors
/// [`super::StoreError`].
pub async fn spend(connection: &mut AnyConnection, id: &str, until: Millis) -> Result<bool> {
    let query = sqlx::query(
        "INSERT INTO client_assertion (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
    )
    .bind(id)
    .bind(until);
    Ok(touched(connection, query).await? == 1)
}
