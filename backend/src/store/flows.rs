//! Rows of unfinished flows (docs/decisions/0009). `domain` knows what a flow means; here it is text with a revision.

use sqlx::{AnyConnection, Row};

use super::Result;
use super::provisional::KeyProof;
use crate::clock::{HOUR, Millis};
use crate::form::FormMac;

/// A row.
#[derive(Clone)]
pub struct FlowRow {
    /// Hash of the token in the cookie.
    pub id: String,
    /// Which flow of which kind, such as `recuperar-natural`.
    pub name: String,
    /// Random and not secret: a hidden field of every form of the flow, to tell its pages from those of another flow.
    pub tag: String,
    /// Goes up by one with every change; a change of an older revision is refused.
    pub revision: i64,
    /// State, typed fields and feedback, as JSON.
    pub body: String,
    /// The proven account, so that its flows can be ended.
    pub account_id: Option<i64>,
    /// The epoch of that account when the proof was checked.
    pub account_epoch: Option<i64>,
    /// What the proof was, and so which epoch.
    pub proof: KeyProof,
    /// When it began.
    pub created_at: Millis,
    /// Until when the flow lives.
    pub expires_at: Millis,
    /// A keyed hash of the network where it began.
    pub network: String,
}

impl std::fmt::Debug for FlowRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlowRow").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Longest life of a flow, however often it is used.
const LONGEST: Millis = HOUR;

const COLUMNS: &str = "id, name, tag, revision, body, account_id, account_epoch, by_identity, created_at,
     expires_at, network";

/// A flow that has not expired at $1, did not begin before $2, and whose proof, if it has one, still holds: the account has
/// not changed since. What somebody changes who knows key or answer does not end a proof of identity.
const LIVES: &str = "expires_at > $1 AND created_at > $2 AND (account_id IS NULL
     OR account_epoch = (SELECT CASE WHEN flow.by_identity = 1 THEN identity_epoch ELSE epoch END
         FROM account WHERE account.id = flow.account_id))";

fn read(row: &sqlx::any::AnyRow) -> Result<FlowRow> {
    Ok(FlowRow {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        tag: row.try_get("tag")?,
        revision: row.try_get("revision")?,
        body: row.try_get("body")?,
        account_id: row.try_get("account_id")?,
        account_epoch: row.try_get("account_epoch")?,
        proof: KeyProof::of(row.try_get("by_identity")?),
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
        network: row.try_get("network")?,
    })
}

/// The form that began a flow which had no row before it, and the id under which the very same form is recognized.
#[derive(Debug, Clone, Copy)]
pub struct Former<'a> {
    /// Hash of the token that the form stands for.
    pub id: &'a str,
    /// Which form.
    pub mac: &'a FormMac,
}

/// Writes a new flow. False when there is one with this id: the very same form has begun it.
///
/// # Errors
/// [`super::StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    row: &FlowRow,
    former: Option<Former<'_>>,
) -> Result<bool> {
    let query = sqlx::query(
        "INSERT INTO flow (id, name, tag, revision, body, account_id, account_epoch, by_identity, created_at, expires_at,
             former_id, former_mac, network)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(&row.id)
    .bind(&row.name)
    .bind(&row.tag)
    .bind(row.revision)
    .bind(&row.body)
    .bind(row.account_id)
    .bind(row.account_epoch)
    .bind(row.proof.number())
    .bind(row.created_at)
    .bind(row.expires_at)
    .bind(former.map(|former| former.id))
    .bind(former.map(|former| former.mac.as_str()))
    .bind(&row.network);
    Ok(super::touched(connection, query).await? == 1)
}

/// The flow with this id, unless it has expired or its proof no longer holds.
///
/// # Errors
/// [`super::StoreError`].
pub async fn find(
    connection: &mut AnyConnection,
    id: &str,
    name: &str,
    now: Millis,
) -> Result<Option<FlowRow>> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM flow WHERE {LIVES} AND id = $3 AND name = $4"
    )))
    .bind(now)
    .bind(now - LONGEST)
    .bind(id)
    .bind(name)
    .fetch_optional(connection)
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The flow with this id as it is now, expired or not: for a request that found it before.
///
/// # Errors
/// [`super::StoreError`].
pub async fn get(connection: &mut AnyConnection, id: &str) -> Result<Option<FlowRow>> {
    get_where(connection, "id = $1", id).await
}

/// The same, also when a form has meanwhile given it a new id.
///
/// # Errors
/// [`super::StoreError`].
pub async fn get_current(connection: &mut AnyConnection, id: &str) -> Result<Option<FlowRow>> {
    get_where(connection, "id = $1 OR former_id = $1", id).await
}

