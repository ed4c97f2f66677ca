//! Provisional keys (N-REC-END): single use, and only one valid key per account.

use domain::email::Email;
use domain::flow::AccountId;
use domain::flow::contact::NewContact;
use domain::flow::key::ProvisionalId;
use domain::phone::Mobile;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::Millis;
pub use crate::message::KeyProof;
use crate::secrets::random_id;

/// A provisional key of an account.
#[derive(Clone)]
pub struct Provisional {
    /// Its id.
    pub id: ProvisionalId,
    /// argon2 hash.
    pub key_hash: String,
    /// When it expires.
    pub expires_at: Millis,
    /// Whether it was used or replaced.
    pub spent: bool,
}

/// Stores a new provisional key; every older one of the account becomes invalid that no stronger proof earned. `contact` is the
/// contact data that came with a proof of identity: the use of the key puts it on file.
///
/// # Errors
/// [`StoreError`].
pub async fn issue(
    connection: &mut AnyConnection,
    account: AccountId,
    key_hash: &str,
    (proof, contact): (KeyProof, Option<&NewContact>),
    now: Millis,
    expires_at: Millis,
) -> Result<ProvisionalId> {
    replace(&mut *connection, account, proof, now).await?;
    let id = random_id()?;
    sqlx::query(
        "INSERT INTO provisional_key (id, account_id, key_hash, created_at, expires_at, new_email, new_mobile,
             proof)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(account.0)
    .bind(key_hash)
    .bind(now)
    .bind(expires_at)
    .bind(contact.map(|c| c.email.as_str()))
    .bind(contact.and_then(|c| c.mobile.as_ref()).map(|mobile| mobile.as_str()))
    .bind(proof.word())
    .execute(connection)
    .await?;
    Ok(ProvisionalId(id))
}

/// Invalidates the unused provisional keys of the account, after another key was earned by `proof`: one that a proof of identity
/// earned ends by another such proof only.
///
/// # Errors
/// [`StoreError`].
pub async fn replace(
    connection: &mut AnyConnection,
    account: AccountId,
    proof: KeyProof,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "UPDATE provisional_key SET replaced_at = $2
         WHERE account_id = $1 AND used_at IS NULL AND replaced_at IS NULL AND (new_email IS NULL OR $3 = 1)",
    )
    .bind(account.0)
    .bind(now)
    .bind(i64::from(proof.is_identity()))
    .execute(connection)
    .await?;
    Ok(())
}

/// How many provisional keys of an account are compared with the typed one.
pub const COMPARED: usize = 2;

/// The provisional keys of an account that are valid, and the newest others, at most [`COMPARED`]: most often the valid one and the
/// one before it, so that the page can say when a person types that one.
///
/// # Errors
/// [`StoreError`].
pub async fn newest(
    connection: &mut AnyConnection,
    account: AccountId,
    now: Millis,
) -> Result<Vec<Provisional>> {
    let rows = sqlx::query(
        "SELECT id, key_hash, expires_at, used_at, replaced_at FROM provisional_key
         WHERE account_id = $1
         ORDER BY CASE WHEN used_at IS NULL AND replaced_at IS NULL AND expires_at > $3 THEN 0 ELSE 1 END,
             created_at DESC, id
         LIMIT $2",
    )
    .bind(account.0)
    .bind(i64::try_from(COMPARED).unwrap_or(1))
    .bind(now)
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        let spent = row.try_get::<Option<i64>, _>("used_at")?.is_some()
            || row.try_get::<Option<i64>, _>("replaced_at")?.is_some();
        Ok(Provisional {
            id: ProvisionalId(row.try_get("id")?),
            key_hash: row.try_get("key_hash")?,
            expires_at: row.try_get("expires_at")?,
            spent,
        })
    };
    rows.iter().map(read).collect()
}

/// Whether a provisional key may still be used.
///
/// # Errors
/// [`StoreError`].
pub async fn counts(connection: &mut AnyConnection, id: ProvisionalId, now: Millis) -> Result<bool> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM provisional_key
         WHERE id = $1 AND used_at IS NULL AND replaced_at IS NULL AND expires_at > $2",
    )
    .bind(id.0)
    .bind(now)
    .fetch_one(connection)
    .await?;
    Ok(row.try_get::<i64, _>(0)? == 1)
}

/// Spends a provisional key. Some for exactly one caller, and only while the key is valid, with the contact data that waited for
/// its use, if any.
///
/// # Errors
/// [`StoreError`].
pub async fn spend(
    connection: &mut AnyConnection,
    id: ProvisionalId,
    now: Millis,
) -> Result<Option<Option<NewContact>>> {
    let row = sqlx::query(
        "UPDATE provisional_key SET used_at = $2
         WHERE id = $1 AND used_at IS NULL AND replaced_at IS NULL AND expires_at > $2
         RETURNING new_email, new_mobile",
    )
    .bind(id.0)
    .bind(now)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let corrupt = || StoreError::Corrupt("provisional_key");
    let email: Option<String> = row.try_get("new_email")?;
    let mobile: Option<String> = row.try_get("new_mobile")?;
    let mobile = mobile.map(Mobile::try_from).transpose().map_err(|_| corrupt())?;
    let email = email.map(Email::try_from).transpose().map_err(|_| corrupt())?;
    Ok(Some(email.map(|email| NewContact { email, mobile })))
}

/// Number of provisional keys issued to the account after `since` for this kind of proof.
///
/// # Errors
/// [`StoreError`].
pub async fn count_since(
    connection: &mut AnyConnection,
    account: AccountId,
    proof: KeyProof,
    since: Millis,
) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM provisional_key WHERE account_id = $1 AND proof = $2 AND created_at > $3";
    let row = sqlx::query(sql).bind(account.0).bind(proof.word()).bind(since).fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}
