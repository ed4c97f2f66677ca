//! Provisional keys (N-REC-END): single use, and only one valid key per account.

use domain::email::Email;
use domain::flow::AccountId;
use domain::flow::contact::NewContact;
use domain::flow::key::ProvisionalId;
use domain::openid::client::ClientId;
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

/// A provisional key that was used just now.
pub struct Used {
    /// What had earned it.
    pub proof: KeyProof,
    /// The contact data that goes on file now.
    pub contact: Option<KeyContact>,
    /// The keyed hash of the mail address, where the key went there and nowhere else.
    pub mailed_to: Option<String>,
}

/// Contact data that comes with a key: its use puts it on file.
#[derive(Clone)]
pub struct KeyContact {
    /// The data.
    pub contact: NewContact,
    /// Whether the person who proved the identity typed it, or had proven it before; not where that person saw only a part of it.
    pub proven: bool,
}

/// Stores a new provisional key; every older one of the account becomes invalid that no stronger proof earned. `contact` is the
/// contact data that came with a proof of identity: the use of the key puts it on file. `mailed_to` is the keyed hash of the mail
/// address, where the key goes there and nowhere else.
///
/// # Errors
/// [`StoreError`].
pub async fn issue(
    connection: &mut AnyConnection,
    account: AccountId,
    key_hash: &str,
    (proof, contact, mailed_to): (KeyProof, Option<&KeyContact>, Option<&str>),
    now: Millis,
    expires_at: Millis,
) -> Result<ProvisionalId> {
    replace(&mut *connection, account, proof, now).await?;
    let id = random_id()?;
    sqlx::query(
        "INSERT INTO provisional_key (id, account_id, key_hash, created_at, expires_at, new_email, new_mobile,
             proof, by_identity, contact_proven, mailed_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id)
    .bind(account.0)
    .bind(key_hash)
    .bind(now)
    .bind(expires_at)
    .bind(contact.map(|c| c.contact.email.as_str()))
    .bind(contact.and_then(|c| c.contact.mobile.as_ref()).map(|mobile| mobile.as_str()))
    .bind(proof.word())
    .bind(proof.number())
    .bind(i64::from(contact.is_some_and(|c| c.proven)))
    .bind(mailed_to.unwrap_or_default())
    .execute(connection)
    .await?;
    Ok(ProvisionalId(id))
}

/// Notes for which system a provisional key was asked for.
///
/// # Errors
/// [`StoreError`].
pub async fn for_system(connection: &mut AnyConnection, id: ProvisionalId, client: &ClientId) -> Result<()> {
    sqlx::query("UPDATE provisional_key SET client_id = $2 WHERE id = $1")
        .bind(id.0)
        .bind(client.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// The system for which the provisional key was asked for that the account used last, not before `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn system_of_last(
    connection: &mut AnyConnection,
    account: AccountId,
    since: Millis,
) -> Result<Option<ClientId>> {
    let row = sqlx::query(
        "SELECT client_id FROM provisional_key WHERE account_id = $1 AND used_at >= $2 ORDER BY used_at DESC LIMIT 1",
    )
    .bind(account.0)
    .bind(since)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let client: Option<String> = row.try_get("client_id")?;
    client.map(|id| ClientId::parse(&id).map_err(|_| StoreError::Corrupt("provisional_key"))).transpose()
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
         WHERE account_id = $1 AND used_at IS NULL AND replaced_at IS NULL
             AND (by_identity = 0 AND new_email IS NULL OR $3 = 1)",
    )
    .bind(account.0)
    .bind(now)
    .bind(proof.number())
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

/// What earned a provisional key.
///
/// # Errors
/// [`StoreError`]; `Corrupt` when there is none.
pub async fn proof(connection: &mut AnyConnection, id: ProvisionalId) -> Result<KeyProof> {
    let row = sqlx::query("SELECT by_identity, new_email FROM provisional_key WHERE id = $1")
        .bind(id.0)
        .fetch_optional(connection)
        .await?
        .ok_or(StoreError::Corrupt("provisional_key"))?;
    earned_by(&row)
}

/// What earned the key of a row. An earlier version, which may run beside this one, writes contact data with a proof of identity only,
/// and no `by_identity`.
fn earned_by(row: &sqlx::any::AnyRow) -> Result<KeyProof> {
    let contact: Option<String> = row.try_get("new_email")?;
    Ok(if contact.is_some() { KeyProof::Identity } else { KeyProof::of(row.try_get("by_identity")?) })
}

/// Spends a provisional key. Some for exactly one caller, and only while the key is valid.
///
/// # Errors
/// [`StoreError`].
pub async fn spend(connection: &mut AnyConnection, id: ProvisionalId, now: Millis) -> Result<Option<Used>> {
    let row = sqlx::query(
        "UPDATE provisional_key SET used_at = $2
         WHERE id = $1 AND used_at IS NULL AND replaced_at IS NULL AND expires_at > $2
         RETURNING new_email, new_mobile, by_identity, contact_proven, mailed_to",
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
    let (proof, proven) = (earned_by(&row)?, row.try_get::<i64, _>("contact_proven")? == 1);
    let contact = email.map(|email| KeyContact { contact: NewContact { email, mobile }, proven });
    let mailed_to = Some(row.try_get::<String, _>("mailed_to")?).filter(|mac| !mac.is_empty());
    Ok(Some(Used { proof, contact, mailed_to }))
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
