//! Which captchas were spent, by which form (docs/security.md#abuse-and-enumeration). The captchas themselves are in the pages.

use sqlx::AnyConnection;

use super::Result;
use crate::clock::Millis;
use crate::form::FormMac;

/// Spends a captcha for exactly one form; the row stays until it would have expired anyway. The same form again may answer it
/// again: that is still the one attempt, whose first submission may have broken off. False when another form has spent it.
///
/// # Errors
/// [`super::StoreError`].
pub async fn spend(
    connection: &mut AnyConnection,
    id: &str,
    form: &FormMac,
    expires_at: Millis,
) -> Result<bool> {
    let query = sqlx::query(
        "INSERT INTO captcha_spent (id, used_by, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at
             WHERE captcha_spent.used_by = excluded.used_by",
    )
    .bind(id)
    .bind(form.as_str())
    .bind(expires_at);
    Ok(super::touched(connection, query).await? == 1)
}

/// Whether this form has spent the captcha.
///
/// # Errors
/// [`super::StoreError`].
pub async fn spent_by(connection: &mut AnyConnection, id: &str, form: &FormMac) -> Result<bool> {
    let row = sqlx::query("SELECT 1 FROM captcha_spent WHERE id = $1 AND used_by = $2")
        .bind(id)
        .bind(form.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Whether any form has spent the captcha.
///
/// # Errors
/// [`super::StoreError`].
pub async fn is_spent(connection: &mut AnyConnection, id: &str) -> Result<bool> {
    let row =
        sqlx::query("SELECT 1 FROM captcha_spent WHERE id = $1").bind(id).fetch_optional(connection).await?;
    Ok(row.is_some())
}
