//! Browsers in which the owner of an account has shown a strong proof (O-KNOWN in the glossary: known browser).

use domain::flow::AccountId;
use sqlx::{AnyConnection, Row};

use super::Result;
use crate::clock::{DAY, Millis};

/// How long a browser stays known after its last proof.
pub const KNOWN_FOR: Millis = 180 * DAY;

/// Whether this browser is known to this account.
///
/// # Errors
/// [`super::StoreError`].
pub async fn is_known(
    connection: &mut AnyConnection,
    browser: &str,
    account: AccountId,
    now: Millis,
) -> Result<bool> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM known_browser WHERE browser = $1 AND account_id = $2 AND expires_at > $3",
    )
    .bind(browser)
    .bind(account.0)
    .bind(now)
    .fetch_one(connection)
    .await?;
    Ok(row.try_get::<i64, _>(0)? == 1)
}

/// Most browsers that are known to one account; of more, those are forgotten that end first.
pub const KNOWN_TO_ONE_ACCOUNT: i64 = 20;

/// Makes a browser known to an account. What it was known for under the hash `former` goes along with it: a browser may be that
/// of a family, and keeps one cookie. The former hash stays known to the others, for a browser that never saw the answer with its
/// new cookie.
///
/// # Errors
/// [`super::StoreError`].
pub async fn remember(
    connection: &mut AnyConnection,
    (former, browser): (Option<&str>, &str),
    account: AccountId,
    now: Millis,
) -> Result<()> {
    if let Some(former) = former.filter(|former| *former != browser) {
        sqlx::query(
            "INSERT INTO known_browser (browser, account_id, expires_at)
             SELECT $2, account_id, expires_at FROM known_browser WHERE browser = $1
             ON CONFLICT (browser, account_id) DO NOTHING",
        )
        .bind(former)
        .bind(browser)
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query(
        "INSERT INTO known_browser (browser, account_id, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (browser, account_id) DO UPDATE SET expires_at = $3",
    )
    .bind(browser)
    .bind(account.0)
    .bind(now + KNOWN_FOR)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM known_browser WHERE account_id = $1 AND browser IN
         (SELECT browser FROM known_browser WHERE account_id = $1
          ORDER BY expires_at DESC, browser LIMIT 1000 OFFSET $2)",
    )
    .bind(account.0)
    .bind(KNOWN_TO_ONE_ACCOUNT)
    .execute(connection)
    .await?;
    Ok(())
}

/// No browser is known to this account any more.
///
/// # Errors
/// [`super::StoreError`].
pub async fn forget_all(connection: &mut AnyConnection, account: AccountId) -> Result<()> {
    sqlx::query("DELETE FROM known_browser WHERE account_id = $1")
        .bind(account.0)
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
