//! The codes of mails that show that an address receives messages (A-MAIL). Only keyed hashes are kept, and only until they expire.

use domain::flow::AccountId;
use sqlx::{AnyConnection, Row};

use super::Result;
use crate::clock::{DAY, Millis};

/// How long a code works.
pub const VALID_FOR: Millis = 30 * DAY;

/// Stores a code that goes out now. `id` is the keyed hash of account and code, `mail` that of the address.
///
/// # Errors
/// [`super::StoreError`].
pub async fn insert(connection: &mut AnyConnection, id: &str, mail: &str, now: Millis) -> Result<()> {
    sqlx::query(
        "INSERT INTO mail_code (id, mail, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET mail = excluded.mail, expires_at = excluded.expires_at",
    )
    .bind(id)
    .bind(mail)
    .bind(now + VALID_FOR)
    .execute(connection)
    .await?;
    Ok(())
}

/// The hash of the address to which a code went that is still valid.
///
/// # Errors
/// [`super::StoreError`].
pub async fn find(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<Option<String>> {
    let row = sqlx::query("SELECT mail FROM mail_code WHERE id = $1 AND expires_at > $2")
        .bind(id)
        .bind(now)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get("mail")).transpose()?)
}

/// Notes on an account that its mail address receives messages, if it is still this one, and not noted yet.
///
/// # Errors
/// [`super::StoreError`].
pub async fn confirm(
    connection: &mut AnyConnection,
    account: AccountId,
    email: &str,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "UPDATE account SET mail_confirmed_at = $3 WHERE id = $1 AND email = $2 AND mail_confirmed_at IS NULL",
    )
    .bind(account.0)
    .bind(email)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
