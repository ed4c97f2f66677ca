//! The contact data that a recovery by document replaced, sealed, for 30 days: the person who had the account before may prove to be
//! its owner (docs/security.md#proofs-and-keys).

use domain::email::Email;
use domain::flow::AccountId;
use domain::phone::Mobile;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};

use super::accounts::{self, Account};
use super::{Result, StoreError};
use crate::clock::{DAY, Millis};
use crate::secrets::{Secrets, random_id};

/// How long it is kept, in milliseconds.
pub const KEPT: Millis = 30 * DAY;

/// Contact data that was on file. It has no `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerContact {
    /// Mail address.
    pub email: Option<Email>,
    /// Mobile.
    pub mobile: Option<Mobile>,
    /// Fixed line at home, E.164.
    #[serde(default)]
    pub home_phone: Option<String>,
    /// Fixed line at work, E.164.
    #[serde(default)]
    pub work_phone: Option<String>,
}

/// The context that a sealed row is bound to.
fn context(id: i64, account: i64) -> Vec<u8> {
    [b"former contact".as_slice(), &id.to_be_bytes(), &account.to_be_bytes()].concat()
}

/// Keeps the contact data of an account as it is now; nothing when it has none.
///
/// # Errors
/// [`StoreError`].
pub async fn keep(
    connection: &mut AnyConnection,
    secrets: &Secrets,
    account: &Account,
    now: Millis,
) -> Result<()> {
    let details = accounts::details(&mut *connection, account.id).await?;
    let number = |number: String| Some(number).filter(|number| !number.is_empty());
    let contact = FormerContact {
        email: account.email.clone(),
        mobile: account.mobile.clone(),
        home_phone: number(details.home_phone),
        work_phone: number(details.work_phone),
    };
    if contact == FormerContact::default() {
        return Ok(());
    }
    let id = random_id()?;
    let plain = serde_json::to_vec(&contact).map_err(|_| StoreError::Corrupt("former_contact"))?;
    let sealed = secrets.seal(&context(id, account.id.0), &plain)?;
    sqlx::query(
        "INSERT INTO former_contact (id, account_id, sealed, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(account.id.0)
    .bind(sealed)
    .bind(now)
    .bind(now + KEPT)
    .execute(connection)
    .await?;
    Ok(())
}

/// The contact data that an account had within the last 30 days, newest first.
///
/// # Errors
/// [`StoreError`]; also when it was sealed with another key.
pub async fn of_account(
    connection: &mut AnyConnection,
    secrets: &Secrets,
    account: AccountId,
    now: Millis,
) -> Result<Vec<FormerContact>> {
    let rows = sqlx::query(
        "SELECT id, sealed FROM former_contact WHERE account_id = $1 AND expires_at > $2
         ORDER BY created_at DESC, id",
    )
    .bind(account.0)
    .bind(now)
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        let (id, sealed): (i64, Vec<u8>) = (row.try_get("id")?, row.try_get("sealed")?);
        let plain = secrets.open(&context(id, account.0), &sealed)?;
        serde_json::from_slice(&plain).map_err(|_| StoreError::Corrupt("former_contact"))
    };
    rows.iter().map(read).collect()
}
