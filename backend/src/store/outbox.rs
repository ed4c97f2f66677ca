//! Messages waiting to be sent (R-MAIL, R-SMS): written in the transaction of the change that they report, leased by a
//! worker, wiped once delivered.

use domain::flow::AccountId;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::{DAY, Millis};
use crate::message::{Message, Template};
use crate::secrets::{Secrets, random_id};

/// A message leased by a worker.
#[derive(Debug)]
pub struct LeasedMessage {
    /// Its id, the same at every try.
    pub id: i64,
    /// What to send.
    pub message: Message,
    /// Number of tries, including this one.
    pub tries: i64,
    /// When it was written.
    pub created_at: Millis,
}

/// How long a finished message is kept, in milliseconds. Its text is gone, but the caps on messages count it, and an
/// operator may look for it. The caps look back one day.
pub const RETENTION: Millis = 30 * DAY;

/// Most messages that one statement of [`prune`] deletes.
const BATCH: i64 = 500;

/// Most messages of a state that [`census`] counts, so that its work is bounded.
pub const MAX_COUNTED: i64 = 100_000;

/// Number of messages in each state, at most [`MAX_COUNTED`] of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MessageCounts {
    /// Waiting, or being sent.
    pub pending: i64,
    /// Delivered, within [`RETENTION`].
    pub sent: i64,
    /// Given up, within [`RETENTION`].
    pub failed: i64,
    /// When the oldest waiting one was written.
    pub oldest: Option<Millis>,
}

/// The context that a sealed message is bound to.
fn context(id: i64) -> [u8; 8] {
    id.to_be_bytes()
}

/// Writes a message about an account; `sender` is the keyed hash of the network of who caused it.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    secrets: &Secrets,
    (account, sender): (AccountId, &str),
    message: &Message,
    now: Millis,
) -> Result<()> {
    let id = random_id()?;
    let plain = serde_json::to_vec(message).map_err(|_| StoreError::Corrupt("outbox"))?;
    let sealed = secrets.seal(&context(id), &plain)?;
    sqlx::query(
        "INSERT INTO outbox (id, channel, template, account_id, sealed, status, tries, next_at, leased_to, created_at,
             sender)
         VALUES ($1, $2, $3, $4, $5, 'pending', 0, $6, 0, $6, $7)",
    )
    .bind(id)
    .bind(message.channel().word())
    .bind(message.template.word())
    .bind(account.0)
    .bind(sealed)
    .bind(now)
    .bind(sender)
    .execute(connection)
    .await?;
    Ok(())
}

/// Leases the messages that have been due longest, at most `most`, for `lease` milliseconds. If the worker dies,
/// another takes them after that. A message sealed with another key cannot be sent, so it is given up.
///
/// # Errors
/// [`StoreError`].
pub async fn take(
    connection: &mut AnyConnection,
    secrets: &Secrets,
    most: i64,
    now: Millis,
    lease: Millis,
) -> Result<Vec<LeasedMessage>> {
    let rows = sqlx::query(
        "UPDATE outbox SET leased_to = $2, tries = tries + 1
         WHERE id IN (SELECT id FROM outbox WHERE status = 'pending' AND next_at <= $1 AND leased_to <= $1
                      ORDER BY next_at, id LIMIT $3)
           AND status = 'pending' AND leased_to <= $1
         RETURNING id, sealed, tries, created_at",
    )
    .bind(now)
    .bind(now + lease)
    .bind(most)
    .fetch_all(&mut *connection)
    .await?;
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        let id: i64 = row.try_get("id")?;
        let sealed: Option<Vec<u8>> = row.try_get("sealed")?;
        let plain = secrets.open(&context(id), &sealed.unwrap_or_default()).ok();
        match plain.and_then(|plain| serde_json::from_slice(&plain).ok()) {
            Some(message) => taken.push(LeasedMessage {
                id,
                message,
                tries: row.try_get("tries")?,
                created_at: row.try_get("created_at")?,
            }),
            None => {
                tracing::error!(outbox = id, "a message cannot be opened with this secret key: given up");
                finish(&mut *connection, id, DeliveryResult::Failed, now).await?;
            }
        }
    }
    Ok(taken)
}

/// The outcome of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryResult {
    /// Delivered: the text is wiped.
    Delivered,
    /// To be tried again at this time.
    Later(Millis),
    /// Given up: the text is wiped, the row is kept for the operator.
    Failed,
}

/// Stores the outcome of a try.
///
/// # Errors
/// [`StoreError`].
pub async fn finish(
    connection: &mut AnyConnection,
    id: i64,
    ending: DeliveryResult,
    now: Millis,
) -> Result<()> {
    let finished =
        "UPDATE outbox SET status = $2, sealed = NULL, finished_at = $3, leased_to = 0 WHERE id = $1";
    let query = match ending {
        DeliveryResult::Delivered => sqlx::query(finished).bind(id).bind("sent").bind(now),
        DeliveryResult::Failed => sqlx::query(finished).bind(id).bind("failed").bind(now),
        DeliveryResult::Later(at) => {
            sqlx::query("UPDATE outbox SET next_at = $2, leased_to = 0 WHERE id = $1").bind(id).bind(at)
        }
    };
    query.execute(connection).await?;
    Ok(())
}

/// Number of messages of a template written for the account after `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn count_since(
    connection: &mut AnyConnection,
    account: AccountId,
    template: Template,
    since: Millis,
) -> Result<i64> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM outbox WHERE account_id = $1 AND template = $2 AND created_at > $3",
    )
    .bind(account.0)
    .bind(template.word())
    .bind(since)
    .fetch_one(connection)
    .await?;
    Ok(row.try_get(0)?)
}

/// Counts the outbox. Reads at most [`MAX_COUNTED`] entries of an index for each state.
///
/// # Errors
/// [`StoreError`].
pub async fn census(connection: &mut AnyConnection) -> Result<MessageCounts> {
    Ok(MessageCounts {
        pending: count(connection, "pending").await?,
        sent: count(connection, "sent").await?,
        failed: count(connection, "failed").await?,
        oldest: oldest_waiting(connection).await?,
    })
}

async fn count(connection: &mut AnyConnection, status: &str) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE status = $1 LIMIT $2) AS counted";
    let row = sqlx::query(sql).bind(status).bind(MAX_COUNTED).fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}

/// When the oldest waiting message was written. Reads one entry of an index, however many messages there are.
///
/// # Errors
/// [`StoreError`].
pub async fn oldest_waiting(connection: &mut AnyConnection) -> Result<Option<Millis>> {
    let sql = "SELECT MIN(created_at) FROM outbox WHERE status = 'pending'";
    Ok(sqlx::query(sql).fetch_one(connection).await?.try_get(0)?)
}

/// Deletes messages that were finished and are older than [`RETENTION`], at most a batch of each state. Returns whether there
/// may be more.
///
/// # Errors
/// [`StoreError`].
pub async fn prune(connection: &mut AnyConnection, now: Millis) -> Result<bool> {
    let mut more = false;
    for status in ["sent", "failed"] {
        let query = sqlx::query(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE status = $1 AND created_at < $2
                                             ORDER BY created_at LIMIT $3)",
        );
        let query = query.bind(status).bind(now - RETENTION).bind(BATCH);
        more |= i64::try_from(super::touched(&mut *connection, query).await?).is_ok_and(|gone| gone >= BATCH);
    }
    Ok(more)
}
