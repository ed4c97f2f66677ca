//! Statistics of the accounts of a kind, for the decoys.

use domain::kind::Kind;
use sqlx::{AnyConnection, Row};

use crate::store::{Result, StoreError};

/// Statistics of the accounts of a kind. The decoys imitate them, so that strangers cannot tell a decoy from an
/// account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccountStatistics {
    /// Share without a secret question, 0 to 1.
    pub without_question: f64,
    /// Share with a key hash that is not a current one, 0 to 1, and one such hash.
    pub older_hash: Option<(f64, String)>,
}

/// Computes the statistics of a kind; current hashes begin with `current_prefix`. Reads every account: call it a few times an
/// hour.
///
/// # Errors
/// [`StoreError`].
pub async fn statistics(
    connection: &mut AnyConnection,
    kind: Kind,
    current_prefix: &str,
) -> Result<AccountStatistics> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS accounts,
             COUNT(CASE WHEN question IS NULL OR answer_hash IS NULL THEN 1 END) AS without_question,
             COUNT(CASE WHEN key_hash NOT LIKE $2 THEN 1 END) AS older,
             MAX(CASE WHEN key_hash NOT LIKE $2 THEN key_hash END) AS sample
         FROM account WHERE kind = $1",
    )
    .bind(kind.slug())
    .bind(format!("{current_prefix}%"))
    .fetch_one(connection)
    .await?;
    let count = |column| Ok::<_, StoreError>(row.try_get::<i64, _>(column)?);
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = |part: i64, all: i64| if all == 0 { 0.0 } else { part as f64 / all as f64 };
    let all = count("accounts")?;
    let older = share(count("older")?, all);
    Ok(AccountStatistics {
        without_question: share(count("without_question")?, all),
        older_hash: row.try_get::<Option<String>, _>("sample")?.map(|sample| (older, sample)),
    })
}
