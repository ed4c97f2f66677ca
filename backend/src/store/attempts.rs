//! Counters of attempts, increased before the check, in one statement, so that simultaneous attempts all count.

use sqlx::{AnyConnection, Row};

use super::Result;
use crate::clock::Millis;

/// How waits grow with the number of attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackoffPolicy {
    /// Attempts without any wait.
    pub free: i64,
    /// The first wait, in milliseconds; it doubles with every further attempt.
    pub first_wait: Millis,
    /// Most doublings: the longest wait is `first_wait · 2^doublings`.
    pub doublings: i64,
    /// After this time without an attempt, in milliseconds, the counter starts again at zero.
    pub reset_after: Millis,
}

/// Counts one attempt. `Ok` when it is allowed, with the time from which the next one is (0 when there is no wait);
/// `Err` with that time when this one must wait. A refused attempt does not lengthen the wait.
///
/// Without a wait `free_at` is 0, not `now`: requests reach the store in another order than they read the clock, and
/// none must be refused because of another that read the clock a millisecond later.
///
/// # Errors
/// [`super::StoreError`].
pub async fn count(
    connection: &mut AnyConnection,
    purpose: &str,
    subject: &str,
    policy: BackoffPolicy,
    now: Millis,
) -> Result<std::result::Result<Millis, Millis>> {
    // The wait after the nth attempt: none below `free`, then first_wait · 2^(n − free), at most first_wait ·
    // 2^doublings.
    let counted = sqlx::query(
        "INSERT INTO attempt (purpose, subject, tries, last_at, free_at)
         VALUES ($1, $2, 1, $3, CASE WHEN $4 <= 1 THEN $3 + $5 ELSE 0 END)
         ON CONFLICT (purpose, subject) DO UPDATE SET
             tries = CASE WHEN attempt.last_at < $3 - $7 THEN 1 ELSE attempt.tries + 1 END,
             last_at = $3,
             free_at = CASE
                 WHEN attempt.last_at < $3 - $7 OR attempt.tries + 1 < $4 THEN 0
                 WHEN attempt.tries + 1 - $4 > $6 THEN $3 + $5 * $8
                 ELSE $3 + $5 * CAST(1 << CAST(attempt.tries + 1 - $4 AS INTEGER) AS BIGINT)
             END
         WHERE attempt.free_at <= $3
         RETURNING free_at",
    )
    .bind(purpose)
    .bind(subject)
    .bind(now)
    .bind(policy.free)
    .bind(policy.first_wait)
    .bind(policy.doublings)
    .bind(policy.reset_after)
    .bind(1_i64 << policy.doublings)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = counted {
        return Ok(Ok(row.try_get(0)?));
    }
    let row = sqlx::query("SELECT free_at FROM attempt WHERE purpose = $1 AND subject = $2")
        .bind(purpose)
        .bind(subject)
        .fetch_optional(connection)
        .await?;
    let free_at = row.map_or(Ok(now), |row| row.try_get(0))?;
    Ok(Err(free_at))
}

/// From when on the next attempt of a subject is allowed: long ago where there was none.
///
/// # Errors
/// [`super::StoreError`].
pub async fn free_at(connection: &mut AnyConnection, purpose: &str, subject: &str) -> Result<Millis> {
    let row = sqlx::query("SELECT free_at FROM attempt WHERE purpose = $1 AND subject = $2")
        .bind(purpose)
        .bind(subject)
        .fetch_optional(connection)
        .await?;
    Ok(row.map_or(Ok(0), |row| row.try_get(0))?)
}

/// Counts one attempt of a subject that must wait, in place of its wait. The wait of others stays as it is.
///
/// # Errors
/// [`super::StoreError`].
pub async fn count_past_wait(
    connection: &mut AnyConnection,
    purpose: &str,
    subject: &str,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE attempt SET tries = tries + 1, last_at = $3 WHERE purpose = $1 AND subject = $2";
    sqlx::query(sql).bind(purpose).bind(subject).bind(now).execute(connection).await?;
    Ok(())
}

/// Uncounts one attempt that did not wait. The wait of others stays as it is.
///
/// # Errors
/// [`super::StoreError`].
pub async fn uncount_past_wait(connection: &mut AnyConnection, purpose: &str, subject: &str) -> Result<()> {
    let sql = "UPDATE attempt SET tries = tries - 1 WHERE purpose = $1 AND subject = $2 AND tries > 0";
    sqlx::query(sql).bind(purpose).bind(subject).execute(connection).await?;
    Ok(())
}

/// Uncounts one attempt: its failure was not the person's fault (a registry was down), or it succeeded.
///
/// # Errors
/// [`super::StoreError`].
pub async fn uncount(connection: &mut AnyConnection, purpose: &str, subject: &str) -> Result<()> {
    sqlx::query(
        "UPDATE attempt SET tries = tries - 1, free_at = 0
         WHERE purpose = $1 AND subject = $2 AND tries > 0",
    )
    .bind(purpose)
    .bind(subject)
    .execute(connection)
    .await?;
    Ok(())
}

/// The attempts of a subject in these seven purposes together, of those counters that were last increased after `since`.
///
/// # Errors
/// [`super::StoreError`].
pub async fn counted_since(
    connection: &mut AnyConnection,
    purposes: &[String; 7],
    subject: &str,
    since: Millis,
) -> Result<i64> {
    let mut query = sqlx::query(
        "SELECT CAST(COALESCE(SUM(tries), 0) AS BIGINT) FROM attempt
         WHERE subject = $1 AND last_at > $2 AND purpose IN ($3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(subject)
    .bind(since);
    for purpose in purposes {
        query = query.bind(purpose);
    }
    Ok(query.fetch_one(connection).await?.try_get(0)?)
}

/// Clears the attempts of every subject that begins with `beginning`.
///
/// # Errors
/// [`super::StoreError`].
pub async fn forget_beginning(connection: &mut AnyConnection, purpose: &str, beginning: &str) -> Result<()> {
    sqlx::query("DELETE FROM attempt WHERE purpose = $1 AND substr(subject, 1, length($2)) = $2")
        .bind(purpose)
        .bind(beginning)
        .execute(connection)
        .await?;
    Ok(())
}

/// Clears the attempts of a subject, after a success.
///
/// # Errors
/// [`super::StoreError`].
pub async fn forget(connection: &mut AnyConnection, purpose: &str, subject: &str) -> Result<()> {
    sqlx::query("DELETE FROM attempt WHERE purpose = $1 AND subject = $2")
        .bind(purpose)
        .bind(subject)
        .execute(connection)
        .await?;
    Ok(())
}
