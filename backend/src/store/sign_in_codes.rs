//! The codes of mails that a sign-in asks for besides the key (L-PAGE). Only keyed hashes are kept, and only until they expire.

use domain::flow::sign_in::{CODE_LIVES, CODE_TRIES};
use sqlx::{AnyConnection, Row};

use super::Result;
use crate::clock::{Millis, SECOND};

/// How long a code counts, in milliseconds.
pub const LIVES: Millis = CODE_LIVES * SECOND;

/// A code that may be tried once more.
#[derive(Debug)]
pub struct StoredCode {
    /// The keyed hash of its number and the code.
    pub code: String,
    /// That of the address to which it went.
    pub mail: String,
    /// Whether this was the last try.
    pub is_last: bool,
}

/// Stores a code that goes out now, under a random number.
///
/// # Errors
/// [`super::StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    id: &str,
    (code, mail): (&str, &str),
    now: Millis,
) -> Result<()> {
    sqlx::query("INSERT INTO sign_in_code (id, code, mail, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(code)
        .bind(mail)
        .bind(now + LIVES)
        .execute(connection)
        .await?;
    Ok(())
}

/// Counts a try, in the statement that looks whether one is left. None for a code that is unknown, too old, used, or tried too often.
///
/// # Errors
/// [`super::StoreError`].
pub async fn try_one(connection: &mut AnyConnection, id: &str, now: Millis) -> Result<Option<StoredCode>> {
    let row = sqlx::query(
        "UPDATE sign_in_code SET tries = tries + 1
         WHERE id = $1 AND expires_at > $2 AND used_at IS NULL AND tries < $3
         RETURNING code, mail, tries",
    )
    .bind(id)
    .bind(now)
    .bind(CODE_TRIES)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let tries: i64 = row.try_get("tries")?;
    Ok(Some(StoredCode {
        code: row.try_get("code")?,
        mail: row.try_get("mail")?,
        is_last: tries >= CODE_TRIES,
    }))
}

/// Uses up a code that went to this address, of which `mail` is the keyed hash. False when it was used, has expired, or went to another:
/// of any number of requests at once, one gets true.
///
/// # Errors
/// [`super::StoreError`].
pub async fn spend(connection: &mut AnyConnection, id: &str, mail: &str, now: Millis) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE sign_in_code SET used_at = $2 WHERE id = $1 AND mail = $3 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .bind(mail);
    Ok(super::touched(connection, query).await? == 1)
}

/// Deletes a code in whose place another goes out.
///
/// # Errors
/// [`super::StoreError`].
pub async fn delete(connection: &mut AnyConnection, id: &str) -> Result<()> {
    sqlx::query("DELETE FROM sign_in_code WHERE id = $1").bind(id).execute(connection).await?;
    Ok(())
}