async fn get_where(
    connection: &mut AnyConnection,
    condition: &'static str,
    id: &str,
) -> Result<Option<FlowRow>> {
    sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM flow WHERE {condition}")))
        .bind(id)
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// The flow of this name that had this id until the very same form (`mac`) renewed it: the answer to that form may have been lost on
/// its way, and a browser may take minutes to notice. Any other form with the former id ends that: who has that id gets no second
/// guess at what was typed.
///
/// # Errors
/// [`super::StoreError`].
pub async fn find_renewed(
    connection: &mut AnyConnection,
    former_id: &str,
    name: &str,
    mac: &FormMac,
    now: Millis,
) -> Result<Option<FlowRow>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM flow WHERE {LIVES} AND former_id = $3 AND former_mac = $4 AND name = $5"
    )))
    .bind(now)
    .bind(now - LONGEST)
    .bind(former_id)
    .bind(mac.as_str())
    .bind(name)
    .fetch_optional(&mut *connection)
    .await?;
    if row.is_none() {
        sqlx::query("UPDATE flow SET former_mac = NULL WHERE former_id = $1 AND former_mac <> $2")
            .bind(former_id)
            .bind(mac.as_str())
            .execute(connection)
            .await?;
    }
    row.as_ref().map(read).transpose()
}

/// Writes a changed flow. False when another request changed it since it was read; then nothing is written.
///
/// # Errors
/// [`super::StoreError`].
pub async fn update(connection: &mut AnyConnection, row: &FlowRow) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE flow SET body = $3, account_id = $4, account_epoch = $5, expires_at = $6, by_identity = $7,
             revision = revision + 1
         WHERE id = $1 AND revision = $2",
    )
    .bind(&row.id)
    .bind(row.revision)
    .bind(&row.body)
    .bind(row.account_id)
    .bind(row.account_epoch)
    .bind(row.expires_at)
    .bind(row.proof.number());
    Ok(super::touched(connection, query).await? == 1)
}

/// The same, under the new id that the form with this `mac` gives it.
///
/// # Errors
/// [`super::StoreError`].
pub async fn update_and_renew(
    connection: &mut AnyConnection,
    row: &FlowRow,
    (new_id, mac): (&str, &FormMac),
) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE flow SET body = $3, account_id = $4, account_epoch = $5, expires_at = $6, by_identity = $7,
             revision = revision + 1, id = $8, former_id = $1, former_mac = $9
         WHERE id = $1 AND revision = $2",
    )
    .bind(&row.id)
    .bind(row.revision)
    .bind(&row.body)
    .bind(row.account_id)
    .bind(row.account_epoch)
    .bind(row.expires_at)
    .bind(row.proof.number())
    .bind(new_id)
    .bind(mac.as_str());
    Ok(super::touched(connection, query).await? == 1)
}

/// Ends the oldest flow that began in this network and has proven nothing.
///
/// # Errors
/// [`super::StoreError`].
pub async fn end_oldest(connection: &mut AnyConnection, network: &str) -> Result<()> {
    sqlx::query(
        "DELETE FROM flow WHERE id = (SELECT id FROM flow WHERE network = $1 AND account_id IS NULL ORDER BY created_at LIMIT 1)",
    )
    .bind(network)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a flow.
///
/// # Errors
/// [`super::StoreError`].
pub async fn delete(connection: &mut AnyConnection, id: &str) -> Result<()> {
    sqlx::query("DELETE FROM flow WHERE id = $1").bind(id).execute(connection).await?;
    Ok(())
}

/// Ends a flow, if it is one of this errand: named like it, or after it and a kind. Also one that a form has given a new id which
/// never reached the browser.
///
/// # Errors
/// [`super::StoreError`].
pub async fn delete_of_errand(connection: &mut AnyConnection, id: &str, errand: &str) -> Result<()> {
    sqlx::query("DELETE FROM flow WHERE (id = $1 OR former_id = $1) AND (name = $2 OR name LIKE $3)")
        .bind(id)
        .bind(errand)
        .bind(format!("{errand}-%"))
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends every flow of an account but this one (ASVS 7.4.3), after a key that `proof` earned: without a proof of identity, not those
/// that have one.
///
/// # Errors
/// [`super::StoreError`].
pub async fn end_others(
    connection: &mut AnyConnection,
    account: i64,
    but: &str,
    proof: KeyProof,
) -> Result<()> {
    sqlx::query("DELETE FROM flow WHERE account_id = $1 AND id <> $2 AND by_identity <= $3")
        .bind(account)
        .bind(but)
        .bind(proof.number())
        .execute(connection)
        .await?;
    Ok(())
}
