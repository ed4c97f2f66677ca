//! Who acts for a company in its sessions and in what systems were granted (R-SII, L-PAGE).

use std::collections::BTreeSet;

use domain::flow::AccountId;
use domain::flow::sign_in::{Grant, SignedIn};
use domain::rut::Rut;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError, grants, session_systems};
use crate::clock::Millis;

/// Everybody who acts for a company in a session of it, or in a grant that still counts.
///
/// # Errors
/// [`StoreError`], here and below.
pub async fn of_company(
    connection: &mut AnyConnection,
    company: AccountId,
    now: Millis,
) -> Result<BTreeSet<Rut>> {
    let mut found: BTreeSet<Rut> = sessions(&mut *connection, company)
        .await?
        .iter()
        .filter_map(|(_, who)| who.representative())
        .collect();
    found.extend(grants(connection, company, now).await?.iter().filter_map(|(_, who)| who.representative()));
    Ok(found)
}

/// SII no longer names this person for the company: ends their sessions with what systems were granted by them. Their systems are to be
/// notified. Those of others stay.
pub async fn end(
    connection: &mut AnyConnection,
    (company, representative): (AccountId, Rut),
    now: Millis,
) -> Result<()> {
    let theirs = |who: &SignedIn| who.representative() == Some(representative);
    for (sid, who) in sessions(&mut *connection, company).await? {
        if theirs(&who) {
            sqlx::query("DELETE FROM session WHERE sid = $1").bind(&sid).execute(&mut *connection).await?;
            session_systems::end(&mut *connection, &sid, now).await?;
        }
    }
    for (id, who) in grants(&mut *connection, company, now).await? {
        if theirs(&who) {
            grants::revoke(&mut *connection, &id, now).await?;
        }
    }
    Ok(())
}

/// The sessions of an account as it is now, also those that nobody has used for a while: their systems may still be open.
async fn sessions(connection: &mut AnyConnection, company: AccountId) -> Result<Vec<(String, SignedIn)>> {
    let rows = sqlx::query(
        "SELECT s.sid, s.body FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.account_id = $1 AND s.account_epoch = a.epoch",
    )
    .bind(company.0)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let body: String = row.try_get("body")?;
            let who = serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("session"))?;
            Ok((row.try_get("sid")?, who))
        })
        .collect()
}

async fn grants(
    connection: &mut AnyConnection,
    company: AccountId,
    now: Millis,
) -> Result<Vec<(String, SignedIn)>> {
    let rows = sqlx::query(
        "SELECT g.id, g.body FROM system_grant g JOIN account a ON a.id = g.account_id
         WHERE g.account_id = $1 AND g.account_epoch = a.epoch AND g.revoked_at IS NULL AND g.expires_at > $2",
    )
    .bind(company.0)
    .bind(now)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let body: String = row.try_get("body")?;
            let grant: Grant =
                serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("system_grant"))?;
            Ok((row.try_get("id")?, grant.who().clone()))
        })
        .collect()
}
