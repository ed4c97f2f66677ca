//! Captchas: the answer is kept only here, for one form and five minutes (docs/security.md#abuse-and-enumeration).

use sqlx::{AnyConnection, Row};

use super::Result;
use crate::clock::Millis;
use crate::form::FormMac;

/// A captcha to be drawn.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Drawing {
    /// The letters.
    pub answer: String,
    /// What the noise is made from.
    pub seed: i64,
}

/// Writes a new captcha, bound to the flow with this tag.
///
/// # Errors
/// [`super::StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    id: &str,
    flow_tag: &str,
    drawing: &Drawing,
    expires_at: Millis,
) -> Result<()> {
    sqlx::query("INSERT INTO captcha (id, flow_tag, answer, seed, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(flow_tag)
        .bind(&drawing.answer)
        .bind(drawing.seed)
        .bind(expires_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// The captcha with this id, while it may still be answered.
///
/// # Errors
/// [`super::StoreError`].
pub async fn drawing(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<Option<Drawing>> {
    let row =
        sqlx::query("SELECT answer, seed FROM captcha WHERE id = $1 AND used_at IS NULL AND expires_at > $2")
            .bind(id)
            .bind(now)
            .fetch_optional(connection)
            .await?;
    row.map(|row| Ok(Drawing { answer: row.try_get(0)?, seed: row.try_get(1)? })).transpose()
}

/// Spends a captcha and returns its answer: for exactly one form, in time, and for its own flow. The same form again gets it
/// again: that is still the one attempt, whose first submission may have broken off.
///
/// # Errors
/// [`super::StoreError`].
pub async fn spend(
    connection: &mut AnyConnection,
    id: &str,
    (flow_tag, form): (&str, &FormMac),
    now: Millis,
) -> Result<Option<String>> {
    let row = sqlx::query(
        "UPDATE captcha SET used_at = $4, used_by = $3
         WHERE id = $1 AND flow_tag = $2 AND (used_at IS NULL OR used_by = $3) AND expires_at > $4
         RETURNING answer",
    )
    .bind(id)
    .bind(flow_tag)
    .bind(form.as_str())
    .bind(now)
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Whether this form has spent the captcha.
///
/// # Errors
/// [`super::StoreError`].
pub async fn spent_by(connection: &mut AnyConnection, id: &str, form: &FormMac) -> Result<bool> {
    let row = sqlx::query("SELECT 1 FROM captcha WHERE id = $1 AND used_by = $2")
        .bind(id)
        .bind(form.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}
