//! Browsers in which the owner of an account has shown a strong proof (O-KNOWN in docs/requirements.md).

use domain::flow::AccountId;
use sqlx::{AnyConnection, Row};

use super::Result;
use super::accounts::AccountVersion;
use crate::clock::{DAY, Millis};

/// How long a browser stays known after its last proof.
pub const KNOWN_FOR: Millis = 180 * DAY;

/// How long a former token stays known, for a browser that never saw the answer with its new one.
const FORMER_KNOWN_FOR: Millis = DAY;

/// Most accounts for which a browser stays known when it gets a new token.
const CARRIED: i64 = 10;

/// What made a browser known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    /// The right key was used or set in it.
    Key,
    /// An identity document was shown in it. Who knows its number may not know the key.
    Document,
}

/// Condition: browser $1 is known at $2, and its epoch is still the current one of the account.
const KNOWN: &str = "browser = $1 AND expires_at > $2
     AND epoch = (SELECT CASE WHEN known_browser.by_identity = 1 THEN account.identity_epoch ELSE account.epoch END
                  FROM account WHERE account.id = known_browser.account_id)";

/// Whether this browser is known to any account.
///
/// # Errors
/// [`super::StoreError`].
pub async fn is_known(connection: &mut AnyConnection, browser: &str, now: Millis) -> Result<bool> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT 1 FROM known_browser WHERE {KNOWN} LIMIT 1")))
        .bind(browser)
        .bind(now)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// What made this browser known to this account. A row of a former epoch does not count: a request that had checked the former key may
/// have written it after the change.
///
/// # Errors
/// [`super::StoreError`].
pub async fn known_by(
    connection: &mut AnyConnection,
    browser: &str,
    account: AccountId,
    now: Millis,
) -> Result<Option<KnownBy>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT by_identity FROM known_browser WHERE {KNOWN} AND account_id = $3"
    )))
    .bind(browser)
    .bind(now)
    .bind(account.0)
    .fetch_optional(connection)
    .await?;
    let by_identity = row.map(|row| row.try_get::<i64, _>(0)).transpose()?;
    Ok(by_identity.map(|by_identity| if by_identity == 1 { KnownBy::Document } else { KnownBy::Key }))
}

/// Most browsers that are known to one account; of more, those are forgotten that end first.
pub const KNOWN_TO_ONE_ACCOUNT: i64 = 20;

/// Makes a browser known to an account, or longer known, by a key or a document, whose proof `of` names. What it was known for under the hash `former` goes along with it: a browser
/// may be that of a family, and keeps one cookie. The former hash stays known to the others for a day.
///
/// # Errors
/// [`super::StoreError`].
pub async fn remember(
    connection: &mut AnyConnection,
    (former, browser): (Option<&str>, &str),
    of: AccountVersion,
    now: Millis,
) -> Result<()> {
    if let Some(former) = former.filter(|former| *former != browser) {
        carry_over(&mut *connection, (former, browser), of.account, now).await?;
    }
    // A weaker proof (document) never changes the epoch of a stronger one (key).
    sqlx::query(
        "INSERT INTO known_browser (browser, account_id, expires_at, by_identity, epoch) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (browser, account_id) DO UPDATE SET expires_at = excluded.expires_at,
             epoch = CASE WHEN excluded.by_identity <= known_browser.by_identity THEN excluded.epoch ELSE known_browser.epoch END,
             by_identity = CASE WHEN excluded.by_identity = 0 THEN 0 ELSE known_browser.by_identity END",
    )
    .bind(browser)
    .bind(of.account.0)
    .bind(now + KNOWN_FOR)
    .bind(i64::from(of.proof.is_identity()))
    .bind(of.epoch)
    .execute(&mut *connection)
    .await?;
    // Of every account that this browser is known to. Each kind for itself: who knows the document drives out no browser of a key.
    sqlx::query(
        "DELETE FROM known_browser WHERE EXISTS
             (SELECT 1 FROM
                 (SELECT browser, account_id, ROW_NUMBER() OVER
                     (PARTITION BY account_id, by_identity
                      ORDER BY expires_at DESC, CASE WHEN browser = $1 THEN 0 ELSE 1 END, browser) AS place
                  FROM known_browser
                  WHERE account_id IN (SELECT account_id FROM known_browser WHERE browser = $1)) AS newest
              WHERE newest.place > $2 AND newest.browser = known_browser.browser
                  AND newest.account_id = known_browser.account_id)",
    )
    .bind(browser)
    .bind(KNOWN_TO_ONE_ACCOUNT)
    .execute(connection)
    .await?;
    Ok(())
}

/// Copies what `former` is known to, except this account, to `browser`.
async fn carry_over(
    connection: &mut AnyConnection,
    (former, browser): (&str, &str),
    account: AccountId,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO known_browser (browser, account_id, expires_at, by_identity, epoch)
         SELECT $2, account_id, expires_at, by_identity, epoch FROM known_browser
         WHERE browser = $1 AND expires_at > $3 AND account_id <> $5
         ORDER BY expires_at DESC LIMIT $4
         ON CONFLICT (browser, account_id) DO NOTHING",
    )
    .bind(former)
    .bind(browser)
    .bind(now)
    .bind(CARRIED)
    .bind(account.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE known_browser SET expires_at = $2 WHERE browser = $1 AND expires_at > $2")
        .bind(former)
        .bind(now + FORMER_KNOWN_FOR)
        .execute(connection)
        .await?;
    Ok(())
}

/// The browsers of a company stay known when its representative changes, which makes a new epoch of the account.
///
/// # Errors
/// [`super::StoreError`].
pub async fn keep_past_representative(connection: &mut AnyConnection, account: AccountId) -> Result<()> {
    sqlx::query("UPDATE known_browser SET epoch = epoch + 1 WHERE account_id = $1")
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// The browsers that a key made known to this account are known to it no more; with `all`, also those that a document did.
///
/// # Errors
/// [`super::StoreError`].
pub async fn forget(connection: &mut AnyConnection, account: AccountId, all: bool) -> Result<()> {
    sqlx::query("DELETE FROM known_browser WHERE account_id = $1 AND (by_identity = 0 OR $2 = 1)")
        .bind(account.0)
        .bind(i64::from(all))
        .execute(connection)
        .await?;
    Ok(())
}

/// This browser is known to no account any more.
///
/// # Errors
/// [`super::StoreError`].
pub async fn forget_browser(connection: &mut AnyConnection, browser: &str) -> Result<()> {
    sqlx::query("DELETE FROM known_browser WHERE browser = $1").bind(browser).execute(connection).await?;
    Ok(())
}
