//! Fixed amounts per period: counters that refuse once they are full, and start again with the next period. They are rows of
//! `attempt` whose subject names the period, so the sweeper deletes them two days later.

use sqlx::{AnyConnection, Row};

use super::Result;
use crate::clock::Millis;

/// Takes one of `most` from a quota; false when it is full. One statement, so of simultaneous callers no more than `most` get one.
/// `subject` must name the period.
///
/// # Errors
/// [`super::StoreError`].
pub async fn take(
    connection: &mut AnyConnection,
    purpose: &str,
    subject: &str,
    most: i64,
    now: Millis,
) -> Result<bool> {
    if most < 1 {
        return Ok(false);
    }
    let row = sqlx::query(
        "INSERT INTO attempt (purpose, subject, tries, last_at, free_at) VALUES ($1, $2, 1, $3, 0)
         ON CONFLICT (purpose, subject) DO UPDATE SET tries = attempt.tries + 1, last_at = $3
         WHERE attempt.tries < $4
         RETURNING tries",
    )
    .bind(purpose)
    .bind(subject)
    .bind(now)
    .bind(most)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// How much of a quota is taken.
///
/// # Errors
/// [`super::StoreError`].
pub async fn taken(connection: &mut AnyConnection, purpose: &str, subject: &str) -> Result<i64> {
    let row = sqlx::query("SELECT tries FROM attempt WHERE purpose = $1 AND subject = $2")
        .bind(purpose)
        .bind(subject)
        .fetch_optional(connection)
        .await?;
    row.map_or(Ok(0), |row| Ok(row.try_get(0)?))
}

/// The number of messages that were written after `since` because of this sender, counted up to `most`.
///
/// # Errors
/// [`super::StoreError`].
pub async fn sent_by(connection: &mut AnyConnection, sender: &str, since: Millis, most: i64) -> Result<i64> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM
             (SELECT id FROM outbox WHERE sender = $1 AND created_at > $2 LIMIT $3) AS recent",
    )
    .bind(sender)
    .bind(since)
    .bind(most)
    .fetch_one(connection)
    .await?;
    Ok(row.try_get(0)?)
}

/// The number of SMS that were written after `since`, counted up to `most`: of the notices to owners that somebody registered their
/// identity again, or of all others.
///
/// # Errors
/// [`super::StoreError`].
pub async fn sms_since(
    connection: &mut AnyConnection,
    since: Millis,
    (to_owners, most): (bool, i64),
) -> Result<i64> {
    let sql = if to_owners {
        "SELECT COUNT(*) FROM
             (SELECT id FROM outbox
              WHERE channel = 'sms' AND created_at > $1 AND template = 'registered-again' LIMIT $2) AS recent"
    } else {
        "SELECT COUNT(*) FROM
             (SELECT id FROM outbox
              WHERE channel = 'sms' AND created_at > $1 AND template <> 'registered-again' LIMIT $2) AS recent"
    };
    let row = sqlx::query(sql).bind(since).bind(most).fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}
